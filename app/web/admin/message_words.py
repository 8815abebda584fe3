"""How the pages about mails name things: states, mails, the store's messages, what happened."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.words.answers import Outcome
from app.words.events_said import EVENTS_SAID
from app.words.flows import FLOW_WORDS
from flows.events import EventKind
from flows.presets import BY_KEY
from flows.steps import Send, steps_within


@dataclass(frozen=True, slots=True)
class Sign:
    """A state as a word with its tone and icon."""

    word: str
    tone: str
    icon: str


STATES: Mapping[str, Sign] = {
    "due": Sign("Waiting", "", "clock"),
    "claimed": Sign("Waiting", "", "clock"),
    "sending": Sign("Leaving now", "", "clock"),
    "sent": Sign("Sent", "good", "check"),
    "failed": Sign("Not delivered", "bad", "alert"),
    "unknown": Sign("In doubt", "warn", "alert"),
    "skipped": Sign("Not sent", "warn", "stop"),
    "cancelled": Sign("Withdrawn", "warn", "undo"),
    "expired": Sign("Too late", "warn", "stop"),
}
OUTCOMES: Mapping[Outcome, Sign] = {
    Outcome.SENT: Sign("Sent", "good", "check"),
    Outcome.WAITING: Sign("Waiting", "", "clock"),
    Outcome.NOT_SENT: Sign("Not sent", "warn", "stop"),
    Outcome.FAILED: Sign("Not delivered", "bad", "alert"),
    Outcome.DOUBT: Sign("In doubt", "warn", "alert"),
    Outcome.NOT_STARTED: Sign("Not started", "", "circle"),
    Outcome.DONE: Sign("Done", "good", "check"),
}
GROUPS = {
    "": "All",
    "waiting": "Waiting",
    "sent": "Sent",
    "not_sent": "Not sent",
    "failed": "Failed or in doubt",
}
_TOPICS = {
    "orders/create": "order created",
    "orders/updated": "order updated",
    "orders/paid": "order paid",
    "orders/fulfilled": "order fulfilled",
    "orders/partially_fulfilled": "order partly fulfilled",
    "orders/cancelled": "order cancelled",
    "orders/edited": "order edited",
    "orders/delete": "order deleted",
    "fulfillments/create": "shipment created",
    "fulfillments/update": "shipment updated",
    "fulfillment_events/create": "parcel scanned",
    "fulfillment_events/delete": "scan taken back",
    "refunds/create": "refund created",
    "order.created": "order created",
    "order.updated": "order updated",
    "order.deleted": "order deleted",
    "order.restored": "order restored",
}
# What a page of ours saw, and what a vendor or a mail server told.
_RESPONSES = {
    "clicked": "clicked",
    "scanned": "followed by a scanner",
    "told_delivered": "taken by their mail server",
    "told_delayed": "not taken yet, and tried again",
    "told_soft_bounced": "sent back for now",
    "told_hard_bounced": "sent back for good",
    "told_complained": "called spam by the reader",
    "told_unsubscribed": "unsubscribed",
    "told_opened": "opened, says the mail vendor",
    "told_clicked": "clicked, says the mail vendor",
    "told_failed": "held back by the mail vendor",
    "told_replied": "answered by a machine",
    "told_machine": "looked at by a machine",
}
_CAME: Mapping[str, Sign] = {
    "delayed": Sign("Sent, on its way", "", "clock"),
    "soft_bounced": Sign("Sent back for now", "warn", "alert"),
    "failed": Sign("Held back by the vendor", "bad", "alert"),
    "delivered": Sign("Delivered", "good", "check"),
    "bounced": Sign("Came back", "bad", "alert"),
    "complained": Sign("Called spam", "bad", "alert"),
}


def mail_title(flow_key: str, step: str | None = None) -> str:
    """Review request, mail 2 of 3."""
    known = FLOW_WORDS.get(flow_key)
    title = known.title if known else flow_key
    flow = BY_KEY.get(flow_key)
    sends = [one.key for one in steps_within(flow.steps) if isinstance(one, Send)] if flow else []
    if step is None or len(sends) < 2 or step not in sends:
        return title
    return f"{title}, mail {sends.index(step) + 1} of {len(sends)}"


def topic_said(topic: str) -> str:
    """The store's message in words."""
    return _TOPICS.get(topic, topic.replace("/", " ").replace(".", " ").replace("_", " "))


def event_said(kind: str) -> str:
    came = EVENTS_SAID[EventKind(kind)].came
    return came[:1].upper() + came[1:]


def sign_of(state: str, delivery: str | None) -> Sign:
    """Of a mail that left, how far it came, where that is known."""
    came = _CAME.get(delivery or "")
    return came if state == "sent" and came is not None else STATES[state]


def response_said(kind: str) -> str:
    return _RESPONSES.get(kind, kind)
