"""Whether an account is tried at all: not while nothing gets through, and then with one mail first.

Five failures in a row, or ten of the last twenty, open it. After half a minute one mail may try; the others
go on waiting for what becomes of it. What says something of one mail alone counts as a success: the vendor
works. A shop's account that hung rests at once, each time twice as long: everybody's mails waited for it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from emails.providers.base import SendFailed

IN_A_ROW = 5
OF, HALF = 20, 10
PAUSE = timedelta(seconds=30)
LONG_PAUSE = timedelta(minutes=15)
"""Where the account itself is stopped: somebody has to do something about it."""
REST_WAITS = timedelta(seconds=10)
"""How much longer than what people ordered the other mails wait, so that the first try is no offer."""
TROUBLE = frozenset(
    (
        "account_paused",
        "answer_lost",
        "connect_deferred",
        "connection_lost",
        "login_deferred",
        "login_refused",
        "no_connection",
        "not_offered",
        "not_understood",
        "out_of_step",
        "quota_used_up",
        "server_closing",
        "server_refused",
        "tls_failed",
        "unreadable_answer",
        "vendor_away",
        "vendor_trouble",
    )
)
"""Failures of the vendor or of our account there. What a server says of one sender may be about one shop."""
STOPPED = frozenset(("account_paused", "quota_used_up"))
MOMENT = timedelta(seconds=1)
GOOD, BAD = ".", "x"


@dataclass(frozen=True, slots=True)
class Breaker:
    """`outcomes`: of the last tries, the newest last. `open_until`: nothing is tried before. `probe_until`:
    somebody tries with one mail, until then at most."""

    outcomes: str = ""
    open_until: datetime | None = None
    probe_until: datetime | None = None

    def is_open(self, real: datetime) -> bool:
        return self.open_until is not None and real < self.open_until

    def is_tried_no_more(self, real: datetime) -> bool:
        """Not now, and not by one more mail while another tries."""
        return self.is_open(real) or (self.probe_until is not None and real < self.probe_until)

    def is_closed(self) -> bool:
        return self.open_until is None


def is_trouble(failure: SendFailed) -> bool:
    return failure.reason in TROUBLE


def let_through(breaker: Breaker, wanted: int, real: datetime) -> tuple[int, Breaker]:
    """How many of the wanted may try: all, none, or one to see."""
    if breaker.open_until is None or not wanted:
        return wanted, breaker
    if breaker.is_tried_no_more(real):
        return 0, breaker
    return 1, replace(breaker, probe_until=real + PAUSE)


def after(breaker: Breaker, failure: SendFailed | None, real: datetime, hung: bool = False) -> Breaker:
    """What is known of it after one more try. `hung`: which took so long that it may not be repeated soon."""
    bad = failure is not None and is_trouble(failure)
    if not bad:
        good = Breaker((breaker.outcomes + GOOD)[-OF:])
        return good if breaker.open_until is None else Breaker()
    outcomes = (breaker.outcomes + BAD)[-OF:]
    stopped = failure is not None and failure.reason in STOPPED
    tripped = outcomes.endswith(BAD * IN_A_ROW) or outcomes.count(BAD) >= HALF
    if not (stopped or tripped or hung or breaker.open_until is not None):
        return replace(breaker, outcomes=outcomes)
    if stopped:
        return Breaker(outcomes, real + LONG_PAUSE)
    return Breaker(outcomes, real + (_rest_of_hung(outcomes) if hung else PAUSE))


def _rest_of_hung(outcomes: str) -> timedelta:
    in_a_row = len(outcomes) - len(outcomes.rstrip(BAD))
    rest: timedelta = PAUSE * 2 ** min(in_a_row - 1, 5)
    return min(rest, LONG_PAUSE)


def opens_in(breaker: Breaker, real: datetime) -> timedelta:
    """How long until somebody may try again; while somebody tries, what becomes of it is known any moment."""
    if breaker.probe_until is not None or breaker.open_until is None:
        return MOMENT
    return max(MOMENT, breaker.open_until - real)
