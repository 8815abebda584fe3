"""Everything has arrived: once, when somebody says that the last parcel is there, and never as old news."""

from flows.conditions import happened_within, is_certain, is_test
from flows.delays import hours, knob
from flows.events import OrderCancelled, OrderDeleted, OrderDelivered, OrderRefunded
from flows.facts import MailClass
from flows.flow import Flow
from flows.steps import Knob, Send, Wait

DELIVERED = Flow(
    key="delivered",
    version=1,
    mail_class=MailClass.TRANSACTIONAL,
    trigger=OrderDelivered,
    enter_if=happened_within(OrderDelivered, days=5) & is_certain(OrderDelivered) & ~is_test,
    exit_on=(OrderCancelled, OrderDeleted, OrderRefunded),
    knobs=(Knob("wait_hours", 2, 0, 72, "Hours between the delivery and this mail"),),
    steps=(
        Wait("unpack", hours(knob("wait_hours"))),
        Send("arrived", "delivered/arrived", late_hours=48),
    ),
)
