"""Products and categories as a merchant looks for them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import text

from app.db import Session
from app.queries.product_words import CATEGORY, PRODUCT, as_said
from app.queries.sold import KindSold, holding, kinds_sold
from flows.commerce import Product
from flows.folded import folded
from flows.kinds import NOTHING_SAID, KindSaid, ProductKind, categories_of, kind_of
from flows.plain import from_plain

LISTED = 30


@dataclass(frozen=True, slots=True)
class Listed:
    """`kind`: what counts now, of a product by all that is said of it and its categories. `said`: what is
    said of this very one. `products`: of a category, how many are in it."""

    scope: str
    key: str
    name: str
    said: KindSaid
    kind: ProductKind
    products: int = 0


def list_categories(session: Session, shop_id: int) -> list[Listed]:
    """The types that most products are of."""
    words = all_said(session, shop_id)
    kinds = sorted(kinds_sold(session, shop_id).values(), key=lambda kind: (-kind.products, kind.name))
    return [_category(kind, words) for kind in kinds[:LISTED]]


def find_products(session: Session, shop_id: int, asked: str) -> list[Listed]:
    """Those with this in their title, of those of which something is said before the others."""
    words = all_said(session, shop_id)
    rows = session.execute(_PRODUCTS, {"shop": shop_id, "pattern": holding(asked), "limit": LISTED})
    return [_product(from_plain(Product, row.body), words) for row in rows]


def one_listed(session: Session, shop_id: int, scope: str, key: str) -> Listed | None:
    """None: there is no such product, or no product of such a category."""
    words = all_said(session, shop_id)
    if scope == PRODUCT:
        row = session.execute(_ONE, {"shop": shop_id, "id": key}).one_or_none()
        return None if row is None else _product(from_plain(Product, row.body), words)
    kind = kinds_sold(session, shop_id).get(key) if scope == CATEGORY else None
    return None if kind is None else _category(kind, words)


def all_said(session: Session, shop_id: int) -> dict[tuple[str, str], KindSaid]:
    rows = session.execute(text("SELECT * FROM product_words WHERE shop_id = :shop"), {"shop": shop_id})
    return {(row.scope, row.key): as_said(row) for row in rows}


def _category(kind: KindSold, words: dict[tuple[str, str], KindSaid]) -> Listed:
    key = folded(kind.name)
    said = words.get((CATEGORY, key), NOTHING_SAID)
    return Listed(CATEGORY, key, kind.name, said, kind_of(_named(kind.name), said), kind.products)


def _product(product: Product, words: dict[tuple[str, str], KindSaid]) -> Listed:
    own = words.get((PRODUCT, product.id), NOTHING_SAID)
    all_words = own
    for name in categories_of(product):
        all_words = all_words.over(words.get((CATEGORY, name), NOTHING_SAID))
    return Listed(PRODUCT, product.id, product.title, own, kind_of(product, all_words))


def _named(kind: str) -> Product:
    """One of which nothing is known but its type."""
    return Product("", "", datetime.min.replace(tzinfo=UTC), kind=kind)


_PRODUCTS = text(
    "SELECT p.body FROM products p LEFT JOIN product_words w"
    " ON w.shop_id = p.shop_id AND w.scope = 'product' AND w.key = p.id"
    " WHERE p.shop_id = :shop AND p.body->>'parent_id' IS NULL AND p.body->>'title' ILIKE :pattern"
    " ORDER BY w.key IS NULL, p.body->>'title', p.id LIMIT :limit"
)
_ONE = text("SELECT body FROM products WHERE shop_id = :shop AND id = :id")
