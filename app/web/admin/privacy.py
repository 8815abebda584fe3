"""Privacy: what people and the platform demanded by law, until when, and what was gathered for whom asked."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Blueprint, abort, render_template
from sqlalchemy import Row

from app.queries.privacy import demands_of, gathered
from app.services.privacy import unsealed
from app.web.admin.doors import Merchant, merchant
from app.web.admin.message_words import Sign
from app.web.guards import runtime
from app.words.moments import day
from connectors.news import PrivacyKind

blueprint = Blueprint("privacy", __name__)

LARGEST_ID = 2**63 - 1

TITLES = {
    PrivacyKind.EXPORT: "A customer asks what is known of them",
    PrivacyKind.FORGET_PERSON: "A customer asks to be forgotten",
    PrivacyKind.FORGET_SHOP: "Doorstep was removed: forget what was before",
}
_DONE = {
    PrivacyKind.EXPORT: "Gathered on {day}",
    PrivacyKind.FORGET_PERSON: "Forgotten on {day}",
    PrivacyKind.FORGET_SHOP: "Forgotten on {day}",
}


@dataclass(frozen=True, slots=True)
class Demand:
    """`path`: where what was gathered can be read, "" where there is nothing (any more)."""

    title: str
    words: str
    sign: Sign
    path: str


@blueprint.get("/privacy")
@merchant
def privacy(seen: Merchant) -> str:
    at = runtime()
    with at.database.shops(seen.shop_id) as session:
        rows = demands_of(session, seen.shop_id)
    demands = [_demand(seen, row, at.clock.real()) for row in rows]
    return render_template("admin/privacy.html", seen=seen, page="settings", demands=demands)


@blueprint.get("/privacy/<int:demand_id>")
@merchant
def told(seen: Merchant, demand_id: int) -> str:
    """What is held of a person, to be read or kept as a file and passed on to who asked."""
    at = runtime()
    if demand_id > LARGEST_ID:
        abort(404)
    with at.database.shops(seen.shop_id) as session:
        sealed = gathered(session, seen.shop_id, demand_id)
    text = unsealed(at.keys, seen.shop_id, sealed).get("text") if sealed else None
    if text is None:
        abort(404)
    file = base64.b64encode(text.encode()).decode()
    return render_template(
        "admin/privacy_told.html", seen=seen, page="settings", text=text, file=file, number=demand_id
    )


def _demand(seen: Merchant, row: Row[Any], real: datetime) -> Demand:
    kind = PrivacyKind(row.kind)
    held = unsealed(runtime().keys, seen.shop_id, bytes(row.export)) if row.export is not None else {}
    customer = row.customer or held.get("subject", "")
    return Demand(
        title=TITLES[kind] + (f" ({customer})" if customer else ""),
        words=_words(row, kind, seen.shop.timezone),
        sign=_sign(row, real),
        path=f"/privacy/{row.id}" if held else "",
    )


def _words(row: Row[Any], kind: PrivacyKind, zone: str) -> str:
    asked = f"Asked on {day(row.received_at, zone)}"
    if row.done_at is None:
        trouble = "It did not work yet and is tried again. " if row.error else ""
        return f"{asked}. {trouble}To be done by {day(row.due_at, zone)}."
    if row.error:
        return f"{asked}. Nothing to gather: {row.error}."
    done = _DONE[kind].format(day=day(row.done_at, zone))
    if row.export is not None:
        return f"{asked}. {done}. Kept here until {day(row.export_until, zone)}."
    gone = " It is no longer kept here." if kind is PrivacyKind.EXPORT else ""
    return f"{asked}. {done}.{gone}"


def _sign(row: Row[Any], real: datetime) -> Sign:
    if row.done_at is not None:
        return Sign("Done", "good", "check")
    if row.due_at < real:
        return Sign("Late", "bad", "alert")
    return Sign("Trying again", "warn", "clock") if row.error else Sign("Under way", "", "clock")
