"""A reason for the second order, once in a customer's life; nothing where the shop names no amount."""

from flows.conditions import has_happened, is_first_order, is_test, knob_is_on, open_complaint
from flows.delays import days, knob, local_time
from flows.events import (
    LinkClicked,
    OrderCancelled,
    OrderDeleted,
    OrderedAgain,
    OrderPlaced,
    OrderRefunded,
    Unsubscribed,
)
from flows.facts import MailClass, Topic
from flows.flow import Flow
from flows.offers import Gives, Offer
from flows.steps import Branch, Knob, KnobKind, Send, Split, Wait

_LATE = 5 * 24
_AT = local_time(knob("hour"))
_OFF = Offer(Gives.AMOUNT, knob("amount"), days=knob("good_days"), minimum=knob("minimum"))

SECOND_ORDER_OFFER = Flow(
    key="second_order_offer",
    version=1,
    mail_class=MailClass.MARKETING,
    per="person",
    trigger=OrderPlaced,
    enter_if=is_first_order & knob_is_on("amount") & ~is_test,
    exit_on=(OrderRefunded, OrderCancelled, OrderDeleted, OrderedAgain, Unsubscribed),
    goal=OrderedAgain,
    topic=Topic.OFFERS,
    knobs=(
        Knob("amount", 0, 0, 1_000_000, "What is taken off the second order; 0: nothing", KnobKind.MONEY),
        Knob("minimum", 0, 0, 10_000_000, "The least that it has to be used for", KnobKind.MONEY),
        Knob("good_days", 7, 3, 60, "Days for which a code is good"),
        Knob("offer_days", 25, 10, 90, "Days after the first order until the offer"),
        Knob("end_days", 15, 7, 60, "Days from the offer to the last mail"),
        Knob("hour", 10, 6, 20, "Hour of the day at which the mails go out where they live"),
    ),
    steps=(
        Wait("get_to_know", days(knob("offer_days")), at=_AT),
        Send(
            "offer",
            "second_order_offer/offer",
            late_hours=_LATE,
            when=knob_is_on("amount") & ~open_complaint,
            offer=_OFF,
        ),
        Wait("consider", days(knob("end_days")), at=_AT),
        Split(
            "how_it_ends",
            (
                Branch(
                    (
                        Send(
                            "once_more",
                            "second_order_offer/once_more",
                            late_hours=_LATE,
                            when=~open_complaint,
                            offer=_OFF,
                        ),
                    ),
                    when=has_happened(LinkClicked) & knob_is_on("amount"),
                ),
                Branch(
                    (Send("thanks", "second_order_offer/thanks", late_hours=_LATE, when=~open_complaint),)
                ),
            ),
        ),
    ),
)
