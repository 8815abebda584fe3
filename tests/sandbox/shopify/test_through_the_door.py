"""The app's own door to Shopify against this store, over HTTP: both must tell the same story."""

from __future__ import annotations

import dataclasses
import functools
import html
import json
import re
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, urlsplit

import pytest

from app.services.merging import merge_returns
from connectors.base import AccessLost, Delivery, Gone, Noun, Page, Reading, StoreBusy, Wish
from connectors.base import Store as Connected
from connectors.shopify.connector import ShopifyConnector
from connectors.shopify.keys import AppKeys
from connectors.shopify.oauth import authorize_url, check_callback, check_install
from connectors.shopify.session_token import read_id_token
from connectors.shopify.tokens import exchange_code, exchange_id_token, refresh
from flows.commerce import LineQuantity, ParcelStatus, Platform, ReturnState
from flows.picture import OrderPicture
from sandbox.shopify.bodies.fulfillments import MESSAGES
from tests.sandbox.shopify.running import KEY, MAIN, SECRET, Api, Receiver, Store
from wire.http import HttpClient

DOOR = ShopifyConnector()
# What a webhook and an answer must both say of an order: money, pieces, people and states.
SAME = (
    "id", "number", "version", "placed_at", "state", "shipped", "email", "first_name", "is_gift",
    "shipping_address", "lines", "total", "tax", "shipping", "discount", "refunded",
)  # fmt: skip


@pytest.fixture
def http(store: Store) -> HttpClient:
    return HttpClient({f"https://{MAIN}": store.address}, pause=lambda seconds: None)


@pytest.fixture
def connected(api: Api, http: HttpClient) -> Connected:
    return Connected(
        platform=Platform.SHOPIFY,
        domain=MAIN,
        base_url=f"https://{MAIN}",
        http=http,
        currency="USD",
        timezone="America/Chicago",
        secrets={"access_token": api.token},
        scopes=("read_orders", "read_returns"),
    )


def test_every_topic_of_the_app_can_be_subscribed(connected: Connected, receiver: Receiver) -> None:
    made = DOOR.subscribe(connected, receiver.address, SECRET)
    assert len(made) > 15
    assert DOOR.subscribe(connected, receiver.address, SECRET) == ()


def test_the_catalogue_the_past_and_the_profile_are_read(connected: Connected, store: Store) -> None:
    profile = DOOR.profile(connected)
    assert (profile.name, profile.url, profile.timezone, profile.currency, profile.locale) == (
        "Hollow Pine Coffee", store.address, "America/Chicago", "USD", "en",
    )  # fmt: skip
    products = [product for page in _all(DOOR.catalogue, connected) for product in page.reading.products]
    assert len(products) == 10
    assert all(product.url and product.image_url and product.price for product in products)
    pages = _all(DOOR.history, connected)
    orders = [order for page in pages for order in page.reading.orders]
    assert [order.number for order in orders] == [str(number) for number in range(1001, 1013)]
    parcels = [parcel for page in pages for parcel in page.reading.parcels]
    assert sum(parcel.status is ParcelStatus.DELIVERED for parcel in parcels) == 11


def _all(read: Callable[[Connected, str | None], Page], connected: Connected) -> list[Page]:
    """Every page, without the waits: the shop is quick."""
    pages: list[Page] = []
    cursor: str | None = None
    while not pages or cursor:
        pages.append(read(connected, cursor))
        cursor = pages[-1].cursor
        time.sleep(min(pages[-1].wait, 0.1))
    return pages


def test_webhooks_and_reading_agree(store: Store, connected: Connected, receiver: Receiver) -> None:
    start = datetime.now(UTC) - timedelta(seconds=2)
    DOOR.subscribe(connected, receiver.address, SECRET)
    placed = store.order("HP-FERRY-250", "HP-GRINDER", discount_code="WELCOME10", gift_note="For you")
    act = f"/sandbox/orders/{placed['id']}"
    first = [{"line_id": placed["line_ids"][0], "quantity": 1}]
    store.post(f"{act}/ship", {"lines": first})
    store.settle()
    store.post(f"{act}/out-for-delivery")
    store.settle()
    store.post(f"{act}/deliver")
    store.settle()
    store.post(f"{act}/refund", {"lines": first})
    store.settle()
    told = [_heard(delivery.headers, delivery.raw, connected) for delivery in receiver.got]
    order = [order for reading in told for order in reading.orders][-1]
    events = {event.id: event for reading in told for event in reading.parcel_events}
    refunds = [refund for reading in told for refund in reading.refunds]
    parcels = [parcel for reading in told for parcel in reading.parcels]

    read = DOOR.fetch(connected, Wish(Noun.ORDER, placed["id"]))
    for name in SAME:
        assert getattr(read.orders[0], name) == getattr(order, name), name
    assert {event.id: event for event in read.parcel_events} == events
    assert [refund.amount for refund in read.refunds] == [refunds[-1].amount] == [1387]
    assert [refund.lines for refund in read.refunds] == [refunds[-1].lines]
    assert dataclasses.replace(read.parcels[0], delivered_at=None) == dataclasses.replace(
        parcels[-1], delivered_at=None
    )
    picture = OrderPicture(read.orders[0], read.parcels, read.parcel_events, read.refunds)
    assert [line.sku for line in picture.kept_lines()] == ["HP-GRINDER"]
    changed = DOOR.changed_since(connected, start, None)
    assert [found.id for found in changed.reading.orders] == [placed["id"]]


