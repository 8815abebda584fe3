"""The one version of the Admin API that this code speaks."""

from __future__ import annotations

import logging
from functools import cache

API_VERSION = "2026-10"

log = logging.getLogger("doorstep.shopify")


def notice_version(answered: str) -> None:
    """A version that has ended is answered by a newer one, whose fields may mean something else."""
    if answered and answered != API_VERSION:
        _say(answered[:20])


@cache
def _say(answered: str) -> None:
    """Once a process: every call would say the same."""
    log.warning("Shopify answers version %r of its API instead of %s", answered, API_VERSION)
