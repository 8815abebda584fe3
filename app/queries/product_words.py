"""What merchants say of their products' kinds, for a whole batch in one statement."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import text

from app.db import Session
from app.queries.pictures import KEYS, key_arrays
from flows.commerce import Product
from flows.kinds import KindSaid, TimingKind, categories_of

PRODUCT, CATEGORY = "product", "category"
ProductKey = tuple[int, str]


def load_kinds_said(
    session: Session, keys: Collection[ProductKey], products: Mapping[ProductKey, Product]
) -> dict[ProductKey, KindSaid]:
    """By product, those of which something is said: of the product itself before its type, of its type
    before its tags."""
    rows = session.execute(_SAID, {**key_arrays(keys), "of": sorted({shop for shop, _ in keys})})
    said: dict[int, dict[tuple[str, str], KindSaid]] = defaultdict(dict)
    for row in rows:
        said[row.shop_id][row.scope, row.key] = as_said(row)
    found = {key: _of(said[key[0]], key, products.get(key)) for key in keys if key[0] in said}
    return {key: words for key, words in found.items() if words is not None}


def as_said(row: Any) -> KindSaid:
    timing = TimingKind(row.timing) if row.timing else None
    return KindSaid(timing, row.consumable, row.durable, row.digital, row.lasts_days, row.pack)


def _of(
    said: Mapping[tuple[str, str], KindSaid], key: ProductKey, product: Product | None
) -> KindSaid | None:
    names = [(PRODUCT, key[1])]
    if product is not None:
        names += [(CATEGORY, name) for name in categories_of(product)]
    words = [said[name] for name in names if name in said]
    found = words[0] if words else None
    for wider in words[1:]:
        found = found.over(wider) if found is not None else wider
    return found


_SAID = text(
    "SELECT w.* FROM product_words w WHERE w.shop_id = any(:of) AND w.scope = 'category'"
    f" UNION ALL SELECT w.* FROM product_words w JOIN {KEYS} ON w.shop_id = k.shop_id AND w.key = k.id"
    " AND w.scope = 'product'"
)
