"""One shop as its storefront, its merchant bar and the control routes see it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.control import wanted_pieces
from sandbox.shopify.actions import returning
from sandbox.shopify.actions.change import Change, find_order
from sandbox.shopify.actions.placing import pay, place_order
from sandbox.shopify.actions.putting import put
from sandbox.shopify.actions.returning import ask_back
from sandbox.shopify.actions.shipping import DEFAULT_CARRIER, report, scan_word, ship
from sandbox.shopify.actions.undoing import cancel, delete, refund
from sandbox.shopify.bodies.customers import customer_with_email
from sandbox.shopify.bodies.refunds import refunded_pieces
from sandbox.shopify.money import minor
from sandbox.shopify.pricing import shipping_for
from sandbox.shopify.shop import Shop, number_of
from sandbox.shopify.webhooks import Announcer
from sandbox.store import (
    LineSummary,
    OrderRequest,
    OrderSummary,
    ParcelSummary,
    PlacedOrder,
    ProductCard,
    Refusal,
)

_QUIRKS: dict[str, tuple[type, ...]] = {
    "late_seconds": (int, float),
    "same_delivery_id": (bool,),
    "drop": (bool,),
    "throttle": (int,),
    "access_seconds": (int,),
    "refresh_seconds": (int,),
    "points": (int,),
    "frozen": (bool,),
    "locked": (bool,),
    "gone": (bool,),
    "decline_rights": (bool,),
    "hold": (bool,),
    "reorder": (int,),
    "bulk_seconds": (int, float),
    "bulk_error": (str,),
    "bulk_partial": (int, float),
    "bulk_url_seconds": (int, float),
}
_SCANS = {"out-for-delivery": "out_for_delivery", "deliver": "delivered", "delay": "delayed"}


@dataclass(frozen=True, slots=True)
class ShopifyFront:
    """`end_installation` takes the app out of the shop and tells it."""

    shop: Shop
    announcer: Announcer
    end_installation: Callable[[Shop], None]

    actions: tuple[str, ...] = (
        "ship", "out-for-delivery", "deliver", "delay", "pay", "cancel", "refund", "trash",
    )  # fmt: skip

    @property
    def name(self) -> str:
        return str(self.shop.profile()["name"])

    @property
    def currency(self) -> str:
        return self.shop.currency()

    @property
    def back_office(self) -> str:
        return "/admin/apps/doorstep"

    def shipping_minor(self, goods_minor: int) -> int:
        return shipping_for(goods_minor)

    def customer_id(self, email: str) -> str:
        customer = customer_with_email(self.shop, email) if email else None
        return "" if customer is None else number_of(customer)

    def products(self) -> list[ProductCard]:
        return [
            _card(product, variant)
            for product in self.shop.all("product")
            if product["status"] == "active"
            for variant in product["variants"]
            if variant["sku"] and self.shop.read("shelf", variant["sku"])
        ]

    def place_order(self, wanted: OrderRequest) -> PlacedOrder:
        return place_order(self._change(), wanted)

    def orders(self) -> list[OrderSummary]:
        return [_summary(order) for order in reversed(self.shop.all("order"))]

    def order(self, order_id: str) -> OrderSummary:
        return _summary(find_order(self.shop, order_id))

    def act(self, order_id: str, action: str, **arguments: Any) -> dict[str, Any]:
        allowed = _ARGUMENTS.get(action)
        if allowed is None:
            raise Refusal(404, f"unknown action {action!r} (known: {', '.join(_ARGUMENTS)})")
        if unknown := set(arguments) - allowed:
            raise Refusal(400, f"{action} does not know {', '.join(sorted(unknown))}")
        change = self._change()
        lines = arguments.get("lines")
        pieces = None if lines is None else wanted_pieces(lines, "line_id")
        if action in _SCANS:
            return report(change, order_id, _SCANS[action], _text(arguments, "parcel_id"))
        if action == "scan":
            return report(change, order_id, scan_word(arguments), _text(arguments, "parcel_id"))
        if action == "ship":
            carrier = _text(arguments, "carrier") or DEFAULT_CARRIER
            return ship(change, order_id, pieces, carrier, _text(arguments, "tracking_number"))
        if action == "refund":
            return refund(change, order_id, pieces)
        if action == "ask-back":
            return ask_back(change, order_id, pieces)
        if action in returning.STEPS:
            return returning.step(change, order_id, action, exchange=bool(arguments.get("exchange")))
        return {"pay": pay, "cancel": cancel, "trash": delete}[action](change, order_id)

    def deliveries(self) -> list[dict[str, Any]]:
        return self.announcer.deliveries.records(self.shop.domain)

    def put(self, noun: str, body: Mapping[str, Any]) -> str:
        return put(self.shop, noun, body)

    def set_quirks(self, wanted: Mapping[str, Any]) -> dict[str, Any]:
        """`same_delivery_id`: everything is sent twice under one id. `throttle`: so many calls of
        the Admin API are turned away. `points`: what its bucket wins each second (100: the smallest plan).
        `frozen`, `locked`, `gone`: no app gets in, for want of payment, by the platform, for ever.
        `access_seconds`, `refresh_seconds`: how long tokens live that are given from now on.
        `decline_rights`: its merchant gives an app no further right. `hold`: messages wait until they are
        released. `reorder`: every so many messages arrive the other way round. Those of `bulk` are told in
        bulk.py. Merged bodies are not a thing of this platform."""
        for name, value in wanted.items():
            fits = name in _QUIRKS and type(value) in _QUIRKS[name]
            if not fits or (not isinstance(value, str) and value < 0):
                known = ", ".join(_QUIRKS)
                raise Refusal(400, f"{name}={value!r} is no quirk of this store (known: {known})")
        with self.shop.documents.transaction():
            quirks = self.shop.quirks() | dict(wanted)
            self.shop.write("shop", quirks, "quirks")
        return quirks

    def uninstall(self) -> None:
        self.end_installation(self.shop)

    def _change(self) -> Change:
        return Change(self.shop, self.announcer)


_ARGUMENTS: dict[str, set[str]] = {
    "ship": {"lines", "carrier", "tracking_number"},
    "out-for-delivery": {"parcel_id"},
    "deliver": {"parcel_id"},
    "delay": {"parcel_id"},
    "scan": {"parcel_id", "status"},
    "refund": {"lines"},
    "ask-back": {"lines"},
    "approve-return": {"exchange"},
    **{name: set() for name in ("decline-return", "cancel-return", "close-return")},
    "pay": set(),
    "cancel": set(),
    "trash": set(),
}


def _text(arguments: Mapping[str, Any], name: str) -> str | None:
    value = arguments.get(name)
    return None if value in (None, "") else str(value)


def _card(product: dict[str, Any], variant: dict[str, Any]) -> ProductCard:
    tags = [tag.strip() for tag in product["tags"].split(",")]
    kinds = [tag.removeprefix("timing:") for tag in tags if tag.startswith("timing:")]
    return ProductCard(
        sku=variant["sku"],
        product_id=number_of(product),
        category=product["product_type"],
        title=product["title"],
        variant="" if variant["title"] == "Default Title" else variant["title"],
        price_minor=minor(variant["price"]),
        image_url=product["image"]["src"] if product["image"] else "",
        url_slug=product["handle"],
        description=product["body_html"].removeprefix("<p>").removesuffix("</p>"),
        kind=kinds[0] if kinds else "standard",
    )


def _summary(order: dict[str, Any]) -> OrderSummary:
    given_back = refunded_pieces(order)
    shipped: dict[str, int] = {}
    for parcel in order["fulfillments"]:
        for line in parcel["line_items"]:
            shipped[str(line["id"])] = shipped.get(str(line["id"]), 0) + line["quantity"]
    return OrderSummary(
        id=number_of(order),
        number=order["name"],
        email=order["email"],
        status=_status(order),
        placed_at=order["created_at"],
        total_minor=minor(order["total_price"]),
        lines=tuple(
            LineSummary(
                id=str(line["id"]),
                sku=line["sku"] or "",
                title=line["title"],
                variant=line["variant_title"] or "",
                quantity=line["quantity"],
                shipped=shipped.get(str(line["id"]), 0),
                refunded=given_back.get(str(line["id"]), 0),
                price_minor=minor(line["price"]) * line["quantity"],
            )
            for line in order["line_items"]
        ),
        parcels=tuple(
            ParcelSummary(
                id=number_of(parcel),
                status=parcel["shipment_status"] or parcel["status"],
                carrier=parcel["tracking_company"] or "",
                tracking_number=parcel["tracking_number"] or "",
            )
            for parcel in order["fulfillments"]
        ),
        shipping_minor=sum(minor(line["price"]) for line in order["shipping_lines"]),
        discount_minor=minor(order["total_discounts"]),
        tax_minor=0 if order["taxes_included"] else minor(order["total_tax"]),
        ships_to=_address_lines(order.get("shipping_address") or {}),
        gift_note=next(
            (str(note["value"]) for note in order["note_attributes"] if note["name"] == "gift_message"), ""
        ),
    )


def _address_lines(address: dict[str, Any]) -> tuple[str, ...]:
    town = f"{address.get('city') or ''}, {address.get('province_code') or ''} {address.get('zip') or ''}"
    lines = (address.get("name"), address.get("address1"), address.get("address2"), town.strip(", "))
    return tuple(str(line) for line in lines if line)


def _status(order: dict[str, Any]) -> str:
    """Money and shipping in one: "pending", "paid", "paid, partial", "cancelled, refunded"."""
    words = ["cancelled"] if order["cancelled_at"] else []
    words.append(str(order["financial_status"]).replace("_", " "))
    words += [order["fulfillment_status"]] if order["fulfillment_status"] else []
    return ", ".join(words)
