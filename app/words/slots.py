"""What a merchant may write for the mails of a flow: for which, what it is, whether the mail needs it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Slot:
    """`noun` with its article, as it stands in a sentence. `needed`: without it the mail does not go.
    `example`: a first line that shows what is meant."""

    key: str
    title: str
    noun: str
    meaning: str
    example: str
    needed: bool = True


_GUIDE = Slot(
    "guide",
    "Guide",
    "a guide",
    "How to begin: the first steps, a video, whom to ask.",
    "Charge it fully before the first use.",
)


def _tip(week: int, level: str) -> Slot:
    return Slot(
        f"course_{week}",
        f"Tip of week {week}",
        f"a tip for week {week}",
        f"{level}: one thing to try. Without it that week has no mail.",
        "Today, try the second setting.",
    )


SLOTS: Mapping[str, tuple[Slot, ...]] = {
    "digital_access": (
        Slot(
            "access",
            "Access",
            "an access link",
            "Where what was bought is found, and how to get in.",
            "Sign in with the address that you ordered with.",
        ),
    ),
    "first_buyer_welcome": (
        Slot(
            "story",
            "Your story",
            "a story",
            "Who packs the order, how it began, what you do differently. For first orders.",
            "We are two sisters and a roaster from 1962.",
        ),
    ),
    "prepare_for_arrival": (
        Slot(
            "prepare",
            "Checklist",
            "a checklist",
            "What to do before it comes: charge, install, clear a place.",
            "- Install the app\n- Clear 60 cm beside a socket",
        ),
    ),
    "first_use_guide": (
        _GUIDE,
        _tip(1, "The basics"),
        _tip(2, "A step further"),
        _tip(3, "For the ambitious"),
    ),
    "care_warranty": (
        Slot(
            "care",
            "Care and warranty",
            "words on care and warranty",
            "How to keep it well, what the warranty covers, where spare parts are found.",
            "Wipe it with a damp cloth. The warranty covers two years.",
        ),
    ),
    "vip_thank_you": (
        Slot(
            "vip",
            "Personal note",
            "a personal note",
            "A few lines of your own. Without them the mail says it in ours.",
            "I packed this one myself.",
            needed=False,
        ),
    ),
    "gift_guide": (
        Slot(
            "gift",
            "For gifts",
            "words for gifts",
            "What else helps who gave it: how to exchange, how long. Without it our three tips stand alone.",
            "Exchanges are possible until four weeks after the day of the gift.",
            needed=False,
        ),
    ),
}
"""By flow, in the order in which its mails leave."""

BY_KEY: Mapping[str, Slot] = {slot.key: slot for slots in SLOTS.values() for slot in slots}
