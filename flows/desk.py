"""One desk for all flows: of the mails that want to reach one person, which leaves now, later, or never.

Class first, then what a mail is worth, then its age. Whoever goes first takes a place; who finds none is
put off until there is one, for some days at most, and then dropped. Each answer names what was in the way.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from flows.facts import MailClass, Reason
from flows.journey import Ruling, Verdict
from flows.limits import IDLE, MONTH, WEEK, Limits, quiet_until
from flows.pace import AS_THEY_COME, Pace
from flows.questions.rule import leaf
from flows.worth import worth_of

FREQUENCY_CAP = "frequency_cap"
QUIET_HOURS = "quiet_hours"
READER_PACE = "reader_pace"
# Mails that wait for one of these may do so for some days, and not for ever.
OWN_PACE = "own_pace"
WANTS_A_PLACE = frozenset((FREQUENCY_CAP, READER_PACE))
# How long a mail may be put off for want of a place.
PATIENCE = {MailClass.SERVICE: timedelta(hours=72), MailClass.MARKETING: timedelta(days=7)}
# A mail that is to leave so soon keeps its place before one of less worth.
SOON = timedelta(hours=24)
# Mails of one series keep the distance that the series has, four days at most; no mail is to the second.
SERIES_GAP = timedelta(hours=96)
_LEEWAY = timedelta(hours=6)
# Whoever stood back for a mail that is leaving now looks again when it has left.
_LOOK_AGAIN = timedelta(minutes=15)
_RANK = {MailClass.TRANSACTIONAL: 0, MailClass.SERVICE: 1, MailClass.MARKETING: 2}


@dataclass(frozen=True, slots=True)
class Touch:
    """A mail that the person got, or, `promised`, is about to get. `flow`: the flow or the tool that sent
    it. `due_at`: when its own series wanted it, None for other senders' mails."""

    at: datetime
    mail_class: MailClass
    flow: str
    journey: int | None = None
    due_at: datetime | None = None
    promised: bool = False


@dataclass(frozen=True, slots=True)
class Ask:
    """A mail that wants to leave. `wants_at`: not before this, for one that is not due yet. `worth`: the
    shop's own number for the flow, None for the usual one. `zone`: where its order says that the person
    lives, None where that is not known."""

    id: int
    flow: str
    step: str
    journey: int
    mail_class: MailClass
    due_at: datetime
    expires_at: datetime
    wants_at: datetime
    postponed_at: datetime | None = None
    worth: int | None = None
    zone: ZoneInfo | None = None


def decide(
    asks: Iterable[Ask],
    touches: Sequence[Touch],
    limits: Limits,
    zone: ZoneInfo,
    now: datetime,
    active_at: datetime | None = None,
    pace: Pace = AS_THEY_COME,
) -> dict[int, Ruling]:
    """The ruling on each mail of one person. `zone`: the shop's. `active_at`: when they last clicked or
    ordered. `pace`: how often they want to hear at all."""
    if active_at is not None and now - active_at >= IDLE:
        limits = limits.halved()
    known, answers = list(touches), {}
    for ask in sorted(asks, key=_place_in_line):
        if ask.mail_class is MailClass.TRANSACTIONAL:
            answers[ask.id] = Ruling(Verdict.ALLOW)
            continue
        ruling, at = _rule(ask, known, limits, pace, ask.zone or zone, now)
        answers[ask.id] = ruling
        if ruling.verdict is not Verdict.SKIP:
            known.append(Touch(at, ask.mail_class, ask.flow, ask.journey, ask.due_at, promised=True))
    return answers


def _place_in_line(ask: Ask) -> tuple[int, int, datetime, int]:
    worth = worth_of(ask.flow) if ask.worth is None else ask.worth
    return _RANK[ask.mail_class], -worth, ask.due_at, ask.id


def _rule(
    ask: Ask, touches: Sequence[Touch], limits: Limits, pace: Pace, zone: ZoneInfo, now: datetime
) -> tuple[Ruling, datetime]:
    """The answer, and the instant at which the mail takes its place."""
    wanted = max(now, ask.wants_at)
    reasons = _reasons(ask, touches, limits, pace, zone, wanted)
    if all(reason.passed for reason in reasons):
        if wanted <= now:
            return Ruling(Verdict.ALLOW, None, None, reasons), now
        return Ruling(Verdict.DEFER, None, wanted, reasons), wanted
    at = _first_place(ask, touches, limits, pace, zone, wanted)
    if all(reason.passed for reason in reasons[:-1]):
        # The night displaces nobody: a mail waits for the morning, and is weighed again then.
        morning = quiet_until(limits, wanted, zone) or at
        if morning <= ask.expires_at:
            return Ruling(Verdict.DEFER, QUIET_HOURS, morning, reasons), at
        return Ruling(Verdict.SKIP, QUIET_HOURS, None, reasons), at
    why = _why(reasons)
    last = min(ask.expires_at, (ask.postponed_at or now) + PATIENCE[ask.mail_class])
    if at <= last:
        return Ruling(Verdict.DEFER, why, at, reasons), at
    # For good only because of what has left: what is promised may still come to nothing.
    certain = [touch for touch in touches if not touch.promised]
    again = max([touch.at for touch in touches if touch.promised], default=now) + _LOOK_AGAIN
    if again <= last and _first_place(ask, certain, limits, pace, zone, wanted) <= last:
        return Ruling(Verdict.DEFER, why, max(again, wanted), reasons), at
    return Ruling(Verdict.SKIP, why, None, reasons), at


