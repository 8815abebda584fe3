"""Why a mail was sent or not: the whole answer as one value, for the admin page and the command line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row

from app.db import Session
from app.keys import Keys
from app.models.shop import PARKED
from app.queries import explain as stored
from app.queries.facts import FactBase, ShopRow, load_fact_base, load_shops
from app.services.asked import (
    Asked,
    asked_about_event,
    asked_about_journey,
    asked_about_mail,
    event_of,
)
from app.words.answers import Answer, Outcome, answer
from flows.counterfactual import Counterfactual, counterfactual
from flows.events import Event
from flows.facts import Facts
from flows.flow import Flow
from flows.presets import PRESETS

COUNTED = timedelta(days=90)

_OUTCOMES = {
    "due": Outcome.WAITING,
    "claimed": Outcome.WAITING,
    "sending": Outcome.WAITING,
    "sent": Outcome.SENT,
    "failed": Outcome.FAILED,
    "unknown": Outcome.DOUBT,
    "skipped": Outcome.NOT_SENT,
    "cancelled": Outcome.NOT_SENT,
    "expired": Outcome.NOT_SENT,
}
_OF_JOURNEYS = {
    "active": Outcome.WAITING,
    "done": Outcome.DONE,
    "ended": Outcome.NOT_SENT,
    "declined": Outcome.NOT_STARTED,
}


@dataclass(frozen=True, slots=True)
class Explanation:
    """`message` and `journey` are None where there is none. `source` is the event that started it with
    the store's message, `blocked_by` the one that stopped it. `mails`: every mail of the order, `flows`:
    what became of each flow. `responses` came after the mail had left."""

    shop: ShopRow
    flow_key: str
    flow: Flow | None
    order_id: str
    facts: Facts | None
    outcome: Outcome
    reason: str | None
    answer: Answer
    asked: Asked
    change: Counterfactual
    message: Row[Any] | None
    journey: Row[Any] | None
    source: Row[Any] | None
    blocked_by: Row[Any] | None
    events: tuple[Row[Any], ...]
    mails: tuple[Row[Any], ...]
    journeys: tuple[Row[Any], ...]
    responses: tuple[Row[Any], ...]
    base: FactBase


def explain_message(
    session: Session,
    shop_id: int,
    message_id: int,
    secrets: Keys,
    now: datetime,
    flows: Sequence[Flow] = PRESETS,
) -> Explanation | None:
    """None: the shop has no such mail."""
    message = stored.message_by_id(session, shop_id, message_id)
    if message is None:
        return None
    looked = _look(session, shop_id, message.order_id, message.flow_key, message.parcel_id, secrets, flows)
    journey = stored.journey_by_id(session, shop_id, message.journey_id)
    source = next((row for row in looked.events if row.key == journey.event_key), None)
    asked = asked_about_mail(looked.flow, message, journey, event_of(source), looked.facts, now)
    return _explanation(
        session,
        looked,
        outcome=_OUTCOMES[message.state],
        reason=message.reason,
        asked=asked,
        at=message.sent_at or (message.due_at if message.next_at >= PARKED else message.next_at),
        message=message,
        journey=journey,
        source=source,
    )


def explain_flow(
    session: Session,
    shop_id: int,
    order_id: str,
    flow_key: str,
    secrets: Keys,
    now: datetime,
    flows: Sequence[Flow] = PRESETS,
) -> list[Explanation]:
    """What became of the flow for this order: an answer for each of its journeys (a parcel has its own),
    or one that says why there is none. Empty: the shop has no such order."""
    if not stored.order_exists(session, shop_id, order_id):
        return []
    found = []
    for journey in stored.journeys_of(session, shop_id, order_id, flow_key):
        looked = _look(session, shop_id, order_id, flow_key, journey.parcel_id, secrets, flows)
        source = next((row for row in looked.events if row.key == journey.event_key), None)
        asked = asked_about_journey(looked.flow, journey, event_of(source), looked.facts, now)
        found.append(
            _explanation(
                session,
                looked,
                outcome=_OF_JOURNEYS[journey.status],
                reason=journey.end_reason if journey.status in ("ended", "declined") else None,
                asked=asked,
                at=journey.wake_at,
                message=None,
                journey=journey,
                source=source,
            )
        )
    return found or [_never(session, shop_id, order_id, flow_key, secrets, now, flows)]


def held_back(session: Session, told: Explanation, now: datetime) -> int:
    """Orders that the same reason kept from a mail of this flow in 90 days. It counts over all of them,
    so a list does not ask for it."""
    if told.reason is None or told.outcome not in (Outcome.NOT_SENT, Outcome.NOT_STARTED):
        return 0
    return stored.held_back(session, told.shop.id, told.flow_key, told.reason, now - COUNTED)


@dataclass(frozen=True, slots=True)
class _Looked:
    shop: ShopRow
    order_id: str
    flow_key: str
    flow: Flow | None
    facts: Facts | None
    events: tuple[Row[Any], ...]
    base: FactBase


def _look(
    session: Session,
    shop_id: int,
    order_id: str,
    flow_key: str,
    parcel_id: str | None,
    secrets: Keys,
    flows: Sequence[Flow],
) -> _Looked:
    base = load_fact_base(session, [(shop_id, order_id)], secrets)
    shop = base.shops.get(shop_id) or load_shops(session, [shop_id])[shop_id]
    known = (shop_id, order_id) in base.pictures
    return _Looked(
        shop,
        order_id,
        flow_key,
        next((flow for flow in flows if flow.key == flow_key), None),
        base.facts((shop_id, order_id), flow_key, parcel_id) if known else None,
        tuple(stored.events_of(session, shop_id, order_id)),
        base,
    )


def _never(
    session: Session,
    shop_id: int,
    order_id: str,
    flow_key: str,
    secrets: Keys,
    now: datetime,
    flows: Sequence[Flow],
) -> Explanation:
    """No journey: the event came and no flow was allowed to hear it, or it has not come."""
    looked = _look(session, shop_id, order_id, flow_key, None, secrets, flows)
    source = next((row for row in reversed(looked.events) if flow_key in row.declined), None)
    reason = source.declined[flow_key] if source is not None else None
    asked = Asked(entry_again=True)
    if looked.flow is not None and looked.facts is not None:
        awaited = Event(looked.flow.trigger, "", f"order:{order_id}", order_id, now)
        asked = asked_about_event(looked.flow, event_of(source) or awaited, reason, looked.facts, now)
        early = any(rule.rule == "placed_after_connect" and not rule.passed for rule in asked.entry)
        reason = reason or ("placed_before_connect" if early else None)
    return _explanation(
        session,
        looked,
        outcome=Outcome.NOT_STARTED,
        reason=reason,
        asked=asked,
        at=None,
        message=None,
        journey=None,
        source=source,
    )


def _explanation(
    session: Session,
    looked: _Looked,
    *,
    outcome: Outcome,
    reason: str | None,
    asked: Asked,
    at: datetime | None,
    message: Row[Any] | None,
    journey: Row[Any] | None,
    source: Row[Any] | None,
) -> Explanation:
    shop, order_id = looked.shop, looked.order_id
    change = counterfactual(asked.reasons)
    mails = tuple(stored.messages_of_order(session, shop.id, order_id))
    own = [mail for mail in mails if journey is not None and mail.journey_id == journey.id]
    stopped = outcome in (Outcome.NOT_SENT, Outcome.NOT_STARTED) and reason
    return Explanation(
        shop=shop,
        flow_key=looked.flow_key,
        flow=looked.flow,
        order_id=order_id,
        facts=looked.facts,
        outcome=outcome,
        reason=reason,
        answer=answer(
            outcome,
            reason,
            change,
            zone=shop.timezone,
            at=at,
            trigger=looked.flow.trigger if looked.flow else None,
            over=journey is not None and journey.status != "active",
            went=(sum(mail.state == "sent" for mail in own), len(own)),
        ),
        asked=asked,
        change=change,
        message=message,
        journey=journey,
        source=source,
        blocked_by=_blocking(looked.events, change) if stopped else None,
        events=looked.events,
        mails=mails,
        journeys=tuple(stored.journeys_of(session, shop.id, order_id)),
        responses=tuple(stored.responses_to(session, shop.id, [mail.id for mail in mails])),
        base=looked.base,
    )


def _blocking(events: Sequence[Row[Any]], change: Counterfactual) -> Row[Any] | None:
    """The event that a rule held against the mail; of one that was taken back and came again, the last."""
    against = {
        leaf.value for one in (*change.alone, *change.together) for leaf in one.leaves if not leaf.passed
    }
    return next((row for row in reversed(events) if row.kind in against), None)
