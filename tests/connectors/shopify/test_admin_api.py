"""Every way in which a call to the Admin API can end."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from connectors.base import (
    AccessLost,
    Store,
    StoreBusy,
    StoreError,
    StoreFrozen,
    StoreGone,
    StoreRefused,
    StoreUnreachable,
)
from connectors.shopify.admin_api import TRIES, Complaint, call
from connectors.shopify.documents import OPERATIONS, is_mutation, may_repeat
from connectors.shopify.version import API_VERSION
from tests.connectors.shopify.shop_server import SHOP, TOKEN, Reply, in_turn, shop_server

GOOD = Reply(200, {"data": {"shop": {"name": "x"}}})


def _throttled(requested: float = 500, available: float = 100, restore: float = 100) -> Reply:
    status = {"maximumAvailable": 2000, "currentlyAvailable": available, "restoreRate": restore}
    return Reply(
        200,
        {
            "errors": [{"message": "Throttled", "extensions": {"code": "THROTTLED"}}],
            "extensions": {"cost": {"requestedQueryCost": requested, "throttleStatus": status}},
        },
    )


def _error(message: str, code: str | None = None) -> Reply:
    return Reply(200, {"errors": [{"message": message, "extensions": {"code": code}}], "data": None})


def test_a_call_names_shop_version_and_token() -> None:
    with shop_server(in_turn(GOOD)) as server:
        assert call(server.store, "shop") == {"shop": {"name": "x"}}
        arrived = server.calls[0]
    assert arrived.path == "/admin/api/2026-10/graphql.json"
    assert (arrived.headers["host"], arrived.headers["x-shopify-access-token"]) == (SHOP, TOKEN)
    assert arrived.body["query"].startswith("query Shop")
    assert arrived.body["variables"] == {}


def test_two_shops_side_by_side_each_use_their_own_token() -> None:
    with shop_server(in_turn(GOOD)) as server:
        first = server.store
        second = replace(first, secrets={"access_token": "shpat_second"})
        for store in (first, second, first):
            call(store, "shop")
        tokens = [arrived.headers["x-shopify-access-token"] for arrived in server.calls]
    assert tokens == [TOKEN, "shpat_second", TOKEN]


def test_a_throttled_call_waits_as_long_as_its_cost_takes_to_refill() -> None:
    with shop_server(in_turn(_throttled(), _throttled(900, 880, 100), GOOD)) as server:
        assert call(server.store, "shop") == {"shop": {"name": "x"}}
        assert server.pauses == [pytest.approx(4.0), pytest.approx(0.2)]


def test_a_call_that_stays_throttled_is_given_back() -> None:
    with shop_server(in_turn(_throttled())) as server:
        with pytest.raises(StoreBusy) as caught:
            call(server.store, "shop")
        assert caught.value.wait == pytest.approx(4.0)
        assert len(server.calls) == TRIES


def test_a_long_wait_is_left_to_the_caller() -> None:
    with shop_server(in_turn(_throttled(1000, 0, 10))) as server:
        with pytest.raises(StoreBusy) as caught:
            call(server.store, "shop")
        assert caught.value.wait == pytest.approx(100.0)
        assert (server.pauses, len(server.calls)) == ([], 1)


@pytest.mark.parametrize(
    "extensions",
    [
        None,
        {},
        {"cost": None},
        {"cost": {"requestedQueryCost": 1, "throttleStatus": {"currentlyAvailable": 0, "restoreRate": 0}}},
    ],
)
def test_throttling_without_figures_waits_a_usual_time(extensions: Any) -> None:
    bare = Reply(
        200, {"errors": [{"message": "", "extensions": {"code": "THROTTLED"}}], "extensions": extensions}
    )
    with shop_server(in_turn(bare, GOOD)) as server:
        call(server.store, "shop")
        assert server.pauses == [2.0]


@pytest.mark.parametrize(
    ("reply", "kind", "word"),
    [
        (Reply(401, {"errors": "[API] Invalid API key"}), AccessLost, "401"),
        (Reply(402, {"errors": "Unavailable Shop"}), StoreFrozen, "frozen"),
        (Reply(403, {"errors": "Forbidden"}), StoreRefused, "403"),
        (Reply(404, {"errors": "Not Found"}), StoreGone, "no such shop"),
        (Reply(423, {"errors": "Locked"}), StoreFrozen, "locked"),
        (Reply(301, b""), StoreRefused, "301"),
        (Reply(500, b"<html>"), StoreUnreachable, "500"),
        (Reply(200, b"<html>"), StoreUnreachable, "JSON"),
        (Reply(200, []), StoreUnreachable, "object"),
        (Reply(200, {}), StoreUnreachable, "no data"),
        (Reply(200, {"data": None}), StoreUnreachable, "no data"),
        (_error("Access denied for order field", "ACCESS_DENIED"), StoreRefused, "Access denied"),
        (_error("Query cost is 1,200", "MAX_COST_EXCEEDED"), StoreRefused, "cost"),
        (_error("Internal error", "INTERNAL_SERVER_ERROR"), StoreUnreachable, "Internal"),
        (_error("Field 'x' doesn't exist"), StoreRefused, "exist"),
        (_error("Shop is inactive", "SHOP_INACTIVE"), StoreFrozen, "inactive"),
        (_error("Took too long", "TIMEOUT"), StoreUnreachable, "long"),
        (Reply(200, {"errors": "text"}), StoreRefused, "text"),
        (Reply(200, {"errors": {"query": "Required"}}), StoreRefused, "Required"),
        (Reply(200, {"errors": 7, "data": {"shop": {}}}), StoreRefused, "7"),
        (Reply(200, {"data": 5}), StoreUnreachable, "no data"),
        (Reply(200, b""), StoreUnreachable, "JSON"),
        (Reply(200, b"null"), StoreUnreachable, "object"),
        (Reply(200, b'{"data": {"shop": {"name": "Hollow'), StoreUnreachable, "JSON"),
        (Reply(200, b"\xff\xfe"), StoreUnreachable, "JSON"),
        (Reply(200, b"[" * 100_000), StoreUnreachable, "JSON"),
        (Reply(200, b'{"data": {"shop": "' + b"x" * 10_000_000 + b'"}}'), StoreUnreachable, "larger than"),
        (Reply(200, GOOD.body, {"Content-Encoding": "gzip"}), StoreUnreachable, "POST"),
        (Reply(200, {"errors": [None]}), StoreRefused, ""),
    ],
)
def test_every_failure_has_a_meaning(reply: Reply, kind: type[StoreError], word: str) -> None:
    with shop_server(in_turn(reply)) as server, pytest.raises(kind) as caught:
        call(server.store, "shop")
    assert word in str(caught.value)
    assert TOKEN not in str(caught.value)
    assert caught.value.retry is (kind in (StoreUnreachable, StoreFrozen))


@pytest.mark.parametrize("status", [429, 430])
def test_too_many_calls_tell_when_to_come_back(status: int) -> None:
    reply = Reply(status, {}, {"Retry-After": "7.5"})
    with shop_server(in_turn(reply)) as server, pytest.raises(StoreBusy) as caught:
        call(server.store, "shop")
    assert caught.value.wait == 7.5


@pytest.mark.parametrize(
    ("given", "wait"), [("", 2.0), ("soon", 2.0), ("inf", 2.0), ("-5", 0.0), ("1e9", 3600.0)]
)
def test_an_odd_retry_after_is_survived(given: str, wait: float) -> None:
    reply = Reply(430, {}, {"Retry-After": given})
    with shop_server(in_turn(reply)) as server, pytest.raises(StoreBusy) as caught:
        call(server.store, "shop")
    assert caught.value.wait == wait


def test_what_a_mutation_did_not_like_is_a_refusal() -> None:
    errors = [{"field": ["id"], "message": "is unknown"}, {"field": None, "message": "and more"}]
    reply = Reply(200, {"data": {"webhookSubscriptionDelete": {"userErrors": errors}}})
    with shop_server(in_turn(reply)) as server, pytest.raises(StoreRefused) as caught:
        call(server.store, "webhook_subscription_delete", {"id": "gid://shopify/WebhookSubscription/1"})
    assert str(caught.value) == "is unknown; and more"


@pytest.mark.parametrize("name", ["userErrors", "orderCancelUserErrors", "mediaUserErrors"])
def test_every_list_of_complaints_counts(name: str) -> None:
    """Some mutations have one of their own beside or instead of the usual; its codes come along."""
    lists = {
        "userErrors": [],
        name: [{"message": "is late", "code": "INVALID"}, {"message": "no", "code": None}],
    }
    reply = Reply(200, {"data": {"orderCancel": lists}})
    with shop_server(in_turn(reply)) as server, pytest.raises(Complaint) as caught:
        call(server.store, "order_cancel", {})
    assert (str(caught.value), caught.value.codes) == ("is late; no", frozenset({"INVALID"}))


@pytest.mark.parametrize(
    "payload",
    [None, 5, [], "done", {"userErrors": None}, {"userErrors": "bad"}, {"orderCancelUserErrors": {}}],
)
def test_a_mutation_whose_answer_cannot_be_read_may_have_been_done(payload: Any) -> None:
    reply = Reply(200, {"data": {"orderCancel": payload}})
    with shop_server(in_turn(reply)) as server, pytest.raises(StoreUnreachable):
        call(server.store, "order_cancel", {})


def test_a_part_of_an_answer_is_never_used() -> None:
    partly = {"data": {"shop": {"name": "x"}}, "errors": [{"message": "one field failed"}]}
    with shop_server(in_turn(Reply(200, partly))) as server, pytest.raises(StoreRefused, match="one field"):
        call(server.store, "shop")


def test_an_answer_that_breaks_off_is_none() -> None:
    """The connection ends before all that was announced has come."""
    short = Reply(200, b'{"data": {"shop": {}}}', {"Content-Length": "5000", "Connection": "close"})
    with shop_server(in_turn(short)) as server, pytest.raises(StoreUnreachable) as caught:
        call(server.store, "shop")
    assert TOKEN not in str(caught.value)


def test_another_version_of_the_api_is_said_once(caplog: pytest.LogCaptureFixture) -> None:
    other = Reply(200, GOOD.body, {"X-Shopify-API-Version": "2027-01"})
    ours = Reply(200, GOOD.body, {"X-Shopify-API-Version": API_VERSION})
    with shop_server(in_turn(ours, other, other, GOOD)) as server:
        for _ in range(4):
            call(server.store, "shop")
    said = [record.getMessage() for record in caplog.records if record.name == "doorstep.shopify"]
    assert said == [f"Shopify answers version '2027-01' of its API instead of {API_VERSION}"]


@pytest.mark.parametrize("operation", [name for name in OPERATIONS if is_mutation(name)])
def test_a_mutation_is_sent_again_only_where_that_is_written_down(operation: str) -> None:
    """A lost answer may mean that it was done. One that was throttled was not, and is sent again."""
    with shop_server(in_turn(Reply(503, {}), Reply(200, {"data": {"x": {"userErrors": []}}}))) as server:
        if may_repeat(operation):
            assert call(server.store, operation, {})
        else:
            with pytest.raises(StoreUnreachable):
                call(server.store, operation, {})
        assert len(server.calls) == (2 if may_repeat(operation) else 1)
    with shop_server(in_turn(_throttled(), Reply(200, {"data": {"x": {"userErrors": []}}}))) as server:
        assert call(server.store, operation, {})
        assert len(server.calls) == 2


def test_a_query_is_asked_again_after_a_passing_failure_and_a_mutation_is_not() -> None:
    with shop_server(in_turn(Reply(503, {}), GOOD)) as server:
        assert call(server.store, "shop")
        assert len(server.calls) == 2
    with shop_server(in_turn(Reply(503, {}), GOOD)) as server:
        with pytest.raises(StoreUnreachable):
            call(server.store, "webhook_subscription_delete", {"id": "x"})
        assert len(server.calls) == 1


def test_a_store_that_does_not_answer_is_unreachable() -> None:
    with shop_server(in_turn(GOOD)) as server:
        store = server.store
    with pytest.raises(StoreUnreachable):
        call(store, "shop")


@pytest.mark.parametrize(
    "broken", [{"domain": "evil.example"}, {"domain": ""}, {"secrets": {}}, {"secrets": {"access_token": ""}}]
)
def test_no_call_without_shop_and_token(broken: dict[str, Any]) -> None:
    with shop_server(in_turn(GOOD)) as server:
        store: Store = replace(server.store, **broken)
        with pytest.raises(AccessLost):
            call(store, "shop")
        assert server.calls == []
