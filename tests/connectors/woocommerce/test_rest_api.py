from __future__ import annotations

import base64
import time
from dataclasses import replace
from typing import Any

import pytest

from connectors.base import (
    AccessLost,
    NotThere,
    Store,
    StoreBusy,
    StoreError,
    StoreRefused,
    StoreUnreachable,
)
from connectors.woocommerce.rest_api import (
    Complaint,
    Denied,
    NoRoute,
    TooMuch,
    every_entry,
    read,
    read_index,
    read_list,
    remove,
    write,
)
from flows.commerce import Platform
from tests.connectors.woocommerce.recordings import rest
from tests.connectors.woocommerce.scripted_shop import HOME, KEYS, Shop
from wire.http import HttpClient

HTML = "<!doctype html><title>Checking your browser</title>"


def test_the_keys_go_in_the_header_and_never_in_the_address(shop: Shop) -> None:
    shop.will("GET orders/13", {"id": 13})
    assert read(shop.store, "orders/13", {"a": "b"}) == {"id": 13}
    (call,) = shop.calls
    pair = base64.b64decode(call.headers["authorization"].removeprefix("Basic ")).decode()
    assert pair == f"{shop.store.secrets['consumer_key']}:{shop.store.secrets['consumer_secret']}"
    assert (call.params, call.headers["host"]) == ({"a": "b"}, "larkhus.example")


def test_a_shop_in_a_folder(shop: Shop) -> None:
    shop.will("GET /store/wp-json/wc/v3/orders/13", {"id": 13})
    assert read(replace(shop.store, base_url="https://larkhus.example/store"), "orders/13") == {"id": 13}


def test_writing_sends_json(shop: Shop) -> None:
    shop.will("POST webhooks", {"id": 1}, 201)
    shop.will("PUT webhooks/1", {"id": 1})
    shop.will("DELETE webhooks/1", {"id": 1})
    write(shop.store, "post", "webhooks", {"name": "Ä"})
    write(shop.store, "put", "webhooks/1", {"status": "active"})
    remove(shop.store, "webhooks/1")
    assert [call.body for call in shop.calls] == [{"name": "Ä"}, {"status": "active"}, None]
    assert shop.calls[0].headers["content-type"] == "application/json;charset=utf-8"
    assert shop.calls[2].params == {"force": "true"}


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (401, rest("unauthorized")["body"], AccessLost),
        (401, {"code": "woocommerce_rest_cannot_view", "message": "", "data": {"status": 401}}, AccessLost),
        (403, {"code": "woocommerce_rest_cannot_view", "message": "", "data": {"status": 403}}, Denied),
        (403, {"code": "rest_forbidden"}, AccessLost),
        (404, rest("order_not_found")["body"], NotThere),
        (404, {"code": "woocommerce_rest_invalid_order_id"}, NotThere),
        (404, {"code": "woocommerce_rest_product_invalid_id"}, NotThere),
        (404, {"code": "rest_no_route"}, NoRoute),
        (404, {}, NoRoute),
        (400, rest("webhook_bad_topic")["body"], Complaint),
        (409, {"code": "x"}, Complaint),
        (500, rest("refund_too_much")["body"], TooMuch),
        (500, HTML, TooMuch),
        (504, HTML, TooMuch),
        (403, {"message": "Forbidden"}, StoreUnreachable),
        (401, {"error": "blocked by the firewall"}, StoreUnreachable),
        (406, {"code": 17}, StoreUnreachable),
        (400, {"message": "Bad request"}, StoreUnreachable),
        (200, HTML, StoreUnreachable),
        (200, "", StoreUnreachable),
        (200, "<br />Warning: x{}", StoreUnreachable),
        (401, HTML, StoreUnreachable),
        (403, HTML, StoreUnreachable),
        (404, HTML, StoreUnreachable),
        (404, [], StoreUnreachable),
        (301, "", StoreUnreachable),
        (302, {"id": 1}, StoreUnreachable),
        (429, {}, StoreBusy),
        (503, HTML, StoreBusy),
        (502, HTML, TooMuch),
    ],
)
def test_bad_answers(status: int, body: Any, error: type[StoreError], shop: Shop) -> None:
    shop.will("GET orders/13", body, status, {"Location": "http://127.0.0.1:9/?cs=1"} if status < 400 else {})
    with pytest.raises(StoreError) as caught:
        read(shop.store, "orders/13")
    assert type(caught.value) is error
    assert "cs_" not in str(caught.value) + repr(caught.value.__context__)
    assert HTML not in str(caught.value)


def test_the_code_of_the_shop_is_told_and_nothing_else_of_it(shop: Shop) -> None:
    shop.will("GET orders/13", {"code": "bad_thing<script>" + "x" * 500, "message": "Mia Hart"}, 400)
    with pytest.raises(StoreRefused) as caught:
        read(shop.store, "orders/13")
    assert str(caught.value).startswith("the shop answered 400 bad_thingscript")
    assert len(str(caught.value)) < 120


@pytest.mark.parametrize(
    ("header", "wait"),
    [("7", 7.0), ("7.5", 7.5), ("99999", 3600.0), ("-1", 30.0), ("nan", 30.0), ("soon", 30.0), (None, 30.0)],
)
def test_how_long_a_busy_shop_wants_us_to_wait(header: str | None, wait: float, shop: Shop) -> None:
    shop.will("POST webhooks", {}, 429, {"Retry-After": header} if header else {})
    with pytest.raises(StoreBusy) as caught:
        write(shop.store, "post", "webhooks", {})
    assert caught.value.wait == wait


