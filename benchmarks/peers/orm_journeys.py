"""From orders to journeys as a first version does it: SQLAlchemy's ORM, an order at a time, each in its own
transaction. The decisions are ours, of the same flows; tables of its own, one row for each thing, as one
would draw them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, ForeignKey, Text, create_engine, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship
from sqlalchemy.types import DateTime

from connectors.base import Reading
from flows import engine
from flows.commerce import ConsentState, Product
from flows.events import Event, events_that_hold
from flows.facts import Facts, FlowSetting, ShopFacts
from flows.flow import Flow
from flows.journey import Decision
from flows.person import Person
from flows.picture import OrderPicture
from flows.plain import from_plain, to_plain


class Base(DeclarativeBase):
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: DateTime(timezone=True),
        str: Text,
        dict[str, Any]: JSON,
        list[Any]: JSON,
    }


class Switch(Base):
    __tablename__ = "peer_switches"
    flow: Mapped[str] = mapped_column(primary_key=True)
    since: Mapped[datetime]
    knobs: Mapped[dict[str, Any]]


class Product_(Base):
    __tablename__ = "peer_products"
    id: Mapped[str] = mapped_column(primary_key=True)
    body: Mapped[dict[str, Any]]


class Buyer(Base):
    __tablename__ = "peer_buyers"
    email: Mapped[str] = mapped_column(primary_key=True)
    consent: Mapped[str | None]
    orders: Mapped[list[Order_]] = relationship(back_populates="buyer", order_by="Order_.placed_at")


class Order_(Base):
    __tablename__ = "peer_orders"
    id: Mapped[str] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(ForeignKey(Buyer.email), index=True)
    placed_at: Mapped[datetime]
    total: Mapped[int]
    body: Mapped[dict[str, Any]]
    buyer: Mapped[Buyer] = relationship(back_populates="orders")
    parcels: Mapped[list[Parcel_]] = relationship()
    events: Mapped[list[Event_]] = relationship()
    journeys: Mapped[list[Journey]] = relationship()


class Parcel_(Base):
    __tablename__ = "peer_parcels"
    id: Mapped[str] = mapped_column(primary_key=True)
    order_id: Mapped[str] = mapped_column(ForeignKey(Order_.id), index=True)
    body: Mapped[dict[str, Any]]


class Event_(Base):
    __tablename__ = "peer_events"
    key: Mapped[str] = mapped_column(primary_key=True)
    order_id: Mapped[str] = mapped_column(ForeignKey(Order_.id), index=True)
    kind: Mapped[str]
    happened_at: Mapped[datetime]


class Journey(Base):
    __tablename__ = "peer_journeys"
    id: Mapped[int] = mapped_column(primary_key=True)
    flow: Mapped[str]
    subject: Mapped[str]
    order_id: Mapped[str] = mapped_column(ForeignKey(Order_.id), index=True)
    status: Mapped[str]
    step: Mapped[str | None]
    wake_at: Mapped[datetime | None] = mapped_column(index=True)
    reasons: Mapped[list[Any]]
    mails: Mapped[list[Mail]] = relationship()


class Mail(Base):
    __tablename__ = "peer_mails"
    id: Mapped[int] = mapped_column(primary_key=True)
    journey_id: Mapped[int] = mapped_column(ForeignKey(Journey.id), index=True)
    step: Mapped[str]
    recipient: Mapped[str]
    due_at: Mapped[datetime] = mapped_column(index=True)
    reasons: Mapped[list[Any]]


def opened(url: str, shop: ShopFacts, flows: tuple[Flow, ...], products: tuple[Product, ...]) -> Session:
    made = create_engine(url)
    Base.metadata.create_all(made)
    session = Session(made)
    for flow in flows:
        session.add(Switch(flow=flow.key, since=shop.connected_at, knobs=flow.knob_values({})))
    for product in products:
        session.add(Product_(id=product.id, body=to_plain(product)))
    session.commit()
    return session


def react(session: Session, shop: ShopFacts, flows: tuple[Flow, ...], told: Reading, now: datetime) -> int:
    """One order, with all that is known of it. Returns how many journeys it has, declined ones too."""
    (order,) = told.orders
    email = order.email or ""
    buyer = session.get(Buyer, email) or Buyer(email=email)
    if told.consents:
        buyer.consent = told.consents[0].state.value
    row = Order_(id=order.id, placed_at=order.placed_at, total=order.total, body=to_plain(order), buyer=buyer)
    row.parcels = [Parcel_(id=one.id, body=to_plain(one)) for one in told.parcels]
    session.add(row)
    session.flush()
    picture = OrderPicture(order, told.parcels, told.parcel_events, told.refunds)
    found = events_that_hold(picture)
    known = _known(session, shop, row, picture, found)
    row.events = [
        Event_(key=event.key, kind=event.kind.value, happened_at=event.happened_at) for event in found
    ]
    begun: dict[tuple[str, str], Journey] = {}
    for event in found:
        for flow in flows:
            if event.kind in flow.triggers:
                facts = _facts(session, known, flow, event.parcel_id)
                of = flow.key, flow.subject_of(event, facts)
                if of not in begun:
                    begun[of] = _journey(of, engine.start(flow, event, facts, now), email)
    row.journeys = list(begun.values())
    session.commit()
    return len(begun)


def _known(
    session: Session, shop: ShopFacts, row: Order_, picture: OrderPicture, found: Sequence[Event]
) -> Facts:
    placed = [one.placed_at for one in row.buyer.orders]
    bought = {line.product_id for line in picture.order.lines if line.product_id}
    products = {
        one.id: from_plain(Product, one.body)
        for one in session.scalars(select(Product_).where(Product_.id.in_(bought)))
    }
    consent = ConsentState(row.buyer.consent) if row.buyer.consent else None
    person = Person(row.email, len(placed), spent=sum(one.total for one in row.buyer.orders))
    before = sum(at < row.placed_at for at in placed)
    return Facts(
        shop, FlowSetting(), picture, {one.kind: one.happened_at for one in found}, products,
        recipient=row.email, consent=consent, person=person, orders_before=before,
    )  # fmt: skip


def _facts(session: Session, known: Facts, flow: Flow, parcel_id: str | None) -> Facts:
    switch = session.get_one(Switch, flow.key)
    return replace(known, setting=FlowSetting(True, switch.since, switch.knobs), parcel_id=parcel_id)


def _journey(of: tuple[str, str], decision: Decision, recipient: str) -> Journey:
    flow, subject = of
    state, reasons = decision.journey, to_plain(decision.reasons)
    mails = [
        Mail(step=one.step, recipient=recipient, due_at=one.due_at, reasons=reasons)
        for one in decision.messages
    ]
    return Journey(
        flow=flow, subject=subject, status=state.status.value, step=state.step, wake_at=state.wake_at,
        reasons=reasons, mails=mails,
    )  # fmt: skip
