"""For no reason: a few regulars a month are drawn and given something, as far as the shop's budget goes."""

from flows.conditions import is_first_order, is_test, open_complaint
from flows.delays import days, knob, local_time
from flows.events import OrderCancelled, OrderDeleted, OrderRefunded, SurpriseDrawn, Unsubscribed
from flows.facts import MailClass, Topic
from flows.flow import Flow
from flows.offers import Gives, Offer
from flows.steps import Knob, KnobKind, Send, Wait

SURPRISE_DELIGHT = Flow(
    key="surprise_delight",
    version=1,
    mail_class=MailClass.MARKETING,
    per="event",
    trigger=SurpriseDrawn,
    enter_if=~is_first_order & ~open_complaint & ~is_test,
    exit_on=(OrderRefunded, OrderCancelled, OrderDeleted, Unsubscribed),
    topic=Topic.OFFERS,
    tells=("share", "budget"),
    knobs=(
        Knob("share", 1, 1, 2, "Regular customers who are drawn in a month", KnobKind.PERCENT),
        Knob("budget", 20, 1, 10_000, "Surprises a month, at the most"),
        Knob(
            "free_shipping", 1, 0, 1, "Free shipping with the next order; off: thanks alone", KnobKind.YES_NO
        ),
        Knob("good_days", 30, 3, 90, "Days for which a code is good"),
        Knob("hour", 10, 8, 20, "Hour of the day at which the mail goes out, where the shopper lives"),
    ),
    steps=(
        Wait("morning", days(0), at=local_time(knob("hour"))),
        Send(
            "surprise",
            "surprise_delight/surprise",
            late_hours=2 * 24,
            offer=Offer(Gives.FREE_SHIPPING, knob("free_shipping"), days=knob("good_days")),
        ),
    ),
)
