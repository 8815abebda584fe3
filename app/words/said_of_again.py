"""What the rules found about the next purchase, as the second half of a sentence."""

from __future__ import annotations

from collections.abc import Mapping

from app.words.said import Said

SAID_OF_AGAIN: Mapping[str, Said] = {
    "bought_again": Said(
        "it was bought again",
        "it was not bought again",
        "it had been bought again",
        "it had not been bought again",
    ),
    "is_seasonal": Said(
        "something of the season was kept",
        "nothing of the season was kept",
        "something of the season had been kept",
        "nothing of the season had been kept",
    ),
    "is_awake": Said(
        "there was a sign of them",
        "there was no sign of them since they were asked why they stay away",
        "they had ordered or followed a link",
        "there had been no sign of them",
    ),
}
