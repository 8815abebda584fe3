"""Whoever writes a review is thanked at once and alike; who was let down also learns whom to turn to.

Nobody is asked for another review, in public or anywhere else: what somebody thinks decides about help, and
about nothing that others see.
"""

from flows.conditions import is_test, stars_at_least
from flows.events import OrderCancelled, OrderDeleted, OrderRefunded, ReviewSubmitted, Unsubscribed
from flows.facts import MailClass, Topic
from flows.flow import Flow
from flows.steps import Branch, Send, Split

_LATE = 2 * 24

REVIEW_REPLY = Flow(
    key="review_reply",
    version=1,
    mail_class=MailClass.SERVICE,
    trigger=ReviewSubmitted,
    enter_if=~is_test,
    exit_on=(OrderRefunded, OrderCancelled, OrderDeleted, Unsubscribed),
    topic=Topic.REVIEWS,
    steps=(
        Split(
            "how_it_went",
            (
                Branch((Send("share", "review_reply/share", late_hours=_LATE),), when=stars_at_least(4)),
                Branch((Send("put_right", "review_reply/put_right", late_hours=_LATE),)),
            ),
        ),
    ),
)
