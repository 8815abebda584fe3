"""Which versions of the Admin API a shop answers, and where ours stands among them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from connectors.base import Store, StoreUnreachable
from connectors.shopify.admin_api import call
from connectors.shopify.nodes import dig, listed
from connectors.shopify.version import API_VERSION

_STABLE = re.compile(r"\d{4}-\d{2}")


@dataclass(frozen=True, slots=True)
class Standing:
    """`supported`: ours is answered as itself. `oldest`: it is the next that will not be."""

    supported: bool
    oldest: bool
    newest: str


def standing(store: Store) -> Standing:
    """Raises StoreError."""
    nodes = listed(call(store, "api_versions"), "publicApiVersions")
    handles = sorted(str(dig(node, "handle")) for node in nodes if dig(node, "supported") is True)
    stable = [handle for handle in handles if _STABLE.fullmatch(handle)]
    if not stable:
        raise StoreUnreachable("the store names no version of its API")
    return Standing(API_VERSION in stable, stable[0] == API_VERSION, stable[-1])
