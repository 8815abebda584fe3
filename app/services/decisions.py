"""Writes decisions: journeys by revision, their timers, and messages that exist once for ever."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import text

from app.db import Session, as_json, put_rows, record_set
from app.models.journey import journeys, timers
from app.models.message import messages
from app.queries.facts import FactBase
from app.queries.journeys import JourneyRow
from app.services.kept_reasons import kept
from flows.events import Event
from flows.facts import FlowSetting, MailClass
from flows.flow import Flow
from flows.journey import Decision, JourneyState, JourneyStatus

LANES = {MailClass.TRANSACTIONAL: 0, MailClass.SERVICE: 1, MailClass.MARKETING: 2}


@dataclass(frozen=True, slots=True)
class Started:
    """A journey that an event began, or would have begun (declined, with its reason)."""

    shop_id: int
    flow: Flow
    event: Event
    decision: Decision


@dataclass(frozen=True, slots=True)
class Decided:
    """The next move of a journey under way."""

    row: JourneyRow
    flow: Flow
    decision: Decision


@dataclass(frozen=True, slots=True)
class _Written:
    """A decision that found its journey as expected, under the journey's id."""

    journey_id: int
    shop_id: int
    generation: int
    order_id: str
    parcel_id: str | None
    flow: Flow
    decision: Decision


def write_decisions(
    session: Session,
    base: FactBase,
    started: Sequence[Started],
    decided: Sequence[Decided],
    now: datetime,
) -> tuple[int, int]:
    """Returns how many journeys began and how many messages are new. Five statements at most.

    A journey that exists already, or that somebody else moved on meanwhile, is left as it is.
    """
    begun = _insert_journeys(session, base, started, now)
    moved = _update_journeys(session, decided, now)
    written = [*begun, *moved]
    _set_timers(session, written)
    planned = _insert_messages(session, base, written, now)
    _cancel_open(session, written, now)
    active = sum(entry.decision.journey.status is not JourneyStatus.DECLINED for entry in begun)
    return active, planned


def _insert_journeys(
    session: Session, base: FactBase, started: Sequence[Started], now: datetime
) -> list[_Written]:
    by_key = {(one.shop_id, one.flow.key, _subject(base, one)): one for one in started}
    rows = [
        {
            "shop_id": one.shop_id,
            "generation": base.shops[one.shop_id].generation,
            "flow_key": one.flow.key,
            "subject": subject,
            "order_id": one.event.order_id,
            "parcel_id": one.event.parcel_id,
            "event_key": one.event.key,
            **_state_columns(one.decision.journey),
            "variants": dict(one.decision.journey.variants),
            "revision": 1,
            "reasons": kept(one.decision.reasons),
            "started_at": now,
            "changed_at": now,
        }
        for (_, _, subject), one in by_key.items()
    ]
    stored = put_rows(
        session,
        journeys,
        rows,
        "ON CONFLICT DO NOTHING",
        "id, shop_id, generation, flow_key, subject, order_id, parcel_id",
    )
    return [
        _Written(
            row.id,
            row.shop_id,
            row.generation,
            row.order_id,
            row.parcel_id,
            (one := by_key[row.shop_id, row.flow_key, row.subject]).flow,
            one.decision,
        )
        for row in stored
    ]


def _subject(base: FactBase, one: Started) -> str:
    facts = base.facts((one.shop_id, one.event.order_id), one.flow.key, one.event.parcel_id)
    return one.flow.subject_of(one.event, facts)


