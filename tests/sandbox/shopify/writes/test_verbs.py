"""What holds for every verb."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from connectors import writes
from connectors.base import NotThere, RightMissing, Unsupported
from connectors.shopify.writing import VERBS, WHY_NOT
from connectors.writes import Write
from flows.commerce import ConsentState, LineQuantity
from tests.sandbox.shopify.running import MAIN
from tests.sandbox.shopify.writes.writing import (
    DOOR,
    EMAIL,
    HOME,
    NOW,
    Losing,
    Shop,
    a_code,
)

ONE_OF_EACH: Mapping[type[Write], Write] = {
    type(one): one
    for one in (
        a_code(code="RIGHTS"),
        writes.SetConsent("1", EMAIL, ConsentState.UNSUBSCRIBED, NOW),
        writes.SetRating("1", 4.0, 1),
        writes.CancelOrder("1", writes.CancelReason.OTHER, refund=False),
        writes.ChangeAddress("1", HOME),
        writes.EditOrder("1"),
        writes.AskReturn("1", (LineQuantity("1", 1),)),
        writes.GrantCredit("1", 100, "USD", "k"),
        writes.PointTracking("1", "c", "n", "https://x.example/"),
    )
}


@pytest.mark.parametrize("kind", VERBS, ids=lambda kind: kind.kind)
def test_nothing_is_called_without_the_right(shop: Shop, kind: type[Write]) -> None:
    nowhere = Losing({f"https://{MAIN}": "http://127.0.0.1:1"})
    without = replace(shop.connected, scopes=("read_orders", "read_customers"), http=nowhere)
    with pytest.raises(RightMissing) as missing:
        DOOR.write(without, ONE_OF_EACH[kind])
    needed = set(VERBS[kind].scopes) - {"read_orders"}
    assert set(missing.value.scopes) == needed


@pytest.mark.parametrize("kind", VERBS, ids=lambda kind: kind.kind)
def test_an_id_that_is_none_is_not_there(shop: Shop, kind: type[Write]) -> None:
    what = ONE_OF_EACH[kind]
    names = [name for name in ("customer_id", "product_id", "order_id", "parcel_id") if hasattr(what, name)]
    changed: dict[str, Any] = dict.fromkeys(names, "1 OR 1=1")
    with pytest.raises(NotThere):
        DOOR.write(shop.connected, replace(what, **changed))


@pytest.mark.parametrize(
    "what",
    [writes.PostReview("1", "1", 5, "Fine", "Kim", EMAIL), writes.NoteOrder("1", "A note", "k")],
    ids=lambda what: what.kind,
)
def test_what_this_platform_has_no_way_for_is_said_before_any_call(shop: Shop, what: Write) -> None:
    nowhere = replace(shop.connected, http=Losing({f"https://{MAIN}": "http://127.0.0.1:1"}))
    with pytest.raises(Unsupported, match="Shopify"):
        DOOR.write(nowhere, what)


def test_every_verb_is_done_or_has_its_reason() -> None:
    assert VERBS.keys() | WHY_NOT.keys() == set(writes.WRITES)
    assert not VERBS.keys() & WHY_NOT.keys()
