"""What the rules of the way found, as the second half of a sentence."""

from __future__ import annotations

from collections.abc import Mapping

from app.words.said import Said

SAID_OF_WAY: Mapping[str, Said] = {
    "has_goods": Said(
        "something in the order is sent",
        "nothing in the order is sent",
        "something in the order had been sent",
        "nothing in the order had been sent",
    ),
    "has_digital_line": Said(
        "something in the order is not sent but used at once",
        "nothing in the order is a download, an access or a service",
        "something in the order had been a download, an access or a service",
        "nothing in the order had been a download, an access or a service",
    ),
    "waits_to_leave": Said(
        "nothing of the order had left",
        "some of the order had left",
        "nothing of the order had left",
        "some of the order had left",
    ),
    "silent_for": Said(
        "nothing was heard of the parcel",
        "the parcel was heard of",
        "nothing had been heard of the parcel",
        "the parcel had been heard of",
    ),
    "expected_by_now": Said(
        "the parcel should have been there",
        "the parcel was expected later",
        "the parcel had been expected by then",
        "the parcel had been expected later",
    ),
    "new_day_is_told": Said(
        "the new day was told",
        "no new day was told",
        "the new day had been told",
        "no new day had been told",
    ),
    "is_certain": Said(
        "somebody told it",
        "nobody told it: we only take it to be so",
        "somebody had told it",
        "nobody had told it",
    ),
}
