"""A large order: a few personal lines the day after, in place of the welcome."""

from flows.conditions import is_pos, is_renewal, is_test, total_at_least
from flows.delays import days, knob, local_time
from flows.events import OrderCancelled, OrderDeleted, OrderPlaced, OrderRefunded, Unsubscribed
from flows.facts import MailClass, Topic
from flows.flow import Flow
from flows.questions.service import VIP_KNOB, VIP_TOTAL
from flows.steps import Knob, KnobKind, Send, Wait

VIP_THANK_YOU = Flow(
    key="vip_thank_you",
    version=1,
    mail_class=MailClass.SERVICE,
    trigger=OrderPlaced,
    enter_if=total_at_least(VIP_KNOB) & ~is_pos & ~is_test & ~is_renewal,
    exit_on=(OrderRefunded, OrderCancelled, OrderDeleted, Unsubscribed),
    topic=Topic.TIPS,
    knobs=(
        Knob(VIP_KNOB, VIP_TOTAL, 0, 100_000_000, "Total from which an order is thanked for", KnobKind.MONEY),
        Knob("wait_days", 1, 1, 3, "Days between the order and this mail"),
        Knob("hour", 10, 6, 20, "Hour of the day at which the mail goes out"),
    ),
    steps=(
        Wait("settle", days(knob("wait_days")), at=local_time(knob("hour"))),
        Send("note", "vip_thank_you/note", late_hours=3 * 24),
    ),
)
