"""Clicks: append-only, and never in the visitor's way.

Kept is where a click led, not the link: a link of ours carries a signature that opens the page, and the
star that was tapped, which nobody has submitted yet.
"""

from __future__ import annotations

import logging
from datetime import datetime
from urllib.parse import urlsplit

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.db import Database, as_json
from app.keys import BadLink, Keys

log = logging.getLogger("doorstep.clicks")

# Pages that a mail's link can lead to, by the purpose that they are signed for; all else is the shop.
PAGES = ("review", "tracking")
SHOP = "shop"


def record_click(
    database: Database,
    keys: Keys,
    shop_id: int,
    message_id: int,
    target: str,
    agent: str,
    now: datetime,
) -> None:
    """A click that cannot be stored is logged and lost: the visitor matters more."""
    try:
        with database.shops(shop_id) as session:
            session.execute(
                text(
                    "INSERT INTO message_events (shop_id, message_id, kind, at, data)"
                    " VALUES (:shop, :message, 'clicked', :now, :data)"
                ),
                {
                    "shop": shop_id,
                    "message": message_id,
                    "now": now,
                    "data": as_json({**led_to(keys, target), "agent": agent}),
                },
            )
    except DBAPIError as error:
        log.warning("a click on message %s was not stored: %s", message_id, type(error).__name__)


def led_to(keys: Keys, target: str) -> dict[str, str]:
    """`to`: one of PAGES, or SHOP; of a page of ours also its `path` up to the token."""
    path, _, last = urlsplit(target).path.rpartition("/")
    for page in PAGES:
        try:
            keys.read(page, last)
        except BadLink:
            continue
        return {"to": page, "path": path}
    return {"to": SHOP}
