"""While an order waits to leave, and when it comes later than told: said before anybody has to ask."""

from flows.conditions import began_with, has_goods, is_pos, is_test, waits_to_leave
from flows.delays import business_days, knob, local_time
from flows.events import (
    EstimateMoved,
    OrderCancelled,
    OrderDeleted,
    OrderDelivered,
    OrderPlaced,
    OrderRefunded,
    ParcelDelivered,
)
from flows.facts import MailClass
from flows.flow import Flow
from flows.steps import Branch, Knob, Send, Split, Wait

ORDER_PROGRESS = Flow(
    key="order_progress",
    version=1,
    mail_class=MailClass.TRANSACTIONAL,
    per="event",
    trigger=OrderPlaced,
    also=(EstimateMoved,),
    enter_if=has_goods & ~is_test & ~is_pos,
    exit_on=(ParcelDelivered, OrderDelivered, OrderCancelled, OrderDeleted, OrderRefunded),
    knobs=(Knob("days", 3, 1, 15, "Business days after which an order that has not left is told of"),),
    steps=(
        Split(
            "news",
            (
                Branch((Send("later", "order_progress/later", late_hours=24),), began_with(EstimateMoved)),
                Branch(
                    (
                        Wait("patience", business_days(knob("days")), at=local_time(10)),
                        Send("preparing", "order_progress/preparing", late_hours=24, when=waits_to_leave),
                    )
                ),
            ),
        ),
    ),
)
