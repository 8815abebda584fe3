"""What was called off or given back, said at once and with the sum."""

from flows.conditions import (
    began_with,
    has_happened,
    is_pos,
    is_test,
    knob_is_on,
    order_cancelled,
    told_in_all,
    told_with,
)
from flows.delays import minutes
from flows.events import LinesRefunded, OrderCancelled, OrderDeleted, OrderPlaced, OrderRefunded
from flows.facts import MailClass
from flows.flow import Flow
from flows.steps import Branch, Knob, KnobKind, Send, Split, Wait

_TOGETHER = 10
# What is given back together with a cancellation is told with it, where that is told.
_TOLD_ALREADY = told_with(OrderCancelled, minutes=_TOGETHER) & knob_is_on("cancelled")

CANCEL_REFUND_EXCHANGE = Flow(
    key="cancel_refund_exchange",
    version=1,
    mail_class=MailClass.TRANSACTIONAL,
    per="event",
    trigger=OrderCancelled,
    also=(LinesRefunded, OrderRefunded),
    of_loss=True,
    enter_if=~is_test & ~is_pos,
    exit_on=(OrderDeleted,),
    knobs=(
        Knob("cancelled", 1, 0, 1, "Tell that an order was cancelled", KnobKind.YES_NO),
        Knob("refunded", 1, 0, 1, "Tell that money was given back", KnobKind.YES_NO),
    ),
    steps=(
        Split(
            "news",
            (
                Branch(
                    (
                        # The money often goes back a moment after the order is called off.
                        Wait("together", minutes(_TOGETHER)),
                        Send(
                            "cancelled",
                            "cancel_refund_exchange/cancelled",
                            late_hours=24,
                            # Of what was never paid for nobody was told that it was there.
                            when=knob_is_on("cancelled") & order_cancelled & has_happened(OrderPlaced),
                        ),
                    ),
                    began_with(OrderCancelled),
                ),
                Branch(
                    (
                        Send(
                            "refunded",
                            "cancel_refund_exchange/refunded",
                            late_hours=48,
                            when=knob_is_on("refunded") & ~_TOLD_ALREADY & ~told_in_all,
                        ),
                    ),
                    began_with(LinesRefunded),
                ),
                Branch(
                    (
                        # What was given back is often known a moment after that all of it was.
                        Wait("details", minutes(10)),
                        Send(
                            "refunded_all",
                            "cancel_refund_exchange/refunded",
                            late_hours=48,
                            # Stores that say no more than that all was given back.
                            when=knob_is_on("refunded") & ~has_happened(LinesRefunded) & ~_TOLD_ALREADY,
                        ),
                    ),
                ),
            ),
        ),
    ),
)