def _update_journeys(session: Session, decided: Sequence[Decided], now: datetime) -> list[_Written]:
    if not decided:
        return []
    by_id = {one.row.id: one for one in decided}
    rows = [
        {
            "id": one.row.id,
            "revision": one.row.revision,
            **_state_columns(one.decision.journey),
            "reasons": kept(one.decision.reasons),
            "changed_at": now,
        }
        for one in by_id.values()
    ]
    moved = session.execute(
        text(
            "UPDATE journeys j SET flow_version = r.flow_version, status = r.status, step = r.step,"
            " anchor = r.anchor, wake_at = r.wake_at, end_reason = r.end_reason, reasons = r.reasons,"
            " changed_at = r.changed_at, revision = j.revision + 1"
            f" FROM {record_set(journeys, list(rows[0]))}"
            " WHERE j.id = r.id AND j.revision = r.revision AND j.status IN ('active', 'done') RETURNING j.id"
        ),
        {"rows": as_json(rows)},
    )
    # As they were decided: of mails that are alike in all else the elder one goes first.
    found = {row.id for row in moved}
    return [
        _Written(
            one.row.id,
            one.row.shop_id,
            one.row.generation,
            one.row.order_id,
            one.row.parcel_id,
            one.flow,
            one.decision,
        )
        for one in by_id.values()
        if one.row.id in found
    ]


def _state_columns(state: JourneyState) -> dict[str, Any]:
    return {
        "flow_version": state.flow_version,
        "status": state.status,
        "step": state.step,
        "anchor": state.anchor,
        "wake_at": state.wake_at,
        "end_reason": state.end_reason,
    }


def _set_timers(session: Session, written: Iterable[_Written]) -> None:
    waiting = []
    over = []
    for entry in written:
        state = entry.decision.journey
        if state.status is JourneyStatus.ACTIVE and state.wake_at is not None:
            waiting.append(
                {
                    "journey_id": entry.journey_id,
                    "shop_id": entry.shop_id,
                    "due_at": state.wake_at,
                    "lane": LANES[entry.flow.mail_class],
                }
            )
        else:
            over.append(entry.journey_id)
    put_rows(session, timers, waiting, "ON CONFLICT (journey_id) DO UPDATE SET due_at = excluded.due_at")
    if over:
        session.execute(text("DELETE FROM timers WHERE journey_id = any(:ids)"), {"ids": over})


def _insert_messages(session: Session, base: FactBase, written: Iterable[_Written], now: datetime) -> int:
    rows = [
        {
            "shop_id": entry.shop_id,
            "generation": entry.generation,
            "journey_id": entry.journey_id,
            "flow_key": entry.flow.key,
            "step": message.step,
            "occurrence": message.occurrence,
            "template": message.template,
            "variant": message.variant,
            "channel": base.settings.get((entry.shop_id, entry.flow.key), FlowSetting()).channel,
            "mail_class": entry.flow.mail_class,
            "lane": LANES[entry.flow.mail_class],
            "order_id": entry.order_id,
            "parcel_id": entry.parcel_id,
            "recipient": _recipient(base, entry),
            "state": "due",
            "due_at": message.due_at,
            "expires_at": message.expires_at,
            "next_at": message.due_at,
            "token": 0,
            "attempts": 0,
            "reasons": kept(entry.decision.reasons),
            "created_at": now,
            "changed_at": now,
        }
        for entry in written
        for message in entry.decision.messages
    ]
    return len(put_rows(session, messages, rows, "ON CONFLICT DO NOTHING", "id"))


def _recipient(base: FactBase, entry: _Written) -> str | None:
    key = (entry.shop_id, entry.order_id)
    return base.facts(key, entry.flow.key, entry.parcel_id).recipient


def _cancel_open(session: Session, written: Iterable[_Written], now: datetime) -> None:
    rows = [
        {"id": entry.journey_id, "end_reason": entry.decision.journey.end_reason or "ended"}
        for entry in written
        if entry.decision.cancel_open
    ]
    if rows:
        session.execute(
            text(
                "UPDATE messages m SET state = 'cancelled', reason = r.end_reason, changed_at = :now"
                " FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS r(id bigint, end_reason text)"
                " WHERE m.journey_id = r.id AND m.state IN ('due', 'claimed')"
            ),
            {"rows": as_json(rows), "now": now},
        )
