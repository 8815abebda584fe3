"""The merchant's limits on mails: read from a form, kept, told in a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime

from sqlalchemy import text

from app.db import Session, put_rows
from app.models.desk import mail_limits
from app.queries.limits import load_limits
from app.services import changes
from app.services.changes import Stale
from app.services.locks import lock_shop
from flows.limits import USUAL, Limits, clock_at, problems

AREA = "limits"
NUMBERS = ("gap_hours", "month", "week", "fresh_transactional", "fresh_service", "fresh_marketing")
CLOCKS = ("quiet_from", "quiet_until")
WORDS: Mapping[str, str] = {
    "gap_hours": "hours between two offers",
    "month": "offers in 30 days",
    "week": "mails in 7 days",
    "quiet_from": "quiet from",
    "quiet_until": "quiet until",
    "quiet_service": "quiet hours for service mails",
    "fresh_transactional": "minutes that an order may be unconfirmed for order mails",
    "fresh_service": "the same for service mails",
    "fresh_marketing": "the same for offers",
    "unread_minutes": "minutes that order mails wait for a shop that does not answer",
}


def held_limits(session: Session, shop_id: int) -> tuple[Limits, str]:
    """With the mark by which a form knows what it was made from."""
    row = session.execute(
        text("SELECT changed_at FROM mail_limits WHERE shop_id = :shop"), {"shop": shop_id}
    ).one_or_none()
    return load_limits(session, [shop_id])[shop_id], row.changed_at.isoformat() if row else ""


def fields_of(limits: Limits) -> dict[str, str]:
    """As the form holds them. No quiet hours: both times are empty."""
    told = {name: str(getattr(limits, name)) for name in NUMBERS}
    quiet = limits.quiet_from != limits.quiet_until
    clocks = {name: f"{clock_at(getattr(limits, name)):%H:%M}" if quiet else "" for name in CLOCKS}
    unread = "" if limits.unread_minutes is None else str(limits.unread_minutes)
    return {**told, **clocks, "quiet_service": "1" if limits.quiet_service else "", "unread_minutes": unread}


def checked(form: Mapping[str, str]) -> tuple[Limits, dict[str, str]]:
    """What the form says, and by field what is wrong with it."""
    errors: dict[str, str] = {}
    numbers = {name: _number(form.get(name, ""), name, errors) for name in NUMBERS}
    unread = form.get("unread_minutes", "").strip()
    minutes = _number(unread, "unread_minutes", errors) if unread else None
    clocks = _quiet(form, errors)
    if errors:
        return USUAL, errors
    quiet_service = form.get("quiet_service") == "1"
    limits = Limits(**numbers, **clocks, quiet_service=quiet_service, unread_minutes=minutes)
    return limits, dict(problems(limits))


def _number(told: str, name: str, errors: dict[str, str]) -> int:
    told = told.strip()
    if told.isascii() and told.isdecimal() and len(told) <= 6:
        return int(told)
    errors[name] = "A whole number, please."
    return 0


def _quiet(form: Mapping[str, str], errors: dict[str, str]) -> dict[str, int]:
    """Both empty: none. One and the same time would be the whole day."""
    told = {name: form.get(name, "").strip() for name in CLOCKS}
    if not any(told.values()):
        return dict.fromkeys(CLOCKS, 0)
    found = {}
    for name, clock in told.items():
        try:
            at = datetime.strptime(clock, "%H:%M")
            found[name] = at.hour * 60 + at.minute
        except ValueError:
            errors[name] = "A time of day like 21:00, please; leave both empty for no quiet hours."
    if not errors and found["quiet_from"] == found["quiet_until"]:
        errors["quiet_until"] = "From a time to itself is the whole day: no offer could ever leave."
    return found


def save_limits(session: Session, shop_id: int, seen: str, wanted: Limits, who: str, now: datetime) -> bool:
    """What waits for a place is weighed anew. False: they were so already. Raises Stale."""
    lock_shop(session, shop_id)
    before, mark = held_limits(session, shop_id)
    if before == wanted:
        return False
    if mark != seen:
        raise Stale(fields_of(before))
    names = [field.name for field in fields(Limits)]
    row = {"shop_id": shop_id, **{name: getattr(wanted, name) for name in names}, "changed_at": now}
    updates = ", ".join(f"{name} = excluded.{name}" for name in (*names, "changed_at"))
    put_rows(session, mail_limits, [row], f"ON CONFLICT (shop_id) DO UPDATE SET {updates}")
    weigh_anew(session, shop_id, now)
    changes.record(session, shop_id, now, who, AREA, _told(fields_of(before), fields_of(wanted)))
    return True


def weigh_anew(session: Session, shop_id: int, now: datetime) -> None:
    """What waits for a place is asked about at once."""
    session.execute(_WEIGH_ANEW, {"shop": shop_id, "now": now})


def _told(before: Mapping[str, str], after: Mapping[str, str]) -> str:
    parts = [
        f"{WORDS[name]}: {after[name] or 'none'} instead of {before[name] or 'none'}"
        for name in after
        if after[name] != before[name]
    ]
    return f"Changed: {'; '.join(parts)}."


_WEIGH_ANEW = text(
    "UPDATE messages SET next_at = greatest(due_at, :now) WHERE shop_id = :shop AND state = 'due'"
    " AND lane = any(ARRAY[1, 2]) AND reason = any(ARRAY['frequency_cap', 'reader_pace', 'quiet_hours'])"
)
