"""All mails: searched by order or person, and why an order got none."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, Response, make_response, render_template, request
from sqlalchemy import Row

from app.db import Session
from app.keys import BadSeal
from app.models.shop import SHOP_PAUSED
from app.queries.messages import GROUPS as STATES_OF
from app.queries.messages import PAGE, Count, Place, Search, count_messages, find_orders, list_messages
from app.services.explain import Explanation, explain_flow
from app.web.admin.doors import Merchant, merchant
from app.web.admin.message_words import GROUPS, OUTCOMES, Sign, mail_title, sign_of
from app.web.guards import runtime
from app.words.flows import FLOW_WORDS
from app.words.moments import short
from app.words.reasons import why
from flows.presets import PRESETS

blueprint = Blueprint("messages", __name__)

# Orders of a search whose flows are told one by one.
TOLD = 3


@dataclass(frozen=True, slots=True)
class MailRow:
    id: int
    when: str
    subject: str
    title: str
    reader: str
    number: str
    sign: Sign
    note: str


@dataclass(frozen=True, slots=True)
class FlowRow:
    """What became of one flow for an order."""

    title: str
    sign: Sign
    words: str
    path: str


@dataclass(frozen=True, slots=True)
class OrderTold:
    number: str
    reader: str
    placed: str
    flows: tuple[FlowRow, ...]


@blueprint.get("/messages")
@merchant
def messages(seen: Merchant) -> str:
    """`q` is an order's number. What was typed may be a person, so it comes back sealed, as `search`:
    addresses of pages are kept in histories and in logs on the way."""
    sealed = request.args.get("search", "")
    asked = _unsealed(seen, sealed)
    return _page(seen, asked or _tame(request.args.get("q", "")), sealed if asked else "")


@blueprint.post("/messages")
@merchant
def search(seen: Merchant) -> Response:
    """Reads only; a POST keeps what was typed out of the address."""
    asked = _tame(request.form.get("q", ""))
    sealed = runtime().keys.seal(seen.shop_id, {"search": asked}).decode() if asked else ""
    answer = make_response(_page(seen, asked, sealed))
    answer.headers["HX-Push-Url"] = _at(seen, search=sealed, state=_group())
    return answer


def _page(seen: Merchant, asked: str, sealed: str) -> str:
    group, before = _group(), _before()
    now, zone = runtime().clock.now(), seen.shop.timezone
    with runtime().database.shops(seen.shop_id) as session:
        found = find_orders(session, seen.shop_id, asked, people=bool(sealed))
        rows = list_messages(session, seen.shop_id, found.ids, group or None, before, PAGE + 1)
        counts = count_messages(session, seen.shop_id, found.ids)
        told = _told(session, seen, found, now) if asked and before is None else []
    shown = rows[:PAGE]
    same = {"search": sealed} if sealed else {"q": asked}
    return render_template(
        "admin/messages.html",
        seen=seen,
        page="messages",
        at=lambda **query: _at(seen, **same, **query),
        asked=asked,
        group=group,
        groups=GROUPS,
        counts={"": sum(counts.values(), Count(0)), **counts},
        page_size=PAGE,
        mails=[_mail(row, zone, now) for row in shown],
        older=_place(shown[-1]) if len(rows) > PAGE else "",
        later=before is not None,
        searched=found,
        told=told,
        many=bool(found.orders) and len(found.orders or ()) > TOLD,
    )


def _at(seen: Merchant, **query: str) -> str:
    return seen.link("/messages", **{name: said for name, said in query.items() if said})


def _tame(typed: str) -> str:
    return typed.replace("\0", "").strip()[:200]


def _unsealed(seen: Merchant, sealed: str) -> str:
    """Nothing where we did not seal it for this shop."""
    try:
        return runtime().keys.unseal(seen.shop_id, sealed.encode()).get("search", "")
    except BadSeal:
        return ""


def _group() -> str:
    group = request.values.get("state", "")
    return group if group in STATES_OF else ""


def _before() -> Place | None:
    """The place in the list that an address names; one that is none is the beginning."""
    micros, _, number = request.args.get("before", "").partition("-")
    if not (micros.isdecimal() and number.isdecimal()) or len(micros) > 16 or len(number) > 18:
        return None
    return datetime.fromtimestamp(int(micros) / 1_000_000, UTC), int(number)


def _place(row: Row[Any]) -> str:
    return f"{round(row.due_at.timestamp() * 1_000_000)}-{row.id}"


def _mail(row: Row[Any], zone: str, now: datetime) -> MailRow:
    name = " ".join(filter(None, (row.first_name, row.last_name)))
    return MailRow(
        id=row.id,
        when=short(row.sent_at or row.due_at, zone, now),
        subject=row.subject or "",
        title=mail_title(row.flow_key, row.step),
        reader=name or row.recipient or "nobody",
        number=row.number or "",
        sign=sign_of(row.state, row.delivery),
        note=_note(row, zone, now),
    )


def _note(row: Row[Any], zone: str, now: datetime) -> str:
    """The reason in words; of a waiting mail until when."""
    if row.state in ("due", "claimed") and row.reason != SHOP_PAUSED:
        until = f"until {short(row.next_at, zone, now)}"
        return f"{until}: {why(row.reason).because}" if row.reason else until
    return why(row.reason).because if row.reason else ""


def _told(session: Session, seen: Merchant, found: Search, now: datetime) -> list[OrderTold]:
    """The flows of the first orders that were found, started or not, each with its reason."""
    return [
        OrderTold(
            number=order.number,
            reader=order.email or "no e-mail address",
            placed=short(order.placed_at, seen.shop.timezone, now),
            flows=tuple(
                _flow(flow.key, explain_flow(session, seen.shop_id, order.id, flow.key, runtime().keys, now))
                for flow in PRESETS
            ),
        )
        for order in (found.orders or ())[:TOLD]
    ]


def _flow(key: str, found: list[Explanation]) -> FlowRow:
    told = found[-1]
    return FlowRow(
        title=FLOW_WORDS[key].title,
        sign=OUTCOMES[told.outcome],
        words=told.answer.whole,
        path=f"/messages/order/{told.order_id}/{key}",
    )
