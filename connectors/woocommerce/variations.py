"""A product with its variations (100 of them), which have a listing of their own."""

from __future__ import annotations

from dataclasses import replace

from connectors.base import Noun, Reading, Store, StoreBusy, StoreError, Wish
from connectors.fields import Body, text
from connectors.woocommerce.joined import joined
from connectors.woocommerce.products import product, product_reading
from connectors.woocommerce.rest_api import TIMEOUT, Unheard, list_page
from connectors.woocommerce.trimmed import PRODUCT

_VARIATIONS = "100"
# So many seconds of a page's variations; those of its further products are read by themselves.
PATIENCE = 120.0


def whole_product(store: Store, item: Body, spent: list[float]) -> Reading:
    """`spent`: grows by the seconds that it took. Raises StoreError."""
    told = product_reading(item, store)
    if not has_variations(item):
        return told
    parent = told.products[0]
    asked = {"per_page": _VARIATIONS, "_fields": PRODUCT}
    listed = list_page(store, f"products/{parent.id}/variations", asked)
    spent.append(listed.seconds)
    below = joined(listed.items, Noun.PRODUCT, lambda item: Reading(products=(product(item, store, parent),)))
    return replace(below, products=(parent, *below.products), stamp=told.stamp)


def listed_product(store: Store, item: Body, spent: list[float]) -> Reading:
    """The same within a listing, which one product does not hold up: where the store answers and has no
    variations to give, or was long at it, they are wished for. Raises StoreError."""
    if not has_variations(item) or sum(spent) < PATIENCE:
        try:
            return whole_product(store, item, spent)
        except (StoreBusy, Unheard):  # that is about all of the store
            raise
        except StoreError as error:
            spent.append(TIMEOUT)
            reason = str(error)
    else:
        reason = "the store was long at those of others"
    told = product_reading(item, store)
    return replace(told, wishes=(Wish(Noun.PRODUCT, told.products[0].id, f"its variations: {reason}"[:300]),))


def has_variations(item: Body) -> bool:
    return text(item, "type") == "variable" and bool(item.data.get("variations"))
