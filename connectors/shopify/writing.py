"""Writing into a shop: every verb with its operation and the rights that it needs."""

from __future__ import annotations

from connectors.base import Store, Unsupported
from connectors.writes import Write, Written


def write(store: Store, what: Write) -> Written:
    """Raises StoreError; RightMissing where the shop has not given the rights."""
    raise Unsupported(f"{what.kind} is not written yet")
