"""What goes with it: three mails at most, the second for whoever looked, over once they order again."""

from flows.conditions import has_happened, has_picks, is_gift, is_test, open_complaint
from flows.delays import days, knob, local_time
from flows.events import (
    ArrivalDenied,
    LinkClicked,
    OrderCancelled,
    OrderDeleted,
    OrderDelivered,
    OrderedAgain,
    OrderRefunded,
    ProductViewed,
    ReturnRequested,
    Unsubscribed,
)
from flows.facts import MailClass, Topic
from flows.flow import Flow
from flows.steps import Knob, Send, Wait

_LATE = 5 * 24
_AT = local_time(knob("hour"))
_WORTH_IT = has_picks & ~open_complaint

CROSS_SELL_SERIES = Flow(
    key="cross_sell_series",
    version=1,
    mail_class=MailClass.MARKETING,
    trigger=OrderDelivered,
    enter_if=_WORTH_IT & ~is_gift & ~is_test,
    exit_on=(
        OrderRefunded,
        OrderCancelled,
        OrderDeleted,
        ReturnRequested,
        ArrivalDenied,
        OrderedAgain,
        Unsubscribed,
    ),
    goal=OrderedAgain,
    topic=Topic.OFFERS,
    knobs=(
        Knob("first_days", 7, 3, 60, "Days after the arrival until the first mail"),
        Knob("gap_days", 7, 4, 30, "Days between two mails of the series"),
        Knob("hour", 10, 6, 20, "Hour of the day at which the mails go out where they live"),
    ),
    steps=(
        Wait("settle_in", days(knob("first_days")), at=_AT),
        Send("accessories", "cross_sell_series/accessories", late_hours=_LATE, when=_WORTH_IT),
        Wait("look_around", days(knob("gap_days")), at=_AT),
        Send(
            "upgrade",
            "cross_sell_series/upgrade",
            late_hours=_LATE,
            when=_WORTH_IT & (has_happened(LinkClicked) | has_happened(ProductViewed)),
        ),
        Wait("think", days(knob("gap_days")), at=_AT),
        Send("related", "cross_sell_series/related", late_hours=_LATE, when=_WORTH_IT),
    ),
)
