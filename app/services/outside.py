"""What other tools of the merchant sent, as they report it or a file tells it: these mails count at the desk.

A report is known by its own id, so it may be repeated. Kept is a keyed hash of the address, no longer than a
limit looks back.
"""

from __future__ import annotations

import csv
import hmac
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import text

from app.db import Session, put_rows
from app.keys import Keys
from app.models.desk import outside_sends
from emails.address import valid_address
from flows.limits import MONTH
from flows.wallclock import instant_of, zone_named

MOST = 500  # in one report
MOST_LINES = 20_000  # in one file
MOST_BYTES = 2 * 1024 * 1024
WINDOW = timedelta(minutes=5)
KEPT = MONTH + timedelta(days=1)
_LONGEST = {"id": 200, "tool": 80}
_AHEAD = timedelta(days=1)
_CLASSES = {"": "M", "m": "M", "s": "S", "marketing": "M", "service": "S"}
_AT_ONCE = 1000


class BadReport(Exception):
    """Said to whoever sent it: nothing of it was kept."""


@dataclass(frozen=True, slots=True)
class Report:
    id: str
    email: str
    tool: str
    mail_class: str
    sent_at: datetime


@dataclass(frozen=True, slots=True)
class Counted:
    """`new`: mails that count from now on; `known`: reported before; `old`: too long ago to count.
    `refused`: (place, why), the first place is 1."""

    new: int = 0
    known: int = 0
    old: int = 0
    refused: tuple[tuple[int, str], ...] = ()


def sign_report(secret: str, seconds: str, body: bytes) -> str:
    return hmac.new(secret.encode(), f"{seconds}\n".encode() + body, sha256).hexdigest()


def is_signed(secret: str, seconds: str, signature: str, body: bytes, real: datetime) -> bool:
    """By whoever holds the secret, and for now."""
    if not (seconds.isascii() and seconds.isdecimal() and len(seconds) <= 12 and signature.isascii()):
        return False
    if abs(int(seconds) - real.timestamp()) > WINDOW.total_seconds():
        return False
    return hmac.compare_digest(sign_report(secret, seconds, body), signature.lower())


def entries_in_json(body: bytes) -> list[Any]:
    """Of {"sends": [{"id", "email", "sent_at", "tool", "class"}, ...]}. Raises BadReport."""
    try:
        told = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise BadReport("this is no JSON") from error
    entries = told.get("sends") if isinstance(told, dict) else None
    if not isinstance(entries, list):
        raise BadReport('a list "sends" is missing')
    if len(entries) > MOST:
        raise BadReport(f"at most {MOST} mails in one report")
    return entries


def entries_in_csv(body: bytes) -> list[Any]:
    """A first line with names of columns (email, sent_at; id, tool, class where there are such), then a line
    for each mail. Raises BadReport."""
    try:
        lines = csv.DictReader(io.StringIO(body.decode("utf-8-sig"), newline=""))
        names = [(name or "").strip().lower() for name in lines.fieldnames or ()]
        missing = [name for name in ("email", "sent_at") if name not in names]
        if missing:
            raise BadReport(f"the first line names no column {' and no column '.join(missing)}")
        lines.fieldnames = names
        entries: list[Any] = []
        for line in lines:
            if len(entries) == MOST_LINES:
                raise BadReport(f"at most {MOST_LINES:,} lines in one file")
            entries.append({name: value or "" for name, value in line.items() if name})
    except UnicodeDecodeError as error:
        raise BadReport("this is no text in UTF-8") from error
    except csv.Error as error:
        raise BadReport(f"this is no CSV: {error}") from error
    return entries


def count_sends(
    session: Session, keys: Keys, shop_id: int, entries: Iterable[Any], zone: str, now: datetime
) -> Counted:
    """Keeps what can be read and is young enough. Times without an offset are the shop's own."""
    refused: list[tuple[int, str]] = []
    reports: dict[str, Report] = {}
    old = 0
    for place, entry in enumerate(entries, 1):
        try:
            report = _report(entry, zone, now)
        except BadReport as problem:
            refused.append((place, str(problem)))
            continue
        if report.sent_at < now - KEPT:
            old += 1
        else:
            reports[report.id] = report
    session.execute(_FORGET, {"shop": shop_id, "before": now - KEPT})
    new = sum(
        len(put_rows(session, outside_sends, rows, "ON CONFLICT DO NOTHING", "id"))
        for rows in _in_portions([_row(keys, shop_id, one, now) for one in reports.values()])
    )
    return Counted(new, len(reports) - new, old, tuple(refused))


def _report(entry: Any, zone: str, now: datetime) -> Report:
    if not isinstance(entry, dict):
        raise BadReport("it is no object")
    email = valid_address(_text(entry, "email"))
    if email is None:
        raise BadReport("no mail can reach this address")
    sent_at = _instant(_text(entry, "sent_at"), zone)
    if sent_at > now + _AHEAD:
        raise BadReport("it lies in the future")
    mail_class = _CLASSES.get(_text(entry, "class").lower())
    if mail_class is None:
        raise BadReport("its class is neither M (marketing) nor S (service)")
    tool = _text(entry, "tool") or "another tool"
    named = _text(entry, "id") or sha256(f"{email}\n{sent_at.isoformat()}\n{tool}".encode()).hexdigest()
    for name, value in (("id", named), ("tool", tool)):
        if len(value) > _LONGEST[name] or not value.isprintable():
            raise BadReport(f"its {name} is too long or cannot be read")
    return Report(named, email, tool, mail_class, sent_at)


def _text(entry: Mapping[str, Any], name: str) -> str:
    value = entry.get(name)
    if value is not None and not isinstance(value, str | int):
        raise BadReport(f"its {name} is no text")
    return "" if value is None else str(value).strip()


def _instant(told: str, zone: str) -> datetime:
    try:
        at = datetime.fromisoformat(told)
        return at if at.tzinfo else instant_of(at, zone_named(zone))
    except (ValueError, OverflowError) as error:
        raise BadReport("its sent_at is no instant like 2026-11-04T10:00:00+01:00") from error


def _row(keys: Keys, shop_id: int, report: Report, now: datetime) -> dict[str, Any]:
    return {
        "shop_id": shop_id,
        "id": report.id,
        "address_hash": keys.address_hash(shop_id, report.email),
        "tool": report.tool,
        "mail_class": report.mail_class,
        "sent_at": report.sent_at,
        "received_at": now,
    }


def _in_portions(rows: list[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    for start in range(0, len(rows), _AT_ONCE):
        yield rows[start : start + _AT_ONCE]


_FORGET = text("DELETE FROM outside_sends WHERE shop_id = :shop AND sent_at < :before")
