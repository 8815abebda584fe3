"""Before it runs out: a reminder, and what else helps; over once that very product is bought again."""

from flows.conditions import (
    bought_again,
    has_happened,
    has_run_out,
    is_consumable,
    is_renewal,
    is_test,
    knob_is_on,
    open_complaint,
)
from flows.delays import Moment, days, knob, local_time, until
from flows.events import (
    ArrivalDenied,
    LinkClicked,
    OrderCancelled,
    OrderDeleted,
    OrderDelivered,
    OrderRefunded,
    ReturnRequested,
    Unsubscribed,
)
from flows.facts import MailClass, Topic
from flows.flow import Flow
from flows.offers import Gives, Offer
from flows.steps import Knob, KnobKind, Send, Wait

_LATE = 4 * 24
_AT = local_time(knob("hour"))
_STILL_NEEDED = ~bought_again & ~open_complaint

REPLENISHMENT = Flow(
    key="replenishment",
    version=1,
    mail_class=MailClass.MARKETING,
    trigger=OrderDelivered,
    enter_if=is_consumable & has_run_out & _STILL_NEEDED & ~is_renewal & ~is_test,
    exit_on=(OrderRefunded, OrderCancelled, OrderDeleted, ReturnRequested, ArrivalDenied, Unsubscribed),
    topic=Topic.OFFERS,
    knobs=(
        Knob("days_before", 6, 2, 14, "Days before it runs out at which the reminder goes out"),
        Knob("percent", 0, 0, 50, "What is taken off for whoever looked and did not order", KnobKind.PERCENT),
        Knob("good_days", 7, 3, 60, "Days for which a code is good"),
        Knob("plan_percent", 0, 0, 50, "What your subscription saves; 0: you have none", KnobKind.PERCENT),
        Knob("hour", 10, 6, 20, "Hour of the day at which the mails go out where they live"),
    ),
    steps=(
        Wait("use_it", until(Moment.RUN_OUT, before=knob("days_before")), at=_AT),
        Send("running_low", "replenishment/running_low", late_hours=_LATE, when=_STILL_NEEDED),
        Wait("decide", days(5), at=_AT),
        Send(
            "same_again",
            "replenishment/same_again",
            late_hours=_LATE,
            when=_STILL_NEEDED & has_happened(LinkClicked),
            offer=Offer(Gives.PERCENT, knob("percent"), days=knob("good_days")),
        ),
        Wait("run_dry", days(5), at=_AT),
        Send(
            "plan",
            "replenishment/plan",
            late_hours=_LATE,
            when=_STILL_NEEDED & knob_is_on("plan_percent"),
        ),
    ),
)
