"""No mail on old news: an order that nothing confirmed for a while is read again before a mail tells of it.

The mail waits meanwhile, and is due again the moment that the store has answered. A store that cannot be read
keeps marketing and service mails waiting until it is too late for them; a mail that an order demands leaves
after some minutes all the same, unless the shop wants otherwise.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import text

from app.db import Database, Session, put_rows
from app.models.inbox import wishes
from app.queries.pictures import KEYS, OrderKey, key_arrays
from app.services.ledger import Claimed, Settled, settle_within
from app.services.ready import Ready
from connectors.base import Noun
from flows.commerce import Platform
from flows.facts import MailClass, Reason
from flows.limits import Limits

BEING_READ = "being_read_again"
# When a mail looks by itself whether the store has answered.
_LOOK_AGAIN = {
    MailClass.TRANSACTIONAL: timedelta(minutes=1),
    MailClass.SERVICE: timedelta(minutes=15),
    MailClass.MARKETING: timedelta(minutes=15),
}
# A wish that begins so is read with others of its shop in one call, where the store has such (hinted_reads).
_TOGETHER = "hint: "


def sort_out_stale(
    ready: Sequence[Ready],
    confirmed: Mapping[OrderKey, datetime],
    limits: Mapping[int, Limits],
    real: datetime,
) -> tuple[list[Ready], list[Ready]]:
    """(those that may leave, those that wait until their order was read)."""
    may: list[Ready] = []
    wait: list[Ready] = []
    for one in ready:
        row = _without_answered(one.row, confirmed)
        reason = _is_fresh(row, confirmed, limits[row.shop_id], real)
        ruling = replace(one.ruling, reasons=(*one.ruling.reasons, reason))
        seen = Ready(row, one.facts, ruling)
        (may if reason.passed else wait).append(seen)
    return may, wait


def _without_answered(row: Claimed, confirmed: Mapping[OrderKey, datetime]) -> Claimed:
    """When the store is asked once more after it has answered, it has time again."""
    at = confirmed.get((row.shop_id, row.order_id))
    answered = row.reread_at is not None and at is not None and at >= row.reread_at
    return replace(row, reread_at=None) if answered else row


def _is_fresh(row: Claimed, confirmed: Mapping[OrderKey, datetime], limits: Limits, real: datetime) -> Reason:
    mail_class = MailClass(row.mail_class)
    bound, at = limits.fresh(mail_class), confirmed.get((row.shop_id, row.order_id))
    value = at.isoformat(timespec="seconds") if at else "not yet"
    if bound is None:
        return Reason("is_fresh", True, value, "however long ago")
    wanted = f"confirmed {int(bound.total_seconds() // 60)} minutes ago at most"
    if at is not None and real - at <= bound:
        return Reason("is_fresh", True, value, wanted)
    unread = limits.unread_minutes if mail_class is MailClass.TRANSACTIONAL else None
    if unread is not None and row.reread_at and real - row.reread_at >= timedelta(minutes=unread):
        return Reason("is_fresh", True, value, f"{wanted}, or {unread} minutes without an answer")
    return Reason("is_fresh", False, value, wanted)


def ask_again(
    database: Database,
    stale: Sequence[Ready],
    platforms: Mapping[int, Platform],
    now: datetime,
    real: datetime,
) -> None:
    """Has the orders read, each once however many mails wait for it, and puts the mails back."""
    if not stale:
        return
    asked = {
        (one.row.shop_id, one.row.order_id): {
            "shop_id": one.row.shop_id,
            "noun": Noun.ORDER,
            "id": one.row.order_id,
            "reason": _why(platforms[one.row.shop_id]),
            "asked_at": real,
            "next_at": real,
            "attempts": 0,
            "state": "open",
        }
        for one in stale
    }
    with database.shops(*{shop for shop, _ in asked}) as session:
        put_rows(session, wishes, [asked[key] for key in sorted(asked)], _ONCE)
        settle_within(session, [_put_back(one, now, real) for one in stale], now)


def _why(platform: Platform) -> str:
    told = "a mail is to tell of it"
    return f"{_TOGETHER}{told}" if platform is Platform.WOOCOMMERCE else told


def _put_back(one: Ready, now: datetime, real: datetime) -> Settled:
    row = one.row
    at = now + _LOOK_AGAIN[MailClass(row.mail_class)]
    at = min(at, max(row.expires_at, now + timedelta(minutes=1)))
    return Settled(
        row.id, row.token, "due", BEING_READ, at, one.ruling.reasons, reread_at=row.reread_at or real
    )


def go_on_when_read(session: Session, keys: Collection[OrderKey], now: datetime) -> None:
    """Mails of these orders, of which the store has just told, wait no longer."""
    if keys:
        session.execute(_GO_ON, {**key_arrays(keys), "now": now, "reason": BEING_READ})


# A read that is wished for already is not asked for twice; one that was given up is tried again.
_ONCE = (
    "ON CONFLICT (shop_id, noun, id) DO UPDATE SET asked_at = excluded.asked_at, next_at = excluded.next_at,"
    " attempts = 0, state = 'open', reason = excluded.reason"
    " WHERE wishes.state = 'given_up' AND wishes.next_at <= excluded.next_at"
)
_GO_ON = text(
    f"UPDATE messages m SET next_at = least(m.next_at, :now) FROM {KEYS}"
    " WHERE m.shop_id = k.shop_id AND m.order_id = k.id AND m.state = 'due' AND m.reason = :reason"
)
