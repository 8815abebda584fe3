"""What holds whatever a store does, in whatever order it tells of it, and however late we are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise, permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.commerce import Order, OrderState, Parcel, ParcelEvent, ParcelStatus
from flows.events import Event, OrderCancelled, OrderDeleted, OrderRefunded, Unsubscribed, events_that_hold
from flows.journey import JourneyState, JourneyStatus
from flows.picture import OrderPicture
from tests.flows.life import FOUR, Life, Subject, switched
from tests.flows.pictures import BEANS, MUG, ON, T0, order, parcel, picture, refund, scan

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
YEAR = 365 * DAY

Message = Callable[[OrderPicture], OrderPicture]


def orders(told: Order) -> Message:
    """The newer word of the order itself counts."""
    return lambda seen: replace(seen, order=told) if told.version >= seen.order.version else seen


def parcels(told: Parcel) -> Message:
    return lambda seen: replace(seen, parcels=(*(one for one in seen.parcels if one.id != told.id), told))


def scans(told: ParcelEvent) -> Message:
    return lambda seen: replace(
        seen, parcel_events=(*(one for one in seen.parcel_events if one.id != told.id), told)
    )


def refunds(seen: OrderPicture) -> OrderPicture:
    return replace(seen, refunds=(refund((BEANS, 1), at=T0 + 2 * DAY, amount=1000),))


PLACED = order(MUG, BEANS, version=T0)
PAID = replace(PLACED, version=T0 + HOUR, paid_at=T0 + HOUR)
CANCELLED = replace(PAID, version=T0 + 3 * DAY, state=OrderState.CANCELLED, cancelled_at=T0 + 3 * DAY)
UNKNOWN = OrderPicture(order(MUG, BEANS, accepted_at=None, version=T0 - DAY))
COMMON = (
    orders(PLACED),
    parcels(parcel("9", (MUG,))),
    scans(scan(ParcelStatus.OUT_FOR_DELIVERY, T0 + 2 * DAY - HOUR)),
    scans(scan(ParcelStatus.DELIVERED, T0 + 2 * DAY)),
    refunds,
)
"""The refund leaves only the line that has arrived, so whatever comes last completes the delivery."""

Outcome = tuple[frozenset[Event], set[tuple[Subject, str, int]], dict[Subject, JourneyState]]


def heard(messages: Sequence[Message]) -> Outcome:
    """All told before anything is sent, every other message twice."""
    told = Life(UNKNOWN, T0 + 3 * DAY, FOUR)
    for message in (*messages, *messages[::2]):
        told.picture = message(told.picture)
        told.hear(events_that_hold(told.picture))
    return frozenset(told.known.values()), told.open_mails(), told.journeys


def test_six_messages_in_all_their_720_orders() -> None:
    outcomes = [heard(messages) for messages in permutations((*COMMON, orders(PAID)))]
    assert len(outcomes) == 720
    assert all(outcome == outcomes[0] for outcome in outcomes)
    events, mails, journeys = outcomes[0]
    assert len(events) == 7
    assert {step for _, step, _ in mails} == {"confirmation", "parcel"}
    assert {key for key, _ in journeys} == {"order_confirmation", "shipped", "delivered", "review_request"}


def test_a_cancellation_among_them_leaves_no_mail_open_in_any_order() -> None:
    for messages in permutations((*COMMON, orders(CANCELLED))):
        events, mails, journeys = heard(messages)
        assert len(events) == 8
        assert mails == set()
        assert not any(one.status is JourneyStatus.ACTIVE for one in journeys.values())


# What a store takes back.

WAITING = order(MUG, BEANS, accepted_at=None, version=T0)
OVER = replace(WAITING, version=T0 + HOUR, state=OrderState.CANCELLED, cancelled_at=T0 + HOUR)
TRASHED = replace(WAITING, version=T0 + HOUR, state=OrderState.GONE)
PAID_AFTER_ALL = replace(WAITING, version=T0 + 2 * HOUR, accepted_at=T0 + 2 * HOUR)


@pytest.mark.parametrize("over", [OVER, TRASHED])
def test_an_order_that_was_over_and_is_paid_after_all_is_confirmed(over: Order) -> None:
    """In all orders of the three messages, the middle one twice: the newest counts, an older one that
    comes late ends nothing and begins nothing."""
    for messages in permutations((WAITING, over, PAID_AFTER_ALL, over)):
        told = Life(UNKNOWN, T0 + 2 * HOUR)
        for message in messages:
            told.picture = orders(message)(told.picture)
            told.hear(events_that_hold(told.picture))
        assert told.open_mails() == {(("order_confirmation", "order:13"), "confirmation", 1)}
        told.run_until(T0 + 3 * HOUR)
        assert told.steps_sent("order_confirmation") == [("confirmation", T0 + 2 * HOUR)]


def test_what_comes_back_is_not_begun_again_and_can_be_over_once_more() -> None:
    told = lived([(1, "cancel"), (1, "revive"), (1, "ship 8"), (1, "ship 9")], timedelta(0), end=T0 + DAY)
    assert told.steps_sent("order_confirmation") == [("confirmation", T0)], "before, and not again"
    assert len(told.steps_sent("shipped")) == 2
    first = next(one.happened_at for one in told.known.values() if one.kind is OrderCancelled)
    act(told, "deliver 8")
    act(told, "deliver 9")
    assert told.journey("review_request").status is JourneyStatus.ACTIVE
    act(told, "cancel")
    assert told.journey("review_request").end_reason == "OrderCancelled"
    at = [one.happened_at for one in told.known.values() if one.kind is OrderCancelled]
    assert at == [first, told.now], "both stay in what is known of it"


# Whole lives.


def _with_parcel(seen: OrderPicture, told: Parcel) -> OrderPicture:
    known = any(one.id == told.id for one in seen.parcels)
    return seen if known else replace(seen, parcels=(*seen.parcels, told))


ACTIONS = (
    "ship 8",
    "ship 9",
    "deliver 8",
    "deliver 9",
    "refund mug",
    "refund beans",
    "cancel",
    "trash",
    "revive",
)
TAKEN_BACK = {OrderCancelled, OrderDeleted}


def act(told: Life, action: str) -> None:
    """What a merchant or customer does at `told.now`."""
    seen, now = told.picture, told.now
    match action.split():
        case ["ship", name]:
            told.see(_with_parcel(seen, parcel(name, (MUG if name == "8" else BEANS,), shipped_at=now)))
        case ["deliver", name]:
            arrived = scan(ParcelStatus.DELIVERED, now, name, f"arrival-{name}")
            if not any(one.id == arrived.id for one in seen.parcel_events):
                told.see(replace(seen, parcel_events=(*seen.parcel_events, arrived)))
        case ["refund", name]:
            if not any(one.id == name for one in seen.refunds):
                back = refund((MUG if name == "mug" else BEANS, 1), at=now, amount=1000, name=name)
                told.see(replace(seen, refunds=(*seen.refunds, back)))
        case ["cancel"]:
            told.see(replace(seen, order=replace(seen.order, state=OrderState.CANCELLED, version=now)))
        case ["trash"]:
            told.see(replace(seen, order=replace(seen.order, state=OrderState.GONE, version=now)))
        case ["revive"]:
            told.see(replace(seen, order=replace(seen.order, state=OrderState.OPEN, version=now)))
        case ["unsubscribe"]:
            told.hear([Event(Unsubscribed, "order:13:unsubscribed", "order:13", "13", now)])
        case ["off"]:
            switched(told, "review_request", enabled=False)
        case ["on"]:
            told.settings["review_request"] = replace(ON, since=now)


Plan = list[tuple[int, str]]


def over(plan: Plan) -> Iterator[tuple[datetime, datetime]]:
    """From when until when the order was cancelled or in the trash."""
    now, since = T0, None
    for hours, action in plan:
        now += timedelta(hours=hours)
        if action in ("cancel", "trash"):
            since = since or now
        elif action == "revive" and since is not None:
            yield since, now
            since = None
    if since is not None:
        yield since, T0 + 3 * YEAR


def lived(plan: Plan, lateness: timedelta, retold: bool = False, end: datetime = T0 + 2 * YEAR) -> Life:
    told = Life(picture(order(MUG, BEANS)), T0, lateness=lateness)
    told.see(told.picture)
    for hours, action in plan:
        told.run_until(told.now + timedelta(hours=hours))
        act(told, action)
        if retold:
            told.see(told.picture)
    told.run_until(end)
    return told


PLANS = st.lists(
    st.tuples(st.integers(0, 24 * 12), st.sampled_from([*ACTIONS, "unsubscribe", "off", "on"])),
    max_size=9,
)
LATENESS = st.integers(0, 20 * 24).map(lambda hours: timedelta(hours=hours)) | st.just(timedelta(0))


@settings(max_examples=200, deadline=None)
@given(PLANS, LATENESS)
def test_a_life(plan: Plan, lateness: timedelta) -> None:
    told = lived(plan, lateness)
    assert max(Counter((one.flow, one.subject, one.step) for one in told.sent).values(), default=0) <= 1
    refunded = (one.happened_at for one in told.known.values() if one.kind is OrderRefunded)
    ended = min(refunded, default=told.now)
    for one in told.sent:
        (mail,) = (
            mail
            for ((flow, subject), step, _), mail in told.mails.items()
            if (flow, subject, step) == (one.flow, one.subject, one.step)
        )
        assert mail.planned.due_at <= one.at <= mail.planned.expires_at
        assert one.at <= ended, "nothing leaves after the order is over"
        assert not any(begun < one.at < past for begun, past in over(plan)), "or while it is"
    reviews = told.steps_sent("review_request")
    assert [step for step, _ in reviews] == [
        step for step in ("ask", "nudge", "last") if step in dict(reviews)
    ], "in their order"
    assert all(later - earlier > 34 * HOUR for (_, earlier), (_, later) in pairwise(reviews))
    assert all(one.status is not JourneyStatus.ACTIVE for one in told.journeys.values())
    assert not told.open_mails()
    assert all(mail.reason for mail in told.mails.values() if mail.state != "sent")


@settings(max_examples=30, deadline=None)
@given(PLANS, LATENESS)
def test_the_same_life_again_is_the_same_and_hearing_all_twice_changes_nothing(
    plan: Plan, lateness: timedelta
) -> None:
    first = lived(plan, lateness)
    assert lived(plan, lateness) == first
    assert _end(lived(plan, lateness, retold=True)) == _end(first)


def _end(told: Life) -> tuple[object, ...]:
    return told.sent, told.journeys, told.known


_FOUR = {flow.key for flow in FOUR}


def _kinds(events: Iterable[Event]) -> set[str]:
    return {event.kind.value for event in events}


def test_the_lives_above_reach_what_they_should() -> None:
    """The plans are able to lead to every mail and to every end, or the properties would hold of nothing."""
    full = lived([(1, "ship 8"), (1, "ship 9"), (48, "deliver 8"), (1, "deliver 9")], timedelta(0))
    assert len(full.sent) == 7
    late = lived([(1, "ship 8"), (1, "ship 9"), (48, "deliver 8"), (1, "deliver 9")], 4 * DAY)
    assert [step for step, _ in late.steps_sent("review_request")] == ["ask", "nudge", "last"]
    assert {mail.reason for (of, _, _), mail in late.mails.items() if of[0] in _FOUR} == {"", "expired"}
    over = lived([(1, "ship 8"), (1, "refund mug"), (1, "refund beans"), (1, "trash")], timedelta(0))
    assert {"OrderRefunded", "LinesRefunded", "OrderDeleted"} <= _kinds(over.known.values())