def _why(reasons: Sequence[Reason]) -> str:
    """The shop's limits first: a mail that finds no place there waits, whatever its reader chose."""
    barred = [reason.rule for reason in reasons[:-1] if not reason.passed]
    return READER_PACE if barred == [OWN_PACE] else FREQUENCY_CAP


def _first_place(
    ask: Ask, touches: Sequence[Touch], limits: Limits, pace: Pace, zone: ZoneInfo, wanted: datetime
) -> datetime:
    """The first instant from `wanted` on at which nothing is in the way."""
    at = wanted
    while True:
        later = max(
            (
                until
                for until in (
                    _apart(ask, touches, limits, at)[0],
                    _room(touches, WEEK, limits.week, at)[0],
                    _room(_marketing(touches), MONTH, limits.month, at)[0] if _is_offer(ask) else None,
                    pace.earliest(ask.mail_class, _offers(touches), at),
                    _end_of_quiet(ask, limits, zone, at),
                )
                if until is not None
            ),
            default=at,
        )
        if later <= at:
            return at
        at = later


def _reasons(
    ask: Ask, touches: Sequence[Touch], limits: Limits, pace: Pace, zone: ZoneInfo, at: datetime
) -> tuple[Reason, ...]:
    """Each limit with what it found at `at`; quiet hours last. The reader's own pace is named where there is
    one."""
    found = []
    until, near = _apart(ask, touches, limits, at)
    wanted = f"{limits.gap_hours} hours apart" if _is_offer(ask) else "the distance of its series"
    found.append(leaf("spaced", until is None, _named(near), wanted))
    until, near = _room(touches, WEEK, limits.week, at)
    found.append(leaf("within_week", until is None, _named(near), f"at most {limits.week} in 7 days"))
    if _is_offer(ask):
        until, near = _room(_marketing(touches), MONTH, limits.month, at)
        found.append(leaf("within_month", until is None, _named(near), f"at most {limits.month} in 30 days"))
    if pace != AS_THEY_COME:
        until = pace.earliest(ask.mail_class, _offers(touches), at)
        value = "at their pace" if until <= at else f"not before {until.isoformat(timespec='seconds')}"
        found.append(leaf(OWN_PACE, until <= at, value, pace.in_words(ask.mail_class)))
    found.append(_not_quiet(ask, limits, zone, at))
    return tuple(found)


def _not_quiet(ask: Ask, limits: Limits, zone: ZoneInfo, at: datetime) -> Reason:
    if not limits.is_quiet_for(ask.mail_class):
        return leaf("not_quiet", True, "no quiet hours for it", "any time")
    hours = f"outside {_clock(limits.quiet_from)} to {_clock(limits.quiet_until)}"
    return leaf("not_quiet", quiet_until(limits, at, zone) is None, _on_the_wall(at, zone), hours)


@lru_cache(maxsize=1024)
def _on_the_wall(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%H:%M} {zone.key}"


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _apart(
    ask: Ask, touches: Sequence[Touch], limits: Limits, at: datetime
) -> tuple[datetime | None, list[Touch]]:
    """Until when the mail is too near to others, and to which."""
    until, near = None, []
    for touch in touches:
        gap = _gap(ask, touch, limits)
        if gap is not None and -gap < at - touch.at < gap:
            near.append(touch)
            until = max(until or at, touch.at + gap)
    return until, near


def _gap(ask: Ask, touch: Touch, limits: Limits) -> timedelta | None:
    """What has to lie between the two; None: nothing."""
    if touch.journey == ask.journey:
        own = ask.due_at - touch.due_at if touch.due_at is not None else timedelta()
        return min(own, SERIES_GAP) - _LEEWAY if own > _LEEWAY else None
    both = touch.mail_class is MailClass.MARKETING and _is_offer(ask)
    return timedelta(hours=limits.gap_hours) if both else None


def _room(
    touches: Sequence[Touch], span: timedelta, most: int, at: datetime
) -> tuple[datetime | None, list[Touch]]:
    """Until when one more mail would be one too many within some `span` that holds it, and beside which."""
    if len(touches) < most:
        return None, []
    for end in [at, *sorted(touch.at for touch in touches if at < touch.at < at + span)]:
        inside = [one for one in touches if end - span < one.at <= end]
        if len(inside) >= most:
            inside.sort(key=lambda one: one.at)
            # When so many of them have left the span that one more fits.
            leaving = inside[len(inside) - most]
            return max(leaving.at + span, at), inside
    return None, []


def _marketing(touches: Sequence[Touch]) -> list[Touch]:
    return [touch for touch in touches if touch.mail_class is MailClass.MARKETING]


def _offers(touches: Sequence[Touch]) -> list[datetime]:
    return [touch.at for touch in _marketing(touches)]


def _end_of_quiet(ask: Ask, limits: Limits, zone: ZoneInfo, at: datetime) -> datetime | None:
    return quiet_until(limits, at, zone) if limits.is_quiet_for(ask.mail_class) else None


def _is_offer(ask: Ask) -> bool:
    return ask.mail_class is MailClass.MARKETING


def _named(touches: Sequence[Touch]) -> str:
    """What is in the way, as text that is read back: flow and instant, a line for each."""
    if not touches:
        return "nothing"
    return "; ".join([f"{touch.flow} {touch.at.isoformat(timespec='seconds')}" for touch in touches])
