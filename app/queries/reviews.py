"""Reviews as the public, their writer and the merchant may see them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Row, text

from app.db import Session

STARS = (1, 2, 3, 4, 5)

# A place in a list that runs from the newest to the oldest: submitted at, id.
Place = tuple[datetime, int]


@dataclass(frozen=True, slots=True)
class HeldReview:
    """One that waits for the shop's word. It has no stars here: who decides must not know them."""

    id: int
    product_id: str
    product: str
    picture: str | None
    order_id: str
    order_number: str
    title: str
    body: str
    name: str
    language: str
    submitted_at: datetime


@dataclass(frozen=True, slots=True)
class DecidedReview:
    """`reason`: why it was rejected, None where it was published."""

    id: int
    product_id: str
    product: str
    picture: str | None
    order_id: str
    order_number: str
    stars: int
    title: str
    body: str
    name: str
    language: str
    state: str
    reason: str | None
    submitted_at: datetime
    decided_at: datetime | None
    decided_by: str | None


@dataclass(frozen=True, slots=True)
class StarCounts:
    """How many reviews were published and rejected, by their stars; `reasons` by reason, then stars.
    Whoever rejects by rating shows here."""

    published: Mapping[int, int] = field(default_factory=dict)
    rejected: Mapping[int, int] = field(default_factory=dict)
    reasons: Mapping[str, Mapping[int, int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PublicReview:
    id: int
    stars: int
    title: str
    body: str
    name: str
    language: str
    verified: bool
    submitted_at: datetime


@dataclass(frozen=True, slots=True)
class Summary:
    """All published reviews of a product. `average` is 0 where there are none."""

    average: float
    count: int
    distribution: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class OwnReview:
    """What the writer sent, as the writer may see it."""

    product_id: str
    stars: int
    title: str
    body: str
    name: str
    state: str
    submitted_at: datetime


def held_reviews(session: Session, shop_id: int, limit: int = 100) -> list[HeldReview]:
    """Those that waited longest first."""
    rows = session.execute(
        text(
            f"{_LISTED} WHERE r.shop_id = :shop AND r.state = 'held' ORDER BY r.submitted_at, r.id LIMIT :n"
        ),
        {"shop": shop_id, "n": limit},
    )
    return [HeldReview(**_picked(row, HeldReview)) for row in rows]


def decided_reviews(
    session: Session, shop_id: int, limit: int = 50, state: str | None = None
) -> list[DecidedReview]:
    """Those decided last first; `state`: only the published or the rejected ones."""
    rows = session.execute(
        text(
            f"{_LISTED} WHERE r.shop_id = :shop AND r.state = any(:states)"
            " ORDER BY r.decided_at DESC NULLS LAST, r.id DESC LIMIT :n"
        ),
        {"shop": shop_id, "n": limit, "states": [state] if state else ["published", "rejected"]},
    )
    return [DecidedReview(**_picked(row, DecidedReview)) for row in rows]


def star_counts(session: Session, shop_id: int) -> StarCounts:
    rows = session.execute(
        text(
            "SELECT state, coalesce(reason, '') AS reason, stars, count(*) AS n FROM reviews"
            " WHERE shop_id = :shop AND state IN ('published', 'rejected') GROUP BY 1, 2, 3"
        ),
        {"shop": shop_id},
    ).all()
    reasons: dict[str, dict[int, int]] = {}
    for row in rows:
        if row.reason:
            reasons.setdefault(row.reason, dict.fromkeys(STARS, 0))[row.stars] = row.n
    return StarCounts(
        published=_by_star((row.stars, row.n) for row in rows if row.state == "published"),
        rejected=_by_star((row.stars, row.n) for row in rows if row.state == "rejected"),
        reasons=reasons,
    )


def public_reviews(
    session: Session,
    shop_id: int,
    product_id: str,
    stars: int | None = None,
    before: Place | None = None,
    limit: int = 10,
) -> list[PublicReview]:
    """Newest first, from behind `before` on."""
    rows = session.execute(
        text(
            "SELECT id, stars, title, body, name, language, verified, submitted_at FROM reviews"
            " WHERE shop_id = :shop AND product_id = :product AND state = 'published'"
            " AND (CAST(:stars AS smallint) IS NULL OR stars = :stars)"
            " AND (CAST(:at AS timestamptz) IS NULL OR (submitted_at, id) < (:at, :id))"
            " ORDER BY submitted_at DESC, id DESC LIMIT :n"
        ),
        {
            "shop": shop_id,
            "product": product_id,
            "stars": stars,
            "at": before[0] if before else None,
            "id": before[1] if before else 0,
            "n": limit,
        },
    )
    return [PublicReview(**row._mapping) for row in rows]


def summary(session: Session, shop_id: int, product_id: str) -> Summary:
    rows = session.execute(
        text(
            "SELECT stars, count(*) AS n FROM reviews WHERE shop_id = :shop AND product_id = :product"
            " AND state = 'published' GROUP BY stars"
        ),
        {"shop": shop_id, "product": product_id},
    )
    found = _by_star((row.stars, row.n) for row in rows)
    count = sum(found.values())
    average = sum(stars * n for stars, n in found.items()) / count if count else 0.0
    return Summary(average, count, found)


def reviews_of_order(session: Session, shop_id: int, order_id: str) -> dict[str, OwnReview]:
    """By product."""
    rows = session.execute(
        text(
            "SELECT product_id, stars, title, body, name, state, submitted_at FROM reviews"
            " WHERE shop_id = :shop AND order_id = :order"
        ),
        {"shop": shop_id, "order": order_id},
    )
    return {row.product_id: OwnReview(**row._mapping) for row in rows}


_LISTED = (
    "SELECT r.id, r.product_id, coalesce(p.body ->> 'title', '') AS product,"
    " p.body ->> 'image_url' AS picture, r.order_id, coalesce(o.number, '') AS order_number,"
    " r.stars, r.title, r.body, r.name, r.language,"
    " r.state, r.reason, r.submitted_at, r.decided_at, r.decided_by FROM reviews r"
    " LEFT JOIN products p ON p.shop_id = r.shop_id AND p.id = r.product_id"
    " LEFT JOIN orders o ON o.shop_id = r.shop_id AND o.id = r.order_id"
)


def _picked(row: Row[Any], kind: type[HeldReview] | type[DecidedReview]) -> dict[str, Any]:
    return {name: row._mapping[name] for name in kind.__dataclass_fields__}


def _by_star(pairs: Any) -> dict[int, int]:
    return {**dict.fromkeys(STARS, 0), **dict(pairs)}
