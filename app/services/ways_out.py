"""The way by which each message of a batch leaves: a mail vendor's account, or the tool of its shop."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from time import monotonic

from app.db import Database
from app.keys import BadSeal, Keys
from app.services import breaker, throttle, vendor_health
from app.services.ledger import Claimed, Settled
from app.services.mail_accounts import (
    OF_THE_ACCOUNT,
    SEALED,
    MailAccount,
    account_failed,
    account_works,
)
from app.services.outcomes import retry_at
from app.services.ready import Ready
from app.services.routes import Route, Vendors, may_repeat, route_of
from app.services.shares import Shares, has_hung
from app.services.tool_calls import ToolCalls
from app.services.vendor_health import AWAY, PACED, Health
from app.services.way import Way
from emails.providers.base import Checkable, Courier, SendFailed
from emails.providers.webhook import NAME, WebhookCourier
from flows.facts import Channel, MailClass

OFF = "webhook_off"
"""The skip of a message whose way was taken away, or given up, after it was planned."""
FORGOTTEN_KEY = "no_second_try"
"""A mail that its vendor may have taken, and would not know again."""


@dataclass(slots=True)
class Ways:
    """Of one batch. `own`: shops with an account of their own. `second`: the account that takes over from our
    first, "" for none. `health`: by account, where anything is known of it. `routes`: by mail. `slowed`: who
    complained just now. `bound`: shops whose offers never leave by the second. `halted`: accounts of shops
    that failed just now, so that nobody else's mails wait for them; `shares`: what they took of the batch."""

    calls: ToolCalls
    own: Mapping[int, MailAccount] = field(default_factory=dict)
    second: str = ""
    health: dict[str, Health] = field(default_factory=dict)
    routes: dict[int, Route] = field(default_factory=dict)
    slowed: set[str] = field(default_factory=set)
    bound: frozenset[int] = frozenset()
    halted: set[str] = field(default_factory=set)
    shares: Shares = field(default_factory=Shares)
    couriers: dict[str, Courier] = field(default_factory=dict)
    well: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    def of(
        self, row: Claimed, first: Courier, vendors: Vendors, keys: Keys, real: Callable[[], datetime]
    ) -> Way:
        """`first`: the open connection to our own first account."""
        door = self.calls.doors.get(row.shop_id)
        if row.channel == Channel.WEBHOOK and door is not None:
            return Way(WebhookCourier(vendors.http, door.url, door.secrets(keys, real()), real), NAME, door)
        route = self.routes.get(row.id) or Route(vendors.provider, vendors.account)
        if route.account != vendors.account and route.account not in self.couriers:
            self.couriers[route.account] = route.provider.connect()
        return Way(self.couriers.get(route.account, first), route.provider.name, None, route)

    def sort_out(self, ready: Iterable[Ready]) -> tuple[list[Ready], list[Settled]]:
        """What has a way, and what has none any more. Mails come first: those by our accounts, those by
        accounts of shops, and last those by such as do not work, which might hold up the others."""
        mails: list[Ready] = []
        calls: list[Ready] = []
        settled: list[Settled] = []
        for one in ready:
            door = self.calls.doors.get(one.row.shop_id)
            if one.row.channel != Channel.WEBHOOK:
                mails.append(one)
            elif door is None or door.stopped_at is not None:
                settled.append(Settled(one.row.id, one.row.token, "skipped", OFF, None, one.ruling.reasons))
            else:
                calls.append(one)
        mails.sort(key=lambda one: self._place(one.row.shop_id))
        return [*mails, *calls], settled

    def admit(
        self, database: Database, vendors: Vendors, ready: Sequence[Ready], now: datetime
    ) -> tuple[list[Ready], list[Settled]]:
        """(those that may leave, those that wait for their vendor). Nobody is asked about an account of which
        nothing is known."""
        settled: list[Settled] = []
        waiting: dict[str, list[Ready]] = defaultdict(list)
        for one in ready:
            if one.row.channel == Channel.WEBHOOK:
                continue
            unroutable = self._route(vendors, one, now)
            if unroutable is not None:
                settled.append(unroutable)
            elif self._is_asked(self.routes[one.row.id]):
                waiting[self.routes[one.row.id].account].append(one)
        for mails in waiting.values():
            settled += self._put_off(database, vendors, mails, now)
        gone = {one.id for one in settled}
        return [one for one in ready if one.row.id not in gone], settled

    def waits(
        self, database: Database, vendors: Vendors, one: Ready, behind: Iterable[Ready], now: datetime
    ) -> list[Settled]:
        """Those that wait because of what became of others of this batch: this one where it is among them,
        and all `behind` it that wait for the same account, which is asked about once."""
        row = one.row
        if row.channel == Channel.WEBHOOK:
            return self.calls.waits(row, now)
        route = self.routes.get(row.id)
        if route is None:
            return []
        if route.account in self.halted:
            return self._later(one, behind, AWAY, retry_at(0, now))
        if route.own is not None and self.shares.is_used_up(route.account):
            return self._later(one, behind, PACED, now + breaker.MOMENT)
        if route.own is not None:
            self._look_first(database, route, vendors.real())
        held = self.health.get(route.account)
        stopped = held is not None and held.breaker.is_open(vendors.real())
        if not stopped and route.account not in self.slowed:
            return []
        self.slowed.discard(route.account)
        return self._put_off(database, vendors, self._alike(one, behind), now)

    def again(
        self, way: Way, row: Claimed, failure: SendFailed, seconds: float, now: datetime, real: datetime
    ) -> datetime | None:
        """When a mail may try once more whose failure has its vendor tried no more for now: no fault of its
        own, so that it waits like those that did not try. None: that does not follow."""
        if way.route is None or not breaker.is_trouble(failure):
            return None
        held = self.health.get(way.route.account)
        before = held.breaker if held is not None else breaker.Breaker()
        expected = breaker.after(before, failure, real, _hung(way.route, seconds))
        if not expected.is_open(real):
            return None
        if not failure.handed_over and self._is_taken_over(way.route, row, real):
            return now + breaker.MOMENT
        waited = row.mail_class == MailClass.TRANSACTIONAL
        return now + breaker.opens_in(expected, real) + (timedelta() if waited else breaker.REST_WAITS)

    def note(
        self,
        database: Database,
        way: Way,
        failure: SendFailed | None,
        seconds: float,
        now: datetime,
        real: datetime,
    ) -> None:
        """What came of a try, and how long it took."""
        if way.door is not None:
            self.calls.note(database, way.door, failure, seconds, now)
        elif way.route is not None:
            self._note_mail(database, way.route, failure, seconds, now, real)
            if way.route.own is not None:
                self.shares.take(way.route.account, seconds)

    def close(self, database: Database, real: datetime) -> None:
        """The batch is over: connections are given up, and what went well is kept where it counts."""
        for courier in self.couriers.values():
            courier.__exit__(None, None, None)
        self.couriers.clear()
        routes = {route.account: route for route in self.routes.values()}
        for account in [one for one in self.well if self._counts(one)]:
            self._learn(database, routes[account], None, 0.0, real)

    def _place(self, shop_id: int) -> int:
        held = self.own.get(shop_id)
        if held is None:
            return 0
        known = self.health.get(held.account)
        return 1 if held.failing_since is None and (known is None or known.breaker.is_closed()) else 2

    def _alike(self, one: Ready, behind: Iterable[Ready]) -> list[Ready]:
        """It, and those behind it that leave by the same account."""
        account = self.routes[one.row.id].account
        routes = self.routes
        return [
            one,
            *(each for each in behind if each.row.id in routes and routes[each.row.id].account == account),
        ]

    def _later(self, one: Ready, behind: Iterable[Ready], reason: str, at: datetime) -> list[Settled]:
        return [
            Settled(each.row.id, each.row.token, "due", reason, at, each.ruling.reasons)
            for each in self._alike(one, behind)
        ]

    def _route(self, vendors: Vendors, one: Ready, now: datetime) -> Settled | None:
        row = one.row
        try:
            tried = any(route.account == vendors.account for route in self.routes.values())
            route = route_of(vendors, row, self.own, self.health, tried, self._is_bound(row))
        except BadSeal:
            return Settled(row.id, row.token, "due", SEALED, retry_at(9, now), one.ruling.reasons)
        if row.may_have_left and not may_repeat(row, route, vendors.real()):
            return Settled(row.id, row.token, "unknown", FORGOTTEN_KEY, None, one.ruling.reasons)
        self.routes[row.id] = route
        return None

    def _is_asked(self, route: Route) -> bool:
        held = self.health.get(route.account)
        return not held.is_plain if held is not None else vendor_health.is_known(route.provider.name)

    def _put_off(
        self, database: Database, vendors: Vendors, mails: Sequence[Ready], now: datetime
    ) -> list[Settled]:
        route = self.routes[mails[0].row.id]
        lanes = [one.row.mail_class == MailClass.TRANSACTIONAL for one in mails]
        real = vendors.real()
        if route.own is None:  # a shop's is looked at when it is its turn: nobody else waits for that
            self._look_first(database, route, real)
        told = vendor_health.admit(database, route.account, route.provider.name, lanes, real)
        settled = []
        for one, wait in zip(mails[told.leaving :], told.waits, strict=True):
            row = one.row
            if told.reason == AWAY and self._is_taken_over(route, row, real):
                wait = breaker.MOMENT
            settled.append(Settled(row.id, row.token, "due", told.reason, now + wait, one.ruling.reasons))
        return settled

    def _look_first(self, database: Database, route: Route, real: datetime) -> None:
        """Before a mail tries a vendor that was away, it is called about nothing: a mail that it breaks off
        at would be in doubt."""
        held = self.health.get(route.account)
        if held is None or held.breaker.is_closed() or held.breaker.is_tried_no_more(real):
            return
        if isinstance(route.provider, Checkable):
            began = monotonic()
            try:
                route.provider.check()
            except SendFailed as failure:
                self._learn(database, route, failure, monotonic() - began, real)
            if route.own is not None:
                self.shares.take(route.account, monotonic() - began)

    def _is_bound(self, row: Claimed) -> bool:
        return row.mail_class == MailClass.MARKETING and row.shop_id in self.bound

    def _is_taken_over(self, route: Route, row: Claimed, real: datetime) -> bool:
        """Whether a mail that our first account did not take may leave by our second."""
        if not self.second or route.own is not None or row.may_have_left or self._is_bound(row):
            return False
        held = self.health.get(self.second)
        return route.account != self.second and (held is None or not held.breaker.is_open(real))

    def _note_mail(
        self,
        database: Database,
        route: Route,
        failure: SendFailed | None,
        seconds: float,
        now: datetime,
        real: datetime,
    ) -> None:
        if failure is not None and (breaker.is_trouble(failure) or throttle.asks_slower(failure)):
            self._learn(database, route, failure, seconds, real)
            if throttle.asks_slower(failure):
                self.slowed.add(route.account)
        else:
            self.well[route.account] += 1
            held = self.health.get(route.account)
            if held is not None and not held.breaker.is_closed():
                self._learn(database, route, None, seconds, real)
        if route.own is None:
            return
        if failure is not None and (failure.reason in OF_THE_ACCOUNT or _hung(route, seconds)):
            account_failed(database, route.own, failure, now)
            self.halted.add(route.account)
        elif failure is None and route.own.failing_since is not None:
            account_works(database, route.own)

    def _learn(
        self, database: Database, route: Route, failure: SendFailed | None, seconds: float, real: datetime
    ) -> None:
        """What went well before comes first."""
        account, hung = route.account, _hung(route, seconds)
        well = [None] * min(self.well.pop(account, 0), breaker.OF)
        outcomes = [*well, failure] if failure is not None else well
        self.health[account] = vendor_health.learn(
            database, account, route.provider.name, outcomes, real, hung
        )

    def _counts(self, account: str) -> bool:
        held = self.health.get(account)
        return held is not None and (not held.is_plain or breaker.BAD in held.breaker.outcomes)


def _hung(route: Route, seconds: float) -> bool:
    """A shop's account. Of ours everybody's mails wait anyway."""
    return route.own is not None and has_hung(seconds)
