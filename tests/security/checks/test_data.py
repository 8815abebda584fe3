"""Whose data a request reaches, how much of it, and how words become part of a statement."""

from __future__ import annotations

import ast
import re
import time
from collections.abc import Iterator

import pytest

from app.models.base import metadata
from connectors.shopify.documents import OPERATIONS, document
from flows.commerce import Platform
from tests.app.web.addresses import GETS, POSTS, bearer
from tests.app.web.conftest import Site
from tests.app.web.forwarding import forwarded
from tests.app.web.shopping import bought
from tests.proof import Count, Figure
from tests.security.belongings import EMAIL, NUMBER, ORDER, POSTCODE, PRODUCT, WORD, furnish
from tests.security.checks.tree import of_product, read
from tests.security.parties import all_rows, changed, newcomer, residents

# These hold nothing of a shop, or are the list of shops itself.
OF_NOBODY = {"shops", "install_attempts", "drops", "heartbeats", "mail_vendors", "early_feedback"}


def test_missing_tenant_isolation(site: Site, figure: Figure) -> None:
    """A statement that forgets whose rows it wants finds none of another shop's, in any table."""
    victim, thief = residents(site)[Platform.SHOPIFY], newcomer(site, Platform.SHOPIFY, "thief.myshopify.com")
    furnish(victim)
    assert WORD in str(all_rows(victim))
    assert WORD not in str({name: rows for name, rows in all_rows(thief).items() if name != "shops"})
    with site.runtime.database.nobody() as session:
        for table in sorted(set(metadata.tables) - OF_NOBODY):
            assert list(session.exec_driver_sql(f"SELECT * FROM {table}")) == [], table
        rows = session.exec_driver_sql(
            "SELECT relname, relrowsecurity AND relforcerowsecurity AS forced FROM pg_class"
            " JOIN pg_attribute a ON a.attrelid = pg_class.oid AND a.attname = 'shop_id'"
            " WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
        ).all()
        role = session.exec_driver_sql(
            "SELECT rolsuper OR rolbypassrls AS mighty FROM pg_roles WHERE rolname = current_user"
        ).one()
    assert {row.relname for row in rows if not row.forced} <= OF_NOBODY
    assert not role.mighty
    figure("tables", len(metadata.tables) - len(OF_NOBODY))


# What an operation may ask of a person, a payment or a browser, and does not.
NEVER_ASKED = re.compile(
    r"\b(?:clientIp|browserIp|clientDetails|creditCard\w*|paymentDetails|paymentInstrument\w*|accountNumber"
    r"|latitude|longitude|taxExempt\w*|lifetimeDuration|amountSpent|multipassIdentifier|cartToken|staffMember"
    r"|customerJourney\w*|password\w*)\b"
)


def test_overbroad_data_access(site: Site) -> None:
    """What is there for everybody shows what was published, nobody's address; and no more is asked of
    Shopify about people than is used."""
    shop = residents(site)[Platform.SHOPIFY]
    furnish(shop)
    for address in (
        f"/s/{shop.domain}/reviews.json?product={PRODUCT}1",
        shop.forwarded("reviews.json", [("product", f"{PRODUCT}1")]),
    ):
        told = site.client.get(address)
        reviews = told.get_json()["reviews"]
        assert len(reviews) == 1, "one is published, one waits, one was kept back"
        assert set(reviews[0]) == {
            "id", "stars", "title", "body", "name", "language", "verified", "date", "day",
        }  # fmt: skip
        assert EMAIL not in told.get_data(as_text=True)
    found = site.client.post(f"/s/{shop.domain}/track", data={"number": NUMBER, "proof": POSTCODE})
    page = site.client.get(found.headers["Location"]).text
    link = site.client.get(f"/t/{shop.link('tracking', ORDER)}").text
    for shown in (page, link):
        assert WORD in shown and POSTCODE not in shown
        assert f"{WORD} Lane 1" not in shown and "+49 30 1" not in shown
    asked = {name: NEVER_ASKED.findall(document(name)) for name in OPERATIONS}
    assert not {name: words for name, words in asked.items() if words}


