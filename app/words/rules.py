"""The rules of flows as a merchant would say them: each sentence is what must be true for the rule to pass.

The flow page lists them, a message's why / why not repeats them, so that both say the same thing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from app.words.flows import EVENT_WORDS
from app.words.groups import GROUP_RULES, GROUP_RULES_WITH_NUMBERS
from app.words.said_of_desk import LINES_OF_DESK
from app.words.slots import BY_KEY
from flows.conditions import AllOf, AnyOf, Condition, Named
from flows.events import EventKind
from flows.rules import RULES

# By the permanent name that a reason carries, numbers left out.
RULE_WORDS: Mapping[str, str] = {
    # What a flow may ask (flows/questions), each with its opposite.
    "shop_is_active": "The shop is connected",
    "shop_is_not_active": "The shop is not connected",
    "placed_after_connect": "Ordered after Doorstep was connected",
    "placed_before_connect": "Ordered before Doorstep was connected",
    "asked_for": "The shop asked for earlier orders too",
    "flow_was_on": "The flow was on when it happened",
    "flow_was_off": "The flow was off when it happened",
    "has_kept_line": "At least one item was kept",
    "no_kept_line": "Every item was given back",
    "has_reviewable_line": "At least one product that can be reviewed was kept",
    "no_reviewable_line": "No product that can be reviewed was kept",
    "knob_is_on": "The shop wants it",
    "knob_is_off": "The shop does not want it",
    "began_with": "It began with this",
    "did_not_begin_with": "It began with something else",
    "is_gift": "A gift",
    "not_a_gift": "Not a gift",
    "is_test": "A test order",
    "not_a_test": "Not a test order",
    "is_pos": "Bought at the till",
    "not_pos": "Not bought at the till",
    "is_renewal": "The renewal of a subscription",
    "not_a_renewal": "Not the renewal of a subscription",
    "order_cancelled": "The order is cancelled",
    "order_not_cancelled": "The order is not cancelled",
    "is_first_order": "Their first order here",
    "not_first_order": "They have ordered before",
    "open_complaint": "A return or complaint is open",
    "no_open_complaint": "No open return or complaint",
    "reviewed_within": "Everything in it was reviewed lately",
    "not_reviewed_within": "Something in it was not reviewed lately",
    "has_happened": "It has happened",
    "has_not_happened": "Nothing has ended it",
    "happened_within": "It happened lately",
    "not_happened_within": "It did not happen lately",
    "told_with": "Told together with something else",
    "not_told_with": "Not told together with something else",
    "told_in_all": "It was told that all was given back",
    "not_told_in_all": "It was not told yet that all was given back",
    "scored_at_least": "Content enough in the last answer",
    "scored_below": "Not content in the last answer",
    "has_words": "You have written words for it",
    "no_words": "You have written no words for it",
    "total_at_least": "A large order",
    "total_below": "Not a large order",
    "vip_is_thanked": "Thanked in person instead",
    "vip_is_not_thanked": "Not thanked in person instead",
    "orders_at_most": "Has not ordered often",
    "orders_beyond": "Has ordered often",
    "is_first_parcel": "The first parcel of the order",
    "not_first_parcel": "A later parcel of the order",
    "stars_at_least": "That many stars in the review",
    "stars_below": "Fewer stars in the review",
    "is_consumable": "Something that gets used up was kept",
    "not_consumable": "Nothing that gets used up was kept",
    "is_durable": "Something made to last was kept",
    "not_durable": "Nothing made to last was kept",
    "is_digital": "Something digital was bought",
    "not_digital": "Nothing digital was bought",
    "kind_is": "Products of this kind",
    "kind_is_not": "Products of another kind",
    "has_run_out": "It can be said when something runs out",
    "no_run_out": "It cannot be said when something runs out",
    "has_picks": "There are products that go with it",
    "no_picks": "No products go with it",
    "away_for": "Without an order for some time",
    "not_away_for": "Has ordered lately",
    "away_beyond_rhythm": "Away for longer than usual",
    "within_rhythm": "Not away for longer than usual",
    "stage_is": "At this stage as a customer",
    "stage_is_not": "At another stage as a customer",
    "has_goods": "Something in it is sent",
    "no_goods": "Nothing in it is sent",
    "has_digital_line": "Something in it is a download, an access or a service",
    "no_digital_line": "Nothing in it is a download, an access or a service",
    "waits_to_leave": "Nothing of it has left",
    "has_left": "Some of it has left",
    "silent_for": "Nothing was heard of the parcel lately",
    "heard_within": "The parcel was heard of lately",
    "expected_by_now": "It should be there by now",
    "expected_later": "It is expected later",
    "new_day_is_told": "The new day has a mail of its own",
    "new_day_is_not_told": "No new day has a mail of its own",
    "is_certain": "Somebody told it",
    "is_inferred": "Nobody told it",
    "bought_again": "Bought again since",
    "not_bought_again": "Not bought again since",
    "is_seasonal": "Something of the season was kept",
    "not_seasonal": "Nothing of the season was kept",
    # What is asked right before a mail leaves (flows/guards.py).
    "flow_is_on": "The flow is on",
    "step_exists": "The step is still part of the flow",
    "has_recipient": "There is an address that mail can reach",
    "not_suppressed": "No bounce and no spam complaint from this address",
    "not_unsubscribed": "They have not unsubscribed from these mails",
    "topic_not_left": "They have not left this topic",
    "class_not_left": "They have not left this kind of mail",
    "consent_not_withdrawn": "They have not withdrawn their consent in the shop",
    "has_consent": "They agreed to marketing mails",
    "law_allows": "The law lets this mail be sent to them",
    "is_awake": "They have not fallen silent for good",
    "shop_is_silent": "The shop's own mail has not said it already",
    "no_late_parcel": "No parcel of theirs is late today",
    "not_expired": "It is not too late for this mail",
    "due": "Its time has come",
    **LINES_OF_DESK,
    **GROUP_RULES,
    # How a journey goes on (flows/engine.py, flows/walk.py).
    "is_active": "The journey is under way",
    "timer_is_due": "The wait is over",
    "waits_for_it": "The journey was waiting for this",
    "step_applies": "The step is for this order",
    "sends": "The mail is planned",
    "takes_branch": "This branch is for this order",
    "waits": "The journey waits",
    "knob_turned": "The wait was set anew",
    "moment_moved": "What it waits for was moved",
    # Rules put together (flows/conditions.py).
    "all": "All of these are true",
    "any": "At least one of these is true",
}

_WITH_NUMBERS: Mapping[str, str] = {
    **GROUP_RULES_WITH_NUMBERS,
    "reviewed_within": "Everything in it was reviewed in the last {months} months",
    "not_reviewed_within": "Something in it without a review in {months} months",
    "has_words": "You have written {slot} for something in it",
    "no_words": "You have not written {slot} for anything in it",
    "total_at_least": "The total reaches your threshold",
    "total_below": "The total is below your threshold",
    "orders_at_most": "Up to {orders} orders so far",
    "orders_beyond": "More than {orders} orders so far",
    "stars_at_least": "At least {stars} stars for everything reviewed",
    "stars_below": "Fewer than {stars} stars for something reviewed",
    "knob_is_on": "The shop wants it",
    "knob_is_off": "The shop does not want it",
    "began_with": "It began because {event}",
    "did_not_begin_with": "It did not begin because {event}",
    "has_happened": "It has happened that {event}",
    "has_not_happened": "It has not happened that {event}",
    "happened_within": "No more than {days} days since {event}",
    "not_happened_within": "More than {days} days since {event}",
    "told_with": "Given back up to {minutes} minutes after {event}",
    "not_told_with": "Given back more than {minutes} minutes after {event}",
    "silent_for": "No scan of the parcel for {days} days",
    "heard_within": "A scan of the parcel in the last {days} days",
    "new_day_is_told": "A mail of a new day in the last {days} days",
    "new_day_is_not_told": "No mail of a new day in the last {days} days",
    "is_certain": "Somebody told that {event}",
    "is_inferred": "Nobody told that {event}",
    "scored_at_least": "At least {points} of 10 in the last answer",
    "scored_below": "Below {points} of 10 in the last answer",
    "kind_is": "Products that take to be tried: {kind}",
    "kind_is_not": "Products that do not take to be tried: {kind}",
    "away_for": "No order for {days} days",
    "not_away_for": "An order in the last {days} days",
    "away_beyond_rhythm": "Away for {percent} % of the days that are usual for them",
    "within_rhythm": "Away for less than {percent} % of the days that are usual for them",
    "stage_is": "As a customer: {stage}",
    "stage_is_not": "As a customer not: {stage}",
}


def rules_in_words(condition: Condition | None) -> tuple[str, ...]:
    """One sentence for each thing that must be true; none for a flow that takes everybody."""
    if condition is None:
        return ()
    parts = condition.parts if isinstance(condition, AllOf) else (condition,)
    return tuple(condition_in_words(part) for part in parts)


def condition_in_words(condition: Condition) -> str:
    """The whole condition in one sentence."""
    match condition:
        case Named():
            return _named(condition)
        case AllOf(parts):
            return _joined(parts, "and")
        case AnyOf(parts):
            return _joined(parts, "or")
    raise TypeError(type(condition))


def _named(condition: Named) -> str:
    rule = RULES[condition.name]
    name = rule.opposite if condition.opposite else rule.name
    given = {key: _given(key, str(value)) for key, value in condition.arguments}
    return _of_one(_WITH_NUMBERS[name].format(**given)) if given else RULE_WORDS[name]


def _of_one(words: str) -> str:
    return re.sub(r"\b1 (day|month|order|star)s\b", r"1 \1", words)


def _given(key: str, value: str) -> str:
    if key == "event":
        return EVENT_WORDS[EventKind(value)]
    if key == "stage":
        return value.replace("_", " ")
    return BY_KEY[value].noun if key == "slot" and value in BY_KEY else value


def _joined(parts: tuple[Condition, ...], word: str) -> str:
    sentences = [condition_in_words(part) for part in parts]
    return f" {word} ".join([sentences[0], *(lowered(sentence) for sentence in sentences[1:])])


def lowered(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]
