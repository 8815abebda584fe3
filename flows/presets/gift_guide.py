"""Somebody else unpacks it: what helps who gave it, instead of asking how they like it."""

from flows.conditions import has_happened, is_gift, is_pos, is_test
from flows.delays import days, knob, local_time
from flows.events import (
    OrderCancelled,
    OrderDeleted,
    OrderDelivered,
    OrderPlaced,
    OrderRefunded,
    Unsubscribed,
)
from flows.facts import MailClass, Topic
from flows.flow import Flow
from flows.steps import Knob, Send, Wait, WaitFor

GIFT_GUIDE = Flow(
    key="gift_guide",
    version=1,
    mail_class=MailClass.SERVICE,
    trigger=OrderPlaced,
    enter_if=is_gift & ~is_pos & ~is_test,
    exit_on=(OrderRefunded, OrderCancelled, OrderDeleted, Unsubscribed),
    topic=Topic.TIPS,
    knobs=(
        Knob("after_days", 2, 0, 14, "Days between the arrival and this mail"),
        Knob("hour", 10, 6, 20, "Hour of the day at which the mail goes out"),
    ),
    steps=(
        WaitFor("arrives", OrderDelivered, days(60)),
        Wait("unwrapped", days(knob("after_days")), at=local_time(knob("hour"))),
        Send("tips", "gift_guide/tips", late_hours=5 * 24, when=has_happened(OrderDelivered)),
    ),
)
