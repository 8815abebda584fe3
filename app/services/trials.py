"""A merchant tries a second subject beside the first: half of the people whose journey begins get each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text

from app.db import Session
from app.services.groups import Unwanted
from app.services.locks import lock_shop
from emails.own_words import problem_with, subjects_of, tidied
from flows.flow import Flow
from flows.steps import Send


@dataclass(frozen=True, slots=True)
class Running:
    step: str
    number: int
    language: str
    subject: str
    began_at: datetime


def running_trials(session: Session, shop_id: int, flow: Flow) -> list[Running]:
    """In the order of the flow's mails."""
    places = {key: place for place, key in enumerate(flow.nodes)}
    found = [
        Running(**row._mapping) for row in session.execute(_RUNNING, {"shop": shop_id, "flow": flow.key})
    ]
    return sorted(found, key=lambda one: places.get(one.step, len(places)))


def begin_trial(
    session: Session, shop_id: int, flow: Flow, send: Send, language: str, subject: str, now: datetime
) -> str:
    """From now on every journey that begins draws one of the two. Returns the subject as it is kept. Raises
    Unwanted."""
    subject = tidied(subject)
    field = subjects_of(send.template)[0]
    if not subject:
        raise Unwanted("A second subject is needed.")
    if problem := problem_with(field, language, subject):
        raise Unwanted(problem)
    if send.variants:
        raise Unwanted("This mail has several wordings of its own already.")
    lock_shop(session, shop_id)
    given = {"shop": shop_id, "flow": flow.key, "step": send.key, "now": now}
    if not session.execute(_BEGIN, {**given, "language": language, "subject": subject}).all():
        raise Unwanted("A second subject of this mail is tried already. End that first.")
    return subject


def end_trial(session: Session, shop_id: int, flow: Flow, step: str, now: datetime) -> bool:
    """Journeys that begin from now on get the first. Whoever is under way keeps what they drew. Whether one
    was running."""
    lock_shop(session, shop_id)
    given = {"shop": shop_id, "flow": flow.key, "step": step, "now": now}
    return bool(session.execute(_END, given).all())


_RUNNING = text(
    "SELECT step, number, language, subject, began_at FROM trials"
    " WHERE shop_id = :shop AND flow_key = :flow AND ended_at IS NULL"
)
_BEGIN = text(
    "INSERT INTO trials (shop_id, flow_key, step, number, language, subject, began_at)"
    " SELECT :shop, :flow, :step, 1 + coalesce((SELECT max(number) FROM trials WHERE shop_id = :shop"
    "  AND flow_key = :flow AND step = :step), 0), :language, :subject, :now"
    " ON CONFLICT (shop_id, flow_key, step) WHERE ended_at IS NULL DO NOTHING RETURNING number"
)
_END = text(
    "UPDATE trials SET ended_at = :now WHERE shop_id = :shop AND flow_key = :flow AND step = :step"
    " AND ended_at IS NULL RETURNING number"
)
