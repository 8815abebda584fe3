"""The merchant's word on what products are: kept by the page that asks for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, fields
from datetime import datetime
from decimal import Decimal, InvalidOperation

from sqlalchemy import text

from app.db import Session, put_rows
from app.models.foresight import product_words
from app.queries.product_words import as_said
from app.services import changes
from app.services.changes import Stale
from app.services.retime import products_changed
from flows.kinds import NOTHING_SAID, ONE_PORTION, KindSaid, TimingKind

AREA = "products"
MOST_DAYS, MOST_PORTIONS = 730, 1000
FLAGS = {"consumable": "gets used up", "durable": "is made to last", "digital": "is digital"}
_ANSWERS = {"": None, "yes": True, "no": False}


def checked(form: Mapping[str, str]) -> tuple[KindSaid, dict[str, str]]:
    """What the form says, and by field what is wrong with it. An empty field says nothing."""
    errors: dict[str, str] = {}
    timing = form.get("timing", "")
    if timing and timing not in set(TimingKind):
        errors["timing"] = "Choose one of these."
    flags: dict[str, bool | None] = {}
    for name in FLAGS:
        if form.get(name, "") not in _ANSWERS:
            errors[name] = "Choose one of these."
        flags[name] = _ANSWERS.get(form.get(name, ""))
    lasts, pack = form.get("lasts_days", "").strip(), form.get("pack", "").strip().replace(",", ".")
    lasts_days = int(lasts) if lasts.isascii() and lasts.isdigit() and len(lasts) < 5 else None
    if lasts and (lasts_days is None or not 1 <= lasts_days <= MOST_DAYS):
        errors["lasts_days"] = f"A whole number of days, 1 to {MOST_DAYS}."
    portions = _portions(pack)
    if pack and portions is None:
        errors["pack"] = f"A number from 0.01 to {MOST_PORTIONS}, like 0.5 or 5."
    if lasts and flags["consumable"] is False:
        errors["lasts_days"] = "What does not get used up lasts for ever: leave this empty."
    if errors:
        return NOTHING_SAID, errors
    return KindSaid(TimingKind(timing) if timing else None, **flags, lasts_days=lasts_days, pack=portions), {}


def _portions(written: str) -> int | None:
    try:
        hundredths = Decimal(written) * ONE_PORTION
    except InvalidOperation:
        return None
    if not hundredths.is_finite() or not 1 <= hundredths <= MOST_PORTIONS * ONE_PORTION:
        return None
    return int(hundredths)


def held_said(session: Session, shop_id: int, scope: str, key: str) -> tuple[KindSaid, str]:
    """With what a form is known by to be of today."""
    row = session.execute(
        text("SELECT * FROM product_words WHERE shop_id = :shop AND scope = :scope AND key = :key"),
        {"shop": shop_id, "scope": scope, "key": key},
    ).one_or_none()
    return (NOTHING_SAID, "") if row is None else (as_said(row), row.changed_at.isoformat())


def save_said(
    session: Session,
    shop_id: int,
    scope: str,
    key: str,
    name: str,
    wanted: KindSaid,
    seen: str,
    who: str,
    now: datetime,
) -> bool:
    """`seen`: as the form was made from. The shop is locked. False: it was so already. Raises Stale.
    Who waits by what was said waits anew."""
    held, present = held_said(session, shop_id, scope, key)
    if held == wanted:
        return False
    if seen != present:
        raise Stale(fields_of(held))
    row = {"shop_id": shop_id, "scope": scope, "key": key, **asdict(wanted), "changed_at": now}
    columns = [field.name for field in fields(KindSaid)] + ["changed_at"]
    update = ", ".join(f"{column} = excluded.{column}" for column in columns)
    put_rows(session, product_words, [row], f"ON CONFLICT (shop_id, scope, key) DO UPDATE SET {update}")
    changes.record(session, shop_id, now, who, AREA, f"{name}: {said_in_words(wanted)}.")
    products_changed(session, shop_id)
    return True


def fields_of(said: KindSaid) -> dict[str, str]:
    """As the form holds them."""
    answers = {True: "yes", False: "no", None: ""}
    return {
        "timing": said.timing.value if said.timing else "",
        **{name: answers[getattr(said, name)] for name in FLAGS},
        "lasts_days": "" if said.lasts_days is None else str(said.lasts_days),
        "pack": "" if said.pack is None else f"{Decimal(said.pack) / ONE_PORTION:f}",
    }


def said_in_words(said: KindSaid) -> str:
    parts = [f"takes to be tried like {said.timing.value} products"] if said.timing else []
    for name, words in FLAGS.items():
        answer = getattr(said, name)
        if answer is not None:
            parts.append(words if answer else f"not: {words}")
    if said.lasts_days is not None:
        parts.append(f"one lasts {said.lasts_days} {'day' if said.lasts_days == 1 else 'days'}")
    if said.pack is not None:
        parts.append(f"{Decimal(said.pack) / ONE_PORTION:f} portions in one")
    return ", ".join(parts) or "guessed again"
