"""Something bought at one of the site's shops, with whatever a test wants to be different."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from app.services.intake import apply_readings
from app.services.locks import lock_shop
from connectors.base import Reading
from flows.commerce import (
    Address,
    OrderLine,
    Parcel,
    ParcelEvent,
    ParcelStatus,
    Platform,
    Product,
    Refund,
    Shipped,
)
from tests.app.desk import an_order
from tests.app.web.conftest import Site

ADDRESS = Address("Mia Berg", "", "Lindenhof 7", "", "Leipzig", "", "04109", "DE")


def shop_of(site: Site, platform: Platform) -> int:
    return site.shopify.shop_id if platform is Platform.SHOPIFY else site.woocommerce.shop_id


def put(site: Site, platform: Platform, **reading: Any) -> None:
    shop, now = shop_of(site, platform), site.runtime.clock.now()
    with site.runtime.database.shops(shop) as session:
        lock_shop(session, shop)
        apply_readings(session, [(shop, Reading(**reading))], site.runtime.keys, now, now)


def bought(
    site: Site,
    platform: Platform = Platform.WOOCOMMERCE,
    *,
    title: str = "Lampshade",
    status: ParcelStatus = ParcelStatus.DELIVERED,
    scans: tuple[ParcelEvent, ...] = (),
    refunds: tuple[Refund, ...] = (),
    parcel: dict[str, Any] | None = None,
    **changes: Any,
) -> None:
    """Order 13 of two products, its parcel left three days ago and, unless told otherwise, arrived."""
    now = site.runtime.clock.now()
    lines = (
        OrderLine("l1", title, 2, 5000, product_id="p1", variant="Linen"),
        OrderLine("l2", "Bulb", 1, 3270, product_id="p2"),
    )
    values = {
        "lines": lines,
        "last_name": "Berg",
        "at": now - timedelta(days=5),
        "shipped": Shipped.ALL,
        "shipping_address": ADDRESS,
        "payment_method": "Bank transfer",
        **changes,
    }
    order = an_order(**values)
    told: dict[str, Any] = {
        "shipped_at": now - timedelta(days=3),
        "delivered_at": now - timedelta(days=1) if status is ParcelStatus.DELIVERED else None,
        "carrier": "Northpost",
        "tracking_number": "NP 7730",
        "tracking_url": "https://track.example/NP7730",
        **(parcel or {}),
    }
    put(
        site,
        platform,
        orders=(order,),
        parcels=(Parcel("t1", order.id, now - timedelta(days=3), status, **told),),
        parcel_events=scans,
        refunds=refunds,
        products=(Product("p1", title, now), Product("p2", "Bulb", now)),
    )


def link(site: Site, purpose: str, *carried: Any, platform: Platform = Platform.WOOCOMMERCE) -> str:
    """Our own address of a signed page."""
    path = {"tracking": "t", "review": "r", "unsubscribe": "u"}[purpose]
    return f"/{path}/{site.runtime.keys.sign(purpose, [shop_of(site, platform), *carried])}"


def send(site: Site, order: str = "13", **fields: str) -> Any:
    """What a shopper says on the page of an order: `stars_0`, `body_0` and so on."""
    data = {name.replace("_", "-"): value for name, value in fields.items()}
    return site.client.post(link(site, "review", 1, order), data=data)
