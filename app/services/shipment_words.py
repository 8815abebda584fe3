"""The merchant's own words for shipping, as connectors need them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import Row, text

from app.db import Session
from connectors.base import ShipmentWords


def words_of(session: Session, shop_ids: Collection[int]) -> Mapping[int, ShipmentWords]:
    """Of the shops that have any. One statement for any number."""
    rows = session.execute(
        text("SELECT * FROM shipment_words WHERE shop_id = any(:shops)"), {"shops": sorted(shop_ids)}
    )
    return {row.shop_id: _words(row) for row in rows}


def _words(row: Row[Any]) -> ShipmentWords:
    return ShipmentWords(row.statuses, row.number_key, row.carrier_key, row.link_key)
