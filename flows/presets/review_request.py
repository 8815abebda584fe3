"""How was it? Asked when the product has been tried, three times at most, of everybody alike."""

from flows.conditions import has_reviewable_line, is_gift, is_test, open_complaint, reviewed_within
from flows.delays import by_product_kind, days, knob, local_time
from flows.events import (
    OrderCancelled,
    OrderDeleted,
    OrderDelivered,
    OrderRefunded,
    ReviewSubmitted,
    Unsubscribed,
)
from flows.facts import MailClass, Topic
from flows.flow import Flow
from flows.steps import Knob, Send, Wait

_TWO_WEEKS = 14 * 24
_IN_THE_MORNING = local_time(knob("ask_hour"))

REVIEW_REQUEST = Flow(
    key="review_request",
    version=1,
    mail_class=MailClass.SERVICE,
    trigger=OrderDelivered,
    enter_if=has_reviewable_line & ~is_gift & ~reviewed_within(months=12) & ~is_test,
    exit_on=(OrderRefunded, OrderCancelled, OrderDeleted, ReviewSubmitted, Unsubscribed),
    goal=ReviewSubmitted,
    topic=Topic.REVIEWS,
    knobs=(
        Knob("fast_days", 4, 1, 14, "Days to try what is quickly used up: coffee, snacks, books"),
        Knob("standard_days", 10, 3, 30, "Days to try most products"),
        Knob("complex_days", 17, 7, 60, "Days to try what takes learning: electronics, machines"),
        Knob("long_days", 45, 14, 120, "Days to try what is lived with: furniture, subscriptions"),
        Knob("ask_hour", 10, 6, 21, "Hour of the day at which the mail goes out, where the shopper lives"),
    ),
    steps=(
        Wait(
            "try_it",
            by_product_kind(
                fast=days(knob("fast_days")),
                standard=days(knob("standard_days")),
                complex=days(knob("complex_days")),
                long=days(knob("long_days")),
            ),
            at=_IN_THE_MORNING,
        ),
        # While a complaint is open it waits; the two reminders are then left out.
        Send("ask", "review_request/ask", late_hours=_TWO_WEEKS),
        Wait("second_chance", days(3), at=_IN_THE_MORNING),
        Send("nudge", "review_request/nudge", late_hours=_TWO_WEEKS, when=~open_complaint),
        Wait("last_chance", days(7), at=_IN_THE_MORNING),
        Send("last", "review_request/last", late_hours=_TWO_WEEKS, when=~open_complaint),
    ),
)
