"""What a rule demanded and what it found, as a merchant reads it: one line, its value beside it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.words.events_said import EVENTS_SAID
from app.words.flows import FLOW_WORDS
from app.words.moments import beside, with_moments
from app.words.reasons import why
from app.words.rules import RULE_WORDS
from app.words.said_of_desk import in_the_way
from flows.events import EventKind
from flows.facts import Reason

_NUMBER = re.compile(r"\d+")
_SO_WHEN_IT_BEGAN = "so when it began"


@dataclass(frozen=True, slots=True)
class Line:
    """`leaf`: the rule behind it, None for a heading of alternatives and for several rules in one."""

    label: str
    value: str
    passed: bool
    leaf: Reason | None = None
    parts: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class Known:
    """What values are told with: the shop's zone, the person's address, and when things happened."""

    zone: str
    recipient: str = ""
    happened: Mapping[str, datetime] | None = None


def lines_of(reasons: Sequence[Reason], known: Known) -> tuple[Line, ...]:
    """One line for each thing that had to be true; that nothing has ended it is one."""
    flat = [part for reason in reasons for part in (reason.parts if reason.rule == "all" else (reason,))]
    quiet = [leaf for leaf in flat if leaf.rule == "has_not_happened" and leaf.passed]
    found: list[Line] = []
    for reason in flat:
        if reason not in quiet:
            found.append(_line(reason, known))
        elif reason is quiet[0]:
            found.append(Line(RULE_WORDS["has_not_happened"], _quiet(quiet), True))
    return tuple(found)


def _line(reason: Reason, known: Known) -> Line:
    if reason.rule in ("any", "all"):
        parts = tuple(_line(part, known) for part in reason.parts)
        return Line(RULE_WORDS[reason.rule], "", reason.passed, None, parts)
    if reason.rule == "not_unsubscribed" and not reason.passed:
        left = next((part for part in reason.parts if not part.passed), reason)
        return Line(_label(reason), _value(left, known), False, left)
    return Line(_label(reason), _value(reason, known), reason.passed, reason)


def _label(leaf: Reason) -> str:
    event = _event(leaf)
    numbers = _NUMBER.findall(leaf.wanted)
    if event is not None and leaf.rule == "has_not_happened":
        return _capital(EVENTS_SAID[event].has_not)
    if event is not None and leaf.rule == "has_happened":
        return _capital(EVENTS_SAID[event].came)
    if event is not None and leaf.rule == "happened_within" and numbers:
        return f"{_capital(EVENTS_SAID[event].came)} no more than {numbers[0]} days ago"
    if leaf.rule == "not_reviewed_within" and numbers:
        return f"No review of everything in it within {numbers[0]} months"
    return RULE_WORDS.get(leaf.rule, _capital(leaf.rule.replace("_", " ")))


def _value(leaf: Reason, known: Known) -> str:
    if leaf.value == _SO_WHEN_IT_BEGAN:
        return "So when it began"
    event = _event(leaf)
    if event is not None and leaf.rule in ("has_not_happened", "has_happened", "happened_within"):
        at = (known.happened or {}).get(event.value)
        return beside(at, known.zone) if at else "Not so far"
    if leaf.rule == "has_recipient":
        return known.recipient if leaf.passed and known.recipient else _PROBLEMS.get(leaf.value, leaf.value)
    if leaf.rule == "not_expired":
        return f"Good until {_instant(leaf.wanted, known)}"
    if leaf.rule == "due":
        return f"From {_instant(leaf.wanted, known)}"
    if leaf.rule == "not_suppressed":
        return _capital(why(leaf.value).because) if leaf.value else "None so far"
    if leaf.rule == "step_exists":
        return "It is" if leaf.passed else "It was taken out"
    if leaf.rule == "law_allows":
        return _lawful(leaf)
    if leaf.rule in ("not_unsubscribed", "has_consent", "consent_not_withdrawn"):
        return _CONSENT.get(leaf.value, leaf.value)
    if leaf.rule in ("topic_not_left", "class_not_left"):
        return _left(leaf.value)
    if leaf.rule in ("spaced", "within_week", "within_month"):
        titles = {key: words.title for key, words in FLOW_WORDS.items()}
        return with_moments(in_the_way(leaf.value, titles), known.zone)
    return _capital(with_moments(_VALUES.get(leaf.value, _plain(leaf)), known.zone))


def _plain(leaf: Reason) -> str:
    if leaf.rule == "placed_after_connect" and leaf.passed:
        return leaf.value.partition(", connected")[0]
    if leaf.rule in ("is_pos", "not_pos"):
        return "Bought online"
    value = leaf.value.replace(" lines kept", " items kept").replace(" lines", " items")
    return f"{value} reviewed" if leaf.rule in ("reviewed_within", "not_reviewed_within") else value


def _left(value: str) -> str:
    if not value.startswith("left"):
        return "Gets them"
    name = value.removeprefix("left").strip()
    topic = _CLASSES.get(name.removeprefix("class").strip(), f"mails about {name}" if name else "them")
    return f"Unsubscribed from {topic}"


def _lawful(leaf: Reason) -> str:
    """What is known of them, and what the law of their region makes of it."""
    state, _, ground = leaf.value.partition("; ")
    region = leaf.wanted.partition(" in ")[2]
    parts = (_ASKED.get(state, state), _GROUNDS.get(ground, ""), _REGIONS.get(region, region))
    return "; ".join(part for part in parts if part)


def _quiet(leaves: Sequence[Reason]) -> str:
    """No refund, no cancellation: what has not come."""
    nouns = [_NOUNS[event] for leaf in leaves if (event := _event(leaf)) in _NOUNS]
    return f"No {', '.join(nouns[:-1])} or {nouns[-1]}" if len(nouns) > 1 else f"No {''.join(nouns)}"


def _event(leaf: Reason) -> EventKind | None:
    words = {word.strip(",.") for word in f"{leaf.wanted} {leaf.value}".split()}
    return next((kind for kind in EventKind if kind.value in words), None)


def _instant(text: str, known: Known) -> str:
    return with_moments(text, known.zone).removeprefix("until ").removeprefix("from ")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


_PROBLEMS = {
    "no_email": "The order has none",
    "no_recipient": "The order has none",
    "invalid_email": "It is not valid",
    "an address": "It has one",
}
_CONSENT = {
    "unknown": "Never unsubscribed",
    "subscribed": "Agreed to mails in the shop",
    "not_subscribed": "Never agreed, never unsubscribed",
    "pending": "Asked, not yet confirmed",
    "unsubscribed": "Opted out in the shop",
    "redacted": "Their data was erased in the shop",
    "invalid": "The shop says that the address is not valid",
}
_ASKED = {**_CONSENT, "unknown": "Never asked"}
_GROUNDS = {
    "service": "part of the service",
    "customer": "a customer, with a way out in every mail",
    "customer_lately": "a customer of the last two years",
    "consent_lapsed": "bought more than two years ago",
}
_REGIONS = {
    "europe": "Europe",
    "united_kingdom": "United Kingdom",
    "united_states": "United States",
    "canada": "Canada",
    "oceania": "Australia and New Zealand",
    "elsewhere": "a country whose law we do not know",
}
_CLASSES = {"S": "service mails", "M": "marketing mails", "T": "order mails"}
_VALUES = {
    "a gift": "marked as a gift",
    "not a gift": "no gift note",
    "pos": "bought at the till",
    "a renewal": "renewed by a subscription",
    "not a renewal": "ordered by the buyer",
    "none is open": "none so far",
}
_NOUNS: Mapping[EventKind | None, str] = {
    EventKind.ORDER_PLACED: "order",
    EventKind.ORDER_PAID: "payment",
    EventKind.PARCEL_SHIPPED: "parcel",
    EventKind.ESTIMATE_MOVED: "new expected day",
    EventKind.PARCEL_DELAYED: "delay",
    EventKind.PARCEL_STALLED: "standstill",
    EventKind.PARCEL_LATE: "missed day",
    EventKind.PARCEL_READY_FOR_PICKUP: "parcel to pick up",
    EventKind.PARCEL_FAILED: "failed delivery",
    EventKind.ARRIVAL_DENIED: "missing parcel",
    EventKind.RETURN_REQUESTED: "return",
    EventKind.PRODUCT_VIEWED: "look at a product",
    EventKind.ORDERED_AGAIN: "next order",
    EventKind.ANNIVERSARY_CAME: "anniversary",
    EventKind.BIRTHDAY_CAME: "birthday",
    EventKind.SEASON_CAME: "season",
    EventKind.SURPRISE_DRAWN: "surprise",
    EventKind.PARCEL_OUT_FOR_DELIVERY: "delivery attempt",
    EventKind.PARCEL_DELIVERED: "arrival",
    EventKind.ORDER_DELIVERED: "last arrival",
    EventKind.LINES_REFUNDED: "part refund",
    EventKind.ORDER_REFUNDED: "full refund",
    EventKind.ORDER_CANCELLED: "cancellation",
    EventKind.ORDER_DELETED: "deletion",
    EventKind.REVIEW_SUBMITTED: "review",
    EventKind.LINK_CLICKED: "click",
    EventKind.UNSUBSCRIBED: "unsubscribing",
}
