"""The Admin API answers over the real schema, strictly, and never with a null that hides a mistake."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from graphql import TypeInfo, TypeInfoVisitor, Visitor, get_named_type, parse, visit

from sandbox.clock import Clock
from sandbox.schema import SchemaMissing, schema_file
from sandbox.settings import Settings
from sandbox.shopify.admin_api.engine import ANSWERS, KIND_OF, real_schema
from sandbox.shopify.app import create_store
from tests.sandbox.shopify.running import ROOT, Api, Store

QUERIES = ROOT / "connectors/shopify/queries"


def test_the_shop_says_who_it_is(api: Api, store: Store) -> None:
    shop = api.data("{ shop { name currencyCode ianaTimezone taxesIncluded url primaryDomain { url } } }")[
        "shop"
    ]
    assert shop == {
        "name": "Hollow Pine Coffee",
        "currencyCode": "USD",
        "ianaTimezone": "America/Chicago",
        "taxesIncluded": False,
        "url": store.address,
        "primaryDomain": {"url": store.address},
    }


def test_an_operation_that_is_not_in_the_schema_is_refused(api: Api) -> None:
    (error,) = api.errors("{ shop { name nickname } }")
    assert "nickname" in error["message"]
    assert "data" not in api.raw("{ shop { name nickname } }").json()
    assert "Syntax" in api.errors("{ shop {")[0]["message"]
    assert "required" in api.errors("{ order { id } }")[0]["message"]


def test_a_field_without_an_answer_is_an_error_and_never_a_quiet_null(api: Api) -> None:
    answer = api.raw('{ draftOrder(id: "gid://shopify/DraftOrder/1") { id } }').json()
    assert answer["errors"][0]["message"] == "QueryRoot.draftOrder has no answer in this store"
    order = _newest(api)
    errors = api.errors("query($id: ID!) { order(id: $id) { id risk { recommendation } } }", id=order)
    assert errors[0]["message"] == "Order.risk has no answer in this store"
    errors = api.errors("query($id: ID!) { order(id: $id) { id app { name } } }", id=order)
    assert errors[0]["path"] == ["order", "app"]


def test_what_is_not_there_is_null(api: Api) -> None:
    for noun in ("Order", "Customer", "Product", "Fulfillment", "Refund"):
        name = noun.lower()
        asked = f'{{ {name}(id: "gid://shopify/{noun}/1") {{ id }} }}'
        assert api.data(asked) == {name: None}


@pytest.mark.parametrize("id", ["1234", "gid://shopify/Product/8604213704099", "gid://shopify/Order"])
def test_an_id_of_another_kind_is_an_error(api: Api, id: str) -> None:
    assert api.errors("query($id: ID!) { order(id: $id) { id } }", id=id)


def test_only_a_live_token_opens_the_api(api: Api, store: Store) -> None:
    for headers in ({}, {"X-Shopify-Access-Token": "shpat_0000"}):
        path = "/admin/api/2026-10/graphql.json"
        answer = store.call("POST", path, headers=headers, json={"query": "{ shop { name } }"})
        assert answer.status_code == 401
    store.post("/sandbox/uninstall")
    assert api.raw("{ shop { name } }").status_code == 401


def test_another_version_is_not_found(api: Api) -> None:
    assert api.raw("{ shop { name } }", version="2026-07").status_code == 404
    answer = api.raw("{ shop { name } }")
    assert answer.headers["X-Shopify-API-Version"] == "2026-10"


def test_a_body_without_a_query_is_a_bad_request(api: Api, store: Store) -> None:
    token = {"X-Shopify-Access-Token": api.token}
    for body in (b"", b"[]", b'{"query": 3}', b'{"query": "{ shop { name } }", "variables": []}'):
        answer = store.call("POST", "/admin/api/2026-10/graphql.json", headers={
            **token, "Content-Type": "application/json"}, data=body)  # fmt: skip
        assert answer.status_code == (200 if b"variables" in body else 400), body


def test_page_limits_hold(api: Api) -> None:
    for arguments, words in (
        ("", "first or last"),
        ("(first: 251)", "cannot exceed 250"),
        ("(last: 251)", "cannot exceed 250"),
        ("(first: 0)", "positive"),
        ("(first: 5, last: 5)", "not supported"),
        ('(first: 5, after: "nonsense")', "cursor"),
    ):
        (error,) = api.errors(f"{{ orders{arguments} {{ nodes {{ id }} }} }}")
        assert words in error["message"]
    assert "cannot exceed 250" in api.errors(
        "query($id: ID!) { order(id: $id) { fulfillments(first: 251) { id } } }", id=_newest(api)
    )[0]["message"]  # fmt: skip


def test_pages_hold_every_order_once(api: Api) -> None:
    seen: list[str] = []
    after = None
    while True:
        found = api.data(
            "query($after: String) { orders(first: 5, after: $after, sortKey: UPDATED_AT) {"
            " nodes { id } pageInfo { hasNextPage endCursor } } }",
            after=after,
        )["orders"]
        seen += [node["id"] for node in found["nodes"]]
        after = found["pageInfo"]["endCursor"]
        if not found["pageInfo"]["hasNextPage"]:
            break
    assert len(seen) == len(set(seen)) == 12


def test_a_page_goes_on_where_it_ended_although_orders_moved(api: Api, store: Store) -> None:
    asked = (
        "query($after: String) { orders(first: 4, after: $after, sortKey: UPDATED_AT) {"
        " nodes { id } pageInfo { endCursor } } }"
    )
    first = api.data(asked, after=None)["orders"]
    everything = [node["id"] for node in api.data(
        "{ orders(first: 50, sortKey: UPDATED_AT) { nodes { id } } }")["orders"]["nodes"]]  # fmt: skip
    store.post(f"/sandbox/orders/{first['nodes'][0]['id'].rsplit('/', 1)[-1]}/refund")
    second = api.data(asked, after=first["pageInfo"]["endCursor"])["orders"]
    assert [node["id"] for node in second["nodes"]] == everything[4:8]


def test_last_before_and_reverse(api: Api) -> None:
    ids = [
        node["id"]
        for node in api.data("{ orders(first: 50, sortKey: ID) { nodes { id } } }")["orders"]["nodes"]
    ]
    turned = api.data(
        "{ orders(first: 3, sortKey: ID, reverse: true) { nodes { id } pageInfo { endCursor } } }"
    )
    assert [node["id"] for node in turned["orders"]["nodes"]] == ids[::-1][:3]
    more = api.data(
        "query($a: String) { orders(first: 3, sortKey: ID, reverse: true, after: $a) { nodes { id } } }",
        a=turned["orders"]["pageInfo"]["endCursor"],
    )
    assert [node["id"] for node in more["orders"]["nodes"]] == ids[::-1][3:6]
    tail = api.data("{ orders(last: 2, sortKey: ID) { edges { cursor node { id } } } }")["orders"]["edges"]
    assert [edge["node"]["id"] for edge in tail] == ids[-2:]
    before = api.data(
        "query($b: String) { orders(last: 2, sortKey: ID, before: $b) { nodes { id } } }", b=tail[0]["cursor"]
    )
    assert [node["id"] for node in before["orders"]["nodes"]] == ids[-4:-2]


def test_orders_are_found_by_their_change(api: Api, store: Store) -> None:
    start = datetime.now(UTC) - timedelta(seconds=2)
    placed = store.order()
    asked = (
        "query($q: String) { orders(first: 50, query: $q, sortKey: UPDATED_AT) { nodes { id updatedAt } } }"
    )
    since = start.strftime("%Y-%m-%dT%H:%M:%SZ")
    for query in (f"updated_at:>='{since}'", f'updated_at:>="{since}"', f"updated_at:>={since}"):
        (found,) = api.data(asked, q=query)["orders"]["nodes"]
        assert found["id"].endswith(f"/{placed['id']}")
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", found["updatedAt"])
    rest = api.data(asked, q=f"updated_at:<'{since}' AND created_at:<'{since}'")["orders"]["nodes"]
    assert len(rest) == 12
    assert "cannot search" in api.errors(asked, q="tag:vip")[0]["message"]
    assert "cannot read" in api.errors(asked, q="updated_at >= yesterday")[0]["message"]
    assert "not a time" in api.errors(asked, q="updated_at:>=yesterday")[0]["message"]


def test_only_sixty_days_of_orders_are_shown(api: Api, settings: Settings) -> None:
    Clock(settings.clock_file).set_offset(timedelta(days=20).total_seconds())
    names = [node["name"] for node in api.data("{ orders(first: 50) { nodes { name } } }")["orders"]["nodes"]]
    assert "#1001" not in names
    assert "#1012" in names


def test_a_throttled_call_is_answered_as_the_platform_does(api: Api, store: Store) -> None:
    store.post("/sandbox/quirks", {"throttle": 1})
    answer = api.raw("{ shop { name } }")
    assert answer.status_code == 200
    assert answer.json()["errors"][0]["extensions"]["code"] == "THROTTLED"
    cost = answer.json()["extensions"]["cost"]
    assert cost["throttleStatus"]["currentlyAvailable"] < cost["requestedQueryCost"]
    assert api.data("{ shop { name } }")


def test_cost_is_told_and_a_query_that_is_too_dear_is_refused(api: Api) -> None:
    cost = api.raw("{ shop { name } }").json()["extensions"]["cost"]
    assert (cost["requestedQueryCost"], cost["actualQueryCost"]) == (1, 1)
    # The figure that the platform showed for this query.
    asked = "{ products(first: 1) { nodes { id } } }"
    assert api.raw(asked).json()["extensions"]["cost"]["requestedQueryCost"] == 3
    dear = (
        "{ orders(first: 250) { nodes { lineItems(first: 250) { nodes {"
        " product { variants(first: 250) { nodes { id } } } } } } } }"
    )
    assert api.errors(dear)[0]["extensions"]["code"] == "MAX_COST_EXCEEDED"


def test_a_right_that_was_not_given_is_denied(store: Store) -> None:
    token = store.install_with("read_products")
    api = Api(store, token)
    assert api.data("{ products(first: 1) { nodes { id } } }")
    (error,) = api.errors("{ orders(first: 1) { nodes { id } } }")
    assert error["extensions"]["code"] == "ACCESS_DENIED"


def test_everything_that_the_app_asks_for_has_an_answer(schema: Path) -> None:
    """Every field that a written query selects, whatever data there is."""
    asked = _selected(schema, "\n".join(path.read_text() for path in sorted(QUERIES.glob("*.graphql"))))
    assert len(asked) > 60
    missing = {f"{kind}.{name}" for kind, name in asked if not _is_answered(kind, name)}
    assert missing == set()


def test_every_answer_is_a_field_of_the_schema(schema: Path) -> None:
    types = real_schema(schema.resolve()).type_map
    unknown = {
        f"{kind}.{name}"
        for kind, fields in ANSWERS.items()
        for name in fields
        if name not in getattr(types[kind], "fields", {})
    }
    assert unknown == set()


def _is_answered(kind: str, name: str) -> bool:
    wraps = kind == "PageInfo" or kind.endswith(("Connection", "Edge", "Payload", "UserError"))
    return wraps or name == "__typename" or name in ANSWERS.get(KIND_OF.get(kind, kind), {})


def _selected(schema: Path, text: str) -> set[tuple[str, str]]:
    info, found = TypeInfo(real_schema(schema.resolve())), set()

    class Collector(Visitor):
        def enter_field(self, node: Any, *rest: Any) -> None:
            parent = info.get_parent_type()
            assert parent is not None and info.get_field_def() is not None, node.name.value
            found.add((get_named_type(parent).name, node.name.value))

    visit(parse(text), TypeInfoVisitor(info, Collector()))
    return found


def _newest(api: Api) -> str:
    found = api.data("{ orders(first: 1, sortKey: ID, reverse: true) { nodes { id } } }")
    return str(found["orders"]["nodes"][0]["id"])


def test_a_store_without_its_schema_does_not_start(settings: Settings) -> None:
    schema_file(settings.data).unlink()
    with pytest.raises(SchemaMissing, match="make schema"):
        create_store(settings)
