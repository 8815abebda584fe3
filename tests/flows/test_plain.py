from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from flows.commerce import Address, Order, Parcel, ParcelStatus, Product, Refund
from flows.facts import Reason
from flows.journey import JourneyState, JourneyStatus
from flows.plain import from_plain, to_plain
from tests.flows.pictures import BEANS, MUG, T0, order, parcel, refund

VALUES = [
    order(MUG, BEANS, shipping_address=Address(name="Ada"), discount_codes=("A", "B"), paid_at=T0),
    order(email=None, accepted_at=None),
    parcel(delivered_at=T0),
    refund((MUG, 1), at=T0, amount=5),
    Product("p", "P", T0, tags=("a", "timing:fast"), price=None),
    JourneyState("f", 1, JourneyStatus.ACTIVE, T0, "step", T0),
    Reason("all", False, parts=(Reason("is_gift", True, "x", "y"), Reason("b", False))),
]


@pytest.mark.parametrize("value", VALUES)
def test_what_is_written_as_json_is_read_back_the_same(value: object) -> None:
    assert from_plain(type(value), json.loads(json.dumps(to_plain(value)))) == value


def test_instants_are_written_in_utc() -> None:
    tokyo = timezone(timedelta(hours=9))
    written = to_plain(order(placed_at=datetime(2026, 3, 2, 9, 0, tzinfo=tokyo)))
    assert written["placed_at"] == "2026-03-02T00:00:00+00:00"
    assert from_plain(Order, written).placed_at == datetime(2026, 3, 2, tzinfo=UTC)


def test_unknown_keys_are_ignored_and_missing_optional_ones_get_their_default() -> None:
    written = to_plain(parcel())
    del written["carrier"]
    assert from_plain(Parcel, {**written, "from_the_future": 1}) == parcel()


def test_a_missing_required_field_is_named() -> None:
    written = to_plain(parcel())
    del written["order_id"]
    with pytest.raises(KeyError, match=r"Parcel\.order_id"):
        from_plain(Parcel, written)


def test_a_word_that_is_not_in_the_vocabulary_is_refused() -> None:
    with pytest.raises(ValueError, match="777"):
        from_plain(Parcel, {**to_plain(parcel()), "status": 777})


def test_a_status_is_read_as_the_status_it_was() -> None:
    read = from_plain(Parcel, to_plain(replace(parcel(), status=ParcelStatus.DELAYED)))
    assert read.status is ParcelStatus.DELAYED


def test_a_refund_without_details_stays_without() -> None:
    bare = replace(refund(at=T0), detailed=False)
    assert from_plain(Refund, to_plain(bare)).detailed is False
