"""The mails that leave next, as a merchant would list them: when, what, to whom, because of what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from app.db import Session
from app.keys import Keys
from app.queries.brand import Kit
from app.queries.facts import FactBase, load_fact_base
from app.queries.home import next_rows
from app.services.letter import brand_of, mail_context
from app.services.letter_links import Post
from emails.message import Brand, Links
from emails.render import subject_of
from flows.commerce import Order
from flows.flow import Flow
from flows.presets import BY_KEY
from flows.steps import Node, Send


@dataclass(frozen=True, slots=True)
class NextMail:
    """`subject` is "" where no mail can be written yet. `put_off`: its time had come before; `tries`: how
    often a mail server has refused it."""

    at: datetime
    subject: str
    reader: str
    order_id: str
    order_number: str
    flow_key: str
    step: str
    put_off: bool
    tries: int


def next_mails(
    session: Session, post: Post, keys: Keys, shop_id: int, now: datetime, limit: int = 8
) -> list[NextMail]:
    """Fifteen statements at most, however many there are."""
    rows = [row for row in next_rows(session, shop_id, limit) if row.flow_key in BY_KEY]
    if not rows:
        return []
    base = load_fact_base(session, {(shop_id, row.order_id) for row in rows}, keys)
    shop = base.shops[shop_id]
    look = brand_of(shop, base.kits.get(shop_id, Kit()), post)
    own = base.own_words.get(shop_id, {})
    return [_listed(row, base, shop_id, look, own, now) for row in rows]


def _listed(
    row: Any,
    base: FactBase,
    shop_id: int,
    look: Brand,
    own: Mapping[str, Mapping[str, str]],
    now: datetime,
) -> NextMail:
    send = _send_of(BY_KEY[row.flow_key], row)
    picture = base.pictures.get((shop_id, row.order_id))
    order = picture.order if picture else None
    return NextMail(
        at=row.at,
        subject=_subject(row, send, base, shop_id, look, own) if send and order else "",
        reader=_reader(order) if order else "",
        order_id=row.order_id,
        order_number=order.number if order else row.order_id,
        flow_key=row.flow_key,
        step=send.key if send else "",
        put_off=row.due_at <= now < row.at,
        tries=row.attempts,
    )


def _send_of(flow: Flow, row: Any) -> Send | None:
    """The mail that a row is, or that its journey writes next."""
    node = flow.nodes.get(row.step) if row.step else flow.first
    return _first_send(node)


def _first_send(node: Node | None) -> Send | None:
    while node is not None:
        if isinstance(node.step, Send):
            return node.step
        inside = next((send for _, branch in node.branches if (send := _first_send(branch))), None)
        if inside is not None:
            return inside
        node = node.then
    return None


def _subject(
    row: Any,
    send: Send,
    base: FactBase,
    shop_id: int,
    look: Brand,
    own: Mapping[str, Mapping[str, str]],
) -> str:
    facts = base.facts((shop_id, row.order_id), row.flow_key, row.parcel_id)
    dead = Links(tracking=look.url, shop=look.url)
    context = mail_context(base.shops[shop_id], look, row.parcel_id, send.key, facts, dead)
    context = replace(context, own_words=own)
    return subject_of(send.template, context, context.locale)


def _reader(order: Order) -> str:
    return " ".join(filter(None, (order.first_name, order.last_name))) or order.email or ""
