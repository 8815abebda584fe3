"""What flows would have sent to one person: their past orders on a virtual clock, through the engine, the
guards and the desk that decide for real. Nothing is kept and nothing leaves.

Things happen in the order in which they do for real: what an order tells, then waits that are over, then
mails that are due. People do what is on record of them; to a mail that was never sent nobody answers.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from enum import IntEnum
from zoneinfo import ZoneInfo

from flows import engine
from flows.copies import with_changes
from flows.desk import SOON, WANTS_A_PLACE, Ask, Touch, decide
from flows.events import Event, EventKind, OrderedAgain, OrderPlaced
from flows.facts import Facts, FlowSetting, MailClass
from flows.flow import Flow
from flows.guards import rule_on
from flows.journey import Decision, JourneyStatus, PlannedMessage, Verdict
from flows.limits import MONTH
from flows.memory import Memory, Past
from flows.offers import given
from flows.person import LAST_WORD, LETTING_GO
from flows.rehearsed import Rehearsal, Rehearsed, Rules, Underway
from flows.steps import Send
from flows.wallclock import zone_named


class _Turn(IntEnum):
    ORDER = 0
    TIMER = 1
    MAIL = 2


def rehearse(rules: Rules, pasts: Sequence[Past], until: datetime) -> Rehearsal:
    """All orders of one person, of which those begin something that the shop's connection comes before."""
    run = _Run(rules, pasts)
    run.until(until)
    return Rehearsal(run.mails, run.declined)


