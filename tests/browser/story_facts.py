"""What the ledger and the stores say while the story is told, and how its time passes."""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import requests

from app.cli.clock import walk
from app.cli.settings import environment
from app.config import Config
from app.runtime import build
from tests.browser.doors import store
from tests.browser.past import name
from tests.browser.story_shopper import TITLE
from tests.stories.conftest import SHOPIFY, WOOCOMMERCE, Placed, Road

ZONES = {SHOPIFY: ZoneInfo("America/Chicago"), WOOCOMMERCE: ZoneInfo("Europe/Berlin")}
# Tried for ten days, and written about by nobody else.
SLUGS = {SHOPIFY: "sunday-box", WOOCOMMERCE: "heather-blanket"}
SKUS = {SHOPIFY: "HP-SUNDAYBOX", WOOCOMMERCE: "LK-WOOL-FOG"}


def person(first_name: str, shop: str) -> str:
    return f"{first_name}@{name(shop)}.example.com"


def arrived(road: Road, shop: str, email: str) -> Placed:
    order = road.order(shop, email, SKUS[shop])
    road.act(order, "ship")
    road.act(order, "deliver")
    until_delivered(road, order)
    return order


def time_passes(road: Road, **span: int) -> None:
    """As `doorstep clock advance` does it, without a process of its own each time."""
    runtime = build(Config.from_environ(environment(road.start.environ())), pooled=False)
    walk(runtime, runtime.clock.now() + timedelta(**span))
    runtime.database.engine.dispose()


def until_delivered(road: Road, order: Placed) -> None:
    end = time.monotonic() + 30
    while "OrderDelivered" not in (told := road.events(order)):
        assert time.monotonic() < end, told
        time.sleep(0.1)


def sent_after(road: Road, order: Placed, mail: dict[str, Any]) -> tuple[int, int, int]:
    """Days since the delivery, hour and minute, as the shop's clock shows them."""
    zone = ZONES[order.shop]
    sent = datetime.fromisoformat(mail["sent_at"]).astimezone(zone)
    (arrived,) = road.rows(
        "SELECT e.happened_at AS at FROM events e JOIN shops s ON s.id = e.shop_id"
        " WHERE s.domain = :shop AND e.order_id = :id AND e.kind = 'OrderDelivered'",
        shop=order.shop,
        id=order.id,
    )
    return (sent.date() - arrived.at.astimezone(zone).date()).days, sent.hour, sent.minute


def wakes_at(road: Road, order: Placed, but: datetime | None = None) -> datetime:
    """When the review is asked for: as soon as that is known, and is another instant than `but`."""
    asked = (
        "SELECT j.wake_at AS at FROM journeys j JOIN shops s ON s.id = j.shop_id"
        " WHERE s.domain = :shop AND j.order_id = :id AND j.flow_key = 'review_request'"
    )
    end = time.monotonic() + 30
    while not (rows := road.rows(asked, shop=order.shop, id=order.id)) or rows[0].at == but:
        assert time.monotonic() < end, "nobody waits to be asked" if not rows else "nobody moved"
        time.sleep(0.1)
    at: datetime = rows[0].at
    return at.astimezone(ZONES[order.shop])


def reviews_of(road: Road, order: Placed) -> list[tuple[Any, ...]]:
    rows = road.rows(
        "SELECT r.state, r.stars, r.title, r.body FROM reviews r JOIN shops s ON s.id = r.shop_id"
        " WHERE s.domain = :shop AND r.order_id = :id",
        shop=order.shop,
        id=order.id,
    )
    return [tuple(row) for row in rows]


def scopes_left(road: Road, shop: str) -> set[str]:
    """Scopes that somebody of this story has left."""
    rows = road.rows(
        "SELECT p.scope FROM suppressions p JOIN shops s ON s.id = p.shop_id"
        " WHERE s.domain = :shop AND p.address_hash IN"
        " (SELECT address_hash FROM reviews r WHERE r.shop_id = s.id AND r.title = :title)",
        shop=shop,
        title=TITLE,
    )
    return {row.scope for row in rows}


def parcel_number(road: Road, order: Placed) -> str:
    told = requests.get(store(road, order.shop, f"/sandbox/orders/{order.id}"), timeout=30).json()
    return str(told["parcels"][0]["tracking_number"])
