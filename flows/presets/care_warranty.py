"""What is made to last: how to care for it a month on, and a reminder twice a year, four times at most."""

from flows.conditions import has_words, is_durable, is_gift, is_test
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
from flows.steps import Knob, Send, Step, Wait

_LATE = 7 * 24
_AT = local_time(knob("hour"))


def _reminder(time: int) -> tuple[Step, ...]:
    return (
        Wait(f"half_year_{time}", days(knob("again_days")), at=_AT),
        Send(f"again_{time}", "care_warranty/again", late_hours=_LATE, when=has_words("care")),
    )


CARE_WARRANTY = Flow(
    key="care_warranty",
    version=1,
    mail_class=MailClass.SERVICE,
    trigger=OrderDelivered,
    enter_if=is_durable & has_words("care") & ~is_gift & ~is_test,
    exit_on=(OrderRefunded, OrderCancelled, OrderDeleted, ReturnRequested, Unsubscribed),
    topic=Topic.TIPS,
    knobs=(
        Knob("care_days", 30, 7, 90, "Days between the arrival and the first mail"),
        Knob("again_days", 180, 60, 400, "Days between the reminders after that"),
        Knob("hour", 10, 6, 20, "Hour of the day at which the mails go out"),
    ),
    steps=(
        Wait("live_with_it", days(knob("care_days")), at=_AT),
        Send("care", "care_warranty/care", late_hours=_LATE, when=has_words("care")),
        *_reminder(1),
        *_reminder(2),
        *_reminder(3),
        *_reminder(4),
    ),
)
