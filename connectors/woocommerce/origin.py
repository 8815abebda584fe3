"""Where an order came from, and whether its goods travel: at a till or a counter they are handed over."""

from __future__ import annotations

from connectors.fields import Body, children, text
from connectors.woocommerce.metas import metas, word

# As the other platform calls it.
TILL = "pos"
_RENEWAL = "_subscription_renewal"
_FETCHED = frozenset({"local_pickup", "pickup_location"})


def bought_at_the_till(item: Body) -> bool:
    """`pos`, `pos-rest-api`: the platform's own till and those of others."""
    return text(item, "created_via").strip().lower().startswith(TILL)


def is_renewal(item: Body) -> bool:
    """A subscription that goes on by itself. The first order of one is bought like any other."""
    return text(item, "created_via") == "subscription" or bool(word(metas(item), _RENEWAL))


def is_handed_over(item: Body) -> bool:
    """All of it is fetched by its buyer, or was taken along at once."""
    ways = [text(way, "method_id").partition(":")[0] for way in children(item, "shipping_lines")]
    return all(way in _FETCHED for way in ways) if ways else bought_at_the_till(item)
