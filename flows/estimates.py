"""A prediction as it is stored: flows decide on these and never predict themselves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

RUN_OUT, ESTIMATED_ARRIVAL = "run_out", "estimated_arrival"
"""The names under which facts hold them."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """An instant that is likely, with the interval around it. `samples`: what it was learnt from; 0: a rule.
    `source` is a permanent name ("carrier", "merchant", "personal_cycle", "product_interval", "fallback").
    `subject`: the product or parcel that it is about, or None."""

    at: datetime
    source: str
    samples: int = 0
    earliest: datetime | None = None
    latest: datetime | None = None
    subject: str | None = None
