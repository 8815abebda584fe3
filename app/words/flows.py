"""What merchants read about the flows that we ship: title, place in the journey, purpose, in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flows.events import EventKind
from flows.facts import MailClass


@dataclass(frozen=True, slots=True)
class Stage:
    """A stretch of a customer's journey. `meaning` stands beneath its title."""

    key: str
    title: str
    meaning: str


@dataclass(frozen=True, slots=True)
class FlowWords:
    """`stage` is a key of STAGES. `purpose`: what the flow does, one line. `effect` completes the
    sentence at its switch: "From now on, ...". What starts it is in EVENT_WORDS by its trigger."""

    key: str
    title: str
    stage: str
    purpose: str
    effect: str


STAGES = (
    Stage("order", "Order", "From the purchase to the parcel leaving"),
    Stage("way", "Way", "While the parcel travels"),
    Stage("arrival", "Arrival", "Did it reach the reader?"),
    Stage("use", "Use", "Getting it right at home"),
    Stage("review", "Review", "Asking everyone, the same way"),
    Stage("again", "Again", "The next purchase"),
    Stage("win_back", "Win back", "After a long silence"),
)

_WORDS = (
    FlowWords(
        key="order_confirmation",
        title="Order confirmation",
        stage="order",
        purpose="What was ordered, what it cost and where it goes.",
        effect="1 mail at once, for each order",
    ),
    FlowWords(
        key="shipped",
        title="On its way",
        stage="way",
        purpose="What is inside the parcel and where it can be followed.",
        effect="1 mail for each parcel that leaves",
    ),
    FlowWords(
        key="delivered",
        title="Parcel arrived",
        stage="arrival",
        purpose="Says that everything is there and what to do if it is not.",
        effect="1 mail a few hours after the last parcel arrives",
    ),
    FlowWords(
        key="review_request",
        title="Review request",
        stage="review",
        purpose="Asks for a review once the product has been tried, up to three times.",
        effect="up to 3 mails, the first when the product has been tried",
    ),
)
FLOW_WORDS: Mapping[str, FlowWords] = {words.key: words for words in _WORDS}

# The class in a pill, and what it means for who gets the mail.
CLASS_WORDS: Mapping[MailClass, str] = {
    MailClass.TRANSACTIONAL: "Order mail",
    MailClass.SERVICE: "Service",
    MailClass.MARKETING: "Marketing",
}
CLASS_MEANING: Mapping[MailClass, str] = {
    MailClass.TRANSACTIONAL: "Order mails always go.",
    MailClass.SERVICE: "Service mails stop when someone unsubscribes.",
    MailClass.MARKETING: "Marketing mails need consent.",
}

# What happened, as it follows "when": "Starts when ...", "Ends when ...".
EVENT_WORDS: Mapping[EventKind, str] = {
    EventKind.ORDER_PLACED: "an order is placed",
    EventKind.ORDER_PAID: "the order is paid",
    EventKind.PARCEL_SHIPPED: "a parcel leaves",
    EventKind.PARCEL_DELAYED: "a parcel is late",
    EventKind.PARCEL_OUT_FOR_DELIVERY: "a parcel is out for delivery",
    EventKind.PARCEL_DELIVERED: "a parcel arrives",
    EventKind.ORDER_DELIVERED: "the last parcel of an order has arrived",
    EventKind.LINES_REFUNDED: "part of the order is refunded",
    EventKind.ORDER_REFUNDED: "the order is refunded",
    EventKind.ORDER_CANCELLED: "the order is cancelled",
    EventKind.ORDER_DELETED: "the order is deleted in the shop",
    EventKind.REVIEW_SUBMITTED: "a review is submitted",
    EventKind.LINK_CLICKED: "a link in the mail is followed",
    EventKind.UNSUBSCRIBED: "the person unsubscribes",
}
