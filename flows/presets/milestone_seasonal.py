"""Things grow old and seasons come round: a look at something newer, unless it was bought already."""

from flows.conditions import began_with, is_durable, is_gift, is_seasonal, is_test, open_complaint
from flows.delays import days, knob, local_time
from flows.events import (
    ArrivalDenied,
    OrderCancelled,
    OrderDeleted,
    OrderDelivered,
    OrderedAgain,
    OrderRefunded,
    ReturnRequested,
    SeasonCame,
    Unsubscribed,
)
from flows.facts import MailClass, Topic
from flows.flow import Flow
from flows.steps import Branch, Knob, Send, Split, Wait

_LATE = 7 * 24
_AT = local_time(knob("hour"))

MILESTONE_SEASONAL = Flow(
    key="milestone_seasonal",
    version=1,
    mail_class=MailClass.MARKETING,
    per="event",
    trigger=OrderDelivered,
    also=(SeasonCame,),
    # A gift grows old with somebody else; its season comes for whoever gave it, too.
    enter_if=((is_durable & ~is_gift & began_with(OrderDelivered)) | (is_seasonal & began_with(SeasonCame)))
    & ~open_complaint
    & ~is_test,
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
    tells=("season_month", "season_day", "season_lead"),
    knobs=(
        Knob("age_days", 180, 30, 1_800, "Days after the arrival at which something is no longer new"),
        Knob("season_month", 0, 0, 12, "Month in which your season begins, 1 to 12; 0: you have none"),
        Knob("season_day", 1, 1, 31, "Day of the month on which it begins"),
        Knob("season_lead", 14, 0, 60, "Days before the season at which the mail goes out"),
        Knob("hour", 10, 6, 20, "Hour of the day at which the mails go out where they live"),
    ),
    steps=(
        Split(
            "what_came",
            (
                Branch(
                    (
                        Wait("season_morning", days(0), at=_AT),
                        Send("season", "milestone_seasonal/season", _LATE, when=~open_complaint),
                    ),
                    when=began_with(SeasonCame),
                ),
                Branch(
                    (
                        Wait("grow_old", days(knob("age_days")), at=_AT),
                        Send("age", "milestone_seasonal/age", late_hours=_LATE, when=~open_complaint),
                    )
                ),
            ),
        ),
    ),
)
