"""A write that died on its way, or met a store that misbehaves, is done once."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from itertools import count
from typing import Any

import pytest

from connectors import writes
from connectors.base import (
    AccessLost,
    NotThere,
    RightMissing,
    StoreError,
    StoreUnreachable,
    Unsupported,
)
from connectors.woocommerce.writing import VERBS, WHY_NOT
from connectors.writes import Write
from flows.commerce import ConsentState, LineQuantity
from tests.sandbox.woocommerce.writes.writing import (
    EMAIL,
    ENDS,
    HOME,
    NOW,
    Killed,
    Shop,
    a_cancel,
    a_code,
    a_review,
)


def one_of_each(shop: Shop) -> dict[type[Write], Write]:
    order, other = shop.store.order(), shop.store.order()
    return {
        type(one): one
        for one in (
            a_code(),
            a_review(shop.product()),
            writes.NoteOrder(order["id"], "A note", "k"),
            a_cancel(order, note="Why"),
            writes.ChangeAddress(other["id"], HOME),
        )
    }


def made_of(shop: Shop, what: Write) -> list[Any]:
    """All that such a write could have left in the store."""
    if isinstance(what, writes.CreateDiscount):
        return [one["date_expires_gmt"] for one in shop.store.read("coupons", per_page=100)
                if one["code"] == what.code.lower()]  # fmt: skip
    if isinstance(what, writes.PostReview):
        places = ("all", "trash", "spam")
        return [one["status"] for place in places for one in shop.reviews(int(what.product_id), place)]
    assert isinstance(what, writes.NoteOrder | writes.CancelOrder | writes.ChangeAddress)
    order = shop.store.read(f"orders/{what.order_id}")
    notes = shop.notes(order)
    return [(order["status"], order["shipping"]["city"], len(notes))]


WANTED: dict[type[Write], Any] = {
    writes.CreateDiscount: ENDS.replace(tzinfo=None).isoformat(),
    writes.PostReview: "approved",
    writes.NoteOrder: ("processing", "Berlin", 1),
    writes.CancelOrder: ("cancelled", "Berlin", 1),
    writes.ChangeAddress: ("processing", "Kiel", 0),
}


@pytest.mark.parametrize("cache", [0.0, 600.0], ids=["plain", "cached"])
@pytest.mark.parametrize("zone", ["Europe/Berlin", "Asia/Tokyo"])
@pytest.mark.parametrize("kind", WANTED, ids=lambda kind: kind.kind)
def test_killed_at_each_point_it_is_done_once(shop: Shop, kind: type[Write], zone: str, cache: float) -> None:
    """A kill after each call in turn, before its answer is heard; then the same is done again, twice."""
    calls = count(1)
    for point in calls:
        what = one_of_each(shop)[kind]
        shop.quirk(cache_seconds=cache)
        shop.http.left[:] = [point]
        try:
            shop.write(what, timezone=zone)
            finished = True
        except Killed:
            finished = False
        shop.http.left.clear()
        shop.write(what, timezone=zone)
        assert shop.write(what, timezone=zone).already
        shop.quirk(cache_seconds=0.0)
        assert made_of(shop, what) == [WANTED[kind]], f"killed after call {point}"
        if finished:
            break
    print(f"{kind.kind}: killed at {point - 1} points")
    assert point > 2 or (kind, point) == (writes.CreateDiscount, 2)


def test_a_repeat_that_dies_too_is_no_double(shop: Shop) -> None:
    product = shop.product()
    for point in (1, 2, 3, 4, 5, 4, 3, 2, 1):
        shop.http.left[:] = [point]
        with suppress(Killed):
            shop.write(a_review(product))
        shop.http.left.clear()
    shop.write(a_review(product))
    assert [one["status"] for one in shop.reviews(product)] == ["approved"]


@pytest.mark.parametrize("kind", WANTED, ids=lambda kind: kind.kind)
@pytest.mark.parametrize(
    ("quirks", "error"),
    [
        ({"keys_revoked": True}, AccessLost),
        ({"lost_rights": True}, RightMissing),
        ({"read_only": True}, AccessLost),
        ({"html_200": True}, StoreUnreachable),
        ({"html_403": True}, StoreUnreachable),
        ({"redirect": True}, StoreUnreachable),
        ({"redirect_writes": True}, StoreUnreachable),
        ({"plain_permalinks": True}, StoreUnreachable),
        ({"garbage": True}, StoreUnreachable),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_a_store_that_misbehaves_is_told_apart_and_the_write_is_done_later(
    shop: Shop, kind: type[Write], quirks: dict[str, Any], error: type[StoreError]
) -> None:
    what = one_of_each(shop)[kind]
    shop.quirk(**quirks)
    with pytest.raises(error):
        shop.write(what)
    shop.quirk(**dict.fromkeys(quirks, False))
    shop.write(what)
    assert made_of(shop, what) == [WANTED[kind]]


@pytest.mark.parametrize(
    "what",
    [
        writes.SetConsent("1", EMAIL, ConsentState.UNSUBSCRIBED, NOW),
        writes.SetRating("1", 4.0, 1),
        writes.EditOrder("1"),
        writes.AskReturn("1", (LineQuantity("1", 1),)),
        writes.GrantCredit("1", 100, "EUR", "k"),
        writes.PointTracking("1", "c", "n", "https://x.example/"),
    ],
    ids=lambda what: what.kind,
)
def test_what_this_platform_has_no_way_for_is_said_before_any_call(shop: Shop, what: Write) -> None:
    with pytest.raises(Unsupported, match="WooCommerce"):
        shop.write(what)
    assert shop.http.asked == []
    assert type(what) in WHY_NOT


def test_every_verb_is_done_or_has_its_reason() -> None:
    assert VERBS.keys() | WHY_NOT.keys() == set(writes.WRITES)
    assert not VERBS.keys() & WHY_NOT.keys()


@pytest.mark.parametrize(
    "kind", [writes.NoteOrder, writes.CancelOrder, writes.ChangeAddress], ids=lambda kind: kind.kind
)
def test_an_id_that_is_none_is_not_there(shop: Shop, kind: type[Write]) -> None:
    for id in ("1 OR 1=1", "../customers/1", "", "99999999"):
        changed: dict[str, Any] = {"order_id": id}
        with pytest.raises(NotThere):
            shop.write(replace(one_of_each(shop)[kind], **changed))
