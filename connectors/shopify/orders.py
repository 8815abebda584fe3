"""An order body in our words."""

from __future__ import annotations

from datetime import datetime

from connectors.base import Noun, Reading, Store, Wish
from connectors.fields import amount
from connectors.shopify import statuses
from connectors.shopify.addresses import address
from connectors.shopify.fields import (
    Body,
    child,
    children,
    flag,
    instant,
    link,
    maybe_text,
    own_id,
    reference,
    text,
    texts,
)
from connectors.shopify.gifts import is_gift
from connectors.shopify.lines import order_lines, refunded_quantities
from connectors.shopify.money import currency_of, shop_amount, shop_currency, store_currency
from connectors.shopify.parcels import is_parcel, parcel
from connectors.shopify.refunds import OTHER_MONEY, is_in_other_money, refund
from flows.commerce import Order, OrderState, Refund


def order_reading(item: Body, store: Store | None) -> Reading:
    """The order with its parcels and refunds; a wish where the body is too thin to tell its age."""
    number = own_id(item)
    version = instant(item, "updated_at") or instant(item, "processed_at") or instant(item, "created_at")
    if version is None:
        return Reading(wishes=(Wish(Noun.ORDER, number, "the order came without dates"),))
    currency = order_currency(item, store)
    refunds = tuple(refund(part, number, currency) for part in children(item, "refunds"))
    parcels = tuple(parcel(part, number) for part in children(item, "fulfillments") if is_parcel(part))
    known = tuple(part for part in refunds if part)
    return Reading(
        orders=(_order(item, number, version, currency, known),),
        parcels=tuple(part for part in parcels if part),
        refunds=known,
        wishes=_wishes(item, number, currency, thin=None in (*refunds, *parcels)),
        stamp=version,
    )


def _wishes(item: Body, number: str, currency: str, *, thin: bool) -> tuple[Wish, ...]:
    if thin:
        return (Wish(Noun.ORDER, number, "a part of the order came without dates"),)
    if any(is_in_other_money(part, currency) for part in children(item, "refunds")):
        return (Wish(Noun.ORDER, number, OTHER_MONEY),)
    return ()


def order_currency(item: Body, store: Store | None) -> str:
    """The shop's currency, in which every plain amount of an order is."""
    return currency_of(item, "currency") or shop_currency(item, "total_price_set") or store_currency(store)


def _order(item: Body, number: str, version: datetime, currency: str, refunds: tuple[Refund, ...]) -> Order:
    placed = instant(item, "processed_at") or instant(item, "created_at") or version
    cancelled = instant(item, "cancelled_at")
    financial = text(item, "financial_status")
    buyer = child(item, "customer") or Body({}, item, "customer")
    shipping = child(item, "shipping_address")
    billing = child(item, "billing_address")
    people = [person for person in (buyer, shipping, billing) if person]
    # A cancellation empties the lines too, but what was ordered stays what was ordered.
    tells = item.data.get("refunds") is not None and cancelled is None
    refunded = refunded_quantities(refunds) if tells else None
    items = children(item, "line_items")
    lines, subtotal = order_lines(items, currency, refunded)
    return Order(
        id=number,
        number=_number(item, number),
        version=version,
        placed_at=placed,
        currency=currency,
        total=amount(item, "total_price", currency) or 0,
        state=OrderState.CANCELLED if cancelled else OrderState.OPEN,
        accepted_at=placed if cancelled or statuses.is_accepted(financial) else None,
        paid_at=placed if statuses.is_paid(financial) else None,
        cancelled_at=cancelled,
        email=maybe_text(item, "email") or maybe_text(item, "contact_email") or maybe_text(buyer, "email"),
        phone=maybe_text(item, "phone") or maybe_text(buyer, "phone"),
        customer_id=_customer_id(buyer),
        first_name=_first_of(people, "first_name"),
        last_name=_first_of(people, "last_name"),
        locale=maybe_text(item, "customer_locale"),
        subtotal=subtotal,
        shipping=shop_amount(item, "total_shipping_price_set", currency) or 0,
        tax=amount(item, "total_tax", currency) or 0,
        tax_included=flag(item, "taxes_included"),
        discount=amount(item, "total_discounts", currency) or 0,
        fees=_fees(item, currency),
        refunded=sum(part.amount for part in refunds),
        fully_refunded=financial.lower() == "refunded",
        lines=lines,
        lines_gone=bool(items) and not lines,
        shipping_address=address(shipping),
        billing_address=address(billing),
        shipping_method=_shipping_method(item),
        payment_method=", ".join(texts(item, "payment_gateway_names")),
        discount_codes=_discount_codes(item),
        shipped=statuses.shipped(text(item, "fulfillment_status")),
        is_gift=is_gift(item, items),
        is_test=flag(item, "test"),
        source=text(item, "source_name"),
        note=text(item, "note"),
        status_url=link(item, "order_status_url"),
        confirmation=text(item, "confirmation_number"),
    )


def _number(item: Body, order_id: str) -> str:
    """As the merchant sees it, without the sign that most shops put before it."""
    return text(item, "name").strip().removeprefix("#") or text(item, "order_number") or order_id


def _customer_id(buyer: Body) -> str | None:
    return reference(buyer, "admin_graphql_api_id") or reference(buyer, "id")


def _first_of(people: list[Body], key: str) -> str:
    return next((found for person in people if (found := text(person, key))), "")


def _fees(item: Body, currency: str) -> int:
    """What is in the total besides goods, shipping and tax: tip, additional fees, duties."""
    return (
        (amount(item, "total_tip_received", currency) or 0)
        + (shop_amount(item, "original_total_additional_fees_set", currency) or 0)
        + (shop_amount(item, "original_total_duties_set", currency) or 0)
    )


def _shipping_method(item: Body) -> str:
    ways = (text(way, "title") for way in children(item, "shipping_lines") if not flag(way, "is_removed"))
    return next(ways, "")


def _discount_codes(item: Body) -> tuple[str, ...]:
    codes = (maybe_text(part, "code") for part in children(item, "discount_codes"))
    return tuple(code for code in codes if code)