def test_every_word_of_a_carrier_and_a_return_to_its_end(
    store: Store, connected: Connected, receiver: Receiver
) -> None:
    """Scans in every word; asked back, approved as an exchange and closed: both doors tell the same."""
    DOOR.subscribe(connected, receiver.address, SECRET)
    placed = store.order("HP-FERRY-250", "HP-GRINDER")
    act = f"/sandbox/orders/{placed['id']}"
    store.post(f"{act}/ship")
    for word in MESSAGES:
        store.post(f"{act}/scan", {"status": word})
    store.post(f"{act}/ask-back", {"lines": [{"line_id": placed["line_ids"][1]}]})
    asked = DOOR.fetch(connected, Wish(Noun.ORDER, placed["id"])).returns
    store.post(f"{act}/approve-return", {"exchange": True})
    store.post(f"{act}/close-return")
    store.settle()
    told = [_heard(delivery.headers, delivery.raw, connected) for delivery in receiver.got]
    read = DOOR.fetch(connected, Wish(Noun.ORDER, placed["id"]))
    assert [one.state for one in asked] == [ReturnState.REQUESTED]
    heard = functools.reduce(merge_returns, [one for reading in told for one in reading.returns])
    assert read.returns == (dataclasses.replace(heard, version=read.orders[0].version),)
    assert (heard.state, heard.exchange, heard.order_id) == (ReturnState.CLOSED, True, placed["id"])
    assert heard.lines == (LineQuantity(placed["line_ids"][1], 1),)
    scans = {scan.id: scan for reading in told for scan in reading.parcel_events}
    assert {scan.id: scan for scan in read.parcel_events} == scans and len(scans) == len(MESSAGES)
    assert read.parcels[0].status is ParcelStatus.DELIVERED
    found = DOOR.fetch(connected, Wish(Noun.RETURN, heard.id))
    assert found.orders == read.orders


@pytest.mark.parametrize(
    ("action", "arguments"),
    [("approve-return", {}), ("close-return", {}), ("ask-back", {}), ("scan", {"status": "teleported"})],
)
def test_what_cannot_be_is_refused(store: Store, action: str, arguments: dict[str, str]) -> None:
    placed = store.order()
    answer = store.call("POST", f"/sandbox/orders/{placed['id']}/{action}", json=arguments)
    assert answer.status_code in (400, 409)


def test_a_deleted_order_is_gone_and_a_lost_token_is_said(store: Store, connected: Connected) -> None:
    placed = store.order()
    store.post(f"/sandbox/orders/{placed['id']}/trash")
    assert DOOR.fetch(connected, Wish(Noun.ORDER, placed["id"])).gone == (Gone(Noun.ORDER, placed["id"]),)
    store.post("/sandbox/quirks", {"throttle": 50})
    with pytest.raises(StoreBusy):
        DOOR.profile(connected)
    store.post("/sandbox/uninstall")
    with pytest.raises(AccessLost):
        DOOR.profile(connected)


def test_both_ways_in(store: Store, http: HttpClient) -> None:
    keys, now = AppKeys(KEY, SECRET), datetime.now(UTC)
    start = store.call("GET", "/admin/apps/doorstep").text
    assert check_install(_query_in(start), keys, now) == MAIN
    asked = authorize_url(MAIN, keys, f"{store.settings.app_address}/shopify/callback", "a-state")
    assert store.call("GET", asked.removeprefix(f"https://{MAIN}")).status_code == 200
    back = _approve(store, asked)
    callback = check_callback(back, keys, now, state="a-state", shop=MAIN)
    first = exchange_code(http, MAIN, keys, callback.code, now)
    second = refresh(http, MAIN, keys, first.refresh_token, now)
    assert second.access_token != first.access_token
    token = store.get("/sandbox/id-token")["id_token"]
    assert read_id_token(token, keys, datetime.now(UTC)).shop == MAIN
    assert exchange_id_token(http, MAIN, keys, token, now).scope == first.scope


def _heard(headers: dict[str, str], body: bytes, connected: Connected) -> Reading:
    delivery = Delivery({name.lower(): value for name, value in headers.items()}, body)
    verified = DOOR.verify_webhook(delivery, ("an-older-secret", SECRET))
    assert verified.shop == MAIN
    return DOOR.normalise(verified.topic, json.loads(body), connected)


def _query_in(page: str) -> list[tuple[str, str]]:
    found = re.search(r'href="([^"]*/shopify/install\?[^"]*)"', page)
    assert found is not None
    return parse_qsl(urlsplit(html.unescape(found[1])).query)


def _approve(store: Store, asked: str) -> list[tuple[str, str]]:
    form = dict(parse_qsl(urlsplit(asked).query)) | {"decision": "approve"}
    answer = store.call("POST", "/admin/oauth/authorize", data=form)
    return parse_qsl(urlsplit(answer.headers["Location"]).query)
