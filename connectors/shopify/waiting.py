"""How long Shopify asks us to wait."""

from __future__ import annotations

import math

from wire.http import Answer

# Seconds to wait where the answer names no time.
USUAL = 2.0
LONGEST = 3600.0


def asked_wait(answer: Answer) -> float:
    """Seconds of Retry-After, which Shopify writes as "2.0"."""
    try:
        seconds = float(answer.headers.get("retry-after", ""))
    except ValueError:
        return USUAL
    return min(max(seconds, 0.0), LONGEST) if math.isfinite(seconds) else USUAL
