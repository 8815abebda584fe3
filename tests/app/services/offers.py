"""Mails that wait for a person at the desk, and a courier that keeps what it is given."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from app.services.send import send_due
from connectors.base import Reading
from emails.message import Envelope
from emails.providers.base import Receipt, Repeats
from flows.commerce import Consent, ConsentState
from flows.events import OrderDeleted, OrderDelivered
from flows.facts import MailClass, Topic
from flows.flow import Flow
from flows.steps import Send
from tests.app.desk import START, Desk, an_order
from tests.app.sending import sender_of

NOON = START + timedelta(days=1, hours=3)
MAIL = "delivered/arrived"
GONE = (OrderDeleted,)


def a_flow(key: str, mail_class: MailClass = MailClass.MARKETING) -> Flow:
    topic = None if mail_class is MailClass.TRANSACTIONAL else Topic.OFFERS
    return Flow(key, 1, mail_class, OrderDelivered, (Send("mail", MAIL, 24 * 14),), topic=topic, exit_on=GONE)


FLOWS = (
    a_flow("replenishment"),
    a_flow("win_back"),
    a_flow("surprise_delight"),
    a_flow("care_warranty", MailClass.SERVICE),
    a_flow("shipped", MailClass.TRANSACTIONAL),
)


@dataclass
class Box:
    """A vendor that takes everything. `before_mark`: what happens when a mail is ready to be marked."""

    name: str = "box"
    idempotent: bool = False
    repeats: Repeats = Repeats.NONE
    mails: list[Envelope] = field(default_factory=list)
    before_mark: Callable[[], object] = lambda: None
    ready: Envelope | None = None

    def connect(self) -> Box:
        return Box(mails=self.mails, before_mark=self.before_mark)

    def prepare(self, envelope: Envelope) -> None:
        self.ready = envelope
        self.before_mark()

    def hand_over(self) -> Receipt:
        assert self.ready is not None
        self.mails.append(self.ready)
        return Receipt("", "")

    def drop(self) -> None:
        self.ready = None

    def __enter__(self) -> Box:
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing is open."""


def run(desk: Desk, box: Box, limit: int = 100) -> list[str]:
    """The flows whose mails left, in their order."""
    before, sender = len(box.mails), sender_of(desk, box, FLOWS)
    with box.connect() as courier:
        while send_due(sender, courier, desk.real + timedelta(seconds=20), limit):
            pass
    return [mail.headers["X-Doorstep-Flow"] for mail in box.mails[before:]]


def open_shop(desk: Desk, *emails: str) -> None:
    """All of `FLOWS` are on, and these people have agreed to offers; each has an order of their number."""
    desk.now = desk.real = NOON
    for flow in FLOWS:
        desk.rows(
            "INSERT INTO flow_switches (shop_id, flow_key, enabled, since) VALUES (:shop, :key, true, :at)"
            " ON CONFLICT (shop_id, flow_key) DO UPDATE SET enabled = true RETURNING 1",
            shop=desk.shop_id,
            key=flow.key,
            at=START,
        )
    orders = tuple(
        an_order(id=str(n), number=str(n), email=email, at=NOON - timedelta(hours=1))
        for n, email in enumerate(emails)
    )
    agreed = tuple(Consent(email, ConsentState.SUBSCRIBED, START) for email in emails)
    desk.read(Reading(orders=orders, consents=agreed))
    desk.rows("DELETE FROM messages RETURNING 1")


def plan(
    desk: Desk,
    flow: str,
    order: str = "0",
    at: datetime | None = None,
    expires: timedelta = timedelta(days=14),
) -> int:
    """A mail of a journey of its own, due at `at`."""
    mail_class = next(one.mail_class for one in FLOWS if one.key == flow)
    (journey,) = desk.rows(
        "INSERT INTO journeys (shop_id, generation, flow_key, flow_version, subject, order_id, event_key,"
        " status, anchor, started_at, changed_at) SELECT :shop, 1, :flow, 1, 'case:' || count(*), :order,"
        " 'told', 'done', :at, :at, :at FROM journeys RETURNING id",
        shop=desk.shop_id,
        flow=flow,
        order=order,
        at=at or desk.now,
    )
    (row,) = desk.rows(
        "INSERT INTO messages (shop_id, generation, journey_id, flow_key, step, occurrence, template,"
        " mail_class, lane, order_id, state, due_at, expires_at, next_at, token, attempts, reasons,"
        f" created_at, changed_at) VALUES (:shop, 1, :journey, :flow, 'mail', 1, '{MAIL}', :class, :lane,"
        " :order, 'due', :at, :expires, :at, 0, 0, '[]', :at, :at) RETURNING id",
        journey=journey.id,
        shop=desk.shop_id,
        flow=flow,
        order=order,
        lane=["T", "S", "M"].index(mail_class.value),
        **{"class": mail_class.value},
        at=at or desk.now,
        expires=(at or desk.now) + expires,
    )
    return int(row.id)
