"""A product that goes with an order, as it was chosen for it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Why(StrEnum):
    """Why it goes with what was bought: many bought both, it is a set of such things, it is of the same
    category, or of the same maker. The earlier counts for more."""

    TOGETHER = "together"
    BUNDLE = "bundle"
    CATEGORY = "category"
    VENDOR = "vendor"


@dataclass(frozen=True, slots=True)
class Pick:
    """`support`: in how many orders both were; 0: nobody counted."""

    product_id: str
    why: Why
    support: int = 0
