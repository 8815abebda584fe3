"""News from the way of a parcel: each told at once and once, none that has been overtaken."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from flows.commerce import ParcelStatus
from flows.facts import FlowSetting
from tests.flows.pictures import ON, T0, order, picture, scan
from tests.flows.way_life import life, run, scanned, sent

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@pytest.mark.parametrize(
    ("status", "step"),
    [
        (ParcelStatus.READY_FOR_PICKUP, "pickup"),
        (ParcelStatus.ATTEMPTED, "failed"),
        (ParcelStatus.FAILED, "failed"),
        (ParcelStatus.DELAYED, "delayed"),
    ],
)
def test_what_happens_to_a_parcel_is_told_at_once_and_once(status: ParcelStatus, step: str) -> None:
    told = scanned(sent(life("delivery_updates")), status, T0 + 2 * DAY)
    scanned(told, status, T0 + 2 * DAY + HOUR)
    told.run_until(T0 + 3 * DAY)
    assert told.steps_sent("delivery_updates") == [(step, T0 + 2 * DAY)]


def test_a_parcel_out_for_delivery_is_told_where_the_merchant_wants_it() -> None:
    told = run(scanned(sent(life("delivery_updates")), ParcelStatus.OUT_FOR_DELIVERY, T0 + 2 * DAY), 3 * DAY)
    assert told.sent == []
    told = sent(life("delivery_updates", out_for_delivery=1))
    run(scanned(told, ParcelStatus.OUT_FOR_DELIVERY, T0 + 2 * DAY), 3 * DAY)
    assert told.steps_sent("delivery_updates") == [("out", T0 + 2 * DAY)]


@pytest.mark.parametrize(
    ("knob", "status", "days"),
    [
        ("pickup", ParcelStatus.READY_FOR_PICKUP, 9),
        ("failed", ParcelStatus.ATTEMPTED, 5),
        ("delayed", ParcelStatus.DELAYED, 5),
        ("stalled", ParcelStatus.IN_TRANSIT, 9),
    ],
)
def test_each_can_be_turned_off(knob: str, status: ParcelStatus, days: int) -> None:
    off: dict[str, Any] = {knob: 0}
    told = scanned(sent(life("delivery_updates", **off)), status, T0 + 2 * DAY)
    assert run(told, days * DAY).sent == []


def test_where_to_fetch_it_is_told_in_place_of_the_attempt() -> None:
    told = sent(life("delivery_updates"))
    tried = scan(ParcelStatus.ATTEMPTED, T0 + 2 * DAY)
    waits = scan(ParcelStatus.READY_FOR_PICKUP, T0 + 2 * DAY + HOUR)
    told.see(replace(told.picture, parcel_events=(tried, waits)), T0 + 2 * DAY + HOUR)
    told.run_until(T0 + 3 * DAY)
    assert [mail.step for mail in told.sent] == ["pickup"]


def test_what_has_been_overtaken_is_not_told() -> None:
    """A delivery that comes in with the attempt before it, as after an outage."""
    told = sent(life("delivery_updates"))
    scans = (scan(ParcelStatus.ATTEMPTED, T0 + 2 * DAY), scan(ParcelStatus.DELIVERED, T0 + 3 * DAY))
    told.see(replace(told.picture, parcel_events=scans), T0 + 3 * DAY)
    assert run(told).sent == []


def test_four_days_without_a_scan_are_told_once() -> None:
    told = scanned(sent(life("delivery_updates")), ParcelStatus.IN_TRANSIT, T0 + 2 * DAY)
    told.run_until(T0 + 30 * DAY)
    assert told.steps_sent("delivery_updates") == [("stalled", T0 + 6 * DAY)]


def test_a_scan_begins_the_four_days_anew() -> None:
    told = scanned(sent(life("delivery_updates")), ParcelStatus.IN_TRANSIT, T0 + 2 * DAY)
    scanned(told, ParcelStatus.IN_TRANSIT, T0 + 5 * DAY)
    told.run_until(T0 + 30 * DAY)
    assert told.steps_sent("delivery_updates") == [("stalled", T0 + 9 * DAY)]


@pytest.mark.parametrize("status", [ParcelStatus.READY_FOR_PICKUP, ParcelStatus.FAILED])
def test_what_waits_for_somebody_does_not_stand_still(status: ParcelStatus) -> None:
    told = sent(life("delivery_updates", "arrival_check"), status=status)
    scanned(told, status, T0 + 2 * DAY)
    told.run_until(T0 + 30 * DAY)
    assert not {"stalled", "asked"} & {mail.step for mail in told.sent}


def test_a_parcel_that_nobody_follows_never_stands_still() -> None:
    told = run(sent(life("delivery_updates")), 5 * DAY)
    assert told.sent == []


@pytest.mark.parametrize(
    ("progress", "steps"),
    [
        (ON, []),
        (FlowSetting(), ["delayed"]),
        (FlowSetting(True, T0 + 3 * DAY), ["delayed"]),
    ],
)
def test_a_delay_is_told_with_the_new_day_where_that_is_told(progress: FlowSetting, steps: list[str]) -> None:
    told = sent(life("delivery_updates"), estimated_at=T0 + 4 * DAY)
    told.other_facts["progress"] = progress
    scanned(told, ParcelStatus.DELAYED, T0 + 2 * DAY, estimated_at=T0 + 7 * DAY)
    told.run_until(T0 + 3 * DAY)
    assert [mail.step for mail in told.sent] == steps


def test_what_a_till_has_sent_on_has_no_mail_of_a_new_day() -> None:
    told = sent(life("delivery_updates", of=picture(order(source="pos"))), estimated_at=T0 + 4 * DAY)
    told.other_facts["progress"] = ON
    scanned(told, ParcelStatus.DELAYED, T0 + 2 * DAY, estimated_at=T0 + 7 * DAY)
    told.run_until(T0 + 3 * DAY)
    assert [mail.step for mail in told.sent] == ["delayed"]
