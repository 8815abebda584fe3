"""How far the reading of a shop's past has come."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import text

from app.db import Session


@dataclass(frozen=True, slots=True)
class Import:
    """`done` of `total` entries, in the store's own count where it counts; `over`: all of it is read."""

    noun: str
    done: int | None
    total: int | None
    over: bool
    error: str | None


def load_imports(session: Session, shop_id: int) -> dict[str, Import]:
    """By noun: history, catalogue, customers."""
    rows = session.execute(_IMPORTS, {"shop": shop_id})
    return {row.noun: Import(**row._mapping) for row in rows}


_IMPORTS = text("""
SELECT noun, done, total, next_at = 'infinity' AS over, error FROM polls
WHERE shop_id = :shop AND noun IN ('history', 'catalogue', 'customers')
""")
