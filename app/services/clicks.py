"""Clicks: append-only, and never in the visitor's way.

Kept is where a click led, not the link: a link of ours carries a signature that opens the page, and the
star that was tapped, which nobody has submitted yet.
"""

from __future__ import annotations

import logging
import re
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
_MACHINES = re.compile(
    r"bot\b|crawl|spider|scan|preview|proofpoint|mimecast|barracuda|safelinks|urldefense|symantec|trendmicro"
    r"|facebookexternalhit|whatsapp|slack|headless|phantom|python|curl|wget|java/|go-http|okhttp|libwww|axios",
    re.IGNORECASE,
)


def record_click(
    database: Database,
    keys: Keys,
    shop_id: int,
    message_id: int,
    target: str,
    agent: str,
    now: datetime,
    product: str = "",
) -> None:
    """A click that cannot be stored is logged and lost: the visitor matters more. `product`: whose page it
    led to. What a machine followed is kept as such and counts for nothing."""
    kind = "scanned" if is_machine(agent) else "clicked"
    told = {**led_to(keys, target), "agent": agent, **({"product": product} if product else {})}
    try:
        with database.shops(shop_id) as session:
            session.execute(
                text(
                    "INSERT INTO message_events (shop_id, message_id, kind, at, data)"
                    " VALUES (:shop, :message, :kind, :now, :data)"
                ),
                {
                    "shop": shop_id,
                    "message": message_id,
                    "now": now,
                    "kind": kind,
                    "data": as_json(told),
                },
            )
    except DBAPIError as error:
        log.warning("a click on message %s was not stored: %s", message_id, type(error).__name__)


def is_machine(agent: str) -> bool:
    """A scanner of mails, a preview or a program: it follows every link and means nothing by it."""
    return not agent.strip() or _MACHINES.search(agent) is not None


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
