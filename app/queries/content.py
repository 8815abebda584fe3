"""What merchants wrote for mails: what counts for an order, and all of it for the page where it is edited."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import text

from app.db import Session
from app.models.content import CATEGORY, PRODUCT, SHOP
from flows.commerce import Product
from flows.content import Content
from flows.folded import folded
from flows.picture import OrderPicture

# What was written for one thing: (shop, scope, its id).
Place = tuple[int, str, str]
Written = Mapping[Place, Mapping[str, Content]]


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry as the merchant edits it. `name`: the product's title, the category, or "" for the shop."""

    slot: str
    scope: str
    scope_id: str
    name: str
    title: str
    body: str
    url: str
    revision: int


def load_contents(
    session: Session, shop_ids: Collection[int], products: Mapping[tuple[int, str], Product]
) -> Written:
    """For these shops, their products and the categories of those. One statement."""
    places: set[Place] = {(shop, SHOP, "") for shop in shop_ids}
    for (shop, sold), product in products.items():
        places |= {(shop, PRODUCT, sold), (shop, CATEGORY, folded(product.kind))}
    found: dict[Place, dict[str, Content]] = defaultdict(dict)
    wanted = sorted(places)
    rows = session.execute(
        _WRITTEN,
        {
            "shops": [place[0] for place in wanted],
            "scopes": [place[1] for place in wanted],
            "ids": [place[2] for place in wanted],
        },
    )
    for row in rows:
        product_id = row.scope_id if row.scope == PRODUCT else None
        content = Content(row.body, row.url, row.title, product_id)
        found[row.shop_id, row.scope, row.scope_id][row.slot] = content
    return dict(found)


def content_for(
    shop_id: int, picture: OrderPicture, products: Mapping[tuple[int, str], Product], written: Written
) -> dict[str, Content]:
    """By slot. What is said of a product that was kept goes before what is said of a category, and that
    before what is said to all; of two products the one that stands first in the order counts."""
    kept = [line.product_id for line in picture.kept_lines() if line.product_id]
    kinds = [folded(products[shop_id, one].kind) for one in kept if (shop_id, one) in products]
    places = [(PRODUCT, one) for one in kept] + [(CATEGORY, one) for one in kinds if one] + [(SHOP, "")]
    found: dict[str, Content] = {}
    for scope, scope_id in places:
        for slot, content in written.get((shop_id, scope, scope_id), {}).items():
            found.setdefault(slot, content)
    return found


def entries_of(session: Session, shop_id: int, slots: Collection[str]) -> list[Entry]:
    """Of the whole shop, then categories, then products, each by name."""
    rows = session.execute(_ENTRIES, {"shop": shop_id, "slots": list(slots)})
    return [Entry(**row._mapping) for row in rows]


_WRITTEN = text("""
SELECT c.shop_id, c.slot, c.scope, c.scope_id, c.title, c.body, c.url
FROM contents c
JOIN unnest(CAST(:shops AS bigint[]), CAST(:scopes AS text[]), CAST(:ids AS text[])) AS k(shop_id, scope, id)
    ON c.shop_id = k.shop_id AND c.scope = k.scope AND c.scope_id = k.id
""")
_ENTRIES = text("""
SELECT c.slot, c.scope, c.scope_id, c.title, c.body, c.url, c.revision,
    coalesce(p.body->>'title', c.scope_id) AS name
FROM contents c LEFT JOIN products p ON c.scope = 'product' AND p.shop_id = c.shop_id AND p.id = c.scope_id
WHERE c.shop_id = :shop AND c.slot = any(:slots)
ORDER BY array_position(ARRAY['shop', 'category', 'product'], c.scope),
    lower(coalesce(p.body->>'title', c.scope_id))
""")
