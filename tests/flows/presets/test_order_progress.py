"""An order that waits to leave, and one that comes on a later day than told: said once, and in time."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from flows.commerce import OrderState, ParcelStatus
from tests.flows.pictures import T0, order, picture
from tests.flows.way_life import COURSE, life, run, scanned, sent

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def test_an_order_that_has_not_left_after_three_business_days_is_told_of() -> None:
    told = life()
    told.run_until(T0 + 60 * DAY)
    assert told.told() == ["order_progress/preparing 03-05 10:00"]


def test_the_knob_says_how_long_and_a_weekend_is_no_business_day() -> None:
    told = life(days=5)
    told.run_until(T0 + 60 * DAY)
    assert told.told() == ["order_progress/preparing 03-09 10:00"]


def test_what_has_left_needs_no_word_and_what_nobody_sends_neither() -> None:
    told = sent(life("order_progress"))
    told.run_until(T0 + 60 * DAY)
    assert told.sent == []
    digital = life("order_progress", of=picture(order(COURSE)))
    digital.run_until(T0 + 60 * DAY)
    assert digital.journey("order_progress").end_reason == "has_goods"


@pytest.mark.parametrize("change", [{"state": OrderState.CANCELLED}, {"fully_refunded": True}])
def test_an_order_that_is_over_is_not_prepared(change: dict[str, Any]) -> None:
    told = life("order_progress")
    over = replace(told.picture.order, version=T0 + DAY, **change)
    told.see(replace(told.picture, order=over), T0 + DAY)
    told.run_until(T0 + 60 * DAY)
    assert told.sent == []


def test_a_day_that_moves_back_is_told_once_for_each_new_day() -> None:
    told = sent(life("order_progress"), estimated_at=T0 + 4 * DAY)
    one = told.picture.parcels[0]

    def moved(to: datetime, at: datetime) -> None:
        promised, latest = T0 + 4 * DAY, max(to, *(p.put_off_to or to for p in told.picture.parcels))
        new = replace(one, version=at, estimated_at=to, promised_at=promised, put_off_to=latest)
        told.see(replace(told.picture, parcels=(new,)), at)

    moved(T0 + 4 * DAY + 23 * HOUR, T0 + 2 * DAY)
    assert told.sent == [], "less than a day"
    moved(T0 + 6 * DAY, T0 + 2 * DAY + HOUR)
    moved(T0 + 6 * DAY, T0 + 2 * DAY + 2 * HOUR)
    moved(T0 + 5 * DAY, T0 + 3 * DAY)
    moved(T0 + 6 * DAY, T0 + 3 * DAY + HOUR)
    moved(T0 + 8 * DAY, T0 + 4 * DAY)
    told.run_until(T0 + 60 * DAY)
    assert [(step, at) for step, at in told.steps_sent("order_progress")] == [
        ("later", T0 + 2 * DAY + HOUR),
        ("later", T0 + 4 * DAY),
    ]


def test_a_day_told_by_a_scan_counts_as_well() -> None:
    told = sent(life("order_progress"))
    scanned(told, ParcelStatus.IN_TRANSIT, T0 + 2 * DAY, estimated_at=T0 + 4 * DAY)
    scanned(told, ParcelStatus.DELAYED, T0 + 3 * DAY, estimated_at=T0 + 6 * DAY)
    told.run_until(T0 + 60 * DAY)
    assert told.steps_sent("order_progress") == [("later", T0 + 3 * DAY)]


def test_a_new_day_is_told_instead_of_the_delay() -> None:
    told = sent(life("order_progress", "delivery_updates"))
    scanned(told, ParcelStatus.IN_TRANSIT, T0 + 2 * DAY, estimated_at=T0 + 4 * DAY)
    scanned(told, ParcelStatus.DELAYED, T0 + 3 * DAY, estimated_at=T0 + 6 * DAY)
    assert [mail.step for mail in run(told, 4 * DAY).sent] == ["later"]
    plain = scanned(sent(life("order_progress", "delivery_updates")), ParcelStatus.DELAYED, T0 + 3 * DAY)
    assert [mail.step for mail in run(plain, 4 * DAY).sent] == ["delayed"]
