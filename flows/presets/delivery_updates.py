"""What happens to a parcel on its way and is worth a mail: it waits to be picked up, it could not be handed
over, it stands still. One journey for each happening, so that none is told twice and none hides another."""

from flows.conditions import (
    began_with,
    has_happened,
    is_pos,
    is_test,
    knob_is_on,
    new_day_is_told,
    silent_for,
)
from flows.events import (
    OrderCancelled,
    OrderDeleted,
    OrderRefunded,
    ParcelDelayed,
    ParcelDelivered,
    ParcelFailed,
    ParcelOutForDelivery,
    ParcelReadyForPickup,
    ParcelStalled,
)
from flows.facts import MailClass
from flows.flow import Flow
from flows.steps import Branch, Knob, KnobKind, Send, Split


def _tell(key: str, default: int, meaning: str) -> Knob:
    return Knob(key, default, 0, 1, meaning, KnobKind.YES_NO)


DELIVERY_UPDATES = Flow(
    key="delivery_updates",
    version=1,
    mail_class=MailClass.TRANSACTIONAL,
    per="event",
    trigger=ParcelReadyForPickup,
    also=(ParcelFailed, ParcelDelayed, ParcelStalled, ParcelOutForDelivery),
    enter_if=~is_test,
    exit_on=(ParcelDelivered, OrderCancelled, OrderDeleted, OrderRefunded),
    knobs=(
        _tell("pickup", 1, "Tell when a parcel waits to be picked up"),
        _tell("failed", 1, "Tell when a parcel could not be handed over"),
        _tell("delayed", 1, "Tell when the carrier reports a delay"),
        _tell("stalled", 1, "Tell when nothing was heard of a parcel for four days"),
        _tell("out_for_delivery", 0, "Tell on the morning on which a parcel comes"),
    ),
    steps=(
        Split(
            "news",
            (
                Branch(
                    (Send("pickup", "delivery_updates/pickup", late_hours=48, when=knob_is_on("pickup")),),
                    began_with(ParcelReadyForPickup),
                ),
                Branch(
                    (
                        Send(
                            "failed",
                            "delivery_updates/failed",
                            late_hours=24,
                            # Where to fetch it is the better news.
                            when=knob_is_on("failed") & ~has_happened(ParcelReadyForPickup),
                        ),
                    ),
                    began_with(ParcelFailed),
                ),
                Branch(
                    (
                        Send(
                            "delayed",
                            "delivery_updates/delayed",
                            late_hours=48,
                            # A new day says more, and has a mail of its own, though not for a till's orders.
                            when=knob_is_on("delayed") & (~new_day_is_told(days=1) | is_pos),
                        ),
                    ),
                    began_with(ParcelDelayed),
                ),
                Branch(
                    (
                        Send(
                            "stalled",
                            "delivery_updates/stalled",
                            late_hours=48,
                            when=knob_is_on("stalled") & silent_for(days=4),
                        ),
                    ),
                    began_with(ParcelStalled),
                ),
                Branch(
                    (
                        Send(
                            "out",
                            "delivery_updates/out",
                            late_hours=4,
                            when=knob_is_on("out_for_delivery"),
                        ),
                    ),
                    began_with(ParcelOutForDelivery),
                ),
            ),
        ),
    ),
)
