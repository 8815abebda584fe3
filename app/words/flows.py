"""What merchants read about the flows that we ship: the flows by key, their classes, what starts them."""

from __future__ import annotations

from collections.abc import Mapping

from app.words.of_flows import again, arrival, order, review, use, way, win_back
from app.words.of_flows.base import FlowWords
from flows.events import EventKind
from flows.facts import MailClass

FLOW_WORDS: Mapping[str, FlowWords] = {
    words.key: words for stage in (order, way, arrival, use, review, again, win_back) for words in stage.WORDS
}

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
    EventKind.ESTIMATE_MOVED: "the expected day moves",
    EventKind.PARCEL_DELAYED: "the carrier says that a parcel is late",
    EventKind.PARCEL_STALLED: "nothing is heard of a parcel for days",
    EventKind.PARCEL_LATE: "a parcel is not there on its expected day",
    EventKind.PARCEL_OUT_FOR_DELIVERY: "a parcel is out for delivery",
    EventKind.PARCEL_READY_FOR_PICKUP: "a parcel can be picked up",
    EventKind.PARCEL_FAILED: "a parcel could not be delivered",
    EventKind.ARRIVAL_DENIED: "they say that it did not arrive",
    EventKind.PARCEL_DELIVERED: "a parcel arrives",
    EventKind.ORDER_DELIVERED: "the last parcel of an order has arrived",
    EventKind.RETURN_REQUESTED: "a return is asked for",
    EventKind.LINES_REFUNDED: "part of the order is refunded",
    EventKind.ORDER_REFUNDED: "the order is refunded",
    EventKind.ORDER_CANCELLED: "the order is cancelled",
    EventKind.ORDER_DELETED: "the order is deleted in the shop",
    EventKind.REVIEW_SUBMITTED: "a review is submitted",
    EventKind.LINK_CLICKED: "a link in the mail is followed",
    EventKind.PRODUCT_VIEWED: "they look at a product",
    EventKind.ORDERED_AGAIN: "they order again",
    EventKind.ANNIVERSARY_CAME: "it is a year, or years, since their first order",
    EventKind.BIRTHDAY_CAME: "their birthday comes",
    EventKind.SEASON_CAME: "a season begins",
    EventKind.SURPRISE_DRAWN: "they are drawn for a surprise",
    EventKind.UNSUBSCRIBED: "the person unsubscribes",
}
