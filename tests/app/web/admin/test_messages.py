"""The list of mails: searched by order and person, page by page, with why nothing was sent."""

from __future__ import annotations

import base64
import json
import re
from datetime import timedelta
from html import unescape
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from sqlalchemy import create_engine, text
from werkzeug.test import TestResponse

from app.queries.messages import (
    BY_ADDRESS,
    MOST_COUNTED,
    PAGE,
    counting,
    find_orders,
    listing,
)
from flows.commerce import Platform
from tests.app.desk import START
from tests.app.services.statements import counted
from tests.app.web.addresses import bearer
from tests.app.web.admin.mails import Counter
from tests.app.web.conftest import Site


@pytest.fixture
def counter(site: Site) -> Counter:
    counter = Counter(site)
    counter.open_flows()
    return counter


def ids(page: str) -> list[int]:
    listed = page.partition('id="mails"')[2]
    return [int(found) for found in re.findall(r"/messages/(\d+)\?", listed)]


def test_an_empty_shop_says_when_that_changes(counter: Counter) -> None:
    status, page = counter.get("/messages")
    assert status == 200
    assert "No mail has been planned yet." in page


def test_a_mail_is_found_by_order_and_by_person(counter: Counter) -> None:
    counter.buy("13", email="Mia.Berg@example.com")
    counter.buy("14", email="jon@example.com")
    for asked in ("13", "#13", "mia.berg@example.com", "mia.b", "Mia.B"):
        _, page = counter.post("/messages", q=asked)
        assert len(ids(page)) == 1, asked
        assert "#13" in page
    for asked in ("99", "nobody@", "#mia"):
        _, page = counter.post("/messages", q=asked)
        assert "Nothing was found for" in page


def test_no_address_of_a_page_names_a_person(counter: Counter, site: Site) -> None:
    """What was typed goes on sealed: in the address that is pushed, in the chips, in "older"."""
    counter.buy("13", email="mia.berg@example.com")
    _many(counter, PAGE + 3)
    answer = _search(counter, q="mia.b", state="waiting")
    pushed = answer.headers["HX-Push-Url"]
    links = [unescape(link) for link in re.findall(r'href="([^"]*/messages\?[^"]*)"', answer.text)]
    older = next(link for link in links if "before=" in link)
    for address in (pushed, *links):
        query = parse_qs(urlsplit(address).query)
        assert "q" not in query
        # What is sealed is left out: among its random letters any three may stand side by side.
        plain = address.replace(quote(query["search"][0]), "") if "search" in query else address
        for value in (plain, *(opened(one) for values in query.values() for one in values)):
            assert "mia" not in value.lower(), address
    for address in (pushed, older):
        _, page = counter.get(address.removeprefix("/woocommerce/app"))
        assert 'value="mia.b"' in page, "going back and on finds what was searched for"
        assert ids(page)
    sealed = parse_qs(urlsplit(pushed).query)["search"][0]
    other = Counter(site, Platform.SHOPIFY)
    for strange in (sealed, "x", "é", sealed[:-2]):
        _, page = other.get(f"/messages?search={quote(strange)}")
        assert "mia.b" not in page
    assert "Nothing was found" in counter.get("/messages?q=mia.berg@example.com")[1]
    assert len(ids(counter.get("/messages?q=13")[1])) == PAGE


def opened(value: str) -> str:
    """As whoever finds it in a log could read it."""
    try:
        return base64.urlsafe_b64decode(value + "=" * (-len(value) % 4)).decode("latin-1")
    except ValueError:
        return value


def _search(counter: Counter, **fields: str) -> TestResponse:
    headers = bearer(counter.site, counter.platform)
    return counter.site.client.post("/woocommerce/app/messages", data=fields, headers=headers)


def _many(counter: Counter, count: int) -> None:
    """So many mails of the orders that have one."""
    counter.sql(
        "INSERT INTO messages (shop_id, generation, journey_id, flow_key, step, occurrence, template,"
        " mail_class, lane, order_id, due_at, expires_at, next_at, created_at, changed_at)"
        " SELECT shop_id, 1, journey_id, flow_key, step, n, template, mail_class, lane, order_id,"
        " due_at + (n / 3) * interval '1 second', expires_at, next_at, created_at, changed_at"
        " FROM messages, generate_series(2, :count) n WHERE occurrence = 1",
        count=count,
    )


def test_why_nothing_was_sent_is_told_for_an_order(counter: Counter) -> None:
    counter.buy("13", is_test=True)
    _, page = counter.get("/messages?q=13")
    assert "Not started, because it was a test order" in page
    assert "Not started yet, because a parcel has not left" in page
    assert "No mail was planned for this." in page


def test_chips_count_and_filter(counter: Counter) -> None:
    counter.buy("13")
    counter.buy("14")
    counter.sql("UPDATE messages SET state = 'skipped', reason = 'hard_bounce' WHERE order_id = '13'")
    _, page = counter.get("/messages?state=not_sent")
    assert len(ids(page)) == 1
    assert "An earlier mail to this address came back" in page
    assert re.search(r"Waiting <span>1</span>", page)
    assert re.search(r"Not sent <span>1</span>", page)
    _, page = counter.get("/messages?state=sent")
    assert "No mail here." in page
    _, page = counter.get("/messages?state=nonsense")
    assert len(ids(page)) == 2


def test_pages_go_on_where_the_last_one_ended(counter: Counter) -> None:
    count = PAGE * 2 + 3
    counter.buy("13")
    _many(counter, count)
    found: list[int] = []
    address = "/messages"
    for _ in range(3):
        _, page = counter.get(address)
        found += ids(page)
        older = re.search(r'href="/woocommerce/app(/messages\?[^"]*before=[^"]*)"', page)
        address = older[1].replace("&amp;", "&") if older else ""
    assert address == ""
    assert len(found) == count
    assert len(set(found)) == count


