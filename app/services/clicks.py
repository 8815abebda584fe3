"""Clicks: append-only, and never in the visitor's way.

Kept is where a click led, not the link: a link of ours carries a signature that opens the page, and the
star that was tapped, which nobody has submitted yet. A mark that leads nowhere tells links apart.

Scanners of mails call themselves browsers. What gives them away is their haste: a link that is followed as
soon as the mail was handed over, several links of one mail at once, or very many within a minute.
"""

from __future__ import annotations

import hashlib
import logging
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.db import Database, as_json
from app.keys import BadLink, Keys
from emails.machines import is_machine

log = logging.getLogger("doorstep.clicks")

# Pages that a mail's link can lead to, by the purpose that they are signed for; all else is the shop.
PAGES = ("review", "tracking", "arrival")
SHOP = "shop"
# Nobody opens a mail and finds its button so soon, or presses two buttons so fast.
AT_ONCE, BACK_TO_BACK = timedelta(seconds=5), timedelta(seconds=2)
# Nor do people follow so many links of one mail within a minute.
MANY, WHILE = 5, timedelta(minutes=1)


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
    link = hashlib.blake2s(target.encode(), digest_size=4).hexdigest()
    told = {**led_to(keys, target), "agent": agent, "link": link, **({"product": product} if product else {})}
    given = {
        "shop": shop_id,
        "message": message_id,
        "now": now,
        "since": now - BACK_TO_BACK,
        "soon": now - AT_ONCE,
        "minute": now - WHILE,
        "many": MANY,
        "link": link,
        "machine": is_machine(agent),
        "data": as_json(told),
    }
    try:
        with database.shops(shop_id) as session:
            # Two links that are followed side by side must see each other.
            session.execute(_ONE_AT_A_TIME, given)
            session.execute(_BACK_TO_BACK, given)
            session.execute(_CLICK, given)
            session.execute(_TOO_MANY, given)
    except DBAPIError as error:
        log.warning("a click on message %s was not stored: %s", message_id, type(error).__name__)


_ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(hashtextextended('clicks', :message))")
# The first of several links looked like a person's until the second was followed.
_BACK_TO_BACK = text(
    "UPDATE message_events SET kind = 'scanned' WHERE shop_id = :shop AND message_id = :message"
    " AND kind = 'clicked' AND at BETWEEN :since AND :now AND data->>'link' <> :link"
)
_CLICK = text(
    "INSERT INTO message_events (shop_id, message_id, kind, at, data)"
    " SELECT :shop, :message, CASE WHEN :machine OR EXISTS (SELECT FROM messages m WHERE m.shop_id = :shop"
    "  AND m.id = :message AND (m.state = 'sending' OR m.sent_at BETWEEN :soon AND :now))"
    " OR EXISTS (SELECT FROM message_events e WHERE e.shop_id = :shop AND e.message_id = :message"
    "  AND e.kind IN ('clicked', 'scanned') AND e.at BETWEEN :since AND :now AND e.data->>'link' <> :link)"
    " THEN 'scanned' ELSE 'clicked' END, :now, CAST(:data AS jsonb)"
)
_TOO_MANY = text(
    "UPDATE message_events e SET kind = 'scanned' WHERE e.shop_id = :shop AND e.message_id = :message"
    " AND e.kind = 'clicked' AND e.at BETWEEN :minute AND :now AND :many <= (SELECT"
    " count(DISTINCT o.data->>'link') FROM message_events o WHERE o.shop_id = :shop"
    " AND o.message_id = :message AND o.kind IN ('clicked', 'scanned') AND o.at BETWEEN :minute AND :now)"
)


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
