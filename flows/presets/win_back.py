"""After a long silence: we miss you, a reason to come back, and what went wrong; then nothing more."""

from flows.conditions import is_pos, is_renewal, is_test, knob_is_on, open_complaint
from flows.delays import Moment, days, knob, latest, local_time, until
from flows.events import (
    OrderCancelled,
    OrderDeleted,
    OrderedAgain,
    OrderPlaced,
    OrderRefunded,
    Unsubscribed,
)
from flows.facts import MailClass, Topic
from flows.flow import Flow
from flows.offers import Gives, Offer
from flows.steps import Knob, KnobKind, Send, Wait

_LATE = 7 * 24
_AT = local_time(knob("hour"))

WIN_BACK = Flow(
    key="win_back",
    version=1,
    mail_class=MailClass.MARKETING,
    trigger=OrderPlaced,
    enter_if=~is_test & ~is_pos & ~is_renewal,
    exit_on=(OrderRefunded, OrderCancelled, OrderDeleted, OrderedAgain, Unsubscribed),
    goal=OrderedAgain,
    topic=Topic.OFFERS,
    knobs=(
        Knob("first_days", 60, 30, 365, "Days without an order until the first mail"),
        Knob("offer_days", 30, 7, 120, "Days from the first mail to the offer"),
        Knob("why_days", 30, 7, 120, "Days from the offer to the question what went wrong"),
        Knob("percent", 10, 0, 50, "What is taken off the next order; 0: no offer", KnobKind.PERCENT),
        Knob("minimum", 0, 0, 10_000_000, "The least that a code has to be used for", KnobKind.MONEY),
        Knob("good_days", 14, 3, 60, "Days for which a code is good"),
        Knob("hour", 10, 6, 20, "Hour of the day at which the mails go out where they live"),
    ),
    steps=(
        Wait("away", latest(days(knob("first_days")), until(Moment.RHYTHM_BROKEN)), at=_AT),
        Send("miss_you", "win_back/miss_you", late_hours=_LATE, when=~open_complaint),
        Wait("still_away", days(knob("offer_days")), at=_AT),
        Send(
            "offer",
            "win_back/offer",
            late_hours=_LATE,
            when=knob_is_on("percent") & ~open_complaint,
            offer=Offer(Gives.PERCENT, knob("percent"), days=knob("good_days"), minimum=knob("minimum")),
        ),
        Wait("long_away", days(knob("why_days")), at=_AT),
        Send("why", "win_back/why", late_hours=_LATE, when=~open_complaint),
    ),
)
