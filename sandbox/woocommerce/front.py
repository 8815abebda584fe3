"""One shop as its own pages and the control routes see it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.store import (
    LineSummary,
    OrderRequest,
    OrderSummary,
    ParcelSummary,
    PlacedOrder,
    ProductCard,
)
from sandbox.woocommerce import (
    actions,
    checkout,
    customers,
    orders,
    products,
    recorded,
    refunds,
    shipments,
    tax,
)
from sandbox.woocommerce.plugin import order_link
from sandbox.woocommerce.quirks import changed
from sandbox.woocommerce.shop import Shop, moment_of
from sandbox.woocommerce.statuses import HIDDEN


@dataclass(frozen=True, slots=True)
class WooFront:
    """A ControlledStore."""

    shop: Shop

    @property
    def name(self) -> str:
        return self.shop.name

    @property
    def currency(self) -> str:
        return self.shop.currency

    @property
    def actions(self) -> tuple[str, ...]:
        return tuple(actions.ACTIONS)  # those off the bar are for the control routes alone

    @property
    def back_office(self) -> str:
        return "/wp-admin/admin.php?page=doorstep"

    def shipping_minor(self, goods_minor: int) -> int:
        return checkout.shipping_for(goods_minor)

    def customer_id(self, email: str) -> str:
        return str(customers.with_email(self.shop, email) or "")

    def products(self) -> list[ProductCard]:
        return [_card(self.shop, product) for product in products.sellable(self.shop)]

    def place_order(self, wanted: OrderRequest) -> PlacedOrder:
        order = checkout.place(self.shop, wanted, self.shop.now())
        line_ids = tuple(str(line["id"]) for line in order["line_items"])
        return PlacedOrder(str(order["id"]), order["number"], line_ids)

    def orders(self) -> list[OrderSummary]:
        found = [order for order in self.shop.every("order") if order["status"] not in HIDDEN[1:]]
        found.sort(key=lambda order: (order["date_created_gmt"], order["id"]), reverse=True)
        return [_summary(self.shop, order) for order in found]

    def order(self, order_id: str) -> OrderSummary:
        return _summary(self.shop, orders.order_of(self.shop, order_id))

    def act(self, order_id: str, action: str, **arguments: Any) -> dict[str, Any]:
        return actions.act(self.shop, order_id, action, arguments, self.shop.now())

    def deliveries(self) -> list[dict[str, Any]]:
        return self.shop.deliveries.records(self.shop.domain)

    def put(self, noun: str, body: Mapping[str, Any]) -> str:
        return recorded.put(self.shop, noun, body)

    def set_quirks(self, wanted: Mapping[str, Any]) -> dict[str, Any]:
        set_now = changed(self.shop.quirks(), wanted)
        self.shop.write("shop", "quirks", set_now)
        return set_now

    def uninstall(self) -> None:
        """The merchant revokes every key and takes the plugin out. The platform tells nobody: a 401 is
        the only sign."""
        self.shop.forget("shop", "plugin")
        for key in self.shop.every("key"):
            self.shop.forget("key", key["consumer_key"])


def _card(shop: Shop, product: dict[str, Any]) -> ProductCard:
    parent = shop.read("product", product["parent_id"]) if product["parent_id"] else None
    shown = parent or product
    return ProductCard(
        sku=product["sku"],
        product_id=str(shown["id"]),
        category=shown["categories"][0]["name"] if shown["categories"] else "",
        title=shown["name"],
        variant=product["attributes"][0]["option"] if parent else "",
        price_minor=tax.minor(product["price"]),
        image_url=shown["images"][0]["src"] if shown["images"] else "",
        url_slug=shown["slug"],
        description=shown["short_description"],
        kind=next((tag["name"].partition(":")[2] for tag in shown["tags"]), ""),
    )


def _summary(shop: Shop, order: orders.Order) -> OrderSummary:
    shipped, refunded = shipments.shipped_pieces(shop, order), refunds.refunded_pieces(shop, order)
    placed = moment_of(order["date_created_gmt"])
    return OrderSummary(
        id=str(order["id"]),
        number=order["number"],
        email=order["billing"]["email"] or None,
        status=order["status"],
        placed_at=placed.isoformat() if placed else "",
        total_minor=tax.minor(order["total"]),
        lines=tuple(_line(line, shipped, refunded) for line in order["line_items"]),
        parcels=tuple(_parcel(shop, order, parcel) for parcel in shipments.parcels_of(shop, order)),
        shipping_minor=tax.minor(order["shipping_total"]) + tax.minor(order["shipping_tax"]),
        discount_minor=tax.minor(order["discount_total"]) + tax.minor(order["discount_tax"]),
        ships_to=_address_lines(order["shipping"]),
        gift_note=order["customer_note"],
        track_link=order_link(shop, str(order["id"])),
    )


def _address_lines(address: Mapping[str, str]) -> tuple[str, ...]:
    name = f"{address['first_name']} {address['last_name']}"
    lines = (name, address["address_1"], f"{address['postcode']} {address['city']}")
    return tuple(line.strip() for line in lines if line.strip())


def _line(line: dict[str, Any], shipped: Mapping[str, int], refunded: Mapping[str, int]) -> LineSummary:
    id = str(line["id"])
    choices = [m["display_value"] for m in line["meta_data"] if not m["key"].startswith("_")]
    return LineSummary(
        id=id,
        sku=line["sku"] or "",
        title=line["parent_name"] or line["name"],
        variant=", ".join(choices),
        quantity=line["quantity"],
        shipped=shipped.get(id, 0),
        refunded=refunded.get(id, 0),
        price_minor=tax.minor(line["subtotal"]) + tax.minor(line["subtotal_tax"]),
    )


def _parcel(shop: Shop, order: orders.Order, parcel: shipments.Parcel) -> ParcelSummary:
    arrived = order["status"] == "delivered" or shipments.has_arrived(shop, order, parcel.id)
    return ParcelSummary(parcel.id, "delivered" if arrived else "shipped", parcel.carrier, parcel.number)
