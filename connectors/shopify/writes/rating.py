"""The stars of a product, in the two metafields that themes and search engines' feeds read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from connectors.base import NotThere, Store, StoreRefused
from connectors.shopify.admin_api import Complaint, call
from connectors.shopify.ids import gid
from connectors.shopify.nodes import dig, listed
from connectors.writes import SetRating, Written

NAMESPACE = "reviews"
RATING, COUNT = "rating", "rating_count"
_HIGHEST = 5.0
_LOWEST = 1.0


def set_rating(store: Store, what: SetRating) -> Written:
    """Without reviews there is no rating: a value outside of its scale would be refused, so it goes."""
    if what.count < 0 or (what.count and not _LOWEST <= what.average <= _HIGHEST):
        raise StoreRefused(f"{what.average} of {what.count} reviews is no rating")
    id = gid("Product", what.product_id)
    found = call(store, "product_rating", {"id": id})
    product = dig(found, "product")
    if product is None:
        raise NotThere("there is no such product")
    rating = _rating(what) if what.count else None
    if _shown(product) == (rating, what.count):
        return Written(id, already=True)
    _enable(store, {str(dig(node, "key")) for node in listed(found, "metafieldDefinitions.nodes")})
    fields = [_field(id, COUNT, "number_integer", str(what.count))]
    if rating is not None:
        fields.append(_field(id, RATING, "rating", json.dumps(rating)))
    call(store, "metafields_set", {"metafields": fields})
    if rating is None and dig(product, "rating.value") is not None:
        gone = {"ownerId": id, "namespace": NAMESPACE, "key": RATING}
        call(store, "metafields_delete", {"metafields": [gone]})
    return Written(id)


def _rating(what: SetRating) -> dict[str, str]:
    return {"value": f"{what.average:.2f}", "scale_min": f"{_LOWEST}", "scale_max": f"{_HIGHEST}"}


def _shown(product: Mapping[str, Any]) -> tuple[dict[str, str] | None, int | None]:
    """As the store holds it; values that are no such thing count as none."""
    try:
        rating = json.loads(dig(product, "rating.value") or "null")
        count = int(dig(product, "count.value"))
    except (ValueError, TypeError):
        return None, None
    if not isinstance(rating, dict):
        return None, count
    try:
        value = f"{float(rating.get('value', '')):.2f}"
    except (ValueError, TypeError):
        return None, None
    ends = {name: str(rating.get(name)) for name in ("scale_min", "scale_max")}
    return {"value": value, **ends}, count


def _enable(store: Store, known: set[str]) -> None:
    """The standard definitions make the fields known to themes and to the back office. One that somebody
    else enabled meanwhile, or whose fields exist without it, is as good."""
    for key in (RATING, COUNT):
        if key in known:
            continue
        try:
            call(store, "metafield_definition_enable", {"key": key})
        except Complaint as complaint:
            if not complaint.codes & {"TAKEN", "UNSTRUCTURED_ALREADY_EXISTS"}:
                raise


def _field(owner: str, key: str, kind: str, value: str) -> dict[str, str]:
    return {"ownerId": owner, "namespace": NAMESPACE, "key": key, "type": kind, "value": value}
