"""The stars of published reviews, written to the products of shops that want it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import text

from app.db import Session
from app.services.features import THEME_STARS, enabled
from app.services.store_writes import owe
from connectors.writes import SetRating


def owe_stars(session: Session, shop_id: int, product_ids: Collection[str], real: datetime) -> None:
    """After a decision on reviews of these products, in its transaction. Three statements for any number."""
    if product_ids and enabled(session, [shop_id], THEME_STARS.key):
        owe(session, shop_id, _ratings(session, shop_id, product_ids), real)


def owe_all_stars(session: Session, shop_id: int, real: datetime) -> None:
    """Every product that has a review or had one: when it is turned on, and daily, for reviews that went
    another way (a person who was forgotten). What the store holds already is not written again."""
    rows = session.execute(
        text(
            "SELECT product_id FROM reviews WHERE shop_id = :shop UNION"
            " SELECT body ->> 'product_id' FROM store_writes WHERE shop_id = :shop AND kind = :kind"
        ),
        {"shop": shop_id, "kind": SetRating.kind},
    )
    owe_stars(session, shop_id, [row.product_id for row in rows], real)


def products_of(session: Session, shop_id: int, review_ids: Collection[int]) -> list[str]:
    rows = session.execute(
        text("SELECT DISTINCT product_id FROM reviews WHERE shop_id = :shop AND id = any(:ids)"),
        {"shop": shop_id, "ids": list(review_ids)},
    )
    return [row.product_id for row in rows]


def _ratings(session: Session, shop_id: int, product_ids: Collection[str]) -> Mapping[str, SetRating]:
    rows = session.execute(
        text(
            "SELECT product_id, avg(stars) AS average, count(*) AS count FROM reviews"
            " WHERE shop_id = :shop AND product_id = any(:products) AND state = 'published'"
            " GROUP BY product_id"
        ),
        {"shop": shop_id, "products": list(product_ids)},
    )
    found = {row.product_id: (round(float(row.average), 2), row.count) for row in rows}
    return {f"stars:{id}": SetRating(id, *found.get(id, (0.0, 0))) for id in product_ids}
