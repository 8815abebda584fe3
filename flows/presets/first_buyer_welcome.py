"""The day after: who is new learns who packs the order, who has come back is thanked in three lines."""

from flows.conditions import (
    has_words,
    is_first_order,
    is_pos,
    is_renewal,
    is_test,
    vip_is_thanked,
)
from flows.delays import days, knob, local_time
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
from flows.steps import Branch, Knob, Send, Split, Wait

_LATE = 3 * 24
_AT = local_time(knob("hour"))
_STORY = has_words("story")

FIRST_BUYER_WELCOME = Flow(
    key="first_buyer_welcome",
    version=1,
    mail_class=MailClass.SERVICE,
    trigger=OrderPlaced,
    enter_if=~is_pos & ~is_test & ~is_renewal & ~vip_is_thanked & (_STORY | ~is_first_order),
    exit_on=(OrderRefunded, OrderCancelled, OrderDeleted, OrderedAgain, Unsubscribed),
    topic=Topic.TIPS,
    knobs=(
        Knob("wait_days", 1, 1, 3, "Days between the order and this mail"),
        Knob("hour", 10, 6, 20, "Hour of the day at which the mail goes out"),
    ),
    steps=(
        Split(
            "new_or_known",
            (
                Branch(
                    (
                        Wait("settle", days(knob("wait_days")), at=_AT),
                        Send("welcome", "first_buyer_welcome/welcome", late_hours=_LATE, when=_STORY),
                    ),
                    when=is_first_order,
                ),
                Branch(
                    (
                        Wait("settle_again", days(knob("wait_days")), at=_AT),
                        Send("thanks", "first_buyer_welcome/thanks", late_hours=_LATE),
                    )
                ),
            ),
        ),
    ),
)