def test_reading_is_tried_again_and_writing_is_not(shop: Shop) -> None:
    shop.will("GET orders/13", {}, 503)
    shop.will("GET orders/13", {"id": 13})
    assert read(shop.store, "orders/13") == {"id": 13}
    shop.will("POST webhooks", {}, 503)
    shop.will("POST webhooks", {"id": 1})
    with pytest.raises(StoreBusy):
        write(shop.store, "post", "webhooks", {})


def test_a_shop_that_is_not_there() -> None:
    gone = HttpClient({HOME: "http://127.0.0.1:9"}, pause=lambda seconds: None)
    with pytest.raises(StoreUnreachable, match="no connection"):
        read(Store(Platform.WOOCOMMERCE, "larkhus.example", HOME, gone, secrets=KEYS), "orders/13")
    inwards = Store(Platform.WOOCOMMERCE, "x", "https://127.0.0.1", HttpClient(), secrets=KEYS)
    with pytest.raises(StoreRefused, match="refused"):
        read(inwards, "orders/13")


def test_a_listing_tells_how_many_pages_there_are(shop: Shop) -> None:
    shop.will("GET orders", [1, 2], headers={"X-WP-TotalPages": "8"})
    assert read_list(shop.store, "orders", {}) == ([1, 2], 8)
    shop.will("GET products", [1])
    assert read_list(shop.store, "products", {}) == ([1], None)
    shop.will("GET webhooks", {"0": 1})
    with pytest.raises(StoreUnreachable, match="list"):
        read_list(shop.store, "webhooks", {})


def test_the_index_is_asked_for_without_our_keys(shop: Shop) -> None:
    shop.will("GET /wp-json/", {"name": "Larkhus"})
    assert read_index(shop.store) == {"name": "Larkhus"}
    assert "authorization" not in shop.calls[0].headers


def test_a_shop_that_moved_is_told_apart_from_one_that_is_broken(shop: Shop) -> None:
    shop.will("GET orders/13", {"id": 13}, 301, {"Location": "https://www.larkhus.example/"})
    with pytest.raises(StoreUnreachable, match="another address"):
        read(shop.store, "orders/13")


def test_lists_are_written_with_commas(shop: Shop) -> None:
    """The other form, `include[]=1`, breaks the signature of shops that want one."""
    shop.will("GET orders", [])
    read_list(shop.store, "orders", {"include": ("1", "2"), "status": "any"})
    assert shop.calls[0].params == {"include": "1,2", "status": "any"}


def test_every_page_of_a_short_listing_and_not_for_ever(shop: Shop) -> None:
    for page in (1, 2):
        shop.will("GET webhooks", [page], headers={"X-WP-TotalPages": "2"})
    assert list(every_entry(shop.store, "webhooks", {"status": "all"})) == [1, 2]
    shop.calls.clear()
    shop.will("GET endless", [1], headers={"X-WP-TotalPages": "999999"})
    assert len(list(every_entry(shop.store, "endless", {}))) == len(shop.calls) == 50


@pytest.mark.parametrize(
    ("total", "page", "fails"),
    [("312", "1", True), ("312", "4", True), ("312", "5", False), ("0", "1", False), (None, "1", False),
     ("x", "1", False), ("\u0663", "1", False)],
)  # fmt: skip
def test_nothing_of_what_is_counted_is_no_end(total: str | None, page: str, fails: bool, shop: Shop) -> None:
    headers = {} if total is None or not total.isascii() else {"X-WP-Total": total}
    shop.will("GET orders", [], headers=headers)
    asked = {"per_page": "100", "page": page}
    if not fails:
        assert read_list(shop.store, "orders", asked)[0] == []
        return
    with pytest.raises(StoreUnreachable, match="lists none"):
        read_list(shop.store, "orders", asked)


def test_silence_is_not_asked_again_at_once_and_may_have_been_too_much(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("connectors.woocommerce.rest_api.TIMEOUT", 0.2)
    silent = shop.answer

    def sleeps(call: Any) -> Any:
        told = silent(call)
        time.sleep(0.6)
        return told

    monkeypatch.setattr(shop, "answer", sleeps)
    with pytest.raises(TooMuch, match="in time"):
        read_index(shop.store)
    assert len(shop.calls) == 1


def test_an_answer_of_more_than_anybody_reads_was_too_much(shop: Shop) -> None:
    shop.will("GET orders", "[" + " " * 5_000_001 + "]")
    with pytest.raises(TooMuch, match="larger"):
        read_list(shop.store, "orders", {})


def test_no_key_of_ours_is_in_any_error_or_log(shop: Shop, caplog: pytest.LogCaptureFixture) -> None:
    """Nor in what is raised behind it, nor in what libraries say."""
    secrets = [*KEYS.values(), base64.b64encode(":".join(KEYS.values()).encode()).decode()]
    caplog.set_level("DEBUG")
    for status, body in (
        (401, {"code": "x", "message": "cs_"}),
        (500, HTML),
        (200, "{"),
        (429, {}),
        (301, ""),
    ):
        shop.will(f"GET orders/{status}", body, status)
        with pytest.raises(StoreError) as caught:
            read(shop.store, f"orders/{status}", {"consumer_secret": KEYS["consumer_secret"]})
        told = f"{caught.value!r} {caught.value.__context__!r} {caught.value.__cause__!r} {caplog.text}"
        assert not any(secret in told for secret in secrets), told
        assert not any(secret in repr(shop.store) for secret in secrets)
