"""What was known of one person's orders at an instant of their past."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from flows.bought import kind_in
from flows.commerce import OrderState, ReturnState
from flows.copies import with_changes
from flows.delivery import Recorded, arrivals, born_of_time
from flows.estimates import ESTIMATED_ARRIVAL, RUN_OUT, Estimate
from flows.events import (
    INFERRED,
    REPEATED,
    ArrivalDenied,
    Event,
    EventKind,
    OrderDelivered,
    ParcelDelivered,
    ParcelLate,
    events_that_hold,
    is_past,
    natural_order,
    taken_back,
)
from flows.facts import Facts
from flows.kinds import ProductKind
from flows.late import Late
from flows.missing import held_for, is_missed, refuted
from flows.person import Person, usual_days
from flows.picture import OrderPicture
from flows.questions.rule import whole_second
from flows.replayed import as_of, turning_points
from flows.replenishment import NO_HABIT, Bought, Habit, run_out

ON_ITS_WAY = timedelta(days=5)
_OPEN_RETURNS = (ReturnState.REQUESTED, ReturnState.OPEN)


@dataclass(frozen=True, slots=True)
class Past:
    """An order as it is stored, with what is known of it now that has no instant. `told`: what happened that
    no picture shows (a review, a click). `habits`: of its products."""

    facts: Facts
    told: tuple[Event, ...] = ()
    habits: Mapping[str, Habit] = field(default_factory=dict)

    def turning_points(self) -> tuple[datetime, ...]:
        found = {*turning_points(self.facts.picture), *(one.happened_at for one in self.told)}
        return tuple(sorted(found))


@dataclass(frozen=True, slots=True)
class Look:
    """`again`: when to look again for what time alone tells. `wrong`: by the keys of their events, arrivals
    that were only guessed and that something speaks against now."""

    new: list[Event]
    again: datetime | None
    wrong: Mapping[str, EventKind]


@dataclass(slots=True)
class _Known:
    picture: OrderPicture
    recorded: dict[tuple[EventKind, str | None], datetime] = field(default_factory=dict)
    keys: set[str] = field(default_factory=set)
    inferred: set[tuple[EventKind, str | None]] = field(default_factory=set)
    run_out: Estimate | None = None
    late: tuple[Late, ...] = ()


class Memory:
    """`let_go_at`: when the last mail left that asked why they stay away."""

    def __init__(self, pasts: Sequence[Past]) -> None:
        self.pasts = pasts
        self.let_go_at: datetime | None = None
        self._known: list[_Known | None] = [None] * len(pasts)
        self._turn = 0
        self._moment: tuple[int, datetime | None] | None = None
        self._of_order: dict[int, tuple[Facts, Mapping[str | None, Estimate]]] = {}
        self._of_parcel: dict[tuple[int, str | None], Facts] = {}

    def look(self, place: int, now: datetime) -> Look:
        """What is new is on record from now on."""
        past = self.pasts[place]
        known = self._known[place]
        picture = as_of(past.facts.picture, now)
        if known is None:
            known = self._known[place] = _Known(picture)
        known.picture = picture
        for kind in taken_back(picture):
            known.recorded.pop((kind, None), None)
        told = [one for one in past.told if one.happened_at <= now]
        said = {(one.kind, one.parcel_id): one.happened_at for one in told}
        wrong = {}
        for kind, of in refuted(picture, {**said, **known.recorded}, known.inferred):
            known.recorded.pop((kind, of))
            known.inferred.discard((kind, of))
            wrong[f"parcel:{of}:delivered" if of else f"order:{picture.order.id}:delivered"] = kind
        known.keys.difference_update(wrong)
        holding = [*events_that_hold(picture), *told]
        to_come = self._born(past, known, {**said, **known.recorded})
        holding += [event for event in to_come if event.happened_at <= now]
        new = [event for event in sorted(holding, key=natural_order) if self._is_new(known, event)]
        for event in new:
            self.record(place, event)
        self._turn += 1
        if new:
            known.run_out = self._runs_out(place)
        later = min((one.happened_at for one in to_come if one.happened_at > now), default=None)
        known.late = tuple(_late(known, later))
        return Look(new, later, wrong)

    def record(self, place: int, event: Event) -> None:
        known = self._seen(place)
        of = (event.kind, event.parcel_id)
        known.keys.add(event.key)
        known.recorded.setdefault(of, event.happened_at)
        if event.source == INFERRED:
            known.inferred.add(of)
        self._turn += 1

    def knows(self, place: int, kind: EventKind) -> bool:
        known = self._known[place]
        return known is not None and (kind, None) in known.recorded

    def is_real(self, place: int) -> bool:
        facts = self.pasts[place].facts
        return facts.shop.for_tests or not facts.picture.order.is_test

    def before(self, place: int) -> Iterator[int]:
        """The person's earlier orders since the connection."""
        mine = self.pasts[place].facts.picture.order
        since = whole_second(self.pasts[place].facts.shop.connected_at)
        for earlier, past in enumerate(self.pasts):
            order = past.facts.picture.order
            if since <= order.placed_at and (order.placed_at, order.id) < (mine.placed_at, mine.id):
                yield earlier

    def last_order(self, now: datetime) -> datetime | None:
        placed = (past.facts.picture.order.placed_at for past in self.pasts)
        return max((at for at in placed if at <= now), default=None)

    def facts(self, place: int, parcel_id: str | None, now: datetime) -> Facts:
        """All but the switch of the flow that asks."""
        moment = (self._turn, self.let_go_at)
        if self._moment != moment:
            self._moment = moment
            self._of_order.clear()
            self._of_parcel.clear()
        found = self._of_parcel.get((place, parcel_id))
        if found is None:
            found = self._of_parcel[place, parcel_id] = self._cut(place, parcel_id, now)
        return found

    def _cut(self, place: int, parcel_id: str | None, now: datetime) -> Facts:
        """What concerns one parcel besides the order, or the order alone."""
        whole = self._of_order.get(place)
        if whole is None:
            whole = self._of_order[place] = self._whole(place, now)
        known, (facts, arriving) = self._seen(place), whole
        estimates = {RUN_OUT: known.run_out, ESTIMATED_ARRIVAL: arriving.get(parcel_id)}
        return with_changes(
            facts,
            parcel_id=parcel_id,
            happened=held_for(known.picture, known.recorded, parcel_id),
            inferred=frozenset([kind for kind, of in known.inferred if of in (None, parcel_id)]),
            estimates={name: one for name, one in estimates.items() if one is not None},
        )

    def _whole(self, place: int, now: datetime) -> tuple[Facts, Mapping[str | None, Estimate]]:
        known, base = self._seen(place), self.pasts[place].facts
        reviewed = base.reviewed_products
        facts = with_changes(
            base,
            picture=known.picture,
            person=self._person(place),
            late=tuple(late for one in self._known if one is not None for late in one.late),
            open_complaint=any(_returns(one) for one in self._known if one is not None),
            missed=tuple(at for one in self._known if one is not None for at in _missed(one)),
            reviewed_products={product: at for product, at in reviewed.items() if at <= now},
        )
        return facts, arrivals(base.shop, known.picture)

    def _seen(self, place: int) -> _Known:
        known = self._known[place]
        assert known is not None, "an order that was looked at"
        return known

    def _born(self, past: Past, known: _Known, recorded: Recorded) -> tuple[Event, ...]:
        shop = past.facts.shop
        if known.picture.order.placed_at < whole_second(shop.connected_at):
            return ()
        return born_of_time(shop, known.picture, recorded)

    def _is_new(self, known: _Known, event: Event) -> bool:
        of = (event.kind, event.parcel_id)
        if event.source != INFERRED:
            known.inferred.discard(of)
        if event.key in known.keys and not is_past(event.kind, event.key):
            return False
        return event.kind in REPEATED or of not in known.recorded

    def _counting(self) -> Iterator[OrderPicture]:
        """Orders of theirs that had been placed by then and were not called off."""
        for place, known in enumerate(self._known):
            if known is None or known.picture.order.accepted_at is None:
                continue
            if known.picture.order.state is OrderState.OPEN and self.is_real(place):
                yield known.picture

    def _person(self, place: int) -> Person:
        base = self.pasts[place].facts
        mine = base.picture.order
        counting = list(self._counting())
        placed = sorted(one.order.placed_at for one in counting)
        later = [one for one in counting if one.order.placed_at > mine.placed_at]
        currency = base.shop.currency or mine.currency
        return with_changes(
            base.person,
            orders=len(placed),
            first_order_at=placed[0] if placed else None,
            last_order_at=placed[-1] if placed else None,
            ordered_again_at=min((one.order.placed_at for one in later), default=None),
            spent=sum(
                one.order.total - one.order.refunded for one in counting if one.order.currency == currency
            ),
            usual_days=usual_days(placed),
            bought_again=frozenset(
                line.product_id for one in later for line in one.order.lines if line.product_id
            ),
            clicked_at=None,
            let_go_at=self.let_go_at,
        )

    def _runs_out(self, place: int) -> Estimate | None:
        """What of the order is used up first, as far as it is used up."""
        past, known = self.pasts[place], self._seen(place)
        picture = known.picture
        if picture.order.state is not OrderState.OPEN:
            return None
        at = picture.order.placed_at
        here_at = known.recorded.get((OrderDelivered, None)) or at + ON_ITS_WAY
        found = [
            run_out(product, kind, Bought(at, pieces), here_at, self._own(place, product), habit)
            for product, pieces, kind in _consumed(past.facts, picture)
            for habit in [past.habits.get(product, NO_HABIT)]
        ]
        return min(found, key=lambda one: (one.at, one.subject or ""), default=None)

    def _own(self, place: int, product: str) -> list[Bought]:
        mine = self.pasts[place].facts.picture.order.placed_at
        return [
            Bought(picture.order.placed_at, sum(line.quantity for line in lines))
            for picture in self._counting()
            if picture.order.placed_at < mine
            and (lines := [line for line in picture.order.lines if line.product_id == product])
        ]


def _returns(known: _Known) -> bool:
    return any(one.state in _OPEN_RETURNS for one in known.picture.returns)


def _missed(known: _Known) -> Iterator[datetime]:
    for (kind, of), at in known.recorded.items():
        if kind is ArrivalDenied and is_missed(known.picture, of, at):
            yield at


def _late(known: _Known, look_again: datetime | None) -> Iterator[Late]:
    if known.picture.order.state is OrderState.OPEN:
        for (kind, of), since in known.recorded.items():
            if kind is ParcelLate:
                yield Late(since, known.recorded.get((ParcelDelivered, of)))
    if look_again is not None:
        yield Late(look_again)


def _consumed(facts: Facts, picture: OrderPicture) -> Iterator[tuple[str, int, ProductKind]]:
    refunded = picture.refunded_quantities()
    pieces: dict[str, int] = {}
    for line in picture.kept_lines():
        if line.product_id and not line.gift_card:
            left = line.quantity - refunded.get(line.id, 0)
            pieces[line.product_id] = pieces.get(line.product_id, 0) + left
    for product, count in pieces.items():
        kind = kind_in(facts, product)
        if kind.consumable:
            yield product, count, kind
