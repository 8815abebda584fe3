"""A merchant and a maker who change flows while people are in the middle of them, told by a seed.

A month of a shop goes by; at random moments a new version of a flow is deployed, a number is turned, a flow
goes off, on, or off and on again at once, the shop's store shuts us out and lets us in again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from random import Random

from app.queries.waiting import next_due, whats_waiting
from app.services.intake import apply_readings
from app.services.knobs import knobs_now, turn
from app.services.locks import lock_shop
from app.services.look import look_due
from app.services.pauses import pause, resume
from app.services.retime import move_waiting
from app.services.send import send_due
from app.services.switches import end_switched_off, switch
from app.services.wake import wake_due
from flows.delays import days
from flows.flow import Flow
from flows.presets import PRESETS
from flows.steps import Branch, Knob, KnobKind, Split, Step, Wait
from flows.versions import succeeding
from tests.app.desk import Desk
from tests.app.sending import sender_of
from tests.app.services.a_month import Told
from tests.app.services.offers import Box

SECOND = timedelta(seconds=1)
PATIENCE = 50
"""Rounds of work at one and the same instant."""
GIVING = (KnobKind.PERCENT, KnobKind.MONEY)


@dataclass
class Editor:
    """`left`: edits still to be made; `harmless`: only those after which nothing may be otherwise."""

    desk: Desk
    random: Random
    left: int
    harmless: bool = False
    flows: dict[str, Flow] = field(default_factory=lambda: {flow.key: flow for flow in PRESETS})
    box: Box = field(default_factory=Box)
    made: Counter[str] = field(default_factory=Counter)
    paused: int = 0
    rounds: Counter[datetime] = field(default_factory=Counter)
    off: set[str] = field(default_factory=set)

    def live(self, told: Sequence[Told], until: datetime) -> None:
        """Everything that happens, up to `until`; edits come at any moment of the first weeks."""
        self._give_nothing()
        waiting = list(told)
        begin = self.desk.now
        moments = sorted(begin + self.random.random() * (until - begin) / 6 for _ in range(self.left))
        while self.desk.now < until:
            upcoming = [at for at in (self._next_due(), *(one.at for one in waiting[:1]), *moments[:1]) if at]
            if not upcoming:
                break
            self.rounds[self.desk.now] += 1
            assert self.rounds[self.desk.now] < PATIENCE, "something falls due and nobody does it"
            self.desk.now = max(self.desk.now, min(*upcoming, until))
            while moments and moments[0] <= self.desk.now:
                moments.pop(0)
                self.edit()
            while waiting and waiting[0].at <= self.desk.now:
                self._read(waiting.pop(0))
            self.work()
            if not moments and self.paused:
                self._resume()

    def work(self) -> None:
        desk, flows = self.desk, tuple(self.flows.values())
        with desk.database.crossing() as session:
            waiting = whats_waiting(session, desk.now, desk.real)
        if waiting.switches:
            end_switched_off(desk.database, desk.now)
        while waiting.retimes and move_waiting(desk.database, desk.keys, desk.now, flows):
            pass
        if waiting.timers:
            look_due(desk.database, desk.keys, desk.now, flows)
            wake_due(desk.database, desk.keys, desk.now, flows)
        sender = sender_of(desk, self.box, flows)
        with self.box.connect() as courier:
            send_due(sender, courier, desk.real + timedelta(seconds=20))

    def edit(self) -> None:
        any_of = [self._deploy_nothing, self._undo, self._turn_and_back]
        if not self.harmless:
            any_of += [self._deploy] * 5 + [self._turn] * 2 + [self._switch] * 2 + [self._pause] * 2
        if self.paused == 1:
            self._resume()
        self.paused = max(0, self.paused - 1)
        chosen = self.random.choice(any_of)
        chosen()
        self.left -= 1
        self.made[chosen.__name__.strip("_")] += 1

    def _next_due(self) -> datetime | None:
        with self.desk.database.crossing() as session:
            return next_due(session)

    def _read(self, told: Told) -> None:
        desk = self.desk
        with desk.database.shops(desk.shop_id) as session:
            lock_shop(session, desk.shop_id)
            readings = [(desk.shop_id, told.reading)]
            apply_readings(
                session, readings, desk.keys, desk.now, desk.real, flows=tuple(self.flows.values())
            )

    # What the maker does.

    def _deploy(self) -> None:
        old, step = self._waited_in() or (self._any(), None)
        for _ in range(20):
            new = _edited(old, step or self.random.choice(sorted(old.nodes)), self.random)
            if new is not None:
                break
        else:
            return
        named = self.random.random() < 0.5
        self.flows[old.key] = succeeding(old, new) if named else replace(new, version=old.version + 1)

    def _waited_in(self) -> tuple[Flow, str] | None:
        """Mostly what is edited is a step in which somebody waits right now."""
        rows = self.desk.rows("SELECT flow_key, step FROM journeys WHERE status = 'active' ORDER BY id")
        places = [(self.flows[row.flow_key], row.step) for row in rows]
        found = [(flow, step) for flow, step in places if step in flow.nodes]
        return self.random.choice(found) if found and self.random.random() < 0.7 else None

    def _deploy_nothing(self) -> None:
        old = self._any()
        self.flows[old.key] = succeeding(old, old)

    # What the merchant does.

    def _turn(self) -> None:
        flow, knob = self._one_to_turn()
        self._set(flow, knob.key, self.random.randint(knob.lowest, min(knob.highest, knob.default + 20)))

    def _turn_and_back(self) -> None:
        flow, knob = self._one_to_turn()
        with self.desk.database.shops(self.desk.shop_id) as session:
            before = knobs_now(session, self.desk.shop_id, flow)[knob.key]
        self._set(flow, knob.key, self.random.randint(knob.lowest, knob.highest))
        self._set(flow, knob.key, before)

    def _set(self, flow: Flow, knob: str, value: int) -> None:
        with self.desk.database.shops(self.desk.shop_id) as session:
            turn(session, self.desk.shop_id, flow, {knob: value}, {}, self.desk.now)

    def _switch(self) -> None:
        """What is off goes on again before much else goes off."""
        on = len(self.off) > 1
        flow = self.random.choice(sorted(self.off)) if on else self._any().key
        on = flow in self.off
        self._press(flow, on)
        (self.off.discard if on else self.off.add)(flow)

    def _undo(self) -> None:
        """Off, and on again before the ten seconds are over, whatever is due in between."""
        flow = self._any().key
        if flow in self.off:
            return
        self._press(flow, False)
        self.desk.now += 4 * SECOND
        self.work()
        self._press(flow, True)

    def _press(self, flow: str, on: bool) -> None:
        with self.desk.database.shops(self.desk.shop_id) as session:
            switch(session, self.desk.shop_id, flow, on, self.desk.now)

    def _pause(self) -> None:
        """Until the fourth edit from now."""
        self.paused = self.paused or 4
        with self.desk.database.shops(self.desk.shop_id) as session:
            pause(session, self.desk.shop_id, self.desk.real)

    def _resume(self) -> None:
        self.paused = 0
        with self.desk.database.shops(self.desk.shop_id) as session:
            resume(session, self.desk.shop_id)

    def _any(self) -> Flow:
        return self.flows[self.random.choice(sorted(self.flows))]

    def _one_to_turn(self) -> tuple[Flow, Knob]:
        return self.random.choice(
            [(flow, knob) for flow in self.flows.values() for knob in flow.knobs if knob.kind not in GIVING]
        )

    def _give_nothing(self) -> None:
        """There is no store here that could make codes."""
        for flow in self.flows.values():
            for knob in flow.knobs:
                if knob.key == "percent":
                    self._set(flow, knob.key, 0)


def _edited(flow: Flow, step: str, random: Random) -> Flow | None:
    """A step less, one that is called otherwise, one that waits for longer, or one wait more; None: that
    would not be a flow."""
    change: Callable[[Step], Sequence[Step]] = random.choice(
        (
            lambda one: (),
            lambda one: (replace(one, key=_other_name(one.key, flow)),),
            lambda one: (Wait(_other_name("pause", flow), days(random.randint(1, 5))), one),
            lambda one: (replace(one, timing=days(random.randint(0, 9))),) if isinstance(one, Wait) else (),
        )
    )
    try:
        return replace(flow, steps=tuple(_changed(flow.steps, step, change)), replaced=())
    except ValueError:
        return None


def _changed(steps: Sequence[Step], key: str, change: Callable[[Step], Sequence[Step]]) -> Iterator[Step]:
    for step in steps:
        if step.key == key:
            yield from change(step)
        elif isinstance(step, Split):
            branches = tuple(
                Branch(tuple(_changed(branch.steps, key, change)), branch.when) for branch in step.branches
            )
            yield replace(step, branches=branches)
        else:
            yield step


def _other_name(name: str, flow: Flow) -> str:
    """One that the flow never had: names of steps are given once and for ever."""
    return f"{name.partition('_v')[0]}_v{flow.version + 1}"
