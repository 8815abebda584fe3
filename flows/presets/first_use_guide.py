"""The day after the arrival: how to begin. What takes learning has a course of one tip a week."""

from flows.conditions import has_words, is_gift, is_test, kind_is, orders_at_most
from flows.delays import days, knob, local_time
from flows.events import (
    OrderCancelled,
    OrderDeleted,
    OrderDelivered,
    OrderRefunded,
    ReturnRequested,
    Unsubscribed,
)
from flows.facts import MailClass, Topic
from flows.flow import Flow
from flows.kinds import TimingKind
from flows.steps import Branch, Knob, Send, Split, Step, Wait

_LATE = 7 * 24
_AT = local_time(knob("hour"))


def _tip(week: int) -> tuple[Step, ...]:
    name = f"course_{week}"
    return (
        Wait(f"week_{week}", days(knob("tip_days")), at=_AT),
        Send(name, f"first_use_guide/{name}", late_hours=_LATE, when=has_words(name)),
    )


FIRST_USE_GUIDE = Flow(
    key="first_use_guide",
    version=1,
    mail_class=MailClass.SERVICE,
    trigger=OrderDelivered,
    enter_if=has_words("guide") & orders_at_most(2) & ~is_gift & ~is_test,
    exit_on=(OrderRefunded, OrderCancelled, OrderDeleted, ReturnRequested, Unsubscribed),
    topic=Topic.TIPS,
    knobs=(
        Knob("wait_days", 1, 0, 7, "Days between the arrival and the guide"),
        Knob("tip_days", 7, 4, 14, "Days between the tips of the course, for what takes learning"),
        Knob("hour", 10, 6, 20, "Hour of the day at which the mails go out"),
    ),
    steps=(
        Wait("unpack", days(knob("wait_days")), at=_AT),
        Send("guide", "first_use_guide/guide", late_hours=_LATE, when=has_words("guide")),
        Split("course", (Branch((*_tip(1), *_tip(2), *_tip(3)), when=kind_is(TimingKind.COMPLEX)),)),
    ),
)
