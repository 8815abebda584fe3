"""A store's life against the pure engine: pictures come in, timers ring, guards rule, mails go out.

It keeps what the program keeps in its database (events by key, journeys by subject, messages by journey,
step and occurrence) and calls nothing but the engine and the guards.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from flows import engine, guards
from flows.events import Event, EventKind, events_that_hold, is_past, past_key, taken_back
from flows.facts import Facts, FlowSetting, Reason
from flows.flow import Flow
from flows.journey import Decision, JourneyState, JourneyStatus, PlannedMessage, Verdict
from flows.picture import OrderPicture
from flows.presets import PRESETS, preset
from tests.flows.pictures import ON, PRODUCTS, SHOP

Subject = tuple[str, str]


def flows(*keys: str) -> tuple[Flow, ...]:
    return tuple(preset(key) for key in keys)


FOUR = flows("order_confirmation", "shipped", "delivered", "review_request")
"""What every shop has to say of every order; the others have stories of their own."""


@dataclass(frozen=True)
class Sent:
    flow: str
    subject: str
    step: str
    at: datetime


@dataclass
class Mail:
    planned: PlannedMessage
    parcel_id: str | None
    next_at: datetime
    state: str = "due"
    reason: str = ""


@dataclass
class Life:
    picture: OrderPicture
    now: datetime
    flows: tuple[Flow, ...] = PRESETS
    settings: dict[str, FlowSetting] = field(default_factory=dict)
    other_facts: dict[str, Any] = field(default_factory=dict)
    lateness: timedelta = timedelta(0)
    known: dict[str, Event] = field(default_factory=dict)
    journeys: dict[Subject, JourneyState] = field(default_factory=dict)
    parcels: dict[Subject, str | None] = field(default_factory=dict)
    begun_by: dict[Subject, str] = field(default_factory=dict)
    mails: dict[tuple[Subject, str, int], Mail] = field(default_factory=dict)
    sent: list[Sent] = field(default_factory=list)
    reasons: dict[Subject, list[Reason]] = field(default_factory=dict)

    def facts(self, flow: Flow, parcel_id: str | None) -> Facts:
        happened: dict[EventKind, datetime] = {}
        for key, event in self.known.items():
            if event.parcel_id in (None, parcel_id) and not is_past(event.kind, key):
                happened.setdefault(event.kind, event.happened_at)
        values: dict[str, Any] = {"shop": SHOP, "recipient": "ada@example.com", **self.other_facts}
        setting = self.settings.get(flow.key, ON)
        return Facts(
            setting=setting,
            picture=self.picture,
            happened=happened,
            products=PRODUCTS,
            parcel_id=parcel_id,
            **values,
        )

    def see(self, picture: OrderPicture, at: datetime | None = None) -> None:
        """The store tells a new picture at `at`, after all that was due before."""
        self.run_until(at or self.now)
        self.picture = picture
        self.hear(events_that_hold(picture))

    def hear(self, events: Iterable[Event]) -> None:
        over = taken_back(self.picture)
        for key, event in list(self.known.items()):
            if event.kind in over and not is_past(event.kind, key):
                self.known[past_key(key, str(len(self.known)))] = self.known.pop(key)
        new = [event for event in events if event.key not in self.known]
        self.known |= {event.key: event for event in new}
        for event in new:
            for subject, journey in list(self.journeys.items()):
                parcel_id = self.parcels[subject]
                if event.parcel_id is None or parcel_id is None or event.parcel_id == parcel_id:
                    flow = self.flow(subject)
                    facts = self.facts(flow, parcel_id)
                    self._write(subject, engine.advance(flow, journey, event, facts, self.now))
            for flow in self.flows:
                if event.kind not in flow.triggers:
                    continue
                facts = self.facts(flow, event.parcel_id)
                subject = (flow.key, flow.subject_of(event, facts))
                if subject not in self.journeys:
                    self.parcels[subject], self.begun_by[subject] = event.parcel_id, event.key
                    self._write(subject, engine.start(flow, event, facts, self.now))

    def run_until(self, end: datetime) -> None:
        """Timers and mails in the order in which they are due, each `lateness` late."""
        while (due := self._next_due()) is not None and due + self.lateness <= end:
            self.now = max(self.now, due + self.lateness)
            self._ring()
            self._send()
        self.now = max(self.now, end)

    def flow(self, subject: Subject) -> Flow:
        return next(flow for flow in self.flows if flow.key == subject[0])

    def journey(self, key: str) -> JourneyState:
        (journey,) = (one for (flow, _), one in self.journeys.items() if flow == key)
        return journey

    def steps_sent(self, flow: str) -> list[tuple[str, datetime]]:
        return [(one.step, one.at) for one in self.sent if one.flow == flow]

    def open_mails(self) -> set[tuple[Subject, str, int]]:
        return {key for key, mail in self.mails.items() if mail.state == "due"}

    def _next_due(self) -> datetime | None:
        timers = [one.wake_at for one in self.journeys.values() if one.wake_at is not None]
        mails = [mail.next_at for mail in self.mails.values() if mail.state == "due"]
        return min([*timers, *mails], default=None)

    def _ring(self) -> None:
        for subject, journey in list(self.journeys.items()):
            if journey.wake_at is not None and journey.wake_at <= self.now:
                flow = self.flow(subject)
                facts = self.facts(flow, self.parcels[subject])
                decision = engine.advance(flow, journey, None, facts, self.now)
                self._write(subject, decision)

    def _send(self) -> None:
        for (subject, step, _), mail in self.mails.items():
            if mail.state != "due" or mail.next_at > self.now:
                continue
            flow = self.flow(subject)
            facts = replace(self.facts(flow, mail.parcel_id), event_key=self.begun_by[subject])
            planned = mail.planned
            ruling = guards.rule_on(flow, step, planned.due_at, planned.expires_at, facts, self.now)
            if ruling.verdict is Verdict.ALLOW:
                mail.state = "sent"
                self.sent.append(Sent(flow.key, subject[1], step, self.now))
            elif ruling.verdict is Verdict.DEFER:
                assert ruling.until is not None
                assert ruling.until > self.now
                mail.next_at = ruling.until
            else:
                mail.state, mail.reason = "skipped", ruling.reason or ""

    def _write(self, subject: Subject, decision: Decision) -> None:
        assert decision.reasons, "every decision carries reasons"
        self.journeys[subject] = decision.journey
        self.reasons.setdefault(subject, []).extend(decision.reasons)
        if decision.journey.status is not JourneyStatus.ACTIVE:
            assert decision.journey.wake_at is None
        for planned in decision.messages:
            key = (subject, planned.step, planned.occurrence)
            self.mails.setdefault(key, Mail(planned, self.parcels[subject], planned.due_at))
        if decision.cancel_open:
            for (owner, _, _), mail in self.mails.items():
                if owner == subject and mail.state == "due":
                    mail.state, mail.reason = "cancelled", decision.journey.end_reason or ""


def switched(life: Life, key: str, enabled: bool) -> None:
    life.settings[key] = replace(life.settings.get(key, ON), enabled=enabled, since=life.now)
