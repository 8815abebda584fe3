"""The send ledger: who may hand a mail over, and what became of it.

A row is handed over by whoever claimed it last and still holds it: `mark` is one conditional UPDATE
on state and token, committed before the mail's last byte leaves. Whatever cancels a row before that
commit wins; whatever comes after finds it sending.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import text

from app.db import Database, Session, as_json
from app.queries.claims import claim_statement
from app.services.kept_reasons import kept
from emails.providers.base import REMEMBERED, Repeats
from emails.providers.registry import REPEATS
from flows.facts import Channel, Reason

LEASE = timedelta(seconds=60)
MARGIN = timedelta(seconds=20)


@dataclass(frozen=True, slots=True)
class Claimed:
    """A row that is ours until `lease_until` (real time), unless somebody cancels it. `account`: whose it was
    last marked for, `first_try_at` the first time (real time)."""

    id: int
    shop_id: int
    generation: int
    flow_key: str
    step: str
    template: str
    mail_class: str
    order_id: str
    parcel_id: str | None
    due_at: datetime
    expires_at: datetime
    token: int
    attempts: int
    lease_until: datetime
    journey_id: int
    postponed_at: datetime | None
    reread_at: datetime | None
    variant: str | None = None
    channel: str = Channel.EMAIL
    may_have_left: bool = False
    account: str | None = None
    first_try_at: datetime | None = None

    def still_ours(self, real: datetime) -> bool:
        """Whether enough of the lease is left to hand over within it."""
        return real + MARGIN < self.lease_until


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of a claimed row before its hand-over. `next_at`: only for rows put back. `tried`:
    the attempt failed and counts. `postponed_at`: since when it waits for a place; the first time stays.
    `reread_at`: since when its order was to be read, where it waits for that; the newest stays."""

    id: int
    token: int
    state: str
    reason: str | None = None
    next_at: datetime | None = None
    reasons: tuple[Reason, ...] = ()
    tried: bool = False
    postponed_at: datetime | None = None
    reread_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """How many mails that count were marked for a person when it was decided to send one more."""

    address_hash: str
    seen: int


_CLAIM = text(
    "UPDATE messages m SET state = 'claimed', token = m.token + 1, lease_until = :lease, changed_at = :now"
    " FROM ("
    + claim_statement(table="messages", columns="taken.id", due="next_at", waiting="state = 'due'")
    + ") c WHERE m.id = c.id RETURNING m.id, m.shop_id, m.generation, m.flow_key, m.step, m.template,"
    " m.mail_class, m.order_id, m.parcel_id, m.due_at, m.expires_at, m.token, m.attempts, m.lease_until,"
    " m.journey_id, m.postponed_at, m.reread_at, m.variant, m.channel, m.lane,"
    " m.may_have_left, m.account, m.first_try_at"
)


def claim(database: Database, now: datetime, real: datetime, limit: int) -> list[Claimed]:
    """Takes due rows under a lease, transactional ones first."""
    with database.crossing() as session:
        rows = session.execute(_CLAIM, {"now": now, "lease": real + LEASE, "limit": limit}).all()
    names = Claimed.__dataclass_fields__
    ordered = sorted(rows, key=lambda row: (row.lane, row.due_at, row.id))
    return [Claimed(**{name: getattr(row, name) for name in names}) for row in ordered]


def settle(database: Database, rows: Sequence[Settled], now: datetime) -> None:
    """Skipped, expired, failed or put back: for a whole batch, where the claim still holds."""
    if rows:
        with database.crossing() as session:
            settle_within(session, rows, now)


def settle_within(session: Session, rows: Sequence[Settled], now: datetime) -> None:
    """As above, in a transaction that has locks of its own."""
    session.execute(
        text(
            "UPDATE messages m SET state = r.state, reason = r.reason, lease_until = NULL,"
            " next_at = coalesce(r.next_at, m.next_at), changed_at = :now,"
            " attempts = m.attempts + r.tried::int,"
            " postponed_at = coalesce(m.postponed_at, r.postponed_at),"
            " reread_at = coalesce(r.reread_at, m.reread_at),"
            " reasons = CASE WHEN r.reasons = '[]' THEN m.reasons ELSE r.reasons END"
            # In the order of their ids, as whoever cancels a person's mails: neither waits for the other.
            " FROM (SELECT r.* FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS r(id bigint, token bigint,"
            " state text, reason text, next_at timestamptz, reasons jsonb, tried boolean,"
            " postponed_at timestamptz, reread_at timestamptz)"
            " JOIN messages l ON l.id = r.id ORDER BY l.id FOR NO KEY UPDATE OF l) r"
            " WHERE m.id = r.id AND m.token = r.token AND m.state = 'claimed'"
        ),
        {"rows": as_json([_settled(one) for one in rows]), "now": now},
    )


def _settled(one: Settled) -> dict[str, Any]:
    return {name: getattr(one, name) for name in Settled.__dataclass_fields__} | {
        "reasons": kept(one.reasons)
    }


