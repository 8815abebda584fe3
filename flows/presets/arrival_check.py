"""Its day is over and nobody has said that the parcel is there: so whoever waits for it is asked."""

from flows.conditions import expected_by_now, happened_within, has_happened, is_test, knob_is_on
from flows.delays import days, local_time
from flows.events import (
    ArrivalDenied,
    OrderCancelled,
    OrderDeleted,
    OrderRefunded,
    ParcelDelivered,
    ParcelLate,
)
from flows.facts import MailClass
from flows.flow import Flow
from flows.steps import Knob, KnobKind, Send, Wait

ARRIVAL_CHECK = Flow(
    key="arrival_check",
    version=1,
    mail_class=MailClass.TRANSACTIONAL,
    per="parcel",
    trigger=ParcelLate,
    enter_if=happened_within(ParcelLate, days=2) & ~has_happened(ArrivalDenied) & ~is_test,
    exit_on=(ParcelDelivered, ArrivalDenied, OrderCancelled, OrderDeleted, OrderRefunded),
    knobs=(
        Knob(
            "next_morning",
            0,
            0,
            1,
            "Ask at nine the next morning instead of at six in the evening",
            KnobKind.YES_NO,
        ),
    ),
    steps=(
        Wait("night", days(1), at=local_time(9), when=knob_is_on("next_morning")),
        Send("asked", "arrival_check/asked", late_hours=24, when=expected_by_now),
    ),
)
