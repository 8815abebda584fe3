"""What both shops of a year of lives sell, and what their merchants have set: the same on either platform."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlalchemy import text

from app.db import Session, as_json
from app.services.consent_rules import name_field
from app.services.content import Place, put
from app.services.feature_switch import turn_on
from app.services.features import COUPONS
from app.services.locks import lock_shop
from app.services.product_words import save_said
from app.services.shipment_words import save_words
from connectors.base import ShipmentWords
from flows.commerce import Platform
from flows.kinds import NOTHING_SAID
from sandbox.woocommerce import products
from tests.contract.twins import FAST, SHOPIFY_SHOP, STANDARD, WOOCOMMERCE_SHOP, Side, Twins

__all__ = ["COMPLEX", "FAST", "FILE", "LARGE", "STANDARD", "open_shelves"]

COMPLEX = {Platform.SHOPIFY: "HP-KETTLE", Platform.WOOCOMMERCE: "LK-BULBS-3"}
LARGE = {Platform.SHOPIFY: "HP-GRINDER", Platform.WOOCOMMERCE: "LK-ORBIT"}
FILE = dict.fromkeys(Platform, "A-COURSE")
_TITLES = {"HP-KETTLE": "Swan Creek Kettle", "LK-BULBS-3": "Duskline Smart Bulb Set"}
_SEASONAL = {Platform.SHOPIFY: "hearth-mug", Platform.WOOCOMMERCE: "linen-lampshade"}
_COURSE = "A Course in Seven Letters"
_OF_COMPLEX = ("prepare", "guide", "course_1", "course_2", "course_3", "care")
_TICKED = "_wc_other/larkhus/news"
_KNOBS = {
    "second_order_offer": {"amount": 500},
    "milestone_seasonal": {"season_month": 6, "season_day": 15},
    "surprise_delight": {"share": 2},
}


def open_shelves(pair: Twins) -> None:
    """A course to read, a season, words for what needs them, and the right to make codes."""
    shopify, woo = pair.both
    shopify.call(
        "/sandbox/products", {"sku": "A-COURSE", "slug": "course", "title": _COURSE, "price_minor": 3900}
    )
    tags = {"tags": "mug, timing:standard, seasonal"}
    shopify.call(f"/sandbox/products/{_SEASONAL[Platform.SHOPIFY]}", tags)
    course = {"name": _COURSE, "sku": "A-COURSE", "regular_price": "39.00", "stock_quantity": 500,
              "virtual": True, "downloadable": True}  # fmt: skip
    assert woo.store.rest("POST", "products", json=course).status_code == 201
    shop = woo.store.stores.named(WOOCOMMERCE_SHOP)
    shade = next(one for one in shop.every("product") if one["slug"] == _SEASONAL[Platform.WOOCOMMERCE])
    shade["tags"] = [*shade["tags"], {"id": 31, "name": "seasonal", "slug": "seasonal"}]
    products.change(shop, shade, shop.now())
    wanted = {"scopes": ",".join(COUPONS.scopes)}
    answer = shopify.store.call("POST", "/sandbox/rights", SHOPIFY_SHOP, data=wanted)
    assert answer.json()["result"] == "granted-all"
    woo.call("/sandbox/quirks", {"custom_statuses": True, "hints": False})
    pair.rest()
    for side in pair.both:
        with pair.home.runtime.database.shops(side.shop_id()) as session:
            _write(session, side, pair)


def _write(session: Session, side: Side, pair: Twins) -> None:
    shop, now = side.shop_id(), pair.home.now()
    lock_shop(session, shop)
    complex_one, course = (
        _product(session, shop, title) for title in (_TITLES[COMPLEX[side.platform]], _COURSE)
    )
    for slot, scope, id in (
        ("story", "shop", ""), ("access", "product", course),
        *((slot, "product", complex_one) for slot in _OF_COMPLEX),
    ):  # fmt: skip
        words = {"body": f"Our words of {slot}.", "url": f"https://help.example/{slot}"}
        put(session, shop, Place(slot, scope, id), words, 0, now)
    for id, said in (
        (complex_one, replace(NOTHING_SAID, durable=True)), (course, replace(NOTHING_SAID, digital=True)),
    ):  # fmt: skip
        save_said(session, shop, "product", id, "a product", said, "", "the merchant", now)
    for flow, knobs in _KNOBS.items():
        session.execute(
            text("UPDATE flow_switches SET knobs = :knobs WHERE shop_id = :shop AND flow_key = :flow"),
            {"shop": shop, "flow": flow, "knobs": as_json(knobs)},
        )
    if side.platform is Platform.WOOCOMMERCE:
        meant = ShipmentWords({"at-the-shop": "pickup"})
        save_words(session, shop, "", meant, "the merchant", now, pair.home.real())
        name_field(session, shop, _TICKED, "the merchant", now, pair.home.real())
    assert turn_on(session, shop, COUPONS, "the merchant", now, pair.home.real()) == ()


def _product(session: Session, shop: int, title: str) -> str:
    found: Any = session.execute(
        text("SELECT id FROM products WHERE shop_id = :shop AND body->>'title' = :title"
             " AND body->>'parent_id' IS NULL"), {"shop": shop, "title": title},
    ).scalar_one()  # fmt: skip
    return str(found)