def mark(
    database: Database,
    row: Claimed,
    now: datetime,
    turn: Turn | None = None,
    /,
    *,
    recipient: str,
    subject: str,
    message_id: str,
    provider: str,
    reasons: tuple[Reason, ...],
    account: str | None = None,
    real: datetime | None = None,
) -> bool:
    """The commit before the hand-over. False: the row is no longer ours, or another mail took the person's
    turn meanwhile; nothing may be sent."""
    with database.shops(row.shop_id) as session:
        marked = session.execute(
            _MARK if turn is None else _MARK_IN_TURN,
            {
                **({} if turn is None else {"hash": turn.address_hash, "seen": turn.seen}),
                "id": row.id,
                "shop": row.shop_id,
                "token": row.token,
                "recipient": recipient,
                "subject": subject,
                "message_id": message_id,
                "provider": provider,
                "reasons": as_json(kept(reasons)),
                "account": account,
                "real": real,
                "now": now,
            },
        )
        return marked.rowcount == 1


_MARKED = (
    "UPDATE messages SET state = 'sending', attempts = attempts + 1, recipient = :recipient,"
    " subject = :subject, message_id = :message_id, provider = :provider, reasons = :reasons,"
    " account = :account, first_try_at = coalesce(first_try_at, CAST(:real AS timestamptz)),"
    " changed_at = :now WHERE id = :id AND shop_id = :shop AND token = :token AND state = 'claimed'"
)
_MARK = text(_MARKED)
# One who comes second waits for the first, and finds the turn taken.
_MARK_IN_TURN = text(
    "WITH taken AS (INSERT INTO desk_turns AS d (shop_id, address_hash, turn) VALUES (:shop, :hash, 1)"
    " ON CONFLICT (shop_id, address_hash) DO UPDATE SET turn = d.turn + 1 WHERE d.turn = :seen"
    f" RETURNING turn) {_MARKED} AND EXISTS (SELECT FROM taken)"
)


def record(
    database: Database,
    row: Claimed,
    state: str,
    now: datetime,
    *,
    reason: str | None = None,
    provider_id: str | None = None,
    next_at: datetime | None = None,
    may_have_left: bool = False,
    untried: bool = False,
) -> None:
    """What became of a row that was marked. `may_have_left`: nobody knows whether it was taken. `untried`:
    it counts as no attempt."""
    with database.shops(row.shop_id) as session:
        session.execute(
            text(
                # Who told of it has it: that ends the doubt at once (0023), and it is not tried again.
                "UPDATE messages SET state = CASE WHEN :may_have_left AND delivery IS NOT NULL"
                " THEN 'unknown' ELSE :state END,"
                " provider_id = CASE WHEN recipient <> '' THEN :provider_id END,"
                # Whoever was forgotten meanwhile is named by no answer any more.
                " reason = CASE WHEN recipient <> '' OR :state = 'sent' THEN :reason ELSE 'forgotten' END,"
                " lease_until = NULL, next_at = coalesce(CAST(:next_at AS timestamptz), next_at),"
                " sent_at = CASE WHEN :state = 'sent' THEN CAST(:now AS timestamptz) END, changed_at = :now,"
                " may_have_left = may_have_left OR :may_have_left,"
                " attempts = attempts - CAST(:untried AS boolean)::int"
                " WHERE id = :id AND shop_id = :shop AND token = :token"
                # A late answer is evidence, even after the row was given up as unknown.
                " AND state IN ('sending', 'unknown')"
            ),
            {
                "id": row.id,
                "shop": row.shop_id,
                "token": row.token,
                "state": state,
                "reason": reason,
                "provider_id": provider_id,
                "next_at": next_at,
                "may_have_left": may_have_left,
                "untried": untried,
                "now": now,
            },
        )


def lapse(database: Database, now: datetime, real: datetime) -> tuple[int, int]:
    """Rows whose holder died: claimed ones are due again, sending ones are unknown for ever.

    Returns how many of each. A row in `unknown` is never sent again by itself: its last byte may
    have left before the crash. A shop's own tool drops what it has heard already, and so does a vendor that
    knows keys, for a while: they are told again; where that is forbidden meanwhile, `messages_in_doubt`
    (0020) has the row end unknown as well.
    """
    parameters: dict[str, Any] = {
        "now": now,
        "real": real,
        "known_since": real - REMEMBERED,
        "keyed": [name for name, repeats in REPEATS.items() if repeats is Repeats.IDEMPOTENT],
    }
    with database.crossing() as session:
        freed = session.execute(
            text(
                "UPDATE messages SET state = 'due', lease_until = NULL, changed_at = :now,"
                " may_have_left = may_have_left OR state = 'sending'"
                " WHERE id IN (SELECT id FROM messages"
                "  WHERE (state = 'claimed' OR (state = 'sending' AND (channel = 'webhook'"
                "   OR (provider = any(:keyed) AND first_try_at > :known_since AND delivery IS NULL))))"
                "  AND lease_until < :real ORDER BY id FOR NO KEY UPDATE)"
            ),
            parameters,
        )
        doubtful = session.execute(
            text(
                "UPDATE messages SET state = 'unknown', reason = 'died_after_hand_over', lease_until = NULL,"
                " changed_at = :now WHERE state = 'sending' AND lease_until < :real"
            ),
            parameters,
        )
        return freed.rowcount, doubtful.rowcount
