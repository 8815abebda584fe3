"""What a rule found, as the second half of a sentence: "because ..." and "if ... had been"."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from app.words.events_said import EVENTS_SAID
from app.words.said import Said
from app.words.said_of_again import SAID_OF_AGAIN
from app.words.said_of_desk import SAID_OF_DESK
from app.words.said_of_goods import SAID_OF_GOODS
from app.words.said_of_groups import SAID_OF_GROUPS
from app.words.said_of_service import SAID_OF_SERVICE
from app.words.said_of_way import SAID_OF_WAY
from flows.counterfactual import Change
from flows.events import EventKind
from flows.facts import Reason
from flows.rules import RULES

# By the rule's own name; its opposite is the same the other way round.
RULES_SAID: Mapping[str, Said] = {
    **SAID_OF_WAY,
    **SAID_OF_AGAIN,
    **SAID_OF_GOODS,
    **SAID_OF_GROUPS,
    **SAID_OF_SERVICE,
    **SAID_OF_DESK,
    "shop_is_active": Said(
        "the shop was connected",
        "the shop was not connected",
        "the shop had been connected",
        "the shop had not been connected",
    ),
    "placed_after_connect": Said(
        "the order was placed after Doorstep was connected",
        "the order was placed before Doorstep was connected",
        "the order had been placed after Doorstep was connected",
        "the order had been placed before Doorstep was connected",
    ),
    "asked_for": Said(
        "the shop asked for earlier orders too",
        "the shop did not ask for earlier orders",
        "the shop had asked for earlier orders too",
        "the shop had not asked for earlier orders",
    ),
    "flow_was_on": Said(
        "the flow was on", "the flow was off", "the flow had been on", "the flow had been off"
    ),
    "flow_is_on": Said(
        "the flow was on", "the flow was off", "the flow had been on", "the flow had been off"
    ),
    "shop_is_silent": Said(
        "the shop was silent", "the shop wrote itself", "the shop had been silent", "the shop had written"
    ),
    "knob_is_on": Said(
        "the shop wants it",
        "the shop does not want it",
        "the shop had wanted it",
        "the shop had not wanted it",
    ),
    "began_with": Said(
        "it began with that",
        "it began with something else",
        "it had begun with that",
        "it had begun with something else",
    ),
    "has_kept_line": Said(
        "at least one item was kept",
        "no item of the order was kept",
        "at least one item had been kept",
        "every item had been given back",
    ),
    "has_reviewable_line": Said(
        "a product that can be reviewed was kept",
        "no product that can be reviewed was kept",
        "a product that can be reviewed had been kept",
        "no product that can be reviewed had been kept",
    ),
    "is_gift": Said(
        "the order was a gift",
        "the order was not a gift",
        "the order had been a gift",
        "the order had not been a gift",
    ),
    "is_test": Said(
        "it was a test order",
        "it was not a test order",
        "it had been a test order",
        "it had not been a test order",
    ),
    "is_pos": Said(
        "it was bought at the till",
        "it was not bought at the till",
        "it had been bought at the till",
        "it had not been bought at the till",
    ),
    "is_renewal": Said(
        "a subscription was renewed, of which the shop writes itself",
        "it was not the renewal of a subscription",
        "it had been the renewal of a subscription",
        "it had not been the renewal of a subscription",
    ),
    "order_cancelled": Said(
        "the order was cancelled",
        "the order was not cancelled",
        "the order had been cancelled",
        "the order had not been cancelled",
    ),
    "is_first_order": Said(
        "it was their first order",
        "it was not their first order",
        "it had been their first order",
        "they had ordered before",
    ),
    "open_complaint": Said(
        "a return or complaint was open",
        "no return or complaint was open",
        "a return or complaint had been open",
        "no return or complaint had been open",
    ),
    "reviewed_within": Said(
        "everything in the order was reviewed lately",
        "something in the order was not reviewed lately",
        "everything in the order had been reviewed lately",
        "something in the order had not been reviewed lately",
    ),
    "has_happened": Said("it had happened", "it had not happened", "it had happened", "it had not happened"),
    "happened_within": Said(
        "it had happened lately",
        "it had not happened lately",
        "it had happened later",
        "it had happened earlier",
    ),
    "told_with": Said(
        "it was told together with the cancellation",
        "it was not told together with the cancellation",
        "it had been given back together with the cancellation",
        "it had been given back later",
    ),
    "told_in_all": Said(
        "it was told that all of it was given back",
        "it was not told that all of it was given back",
        "it had been told that all of it was given back",
        "it had not been told that all of it was given back",
    ),
    "scored_at_least": Said(
        "their last answer was content enough",
        "their last answer was not content enough",
        "their last answer had been better",
        "their last answer had been worse",
    ),
    "step_exists": Said(
        "the step is part of the flow",
        "the step is no longer part of the flow",
        "the step were still part of the flow",
        "the step had been taken out of the flow",
    ),
    "has_recipient": Said(
        "the order has an e-mail address",
        "the order has no valid e-mail address",
        "the order had had a valid e-mail address",
        "the order had had no valid e-mail address",
    ),
    "not_suppressed": Said(
        "no mail to this address came back",
        "mail to this address is blocked",
        "no earlier mail to this address had come back or been marked as spam",
        "an earlier mail had come back or been marked as spam",
    ),
    "not_unsubscribed": Said(
        "they had not unsubscribed",
        "they had unsubscribed",
        "they had not unsubscribed",
        "they had unsubscribed",
    ),
    "topic_not_left": Said(
        "they get mails on this topic",
        "they had left this topic",
        "they had not unsubscribed from this topic",
        "they had unsubscribed from this topic",
    ),
    "class_not_left": Said(
        "they get mails of this kind",
        "they had left mails of this kind",
        "they had not unsubscribed from mails of this kind",
        "they had unsubscribed from mails of this kind",
    ),
    "consent_not_withdrawn": Said(
        "they had not opted out in the shop",
        "they had opted out in the shop",
        "they had not opted out in the shop",
        "they had opted out in the shop",
    ),
    "has_consent": Said(
        "they agreed to marketing mails",
        "they had not agreed to marketing mails",
        "they had agreed to marketing mails",
        "they had not agreed to marketing mails",
    ),
    "law_allows": Said(
        "the law lets this be sent to them",
        "they had not agreed, as the law wants it where they live",
        "they had agreed to such mails",
        "they had objected to such mails",
    ),
    "not_expired": Said(
        "it was not too late", "it was too late", "it had left in time", "it had become too late for it"
    ),
    "due": Said("its time had come", "its time has not come", "its time had come", "its time had not come"),
    "within_plan": Said(
        "the month's orders of the plan were not used up",
        "the month's orders of the plan were used up",
        "the plan had had room for one more order",
        "the plan had had no room for one more order",
    ),
    "same_generation": Said(
        "it was planned by this connection",
        "it was planned before Doorstep was connected anew",
        "Doorstep had not been removed and connected anew",
        "Doorstep had been removed and connected anew",
    ),
    "order_is_stored": Said(
        "the order is known",
        "the order is not known",
        "the order were still known",
        "the order were not known",
    ),
    "flow_is_known": Said(
        "the flow exists", "the flow does not exist", "the flow still existed", "the flow did not exist"
    ),
}
_BASES = {rule.opposite: rule.name for rule in RULES.values()}


def said(leaf: Reason) -> str:
    """What the leaf found."""
    event, base = _event(leaf), _BASES.get(leaf.rule, leaf.rule)
    if event is not None and base == "has_happened":
        came = leaf.passed is (base == leaf.rule)
        return EVENTS_SAID[event].came if came else EVENTS_SAID[event].has_not
    if event is not None and base == "happened_within" and not leaf.passed:
        return EVENTS_SAID[event].has_not if leaf.value == "never" else f"{happened(event)} too long ago"
    words, holds = _words(leaf)
    return words.holds if holds else words.fails


def if_otherwise(leaf: Reason) -> str:
    """The leaf, had it answered the other way: "if ..."."""
    event, base = _event(leaf), _BASES.get(leaf.rule, leaf.rule)
    words, holds = _words(leaf)
    if event is not None and base == "has_happened":
        return EVENTS_SAID[event].if_it_had_not if holds else EVENTS_SAID[event].if_it_came
    return words.if_it_failed if holds else words.if_it_held


def happened(kind: EventKind) -> str:
    return EVENTS_SAID[kind].came


def changes_in_words(changes: Sequence[Change], joined: str) -> str:
    """The clauses of several changes, the last two `joined` by a word."""
    clauses = [if_otherwise(telling(change)) for change in changes]
    clauses = list(dict.fromkeys(clauses))
    if len(clauses) < 2:
        return "".join(clauses)
    return f"{', '.join(clauses[:-1])} {joined} {clauses[-1]}"


def telling(change: Change) -> Reason:
    """Of the leaves that one fact moves, the one that says it best: what happened, before what follows."""
    return next((leaf for leaf in change.leaves if leaf.rule == "has_not_happened"), change.leaves[0])


def _words(leaf: Reason) -> tuple[Said, bool]:
    """The words of the rule's own name, and whether that one holds."""
    base = _BASES.get(leaf.rule, leaf.rule)
    return RULES_SAID[base], leaf.passed is (base == leaf.rule)


def _event(leaf: Reason) -> EventKind | None:
    names = {word.strip(",.") for word in f"{leaf.wanted} {leaf.value}".split()}
    return next((kind for kind in EventKind if kind.value in names), None)