class _Run:
    def __init__(self, rules: Rules, pasts: Sequence[Past]) -> None:
        self.rules = rules
        self.memory = Memory([replace(past, facts=rules.set_in(past.facts)) for past in pasts])
        self.now = datetime.min.replace(tzinfo=pasts[0].facts.picture.order.placed_at.tzinfo)
        self.journeys: list[Underway] = []
        self.of_order: list[list[int]] = [[] for _ in pasts]
        self.begun: dict[tuple[str, str], str] = {}
        self.mails: list[Rehearsed] = []
        self.touches: list[Touch] = []
        self.declined: list[tuple[str, str]] = []
        self.queue: list[tuple[datetime, _Turn, int]] = []
        for place, past in enumerate(pasts):
            for at in past.turning_points():
                self._queue(at, _Turn.ORDER, place)

    def until(self, end: datetime) -> None:
        while self.queue and self.queue[0][0] <= end:
            at, turn, key = heapq.heappop(self.queue)
            self.now = max(self.now, at)
            if turn is _Turn.ORDER:
                self._hear(key)
            elif turn is _Turn.TIMER:
                self._ring(key)
            else:
                self._send({key, *self._due_too()})

    def _queue(self, at: datetime, turn: _Turn, key: int) -> None:
        heapq.heappush(self.queue, (max(at, self.now), turn, key))

    def _due_too(self) -> Iterator[int]:
        while self.queue and self.queue[0][:2] == (self.now, _Turn.MAIL):
            yield heapq.heappop(self.queue)[2]

    def _hear(self, place: int) -> None:
        """What is new of an order: told to whoever waits for it, then to flows that it begins."""
        look = self.memory.look(place, self.now)
        if look.again is not None:
            self._queue(look.again, _Turn.ORDER, place)
        if look.wrong:
            self._end_unfounded(place, look.wrong)
        new = look.new
        followed = list(self._followed(place, new))
        for earlier, event in followed:
            self.memory.record(earlier, event)
        if not new:
            return
        for earlier, event in followed:
            self._tell(earlier, [event])
        self._tell(place, new)
        for earlier, event in [*followed, *((place, one) for one in new)]:
            self._begin(earlier, event)

    def _end_unfounded(self, place: int, wrong: Mapping[str, EventKind]) -> None:
        """What guesses began that were wrong. Nothing is told twice: what a mail has left for does not begin
        again."""
        told = set()
        for number in self.of_order[place]:
            journey = self.journeys[number]
            if journey.event_key not in wrong:
                continue
            if self._listens(journey):
                began = wrong[journey.event_key]
                self._write(number, engine.unfounded(journey.flow, journey.state, began))
            if any(self.mails[one].state == "sent" for one in journey.mails):
                told.add((journey.flow.key, journey.event_key))
        self.begun = {
            subject: key
            for subject, key in self.begun.items()
            if key not in wrong or (subject[0], key) in told
        }

    def _followed(self, place: int, new: Sequence[Event]) -> Iterator[tuple[int, Event]]:
        """Earlier orders of theirs with something under way, now that this one was placed."""
        placed = next((event for event in new if event.kind is OrderPlaced), None)
        if placed is None or not self.memory.is_real(place):
            return
        for earlier in self.memory.before(place):
            order_id = self.memory.pasts[earlier].facts.picture.order.id
            if self._under_way(earlier) and not self.memory.knows(earlier, OrderedAgain):
                subject = f"order:{order_id}"
                key = f"{subject}:again:{placed.order_id}"
                yield earlier, Event(OrderedAgain, key, subject, order_id, placed.happened_at)

    def _under_way(self, place: int) -> bool:
        return any(self._listens(self.journeys[number]) for number in self.of_order[place])

    def _listens(self, journey: Underway) -> bool:
        if journey.state.status is JourneyStatus.ACTIVE:
            return True
        open_mail = any(self.mails[number].state == "due" for number in journey.mails)
        return journey.state.status is JourneyStatus.DONE and open_mail

    def _tell(self, place: int, new: Sequence[Event]) -> None:
        for number in self.of_order[place]:
            journey = self.journeys[number]
            for event in new:
                if not journey.concerned_by(event) or not self._listens(journey):
                    continue
                facts = self._facts(journey)
                self._write(number, engine.advance(journey.flow, journey.state, event, facts, self.now))

    def _begin(self, place: int, event: Event) -> None:
        for flow in self.rules.started_by.get(event.kind, ()):
            setting = self._setting(flow)
            if event.happened_at < (setting.since or event.happened_at):
                continue
            known = self.memory.facts(place, event.parcel_id, self.now)
            subject = (flow.key, flow.subject_of(event, known))
            if subject in self.begun:
                continue
            self.begun[subject] = event.key
            facts = with_changes(known, setting=setting, began=event.kind, event_key=event.key)
            decision = engine.start(flow, event, facts, self.now)
            if decision.journey.status is JourneyStatus.DECLINED:
                self.declined.append((flow.key, decision.journey.end_reason or ""))
                continue
            self.journeys.append(Underway(flow, place, event.key, event.parcel_id, decision.journey))
            number = len(self.journeys) - 1
            self.of_order[place].append(number)
            self._write(number, decision)

    def _ring(self, number: int) -> None:
        journey = self.journeys[number]
        if journey.state.wake_at is None or journey.state.wake_at > self.now:
            return
        facts = self._facts(journey)
        self._write(number, engine.advance(journey.flow, journey.state, None, facts, self.now))

    def _write(self, number: int, decision: Decision) -> None:
        journey = self.journeys[number]
        journey.state = decision.journey
        if decision.journey.wake_at is not None:
            self._queue(decision.journey.wake_at, _Turn.TIMER, number)
        for planned in decision.messages:
            self._plan(number, planned)
        if decision.cancel_open:
            for mail in (self.mails[one] for one in journey.mails):
                if mail.state == "due":
                    mail.state, mail.reason = "cancelled", decision.journey.end_reason or "ended"

    def _plan(self, number: int, planned: PlannedMessage) -> None:
        journey = self.journeys[number]
        if any(self.mails[one].step == planned.step for one in journey.mails):
            return
        flow, order = journey.flow, self.memory.pasts[journey.past].facts.picture.order
        step = flow.nodes[planned.step].step
        offer = step.offer if isinstance(step, Send) else None
        code = offer is not None and given(offer, flow.knob_values(self._setting(flow).knobs)) is not None
        self.mails.append(
            Rehearsed(
                order.id,
                flow.key,
                planned.step,
                flow.mail_class,
                planned.due_at,
                planned.expires_at,
                code,
                number,
                planned.due_at,
            )
        )
        journey.mails.append(len(self.mails) - 1)
        self._queue(planned.due_at, _Turn.MAIL, len(self.mails) - 1)

    def _send(self, due: set[int]) -> None:
        """The flow's own rules, then the desk with all that the person is about to get."""
        ready: list[int] = []
        for number in sorted(due):
            mail = self.mails[number]
            if mail.state != "due" or mail.next_at > self.now:
                continue
            journey = self.journeys[mail.journey]
            facts = self._facts(journey)
            ruling = rule_on(journey.flow, mail.step, mail.due_at, mail.expires_at, facts, self.now)
            if ruling.verdict is Verdict.ALLOW:
                if mail.mail_class is MailClass.TRANSACTIONAL:
                    self._leave(mail)
                else:
                    ready.append(number)
            else:
                self._held(number, ruling.verdict, ruling.reason, ruling.until)
        if ready:
            self._weigh(ready, due)

    def _weigh(self, ready: Sequence[int], due: set[int]) -> None:
        """What its flow has just put off is in hand too, and takes no place before it is due again."""
        asks = [self._ask(number, self.now) for number in ready]
        asks += [self._ask(number, mail.next_at) for number, mail in self._soon(due)]
        since = self.now - MONTH
        touches = [touch for touch in self.touches if touch.at > since]
        active_at = self.memory.last_order(self.now)
        zone = zone_named(self.memory.pasts[0].facts.shop.timezone)
        rulings = decide(asks, touches, self.rules.limits, zone, self.now, active_at)
        for number in ready:
            ruling = rulings[number]
            if ruling.verdict is Verdict.ALLOW:
                self._leave(self.mails[number])
            else:
                self._held(number, ruling.verdict, ruling.reason, ruling.until)

    def _soon(self, in_hand: set[int]) -> Iterator[tuple[int, Rehearsed]]:
        until = self.now + SOON
        for number, mail in enumerate(self.mails):
            waits = mail.state == "due" and mail.mail_class is not MailClass.TRANSACTIONAL
            if waits and mail.next_at <= until and number not in in_hand:
                yield number, mail

    def _ask(self, number: int, wants_at: datetime) -> Ask:
        mail = self.mails[number]
        return Ask(
            number,
            mail.flow,
            mail.step,
            mail.journey,
            mail.mail_class,
            mail.due_at,
            mail.expires_at,
            wants_at,
            mail.postponed_at,
            self.rules.worth.get(mail.flow),
            self._zone(mail) if wants_at == self.now else None,
        )

    def _zone(self, mail: Rehearsed) -> ZoneInfo:
        journey = self.journeys[mail.journey]
        return zone_named(self.memory.facts(journey.past, journey.parcel_id, self.now).zone)

    def _leave(self, mail: Rehearsed) -> None:
        mail.state, mail.sent_at = "sent", self.now
        if mail.mail_class is not MailClass.TRANSACTIONAL:
            self.touches.append(Touch(self.now, mail.mail_class, mail.flow, mail.journey, mail.due_at))
        if (mail.flow, mail.step) == (LETTING_GO, LAST_WORD):
            self.memory.let_go_at = self.now

    def _held(self, number: int, verdict: Verdict, reason: str | None, until: datetime | None) -> None:
        mail = self.mails[number]
        mail.reason = reason or ""
        if verdict is not Verdict.DEFER or until is None:
            mail.state = "expired" if reason == "expired" else "skipped"
            return
        mail.put_off.append(reason or "")
        if reason in WANTS_A_PLACE and mail.postponed_at is None:
            mail.postponed_at = self.now
        mail.next_at = max(until, self.now + timedelta(seconds=1))
        self._queue(mail.next_at, _Turn.MAIL, number)

    def _facts(self, journey: Underway) -> Facts:
        known = self.memory.facts(journey.past, journey.parcel_id, self.now)
        return with_changes(known, setting=self._setting(journey.flow), event_key=journey.event_key)

    def _setting(self, flow: Flow) -> FlowSetting:
        return self.rules.settings[flow.key]