def test_what_is_typed_is_only_text(counter: Counter) -> None:
    for asked in ("%00", "'; DROP TABLE", "%25", "<script>alert(1)</script>", "x" * 400, "_", "\\"):
        for status, page in (counter.get(f"/messages?q={asked}"), counter.post("/messages", q=asked)):
            assert status == 200
            assert "<script>alert" not in page
    for before in ("x", "1-", "-1", "99999999999999999999-1", "1-99999999999999999999", "1.5-2", "٣-1"):
        assert counter.get(f"/messages?before={before}")[0] == 200


def test_another_shops_mails_are_not_listed(counter: Counter, site: Site) -> None:
    counter.buy("13")
    other = Counter(site, Platform.SHOPIFY)
    _, page = other.get("/messages?q=13")
    assert "Nothing was found" in page
    assert ids(other.get("/messages")[1]) == []


def test_searches_go_by_their_indexes(counter: Counter, database: Any) -> None:
    counter.buy("13")
    counter.sql(
        "INSERT INTO orders (shop_id, id, version, number, email, placed_at, body) SELECT :shop, 'x' || n,"
        " :at, n::text, 'p' || n || '@example.com', :at, '{}' FROM generate_series(1, 5000) n",
        at=START,
    )
    counter.sql(
        "INSERT INTO messages (shop_id, generation, journey_id, flow_key, step, occurrence, template,"
        " mail_class, lane, order_id, state, due_at, expires_at, next_at, created_at, changed_at)"
        " SELECT shop_id, 1, journey_id, 'f', 's', n, 't', 'T', 0, 'x' || n,"
        " CASE WHEN n % 1000 = 0 THEN 'failed' ELSE 'sent' END, due_at - n * interval '1 minute',"
        " expires_at, next_at, created_at, changed_at FROM messages, generate_series(1, 5000) n"
    )
    owner = create_engine(database.owner_url, isolation_level="AUTOCOMMIT")
    with owner.connect() as session:
        session.execute(text("ANALYZE"))
    owner.dispose()
    shop = {"shop": counter.shop_id, "n": 51}
    whole = listing(of_orders=False, group=None, later=False)
    of_orders = listing(of_orders=True, group=None, later=False)
    later = listing(of_orders=False, group=None, later=True)
    person = {"low": "p77", "high": "p77\U0010ffff", "small": "p77", "small_high": "p77\U0010ffff"}
    assert scans(counter, whole, **shop)["messages"] == {"messages_latest"}
    assert scans(counter, later, **shop, at=START, id=1)["messages"] == {"messages_latest"}
    assert scans(counter, of_orders, **shop, orders=["x7"])["messages"] == {"messages_order"}
    assert scans(counter, BY_ADDRESS, **shop, **person)["orders"] == {"orders_email"}
    for group in ("waiting", "not_sent", "failed"):
        for after in ({}, {"at": START, "id": 1}):
            rare = listing(of_orders=False, group=group, later=bool(after))
            assert scans(counter, rare, **shop, **after)["messages"] == {"messages_by_state"}, group
    for of_state in counting(of_orders=False).split(" UNION ALL "):
        found = scans(counter, of_state, **{**shop, "n": MOST_COUNTED + 1})["messages"]
        assert "'sent'" in of_state or found != {""}, "a rare state is not looked for in the whole table"


def scans(counter: Counter, statement: str, **values: Any) -> dict[str, set[str]]:
    """By table, the indexes that it is read by; "" for a sequential scan."""
    (row,) = counter.sql(f"EXPLAIN (FORMAT JSON) {statement}", **values)
    plan = row[0] if isinstance(row[0], list) else json.loads(row[0])
    found: dict[str, set[str]] = {}
    waiting = [plan[0]["Plan"]]
    while waiting:
        node = waiting.pop()
        waiting += node.get("Plans", [])
        if "Relation Name" in node:
            found.setdefault(node["Relation Name"], set()).add(node.get("Index Name", ""))
        elif node["Node Type"] == "Bitmap Index Scan":
            table = node["Index Name"].partition("_")[0]
            found.setdefault(table, set()).add(node["Index Name"])
    return {table: names - {""} or names for table, names in found.items()}


def test_numbers_end_where_nobody_counts_on(counter: Counter) -> None:
    counter.buy("13")
    _many(counter, MOST_COUNTED)
    assert re.search(r"Waiting <span>1,000</span>", counter.get("/messages")[1])
    counter.buy("14")
    _, page = counter.get("/messages")
    assert re.search(r"Waiting <span>1,000\+</span>", page)
    assert "1,000+ in all" in page
    _, page = counter.post("/messages", q="13")
    assert re.search(r"Waiting <span>1,000</span>", page), "of a search only its own are counted"


def test_a_list_does_not_count_what_a_reason_held_back(counter: Counter) -> None:
    counter.buy("13", is_test=True)
    with counted(counter.site.runtime.database) as statements:
        counter.post("/messages", q="13")
    assert not [one for one in statements if "end_reason = " in one]


def test_a_search_looks_at_a_bounded_number_of_orders(counter: Counter) -> None:
    counter.sql(
        "INSERT INTO orders (shop_id, id, version, number, email, placed_at, body) SELECT :shop, 'x' || n,"
        " :at, n::text, 'many@example.com', :at, '{}' FROM generate_series(1, 300) n",
        at=START + timedelta(days=1),
    )
    with counter.site.runtime.database.shops(counter.shop_id) as session:
        found = find_orders(session, counter.shop_id, "many@")
    assert len(found.orders or ()) == 200
    assert found.more
