"""Reviews as the merchant may see them: without stars until they are public, and none told by a count."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, fields
from datetime import datetime
from typing import TypeVar

from sqlalchemy import text

from app.db import Session
from app.models.review import HELD, PUBLISHED, REJECTED


@dataclass(frozen=True, slots=True)
class HeldReview:
    """One that waits for the shop's word. It has no stars here: who decides must not know them."""

    id: int
    product: str
    order_number: str
    title: str
    body: str
    name: str
    language: str
    submitted_at: datetime


@dataclass(frozen=True, slots=True)
class KeptReview(HeldReview):
    """One that shoppers do not see, and may yet: no stars either. `seen_public`: it was taken down."""

    reason: str
    seen_public: bool
    decided_at: datetime | None
    decided_by: str | None


@dataclass(frozen=True, slots=True)
class ShownReview(HeldReview):
    """One that everybody sees, its stars too."""

    stars: int
    decided_at: datetime | None
    decided_by: str | None


@dataclass(frozen=True, slots=True)
class Decision:
    """`decision`: PUBLISHED, KEPT_BACK or TAKEN_DOWN; the last two have a reason."""

    at: datetime
    who: str
    decision: str
    reason: str | None


def held_reviews(session: Session, shop_id: int, limit: int = 100) -> list[HeldReview]:
    """Those that waited longest first."""
    return _listed(session, HeldReview, shop_id, HELD, "r.submitted_at, r.id", limit)


def kept_reviews(session: Session, shop_id: int, limit: int = 100) -> list[KeptReview]:
    """Those decided last first."""
    return _listed(session, KeptReview, shop_id, REJECTED, "r.decided_at DESC, r.id DESC", limit)


def shown_reviews(session: Session, shop_id: int, limit: int = 100) -> list[ShownReview]:
    """Those decided last first."""
    return _listed(session, ShownReview, shop_id, PUBLISHED, "r.decided_at DESC, r.id DESC", limit)


def decisions_on(session: Session, shop_id: int, review_ids: Collection[int]) -> dict[int, list[Decision]]:
    """All of them, newest first, also those of before the review was rewritten."""
    rows = session.execute(
        text(
            "SELECT review_id, at, who, decision, reason FROM review_decisions"
            " WHERE shop_id = :shop AND review_id = any(:ids) ORDER BY id DESC"
        ),
        {"shop": shop_id, "ids": list(review_ids)},
    )
    found: dict[int, list[Decision]] = defaultdict(list)
    for row in rows:
        found[row.review_id].append(Decision(row.at, row.who, row.decision, row.reason))
    return dict(found)


def count_by_state(session: Session, shop_id: int) -> dict[str, int]:
    rows = session.execute(
        text("SELECT state, count(*) AS n FROM reviews WHERE shop_id = :shop GROUP BY state"),
        {"shop": shop_id},
    )
    return {**dict.fromkeys((HELD, PUBLISHED, REJECTED), 0), **{row.state: row.n for row in rows}}


def all_known(session: Session, shop_id: int, review_ids: Collection[int]) -> bool:
    """Whether each of them is a review of this shop."""
    found = session.execute(
        text("SELECT count(*) FROM reviews WHERE shop_id = :shop AND id = any(:ids)"),
        {"shop": shop_id, "ids": list(set(review_ids))},
    )
    return int(found.scalar_one()) == len(set(review_ids))


def rewritten_since(session: Session, shop_id: int, review_ids: Collection[int], seen: datetime) -> int:
    """How many of them have words that nobody can have read at `seen`."""
    found = session.execute(
        text(
            "SELECT count(*) FROM reviews WHERE shop_id = :shop AND id = any(:ids) AND submitted_at > :seen"
        ),
        {"shop": shop_id, "ids": list(review_ids), "seen": seen},
    )
    return int(found.scalar_one())


def product_of(session: Session, shop_id: int, review_id: int) -> str:
    """The title of what was reviewed, for the list of changes."""
    found = session.execute(
        text(
            "SELECT coalesce(p.body ->> 'title', 'a product') FROM reviews r LEFT JOIN products p"
            " ON p.shop_id = r.shop_id AND p.id = r.product_id WHERE r.shop_id = :shop AND r.id = :id"
        ),
        {"shop": shop_id, "id": review_id},
    )
    return str(found.scalar_one_or_none() or "a product")


Kind = TypeVar("Kind", bound=HeldReview)


def _listed(
    session: Session, kind: type[Kind], shop_id: int, state: str, order: str, limit: int
) -> list[Kind]:
    """Reads what `kind` has and nothing else."""
    columns = ", ".join(_COLUMNS.get(field.name, f"r.{field.name}") for field in fields(kind))
    rows = session.execute(
        text(
            f"SELECT {columns} FROM reviews r"
            " LEFT JOIN products p ON p.shop_id = r.shop_id AND p.id = r.product_id"
            " LEFT JOIN orders o ON o.shop_id = r.shop_id AND o.id = r.order_id"
            f" WHERE r.shop_id = :shop AND r.state = :state ORDER BY {order} LIMIT :n"
        ),
        {"shop": shop_id, "state": state, "n": limit},
    )
    return [kind(**row._mapping) for row in rows]


_COLUMNS = {
    "product": "coalesce(p.body ->> 'title', '') AS product",
    "order_number": "coalesce(o.number, '') AS order_number",
}
