"""What flows would have sent in the last weeks: the shop's past orders through the flows as they are now.

Read only. Orders are replayed from what is stored of them, each part from its own instant on; consent,
opt-outs and the catalogue are today's. What a daily look begins (anniversaries, birthdays, seasons,
surprises) is left out.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from app.db import Session
from app.keys import Keys
from app.queries.desk import load_worth
from app.queries.facts import load_shops
from app.queries.limits import load_limits
from app.queries.past import pasts, people_since
from app.queries.settings import load_settings
from flows.facts import FlowSetting, MailClass
from flows.flow import Flow
from flows.limits import WEEK
from flows.rehearsal import rehearse
from flows.rehearsed import Rehearsal, Rules
from flows.wallclock import zone_named

NOTES = (
    "Orders are replayed from what is stored: payments, parcels, scans and refunds at their own instants.",
    "Consent, opt-outs, prices and stock are those of today.",
    "Whoever gets a mail only here neither clicks nor reviews nor leaves because of it.",
    "Anniversaries, birthdays, seasons and surprises are not part of it.",
)


@dataclass
class Simulation:
    """Counts. `days`: by the shop's day and flow. `shoppers`: how many people got how many mails. `weeks`:
    how many people got how many mails within their fullest seven days, order mails left out."""

    since: datetime
    until: datetime
    flows: tuple[str, ...]
    people: int = 0
    orders: int = 0
    sent: Counter[str] = field(default_factory=Counter)
    days: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    shoppers: Counter[int] = field(default_factory=Counter)
    weeks: Counter[int] = field(default_factory=Counter)
    put_off: Counter[str] = field(default_factory=Counter)
    skipped: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    declined: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    waiting: Counter[str] = field(default_factory=Counter)
    codes: Counter[str] = field(default_factory=Counter)

    def add(self, seen: Rehearsal, orders: int, zone: ZoneInfo) -> None:
        self.people += 1
        self.orders += orders
        sent = [(mail, mail.sent_at) for mail in seen.mails if mail.sent_at is not None]
        self.shoppers[len(sent)] += 1
        self.weeks[
            _fullest_week([at for mail, at in sent if mail.mail_class is not MailClass.TRANSACTIONAL])
        ] += 1
        for mail, at in sent:
            self.sent[mail.flow] += 1
            self.days[at.astimezone(zone).date().isoformat()][mail.flow] += 1
            self.codes[mail.flow] += mail.code
        for mail in seen.mails:
            self.put_off.update(mail.put_off)
            if mail.state == "due":
                self.waiting[mail.flow] += 1
            elif mail.sent_at is None:
                self.skipped[mail.flow][mail.reason] += 1
        for flow, reason in seen.declined:
            self.declined[flow][reason] += 1

    def join(self, other: Simulation) -> None:
        """As if its people had been here, too."""
        self.people += other.people
        self.orders += other.orders
        for name in ("sent", "shoppers", "weeks", "put_off", "waiting", "codes"):
            getattr(self, name).update(getattr(other, name))
        for name in ("days", "skipped", "declined"):
            for key, counts in getattr(other, name).items():
                getattr(self, name)[key].update(counts)

    def as_plain(self) -> dict[str, Any]:
        return {
            "since": self.since.isoformat(),
            "until": self.until.isoformat(),
            "flows": list(self.flows),
            "people": self.people,
            "orders": self.orders,
            "mails": sum(self.sent.values()),
            "mails_by_flow": dict(self.sent),
            "mails_per_day": {day: dict(of) for day, of in sorted(self.days.items())},
            "shoppers_by_mails": {str(count): of for count, of in sorted(self.shoppers.items())},
            "shoppers_by_fullest_week": {str(count): of for count, of in sorted(self.weeks.items())},
            "put_off": dict(self.put_off),
            "skipped": {flow: dict(of) for flow, of in self.skipped.items()},
            "not_begun": {flow: dict(of) for flow, of in self.declined.items()},
            "still_waiting": dict(self.waiting),
            "codes": {flow: count for flow, count in self.codes.items() if count},
            "notes": list(NOTES),
        }


def simulate(
    session: Session,
    shop_id: int,
    flows: Sequence[Flow],
    since: datetime,
    until: datetime,
    secrets: Keys,
    people: Sequence[Sequence[str]] | None = None,
) -> Simulation:
    """`flows`: taken to have been on since `since`, with the numbers that they have now. `people`: the orders
    of each; None: of everybody."""
    found = Simulation(since, until, tuple(flow.key for flow in flows))
    zone = zone_named(load_shops(session, [shop_id])[shop_id].timezone)
    for seen, orders in rehearsals(session, shop_id, flows, since, until, secrets, people):
        found.add(seen, orders, zone)
    return found


def rehearsals(
    session: Session,
    shop_id: int,
    flows: Sequence[Flow],
    since: datetime,
    until: datetime,
    secrets: Keys,
    people: Sequence[Sequence[str]] | None = None,
) -> Iterator[tuple[Rehearsal, int]]:
    """One for each person, with how many orders they placed in that time."""
    rules = _rules(session, shop_id, flows, since)
    if people is None:
        people = people_since(session, shop_id, since, until)
    for theirs in pasts(session, shop_id, people, since, secrets):
        if theirs:
            placed = sum(past.facts.picture.order.placed_at >= since for past in theirs)
            yield rehearse(rules, theirs, until), placed


def _rules(session: Session, shop_id: int, flows: Sequence[Flow], since: datetime) -> Rules:
    now = load_settings(session, [shop_id])
    knobs = {key: setting.knobs for (_, key), setting in now.items()}
    settings = {
        flow.key: FlowSetting(True, since, flow.knob_values(knobs.get(flow.key, {}))) for flow in flows
    }
    worth = {key: worth for (_, key), worth in load_worth(session, [shop_id]).items()}
    return Rules(flows, settings, load_limits(session, [shop_id])[shop_id], worth)


def _fullest_week(sent: Sequence[datetime]) -> int:
    ordered = sorted(sent)
    return max((sum(at <= one < at + WEEK for one in ordered) for at in ordered), default=0)
