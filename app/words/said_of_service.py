"""What the rules of flows that help and thank found, as the second half of a sentence."""

from __future__ import annotations

from collections.abc import Mapping

from app.words.said import Said

SAID_OF_SERVICE: Mapping[str, Said] = {
    "has_words": Said(
        "the shop has written something for it",
        "the shop has written nothing for it yet",
        "the shop had written something for it",
        "the shop had written nothing for it",
    ),
    "total_at_least": Said(
        "the order was large enough",
        "the order was not large enough",
        "the order had been large enough",
        "the order had been smaller",
    ),
    "vip_is_thanked": Said(
        "the personal thanks take its place",
        "the personal thanks do not take its place",
        "the personal thanks had taken its place",
        "the personal thanks had not taken its place",
    ),
    "orders_at_most": Said(
        "they have not ordered often",
        "they have ordered often",
        "they had not ordered so often",
        "they had ordered more often",
    ),
    "is_first_parcel": Said(
        "it was the first parcel of the order",
        "it was not the first parcel of the order",
        "it had been the first parcel of the order",
        "it had not been the first parcel of the order",
    ),
    "stars_at_least": Said(
        "the review had that many stars",
        "the review had fewer stars",
        "the review had had that many stars",
        "the review had had fewer stars",
    ),
}
