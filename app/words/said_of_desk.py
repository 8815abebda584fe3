"""What the desk found, and whether the order was known as it stands: as second halves of sentences, as lines
of a list, and as reasons."""

from __future__ import annotations

import re
from collections.abc import Mapping

from app.words.said import Said

SAID_OF_DESK: Mapping[str, Said] = {
    "spaced": Said(
        "it was far enough from other mails",
        "it was too near to another mail",
        "the other mail had not gone just before",
        "another mail had gone just before",
    ),
    "within_week": Said(
        "they had had few mails in seven days",
        "they had had enough mails in seven days",
        "they had had fewer mails in seven days, or your limit were higher",
        "they had had more mails in seven days",
    ),
    "within_month": Said(
        "they had had few offers in thirty days",
        "they had had enough offers in thirty days",
        "they had had fewer offers in thirty days, or your limit were higher",
        "they had had more offers in thirty days",
    ),
    "own_pace": Said(
        "they wanted to hear from you by then",
        "they had asked to hear from you less often",
        "they had asked for more mails",
        "they had asked for fewer mails",
    ),
    "not_quiet": Said(
        "it was no quiet hour", "it was a quiet hour", "it had been no quiet hour", "it had been a quiet hour"
    ),
    "no_late_parcel": Said(
        "no parcel of theirs was late",
        "a parcel of theirs was late",
        "no parcel of theirs had been late",
        "a parcel of theirs had been late",
    ),
    "is_fresh": Said(
        "the order had just been confirmed",
        "the order had not been confirmed for a while",
        "the shop had confirmed the order just before",
        "the shop had not confirmed the order for a while",
    ),
    "in_own_name": Said(
        "it left under your own domain",
        "it left under our domain, because yours was not let through",
        "your domain had been let through",
        "your domain had not been let through",
    ),
}
LINES_OF_DESK: Mapping[str, str] = {
    "spaced": "Far enough from their other mails",
    "within_week": "Room among their mails of seven days",
    "within_month": "Room among their offers of thirty days",
    "own_pace": "As often as they chose themselves",
    "not_quiet": "No quiet hours where they live",
    "is_fresh": "The order is known as it stands",
    "in_own_name": "Under your own domain",
}
BECAUSE_OF_DESK: Mapping[str, str] = {
    "frequency_cap": "they have had enough mails lately",
    "reader_pace": "they asked to hear from you less often",
    "quiet_hours": "it is night where they live",
    "being_read_again": "the shop is asked first how the order stands now",
}
_IN_THE_WAY = re.compile(r"(\S.*?) (\d{4}-\d\d-\d\dT\S+)")


def in_the_way(value: str, titles: Mapping[str, str]) -> str:
    """Which mails were there already: each by its title, with its instant left for others to say."""
    told = [found.groups() for part in value.split("; ") if (found := _IN_THE_WAY.fullmatch(part))]
    return ", ".join(f"{titles.get(name, name)} ({at})" for name, at in told) or "None in the way"
