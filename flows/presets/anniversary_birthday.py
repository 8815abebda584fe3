"""A year since the first order, or a birthday: thanks on the morning of the day, with a gift if the shop
gives one."""

from flows.conditions import began_with, is_test, open_complaint
from flows.delays import days, knob, local_time
from flows.events import (
    AnniversaryCame,
    BirthdayCame,
    OrderCancelled,
    OrderDeleted,
    OrderRefunded,
    Unsubscribed,
)
from flows.facts import MailClass, Topic
from flows.flow import Flow
from flows.offers import Gives, Offer
from flows.steps import Branch, Knob, KnobKind, Send, Split, Wait

# A day late it is the wrong day.
_LATE = 12
_AT = local_time(knob("hour"))
_GIFT = Offer(Gives.PERCENT, knob("percent"), days=knob("good_days"))

ANNIVERSARY_BIRTHDAY = Flow(
    key="anniversary_birthday",
    version=1,
    mail_class=MailClass.MARKETING,
    per="event",
    trigger=AnniversaryCame,
    also=(BirthdayCame,),
    enter_if=~open_complaint & ~is_test,
    exit_on=(OrderRefunded, OrderCancelled, OrderDeleted, Unsubscribed),
    topic=Topic.OFFERS,
    tells=("years",),
    knobs=(
        Knob("years", 3, 1, 10, "Anniversaries that are thanked for, from the first on"),
        Knob("percent", 0, 0, 50, "What is taken off as a gift; 0: thanks alone", KnobKind.PERCENT),
        Knob("good_days", 14, 3, 60, "Days for which a code is good"),
        Knob("hour", 9, 8, 20, "Hour of the day at which the mail goes out, where the shopper lives"),
    ),
    steps=(
        Split(
            "which_day",
            (
                Branch(
                    (
                        Wait("birthday_morning", days(0), at=_AT),
                        Send("birthday", "anniversary_birthday/birthday", late_hours=_LATE, offer=_GIFT),
                    ),
                    when=began_with(BirthdayCame),
                ),
                Branch(
                    (
                        Wait("morning", days(0), at=_AT),
                        Send(
                            "anniversary", "anniversary_birthday/anniversary", late_hours=_LATE, offer=_GIFT
                        ),
                    )
                ),
            ),
        ),
    ),
)
