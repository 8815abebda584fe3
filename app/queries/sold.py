"""What a shop sells, as a merchant looks it up: products by title, and the categories that they are of."""

from __future__ import annotations

from sqlalchemy import text

from app.db import Session

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
    rows = session.execute(_CATEGORIES, {"shop": shop_id, "most": MOST_CATEGORIES})
    return [row.kind for row in rows]


_TITLED = text("""
SELECT id, body->>'title' AS title FROM products
WHERE shop_id = :shop AND body->>'parent_id' IS NULL AND body->>'title' ILIKE :like
ORDER BY lower(body->>'title'), id LIMIT :shown
""")
_CATEGORIES = text("""
SELECT min(body->>'kind') AS kind FROM products
WHERE shop_id = :shop AND trim(body->>'kind') <> ''
GROUP BY lower(trim(body->>'kind')) ORDER BY 1 LIMIT :most
""")
