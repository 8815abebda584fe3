"""What a demand must not do: tell of others, spoil what others wrote, miss somebody, or never be met."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from app.services import intake
from app.services.forget_inbox import empty_bodies, empty_old_bodies
from app.services.person import Person
from app.services.privacy import hear, run_request
from app.services.tracking_links import is_own_link
from connectors.base import Reading
from connectors.news import PrivacyAsk, PrivacyKind
from flows.commerce import Address, Customer, Order, OrderLine, Return, ReturnState
from tests.app.desk import KEYS, START, Desk, an_order
from tests.proof import Count

LATER = START + timedelta(days=12)
EMAIL = "n@example.com"
EXPORT = PrivacyAsk(PrivacyKind.EXPORT, "e", "1", EMAIL)
FORGET = replace(EXPORT, kind=PrivacyKind.FORGET_PERSON, key="f")


def demand(desk: Desk, ask: PrivacyAsk) -> Any:
    with desk.database.shops(desk.shop_id) as session:
        hear(session, [(desk.shop_id, ask)], LATER)
    while run_request(desk.database, KEYS, LATER, LATER):
        pass
    (row,) = desk.rows("SELECT * FROM privacy_requests WHERE kind = :kind", kind=ask.kind)
    assert (row.error, row.done_at) == (None, LATER)
    return row


def hers(**changes: Any) -> Order:
    where = Address("Anna Miller", "", "Main Street 1", phone="123456")
    return an_order(**{"email": EMAIL, "customer_id": "1", "shipping_address": where, **changes})


def deliver(desk: Desk, state: str, topic: str = "orders/updated", **body: Any) -> None:
    desk.rows(
        "INSERT INTO inbox (shop_id, topic, dedupe, body, received_at, state)"
        " VALUES (:shop, :topic, :key, :body, :at, :state) RETURNING 1",
        shop=desk.shop_id,
        topic=topic,
        key=f"{topic}{body['id']}".removeprefix("orders/updated"),
        body=json.dumps(body).encode(),
        at=START,
        state=state,
    )


# Somebody else's messages, which share with the person what anybody may type at a checkout.
OTHERS: tuple[dict[str, Any], ...] = (
    {"id": 90, "email": "b@example.org", "shipping_address": {"name": "Anna Miller"}},
    {"id": 91, "email": "b@example.org", "shipping_address": {"address1": "Main Street 1"}},
    {"id": 92, "email": "b@example.org", "shipping_address": {"phone": "123456"}},
    {"id": 93, "email": "b@example.org", "admin_graphql_api_id": "gid://shopify/Order/91234567"},
    {"id": 94, "email": "anna@example.com"},
    {"id": 95, "email": "n@example.community"},
    {"id": 96, "email": "n@example.com.au"},
)


def test_what_two_people_share_tells_nobody_of_the_other(desk: Desk) -> None:
    """Else whoever types a stranger's name or street at a checkout is told the stranger's address."""
    desk.read(Reading(orders=(hers(),)))
    for body in OTHERS:
        deliver(desk, "done", **body)
    deliver(desk, "done", id=97, note=f"write to <{EMAIL.upper()}>.")
    told = json.loads(KEYS.unseal(desk.shop_id, bytes(demand(desk, EXPORT).export))["text"])
    assert [one["body"]["id"] for one in told["messages from the shop's platform"]] == [97]


def test_what_two_people_share_takes_nobody_s_waiting_message_away(desk: Desk) -> None:
    desk.read(Reading(orders=(hers(),)))
    for body in OTHERS:
        deliver(desk, "new", **body)
    deliver(desk, "new", id=97, note=EMAIL)
    demand(desk, FORGET)
    rows = desk.rows("SELECT dedupe FROM inbox WHERE state = 'new' ORDER BY id")
    assert [int(row.dedupe) for row in rows] == [body["id"] for body in OTHERS]


def test_a_message_on_its_way_while_old_ones_were_looked_through_is_looked_at_too(desk: Desk) -> None:
    """Its number is lower than the last that was seen."""
    put = text(
        "INSERT INTO inbox (shop_id, topic, dedupe, body, received_at)"
        " VALUES (:shop, 'orders/updated', :key, '{\"id\": 13}', :at)"
    )
    told = {"shop": desk.shop_id, "at": START}
    person = Person(order_ids=("13",))
    with desk.database.nobody() as slow:
        slow.execute(put, {**told, "key": "first"})
        with desk.database.nobody() as fast:
            fast.execute(put, {**told, "key": "second"})
        seen = empty_old_bodies(desk.database, desk.shop_id, person)
    with desk.database.shops(desk.shop_id) as session:
        empty_bodies(session, desk.shop_id, person, after=seen)
    assert [bytes(row.body) for row in desk.rows("SELECT body FROM inbox")] == [b"", b""]


def test_a_failure_that_is_noted_late_brings_no_message_back(desk: Desk) -> None:
    """It was tried, and its person forgotten before the failure was written down."""
    desk.read(Reading(orders=(hers(),)))
    deliver(desk, "new", id=97, email=EMAIL)
    (row,) = desk.rows("SELECT id FROM inbox")
    demand(desk, FORGET)
    intake._put_off(desk.database, row.id, LATER, f"DataError: {EMAIL}")
    (row,) = desk.rows("SELECT state, error, body FROM inbox")
    assert (row.state, row.error, bytes(row.body)) == ("done", None, b"")


def test_a_message_of_a_return_that_names_no_order_is_the_person_s_too(desk: Desk) -> None:
    desk.read(Reading(orders=(hers(),), returns=(Return("71", "13", START, ReturnState.OPEN),)))
    deliver(desk, "done", topic="returns/update", id=71, note="too large")
    gid = "gid://shopify/Return/71"
    deliver(desk, "new", topic="returns/update", id=1, admin_graphql_api_id=gid, note="too large")
    deliver(desk, "done", topic="refunds/create", id=71, order_id=5)
    demand(desk, FORGET)
    rows = desk.rows("SELECT topic, body FROM inbox WHERE body <> ''")
    assert [row.topic for row in rows] == ["refunds/create"]


def test_what_is_no_address_is_looked_for_in_no_text(desk: Desk) -> None:
    desk.read(Reading(orders=(hers(email="none"),)))
    deliver(desk, "new", id=90, note="There is none.")
    deliver(desk, "done", id=91, note="None came.")
    desk.rows(
        "INSERT INTO admin_changes (shop_id, at, who, area, words) VALUES"
        " (:shop, :at, 'Mia', 'brand', 'Took none.') RETURNING 1",
        shop=desk.shop_id,
        at=START,
    )
    demand(desk, replace(FORGET, email="none"))
    assert not desk.rows("SELECT 1 FROM inbox WHERE body = ''")
    assert desk.rows("SELECT words FROM admin_changes")[0].words == "Took none."
    assert not desk.rows("SELECT 1 FROM orders WHERE email IS NOT NULL")


@pytest.mark.parametrize("known", ["customer", "email", "order"])
def test_what_was_gathered_goes_however_the_person_is_named_later(desk: Desk, known: str) -> None:
    """A guest has no number."""
    desk.read(Reading(orders=(hers(customer_id=None),)))
    assert demand(desk, replace(EXPORT, customer_id="1" if known == "customer" else "")).export is not None
    orders = ("13",) if known == "order" else ()
    demand(desk, replace(FORGET, customer_id="", email="" if orders else EMAIL, order_ids=orders))
    assert not desk.rows("SELECT 1 FROM privacy_requests WHERE export IS NOT NULL")


def test_what_was_gathered_for_others_stays(desk: Desk) -> None:
    desk.read(Reading(orders=(hers(), an_order(id="14", email="b@example.org", customer_id="2"))))
    demand(desk, EXPORT)
    demand(desk, replace(FORGET, customer_id="2", email="b@example.org"))
    assert desk.rows("SELECT 1 FROM privacy_requests WHERE export IS NOT NULL")


def test_what_was_gathered_and_opens_no_more_goes(desk: Desk) -> None:
    """The key that sealed it was taken away: nobody can say any more whom it is about."""
    desk.read(Reading(orders=(hers(),)))
    demand(desk, EXPORT)
    desk.rows("UPDATE privacy_requests SET export = 'sealed by another key' RETURNING 1")
    demand(desk, FORGET)
    assert not desk.rows("SELECT 1 FROM privacy_requests WHERE export IS NOT NULL")


def test_what_a_customer_ordered_as_a_guest_is_found_by_the_address_of_the_other_orders(desk: Desk) -> None:
    work = "anna@work.example"
    desk.read(
        Reading(
            customers=(Customer("1", START, EMAIL), Customer("2", START, "b@example.org")),
            orders=(
                hers(email=work),
                hers(id="14", email=work, customer_id=None),
                hers(id="15", email=work, customer_id="2"),
            ),
        )
    )
    demand(desk, FORGET)
    assert [row.id for row in desk.rows("SELECT id FROM orders WHERE email IS NOT NULL")] == ["15"]


def test_a_name_spoils_no_words_of_the_merchant(desk: Desk) -> None:
    """Whoever calls herself "Thank you" and is forgotten would change every mail of the shop."""
    desk.read(Reading(orders=(hers(first_name="Thank", last_name="you"),)))
    desk.rows(
        "INSERT INTO texts VALUES (:shop, 'en', 'a', 'Thank you, Main Street 1!', :at),"
        " (:shop, 'en', 'b', 'Like n@example.com', :at) RETURNING 1",
        shop=desk.shop_id,
        at=START,
    )
    demand(desk, FORGET)
    rows = desk.rows("SELECT text FROM texts ORDER BY key")
    assert [row.text for row in rows] == ["Thank you, Main Street 1!", "Like [removed]"]


def test_somebody_of_many_addresses_is_forgotten_too(desk: Desk, count: Count) -> None:
    """PostgreSQL gives up on a pattern of 2,000 words, after a minute and two gigabytes."""
    many = count(300, 2_000)
    streets = [Address(f"Anna Miller {n}", "", f"A Street of Some Length {n}") for n in range(many)]
    desk.rows("DELETE FROM flow_switches RETURNING 1")
    desk.read(Reading(orders=tuple(hers(id=f"9{n}", shipping_address=one) for n, one in enumerate(streets))))
    desk.rows(
        "INSERT INTO admin_changes (shop_id, at, who, area, words) VALUES"
        " (:shop, :at, 'Mia', 'brand', :words) RETURNING 1",
        shop=desk.shop_id,
        at=START,
        words=" and ".join(one.line1 for one in streets),
    )
    demand(desk, FORGET)
    (row,) = desk.rows("SELECT words FROM admin_changes")
    assert set(row.words.split(" and ")) == {"[removed]"}


def test_no_word_is_taken_for_a_pattern(desk: Desk) -> None:
    name = "(a+)+$ ***=\\y[[:<:]](?i)\\1 {2,}|"
    desk.read(Reading(orders=(hers(first_name="(a+)+$", last_name=name.partition(" ")[2]),)))
    said = f"{'a' * 40}! {name}, {name.replace(' ', chr(10) + '  ')}; main\u00a0street 1"
    desk.rows(
        "INSERT INTO admin_changes (shop_id, at, who, area, words) VALUES"
        " (:shop, :at, 'Mia', 'brand', :words) RETURNING 1",
        shop=desk.shop_id,
        at=START,
        words=said,
    )
    demand(desk, FORGET)
    (row,) = desk.rows("SELECT words FROM admin_changes")
    assert row.words.startswith(f"{'a' * 40}! [removed], [removed];")


def test_what_was_made_for_the_person_is_named_without_the_person(desk: Desk) -> None:
    line = OrderLine("l1", "Mug for anna  miller", 1, 900, variant=f"Engraving: ANNA MILLER, {EMAIL}")
    desk.read(Reading(orders=(hers(lines=(line,), shipping_method="Courier to Main Street 1"),)))
    demand(desk, FORGET)
    (row,) = desk.rows("SELECT body FROM orders")
    assert row.body["lines"][0]["title"] == "Mug for [removed]"
    assert row.body["lines"][0]["variant"] == "Engraving: [removed], [removed]"
    assert (row.body["lines"][0]["total"], row.body["shipping_method"]) == (900, "Courier to [removed]")


def test_longer_words_go_before_those_that_begin_like_them() -> None:
    words = tuple(f"{'x' * (120 - n)}.*" for n in range(120))
    patterns = Person(words=words).patterns
    assert len(patterns) == 3 and patterns[0].startswith("x" * 120 + "\\.\\*|")
    assert Person().patterns == ()


def test_a_carrier_s_address_that_is_none_is_not_ours() -> None:
    assert not is_own_link(f"https://[x/t/{'a' * 30}", 1, KEYS)
    assert not is_own_link("https://carrier.example/t/1", 1, KEYS)
