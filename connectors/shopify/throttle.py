"""Shopify's leaky bucket: a call that costs more than is left is answered with 200 and an error."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from connectors.shopify.waiting import LONGEST, USUAL


def is_throttled(errors: Any) -> bool:
    if not isinstance(errors, list):
        return False
    extensions = [error.get("extensions") for error in errors if isinstance(error, dict)]
    return any(isinstance(part, dict) and part.get("code") == "THROTTLED" for part in extensions)


def cost_wait(answer: Mapping[str, Any]) -> float:
    """Seconds until the bucket holds what the call asked for."""
    try:
        cost = answer["extensions"]["cost"]
        status = cost["throttleStatus"]
        missing = float(cost["requestedQueryCost"]) - float(status["currentlyAvailable"])
        seconds = missing / float(status["restoreRate"])
    except (KeyError, TypeError, ValueError, ZeroDivisionError):
        return USUAL
    return USUAL if math.isnan(seconds) else min(max(seconds, 0.1), LONGEST)
