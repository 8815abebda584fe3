"""Of each account at a vendor: whether it is tried, and how fast. One row, in real time; none while all is
well and nobody has said how fast.

Whoever writes a row has locked it: what two workers learn at the same time counts together.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, text

from app.db import Database, Session
from app.services import breaker, throttle
from app.services.breaker import Breaker
from app.services.throttle import Pace
from emails.providers.base import SendFailed

AWAY, PACED = "vendor_waits", "vendor_paced"
"""Why a mail waits: nothing gets through to the vendor, or it takes no more at the moment."""
UNUSED_FOR = timedelta(days=30)
"""An account that was not asked about for so long is nobody's any more, or has to be learnt anew."""


@dataclass(frozen=True, slots=True)
class Health:
    breaker: Breaker
    pace: Pace

    @property
    def is_plain(self) -> bool:
        """Nothing has to be asked before a mail leaves."""
        return self.breaker.is_closed() and self.pace.per_second is None


@dataclass(frozen=True, slots=True)
class Admitted:
    """Of so many mails in their order: how many may leave, and for how long and why the others wait."""

    leaving: int
    waits: Sequence[timedelta] = ()
    reason: str = ""


def load_health(session: Session, accounts: Collection[str]) -> dict[str, Health]:
    rows = session.execute(_LOAD, {"accounts": sorted(accounts)})
    return {row.account: _health(row) for row in rows}


def admit(database: Database, account: str, vendor: str, lanes: Sequence[bool], real: datetime) -> Admitted:
    """`lanes`: of each mail, in the order in which they want to leave, whether somebody waits for it."""
    with database.nobody() as session:
        held = _locked(session, account, vendor, real)
        wanted = len(lanes)
        through, broken = breaker.let_through(held.breaker, wanted, real)
        if through < wanted:
            pause = breaker.opens_in(broken, real)
            waits = [pause if soon else pause + breaker.REST_WAITS for soon in lanes[through:]]
            _write(session, account, Health(broken, held.pace))
            return Admitted(through, waits, AWAY)
        leaving, pace = throttle.take(held.pace, wanted, real)
        waits, pace = _booked(pace, lanes[leaving:], real)
        _write(session, account, Health(broken, pace))
    return Admitted(leaving, waits, PACED)


def learn(
    database: Database,
    account: str,
    vendor: str,
    outcomes: Iterable[SendFailed | None],
    real: datetime,
    hung: bool = False,
) -> Health:
    """What came of the last tries, in their order. `hung`: a failure among them took its time."""
    with database.nobody() as session:
        held = _locked(session, account, vendor, real)
        for failure in outcomes:
            held = _after(held, failure, real, hung)
        _write(session, account, held)
    return held


def forget_unused(database: Database, real: datetime) -> int:
    """Of accounts that were taken out or changed, of shops that are gone, and of such as send no more.
    Returns how many."""
    with database.nobody() as session:
        return session.execute(_UNUSED, {"before": real - UNUSED_FOR}).rowcount


def is_known(vendor: str) -> bool:
    """Whether a new account of this vendor is taken slowly from its first mail on."""
    return vendor in throttle.FIRST


def _after(held: Health, failure: SendFailed | None, real: datetime, hung: bool) -> Health:
    broken, pace = breaker.after(held.breaker, failure, real, hung), held.pace
    if failure is None:
        pace = throttle.faster(pace, real)
    elif throttle.asks_slower(failure):
        pace = throttle.slower(pace, failure.retry_after, real)
    if not held.breaker.is_closed() and broken.is_closed():
        pace = throttle.emptied(pace, real)
    return Health(broken, pace)


def _booked(pace: Pace, lanes: Sequence[bool], real: datetime) -> tuple[list[timedelta], Pace]:
    """What somebody waits for comes again with the next room there is, before all that has a moment."""
    if pace.per_second is None or not lanes:
        return [], pace
    front, _ = throttle.book(replace(pace, booked_until=None), sum(lanes), real)
    behind, pace = throttle.book(pace, len(lanes) - len(front), real)
    soon, later = iter(front), iter(behind)
    return [next(soon) if waited else next(later) for waited in lanes], pace


def _locked(session: Session, account: str, vendor: str, real: datetime) -> Health:
    pace = throttle.first_pace(vendor, real)
    given = {"account": account, "per_second": pace.per_second, "allowance": pace.allowance, "real": real}
    return _health(session.execute(_LOCKED, given).one())


def _health(row: Row[Any]) -> Health:
    at = row._mapping
    return Health(
        Breaker(at["outcomes"], at["open_until"], at["probe_until"]),
        Pace(at["per_second"], at["allowance"], at["filled_at"], at["booked_until"], at["paced_at"]),
    )


def _write(session: Session, account: str, held: Health) -> None:
    given = {"account": account}
    for part in (held.breaker, held.pace):
        given.update({name: getattr(part, name) for name in part.__dataclass_fields__})
    session.execute(_WRITE, given)


_COLUMNS = (
    "account, per_second, allowance, filled_at, booked_until, paced_at, outcomes, open_until, probe_until"
)
_LOAD = text(f"SELECT {_COLUMNS} FROM mail_vendors WHERE account = any(:accounts)")
# Begun or found, and locked, in one: nobody takes the row out in between.
_LOCKED = text(
    "INSERT INTO mail_vendors (account, per_second, allowance, filled_at)"
    " VALUES (:account, :per_second, :allowance, :real)"
    f" ON CONFLICT (account) DO UPDATE SET account = excluded.account RETURNING {_COLUMNS}"
)
_UNUSED = text(
    "DELETE FROM mail_vendors"
    " WHERE greatest(filled_at, booked_until, paced_at, open_until, probe_until) < :before"
)
_WRITE = text(
    "UPDATE mail_vendors SET per_second = :per_second, allowance = :allowance, filled_at = :filled_at,"
    " booked_until = :booked_until, paced_at = :paced_at, outcomes = :outcomes, open_until = :open_until,"
    " probe_until = :probe_until WHERE account = :account"
)
