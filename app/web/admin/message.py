"""One mail, or a flow that sent none: the answer first, then the rules with their values, then the rest."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from babel import Locale
from flask import Blueprint, abort, redirect, render_template, request
from sqlalchemy import Row
from werkzeug.wrappers import Response

from app.db import Session
from app.services.explain import Explanation, explain_flow, explain_message, held_back
from app.services.preview import Preview, preview
from app.web.admin.doors import Merchant, merchant
from app.web.admin.flow_mail import in_light
from app.web.admin.message_history import history, tally
from app.web.admin.message_words import (
    OUTCOMES,
    event_said,
    mail_title,
    response_said,
    sign_of,
    topic_said,
)
from app.web.admin.trial_words import variant_said
from app.web.guards import runtime
from app.words.answers import Outcome
from app.words.clauses import telling
from app.words.moments import moment, second
from app.words.values import Known, lines_of
from emails.money import money
from flows.counterfactual import leaves_of
from flows.facts import Reason
from flows.presets import BY_KEY
from flows.steps import Send, steps_within

blueprint = Blueprint("message", __name__)

PARTS = {"light": "Light", "dark": "Dark", "text": "Text"}
LARGEST_ID = 2**63 - 1


@blueprint.get("/messages/<int:message_id>")
@merchant
def message(seen: Merchant, message_id: int) -> str:
    at = runtime()
    if message_id > LARGEST_ID:
        abort(404)
    with at.database.shops(seen.shop_id) as session:
        told = explain_message(session, seen.shop_id, message_id, at.keys, at.clock.now())
        if told is None:
            abort(404)
        return _page(session, seen, told, at.clock.now())


@blueprint.get("/messages/order/<order_id>/<flow_key>")
@merchant
def of_order(seen: Merchant, order_id: str, flow_key: str) -> str | Response:
    """A flow that has one mail for the order is told by that mail."""
    at = runtime()
    if flow_key not in BY_KEY or "\0" in order_id:
        abort(404)
    with at.database.shops(seen.shop_id) as session:
        found = explain_flow(session, seen.shop_id, order_id, flow_key, at.keys, at.clock.now())
        if not found:
            abort(404)
        place = request.args.get("journey", "")
        told = next((one for one in found if one.journey and str(one.journey.id) == place), found[0])
        own = [row for row in told.mails if told.journey and row.journey_id == told.journey.id]
        if len(found) == len(own) == 1 and told.outcome is Outcome.DONE:
            return redirect(seen.link(f"/messages/{own[0].id}"))
        return _page(session, seen, told, at.clock.now(), found)


def _page(
    session: Session,
    seen: Merchant,
    told: Explanation,
    now: datetime,
    siblings: Sequence[Explanation] = (),
) -> str:
    zone = seen.shop.timezone
    order = told.facts.picture.order if told.facts else None
    known = Known(
        zone,
        (told.message.recipient if told.message else None) or (order.email if order else "") or "",
        {row.kind: row.happened_at for row in told.events},
    )
    blocking = _blocking(told)
    part = request.args.get("part", "light")
    shown = _shown(session, seen, told)
    name = " ".join(filter(None, (order.first_name, order.last_name))) if order else ""
    return render_template(
        "admin/message.html",
        seen=seen,
        page="messages",
        told=told,
        held_back=held_back(session, told, now),
        sign=sign_of(told.message.state, told.message.delivery) if told.message else OUTCOMES[told.outcome],
        title=mail_title(told.flow_key, told.message.step if told.message else None),
        reader=name or known.recipient,
        first_name=order.first_name if order else "",
        order=order,
        facts_line=_facts_line(told),
        wording=_wording(told),
        decided=_decided(told, zone, now),
        entry=lines_of(told.asked.entry, known),
        limits=lines_of(told.asked.limits, known),
        blocking=blocking,
        source=_source(told.source, zone),
        event_title=event_said(told.source.kind) if told.source is not None else "",
        blocked_by=_source(told.blocked_by, zone),
        shown=shown,
        html=in_light(shown.mail.html, dark=part == "dark") if shown else "",
        part=part if part in PARTS else "light",
        parts=PARTS,
        past=history(told, zone, now),
        tally=tally(told),
        responses=_responses(told, zone),
        siblings=[(one, mail_title(one.flow_key)) for one in siblings] if len(siblings) > 1 else [],
        here=request.path.partition("/app")[2],
    )


def _blocking(told: Explanation) -> frozenset[Reason]:
    """The rules that stand out: of each fact that kept it back the one that says it best. What only
    follows from it (that no item is left, after a full refund) stays quiet."""
    if told.outcome not in (Outcome.NOT_SENT, Outcome.NOT_STARTED):
        return frozenset()
    leaves = {telling(change) for change in (told.change.alone or told.change.together)}
    return frozenset(
        leaf
        for reason in told.asked.reasons
        for leaf in leaves_of(reason)
        if leaf in leaves and not leaf.passed
    )


def _facts_line(told: Explanation) -> str:
    """Handmill No. 3 and 2 more, $148.00."""
    if told.facts is None:
        return ""
    order = told.facts.picture.order
    titles = [line.title for line in order.lines]
    more = f" and {len(titles) - 1} more" if len(titles) > 1 else ""
    return ", ".join(
        filter(None, (f"{titles[0]}{more}" if titles else "", _amount(order.total, order.currency)))
    )


def _wording(told: Explanation) -> str:
    if told.message is None or told.facts is None:
        return ""
    return variant_said(told.message.variant, told.facts.setting.trials, told.message.step)


def _amount(total: int, currency: str) -> str:
    return money(total, currency, Locale("en"))


def _decided(told: Explanation, zone: str, now: datetime) -> str:
    row = told.message
    if row is None:
        return f"Decided on {moment(told.journey.changed_at, zone, now)}." if told.journey else ""
    if row.state == "sent":
        return f"Sent on {moment(row.sent_at, zone, now)}."
    if told.outcome is Outcome.WAITING:
        return f"Due on {moment(row.due_at, zone, now)}."
    return f"Decided on {moment(row.changed_at, zone, now)}."


def _source(row: Row[Any] | None, zone: str) -> dict[str, str] | None:
    """The store's message behind an event."""
    if row is None:
        return None
    inbox = getattr(row, "inbox_id", None)
    topic, received = getattr(row, "topic", None), getattr(row, "received_at", None)
    if inbox is None:
        told = second(row.recorded_at, zone)
        return {"said": "", "topic": "", "received": told, "inbox": ""}
    return {
        "said": topic_said(topic) if topic else "",
        "topic": topic or "",
        "received": second(received, zone) if received else "",
        "inbox": str(inbox),
    }