# Each would change, delay or end a statement that it became a part of.
SQL = (
    "' OR '1'='1", "'; DROP TABLE orders; --", "1; SELECT pg_sleep(3)", "' || pg_sleep(3) || '",
    "') UNION SELECT sealed FROM shop_secrets --", "\\'; --", "%' OR 1=1 --", "1)) OR 1=1 /*",
    "$$; SELECT 1; $$", "'::int", "x'\x00; --", "\u02bc OR 1=1", ":shop", "%(shop)s", "{shop}", "1e308", "-1",
    "9" * 40, "null", "_%_%",
)  # fmt: skip
NAMES = (
    "q",
    "order",
    "product",
    "stars",
    "page",
    "tab",
    "kind",
    "step",
    "language",
    "journey",
    "review",
    "shop",
)
FIELDS = (
    "number",
    "proof",
    "review",
    "seen",
    "reason",
    "step",
    "revision",
    "q",
    "on",
    "product-0",
    "stars-0",
)


@pytest.mark.parametrize("platform", list(Platform))
def test_sql_injection(site: Site, platform: Platform, count: Count, figure: Figure) -> None:
    """No word that comes in is part of a statement's text: in the source, and at every address."""
    assert platform is not Platform.SHOPIFY or list(loose_statements()) == []
    bought(site, platform)
    before, began, tried = all_rows(*residents(site).values()), time.monotonic(), 0
    statements = SQL[: count(2, len(SQL))]
    for words in statements:
        for make in GETS.values():
            at = make(site, platform)
            query = dict.fromkeys(NAMES, words)
            if "?" not in at.path:
                tried += asked(site, at.path, query, dict(at.headers))
        head = bearer(site, platform)
        for path in ("/messages", "/reviews", "/flows/review_request/preview/ask", "/session"):
            tried += asked(site, f"/{platform.value}/app{path}", dict.fromkeys(NAMES, words), head)
        for path in ("track", "reviews.json"):
            tried += asked(
                site, forwarded(site, platform, path, [(name, words) for name in NAMES[:9]]), {}, {}
            )
        for name in ("tracking_lookup.find", "proxy.lookup", "messages.search", "reviews.publish_reviews"):
            at = POSTS[name](site, platform)
            sent = site.client.post(at.path, data=dict.fromkeys(FIELDS, words), headers=dict(at.headers))
            assert sent.status_code < 500, (name, words)
            tried += 1
    assert time.monotonic() - began < 3 * tried, "nothing slept"
    assert changed(before, all_rows(*residents(site).values())) == {}
    figure("requests", tried)


def asked(site: Site, path: str, query: dict[str, str], headers: dict[str, str]) -> int:
    answer = site.client.get(path, query_string=query or None, headers=headers)
    assert answer.status_code < 500 or path == "/healthz", (path, query)
    return 1


def loose_statements() -> Iterator[str]:
    """Statements that are put together from anything but constants of the source and names of columns."""
    for path in of_product(".py"):
        if path.parts[-2] == "versions" or "sqlalchemy" not in read(path):
            continue
        for node in ast.walk(ast.parse(read(path))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "text" and node.args:
                for part in _dynamic(node.args[0]):
                    if not _is_ours(part):
                        yield f"{path.name}: {ast.unparse(part)}"


def _dynamic(node: ast.expr) -> Iterator[ast.expr]:
    if isinstance(node, ast.JoinedStr):
        for part in node.values:
            if isinstance(part, ast.FormattedValue):
                yield from _dynamic(part.value)
    elif isinstance(node, ast.BinOp):
        yield from _dynamic(node.left)
        yield from _dynamic(node.right)
    elif isinstance(node, ast.IfExp):
        yield from _dynamic(node.body)
        yield from _dynamic(node.orelse)
    elif not isinstance(node, ast.Constant):
        yield node


# What may be set into a statement: names of tables and columns that the source itself lists, and pieces
# that these functions build from such names. A value never is: it is bound.
NAMED = re.compile(
    r"_?[A-Z][A-Z_0-9]*|tables?|columns?|names?|order|key|role|rights|things|sql|statement|moved|whose"
)
BUILDERS = {"record_set", "by_flow", "counting", "counts", "listing", "claim_statement", "lock_statement"}


def _is_ours(node: ast.expr) -> bool:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        return node.func.id in BUILDERS
    return all(NAMED.fullmatch(one.id) for one in ast.walk(node) if isinstance(one, ast.Name))
