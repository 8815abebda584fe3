"""Many shops at once, connected with all presets on."""

from __future__ import annotations

from sqlalchemy import text

from app.db import Database, see_shops
from flows.commerce import Platform
from flows.presets import PRESETS
from tests.app.desk import START


def connect_many(database: Database, platform: Platform, count: int) -> list[int]:
    """Their domains are `shop-<id>`."""
    with database.nobody() as session:
        rows = session.execute(
            text(
                "INSERT INTO shops (platform, domain, token, base_url, state, connected_at)"
                " SELECT :platform, 'new-' || n, 'token-' || n, 'https://shop.example', 'connected', :at"
                " FROM generate_series(1, :count) n RETURNING id"
            ),
            {"platform": platform, "at": START, "count": count},
        )
        ids = [row.id for row in rows]
        session.execute(text("UPDATE shops SET domain = 'shop-' || id"))
        see_shops(session, ids)
        for flow in PRESETS:
            session.execute(
                text(
                    "INSERT INTO flow_switches (shop_id, flow_key, enabled, since)"
                    " SELECT id, :flow, true, :at FROM shops"
                ),
                {"flow": flow.key, "at": START},
            )
    return ids
