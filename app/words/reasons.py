"""Why a mail was not sent, as a merchant reads it, and what would have had to be otherwise.

Every permanent name that guards, engine, ledger or a mail server's answer can leave behind is in REASONS;
a test reads them from the source. Sentences complete "Not sent, because ...".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.words.clauses import RULES_SAID, happened, said
from app.words.said_of_desk import BECAUSE_OF_DESK
from flows.events import EventKind
from flows.facts import Reason
from flows.rules import RULES


class Kind(StrEnum):
    """RULE: a rule held it back, for now or for good. FAILURE: it could not be delivered. DOUBT: nobody
    knows whether it was. END: nothing was left to do."""

    RULE = "rule"
    FAILURE = "failure"
    DOUBT = "doubt"
    END = "end"


@dataclass(frozen=True, slots=True)
class Why:
    """`leaf`: the rule that the name stands for, where only the name was kept; it says what would have
    changed the outcome."""

    because: str
    kind: Kind = Kind.RULE
    leaf: Reason | None = None


def why(name: str) -> Why:
    """Of a stored reason; what follows a colon is for the command line."""
    return REASONS.get(name.partition(":")[0]) or Why(f"of {name!r}", Kind.FAILURE)


def _rule(rule: str, value: str, wanted: str) -> Reason:
    return Reason(rule, False, value, wanted)


def _failure(because: str) -> Why:
    return Why(because, Kind.FAILURE)


def _doubt(because: str) -> Why:
    return Why(because, Kind.DOUBT)


_STARTING = {
    "shop_inactive": Why(
        "the shop was not connected", leaf=_rule("shop_is_active", "not connected", "connected")
    ),
    "placed_before_connect": Why(
        "the order was placed before Doorstep was connected",
        leaf=_rule("placed_after_connect", "placed before", "after"),
    ),
    "flow_off": Why("the flow was off", leaf=_rule("flow_is_on", "off", "on")),
    "outside_group": Why("the flow is for a group that they are not in"),
    "held_out": Why("they were drawn to be left out for comparison"),
    "plan_limit": Why(
        "the month's orders of your plan were used up", leaf=_rule("within_plan", "used up", "room left")
    ),
}
_LEFT = _rule("class_not_left", "left", "gets")
_BEFORE_LEAVING = {
    # Whoever leaves ends journeys by the same act; no event is recorded for it.
    "Unsubscribed": Why("they unsubscribed", leaf=_LEFT),
    "order_cancelled": Why("the order was cancelled"),
    "order_refunded": Why("the order was refunded in full"),
    "order_gone": Why("the order was deleted in the shop"),
    "unsubscribed": Why("they had unsubscribed", leaf=_LEFT),
    "shop_wrote": Why("the shop's own mail had said it already"),
    "asleep": Why("there was no sign of them since they were asked why they stay away"),
    "coupon_pending": Why("the shop was still to make its code"),
    "coupon_failed": Why("the shop did not make its code", Kind.FAILURE),
    "coupon_not_allowed": Why("the shop does not let us make codes yet"),
    "nothing_left": Why("nothing that this mail is about was kept"),
    "not_there": Why("the parcel was not there after all"),
    "taken_back": Why("the order came back"),
    "step_removed": Why("this step is no longer part of the flow"),
    "no_recipient": Why("the order has no e-mail address"),
    "no_email": Why("the order has no e-mail address"),
    "invalid_email": Why("no mail can reach the order's e-mail address"),
    "hard_bounce": Why("an earlier mail to this address came back"),
    "soft_bounces": Why("their mailbox sent three mails back within a fortnight; it rests for a month"),
    "complaint": Why("they marked an earlier mail as spam"),
    "consent": Why("they have not agreed to such mails, as the law wants it where they live"),
    "consent_not_confirmed": Why("they have not confirmed yet that they agree to such mails"),
    "consent_lapsed": Why("their purchase was too long ago to stand for consent where they live"),
    "consent_invalid": Why("the shop says that their address is not valid"),
    "parcel_late": Why("a parcel of theirs is late, and they are asked on another day"),
    "expired": Why("it had become too late for it"),
    "not_due": Why("its time has not come"),
}
_OF_THE_ROW = {
    "uninstalled": Why(
        "Doorstep was removed from the shop", leaf=_rule("shop_is_active", "not connected", "connected")
    ),
    "webhook_off": Why("your own tool is not told any more"),
    "forgotten": Why("the person asked to be forgotten"),
    "domain_unverified": Why(
        "offers leave from your own domain, and it is not verified yet; it waits until it is"
    ),
    "no_postal_address": Why(
        "offers have to name your postal address, and none is known; it waits until you write it down"
    ),
    "brake_bounces": Why("too many of your mails came back, so offers wait until you let them go on"),
    "brake_complaints": Why(
        "too many people called your mails spam, so offers wait until you let them go on"
    ),
    "warming_up": Why("your domain is new and sends a little more every day; it leaves on another day"),
    "shop_paused": Why("the shop does not let Doorstep in at the moment; it leaves when it does again"),
    "old_generation": Why(
        "it was planned before Doorstep was connected anew",
        leaf=_rule("same_generation", "an earlier connection", "the present connection"),
    ),
    "order_not_stored": Why(
        "the order is not known any more", leaf=_rule("order_is_stored", "not known", "known")
    ),
    "flow_unknown": Why(
        "this flow does not exist any more", leaf=_rule("flow_is_known", "not known", "known")
    ),
    "ended": Why("the journey ended"),
    "done": Why("all its steps are done", Kind.END),
}
_FAILED = {
    "not_written": _failure("it could not be written"),
    "invalid_sender": _failure("the sender's address is not valid"),
    "no_connection": _failure("the mail server could not be reached"),
    "connection_lost": _failure("the connection to the mail server broke"),
    "tls_failed": _failure("the mail server's encryption could not be trusted"),
    "not_offered": _failure("the mail server does not offer what its settings ask for"),
    "server_refused": _failure("the mail server refused the connection"),
    "server_closing": _failure("the mail server was closing"),
    "login_refused": _failure("the mail server refused the login"),
    "sender_refused": _failure("the mail server refused the sender"),
    "recipient_refused": _failure("their mail server says that this address does not exist"),
    "mailbox_full": _failure("their mailbox is full"),
    "too_large": _failure("the mail was too large for their mail server"),
    "policy": _failure("their mail server refuses mail from us"),
    "content_refused": _failure("their mail server refused what the mail says"),
    "out_of_step": _failure("the mail server lost its place"),
    "connect_deferred": _failure("the mail server asked to be tried later"),
    "login_deferred": _failure("the mail server asked to be tried later"),
    "sender_deferred": _failure("the mail server asked to be tried later"),
    "recipient_deferred": _failure("their mail server asked to be tried later"),
    "data_deferred": _failure("their mail server asked to be tried later"),
    "content_deferred": _failure("their mail server asked to be tried later"),
    "recipient_suppressed": _failure("the mail vendor holds back mails to this address"),
    "vendor_busy": _failure("the mail vendor takes no more at the moment"),
    "vendor_away": _failure("the mail vendor is not working"),
    "vendor_waits": _failure("nothing gets through to the mail vendor"),
    "vendor_paced": _failure("the mail vendor takes so many at a time, and others came first"),
    "quota_used_up": _failure("the share of the account at the mail vendor is used up"),
    "account_paused": _failure("the account at the mail vendor may not send"),
    "account_sealed": _failure("the login of your own mail account cannot be read; give it once more"),
    "not_understood": _failure("the mail vendor refused the call"),
    "webhook_unreachable": _failure("your own tool could not be reached"),
    "webhook_refused": _failure("your own tool did not take it"),
    "webhook_address": _failure("the address of your own tool may not be called"),
    "webhook_gone": _failure("your own tool says that it wants no more"),
    "webhook_waits": _failure("your own tool did not answer just before"),
    "unreadable_answer": _doubt("the mail server's answer could not be read"),
    "answer_lost": _doubt("the connection broke before the mail server answered"),
    "vendor_trouble": _doubt("the mail vendor failed while it took it"),
    "still_at_work": _doubt("the mail vendor was still at work on it"),
    "key_known": _doubt("the mail vendor knows it, with another text"),
    "no_second_try": _doubt("the mail vendor may have it, and would not know it again"),
    "withdrawn_too_late": _doubt("your own tool may have heard of it before it was withdrawn"),
    "died_after_hand_over": _doubt("we were interrupted before the mail server answered"),
}

REASONS: Mapping[str, Why] = {
    **{
        name: Why(said(Reason(name, False)))
        for rule in RULES.values()
        for name in (rule.name, rule.opposite)
        if rule.name in RULES_SAID
    },
    **{
        kind.value: Why(happened(kind), leaf=_rule("has_not_happened", kind.value, f"no {kind.value}"))
        for kind in EventKind
    },
    **_STARTING,
    **_BEFORE_LEAVING,
    **_OF_THE_ROW,
    **{name: Why(because) for name, because in BECAUSE_OF_DESK.items()},
    **_FAILED,
}