def _shown(session: Session, seen: Merchant, told: Explanation) -> Preview | None:
    """The mail on the facts of today; None where the order has nothing left to show."""
    at = runtime()
    template = told.message.template if told.message else _first_template(told.flow_key)
    if template is None or told.facts is None:
        return None
    parcel = told.message.parcel_id if told.message else told.journey.parcel_id if told.journey else None
    try:
        found = preview(
            session,
            at.sender(),
            seen.shop_id,
            template,
            order_id=told.order_id,
            parcel_id=parcel,
            as_ordered=told.outcome is not Outcome.SENT,
            keys=at.keys,
            now=at.clock.now(),
        )
    except Exception:  # a mail that could not be written cannot be shown; the page says why it was not
        return None
    return None if found.is_sample else found


def _first_template(flow_key: str) -> str | None:
    flow = BY_KEY.get(flow_key)
    steps = steps_within(flow.steps) if flow else ()
    return next((step.template for step in steps if isinstance(step, Send)), None)


def _responses(told: Explanation, zone: str) -> list[tuple[str, str, str, str]]:
    """What came after the mail had left: when, what, where a click led, and a mail server's own words."""
    if told.message is None:
        return []
    return [
        (second(row.at, zone), response_said(row.kind), _led_to(row.data), str(row.data.get("words") or ""))
        for row in told.responses
        if row.message_id == told.message.id
    ]


def _led_to(data: dict[str, object]) -> str:
    return _PLACES.get(str(data.get("to", "")), "")


_PLACES = {
    "review": "the review page",
    "tracking": "the tracking page",
    "arrival": "the arrival page",
    "shop": "your shop",
}
