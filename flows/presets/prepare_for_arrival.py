"""Before the parcel comes: what to charge, clear or install, so that the first hour goes well."""

from flows.conditions import has_words, is_first_parcel, is_gift, is_test
from flows.delays import Moment, knob, latest, local_time, until
from flows.events import (
    OrderCancelled,
    OrderDeleted,
    OrderDelivered,
    OrderRefunded,
    ParcelDelivered,
    ParcelShipped,
    Unsubscribed,
)
from flows.facts import MailClass, Topic
from flows.flow import Flow
from flows.steps import Knob, Send, Wait

PREPARE_FOR_ARRIVAL = Flow(
    key="prepare_for_arrival",
    version=1,
    mail_class=MailClass.SERVICE,
    per="parcel",
    trigger=ParcelShipped,
    enter_if=is_first_parcel & has_words("prepare") & ~is_gift & ~is_test,
    exit_on=(
        ParcelDelivered,
        OrderDelivered,
        OrderRefunded,
        OrderCancelled,
        OrderDeleted,
        Unsubscribed,
    ),
    topic=Topic.TIPS,
    knobs=(
        Knob("after_days", 3, 0, 14, "Days after the order, at the earliest"),
        Knob("before_days", 2, 1, 7, "Days before the expected arrival, where it is known"),
        Knob("hour", 10, 6, 20, "Hour of the day at which the mail goes out"),
    ),
    steps=(
        Wait(
            "near",
            latest(
                until(Moment.ORDERED, after=knob("after_days")),
                until(Moment.ESTIMATED_ARRIVAL, before=knob("before_days")),
            ),
            at=local_time(knob("hour")),
        ),
        Send("checklist", "prepare_for_arrival/checklist", late_hours=24, when=has_words("prepare")),
    ),
)
