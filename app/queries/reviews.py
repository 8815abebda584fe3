"""Reviews as the public and their writer may see them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text

from app.db import Session
from app.queries.pictures import KEYS, OrderKey, key_arrays

STARS = (1, 2, 3, 4, 5)

# A place in a list that runs from the newest to the oldest: submitted at, id.
Place = tuple[datetime, int]


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
    """Counted from `reviews_stars` alone: no row of the table is read."""
    rows = session.execute(
        text(
            "SELECT stars, count(*) AS n FROM reviews WHERE shop_id = :shop AND product_id = :product"
            " AND state = 'published' GROUP BY stars"
        ),
        {"shop": shop_id, "product": product_id},
    )
    found = by_star((row.stars, row.n) for row in rows)
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


def by_star(pairs: Iterable[tuple[int, int]]) -> dict[int, int]:
    """A count for every star, 0 where there is none."""
    return {**dict.fromkeys(STARS, 0), **dict(pairs)}


def fewest_stars(session: Session, keys: Collection[OrderKey]) -> dict[OrderKey, int]:
    """By order, the fewest that a product of it was given; an order without a review is absent."""
    rows = session.execute(_FEWEST, key_arrays(keys))
    return {(row.shop_id, row.order_id): row.stars for row in rows}


_FEWEST = text(
    f"SELECT r.shop_id, r.order_id, min(r.stars) AS stars FROM reviews r JOIN {KEYS}"
    " ON r.shop_id = k.shop_id AND r.order_id = k.id GROUP BY r.shop_id, r.order_id"
)
