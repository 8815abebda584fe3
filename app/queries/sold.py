"""What a shop sells, as a merchant looks it up: products by title, and the categories that they are of."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import text

from app.db import Session
from flows.folded import folded

SHOWN = 20
MOST_CATEGORIES = 200


def products_titled(session: Session, shop_id: int, words: str) -> list[tuple[str, str]]:
    """(id, title) of those whose title holds the words, whatever the case; variations stay out."""
    rows = session.execute(_TITLED, {"shop": shop_id, "like": holding(words), "shown": SHOWN})
    return [(row.id, row.title) for row in rows]


def holding(words: str) -> str:
    """A pattern for ILIKE: whatever holds just these letters."""
    escaped = words.replace("\0", "").replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"


def categories_of(session: Session, shop_id: int) -> list[str]:
    """As the store writes them, each once."""
    return sorted(kind.name for kind in kinds_sold(session, shop_id).values())[:MOST_CATEGORIES]


@dataclass(frozen=True, slots=True)
class KindSold:
    """`name`: as the store writes it, or one of the ways in which it does."""

    name: str
    products: int


def kinds_sold(session: Session, shop_id: int) -> dict[str, KindSold]:
    """By the key of the category. What is one and the same word is told here alone: the database folds
    letters in another way."""
    found: dict[str, KindSold] = {}
    for row in session.execute(_KINDS, {"shop": shop_id}):
        key = folded(row.kind)
        known = found.get(key, KindSold(row.kind, 0))
        found[key] = KindSold(known.name, known.products + row.products)
    return found


_TITLED = text("""
SELECT id, body->>'title' AS title FROM products
WHERE shop_id = :shop AND body->>'parent_id' IS NULL AND body->>'title' ILIKE :like
ORDER BY lower(body->>'title'), id LIMIT :shown
""")
_KINDS = text("""
SELECT body->>'kind' AS kind, count(*) AS products FROM products
WHERE shop_id = :shop AND body->>'parent_id' IS NULL AND trim(body->>'kind') <> ''
GROUP BY 1 ORDER BY 1
""")
