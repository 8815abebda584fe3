"""An order body in our words.

What is left out on purpose: the shopper's IP address and browser, and the order key and payment
address, which open the order to whoever holds them.
"""

from __future__ import annotations

from datetime import datetime

from connectors.base import Malformed, Noun, Reading, ShipmentWords, Wish
from connectors.fields import (
    Body,
    amount,
    child,
    children,
    currency_code,
    flag,
    identity,
    instant,
    maybe_text,
    own_id,
    text,
)
from connectors.woocommerce.languages import spoken
from connectors.woocommerce.lines import gross, order_lines
from connectors.woocommerce.metas import metas, says_gift
from connectors.woocommerce.origin import TILL, bought_at_the_till, is_renewal
from connectors.woocommerce.people import address, agreement
from connectors.woocommerce.refunds import announced_refunds
from connectors.woocommerce.shipments import has_fulfillments, parcels_told, shipped_told
from connectors.woocommerce.shop_mails import shop_held, shop_wrote
from connectors.woocommerce.statuses import Status, meaning
from flows.commerce import Order, OrderState

DRAFT = "checkout_draft"
# Why the rest of an order is asked for.
UNTOLD = "the order does not tell"
REFUNDED = "which lines were refunded"
FULFILLED = "what was fulfilled"


UNSAID = ShipmentWords()


def order_reading(item: Body, words: ShipmentWords = UNSAID) -> Reading:
    """The order with its parcels and refunds as far as its own body tells, and one wish for the rest, if
    there is any. `words`: what the merchant means by statuses, and where numbers stand."""
    number = own_id(item)
    status = meaning(text(item, "status"), words)
    if status.draft:
        return Reading(ignored=DRAFT)
    order = _order(item, number, status, words)
    refunds = announced_refunds(item, order)
    parts = {REFUNDED: bool(refunds), FULFILLED: has_fulfillments(item)}
    untold = [what for what, is_there in parts.items() if is_there]
    return Reading(
        orders=(order,),
        parcels=parcels_told(item, order, status, words),
        all_parcels_of=(number,) if status.shipped is not None and not has_fulfillments(item) else (),
        refunds=refunds,
        all_refunds_of=(number,) if "refunds" in item.data else (),
        consents=agreement(item, order, words.agreed_key),
        wishes=(Wish(Noun.ORDER, number, f"{UNTOLD} {' and '.join(untold)}"),) if untold else (),
        stamp=order.version,
    )


def _order(item: Body, number: str, status: Status, words: ShipmentWords) -> Order:
    placed, version = _dates(item)
    paid = instant(item, "date_paid_gmt")
    billing, shipping = child(item, "billing"), child(item, "shipping")
    currency = currency_code(text(item, "currency"))
    taxed = flag(item, "prices_include_tax")
    lines, fees = children(item, "line_items"), children(item, "fee_lines")
    total = amount(item, "total", currency) or 0
    refunded = sum(abs(amount(part, "total", currency) or 0) for part in children(item, "refunds"))

    def seen(part: Body, key: str, tax_key: str) -> int:
        return gross(part, key, tax_key, currency, tax_included=taxed)

    return Order(
        id=number,
        number=text(item, "number").strip().removeprefix("#") or number,
        version=version,
        placed_at=placed,
        currency=currency,
        total=total,
        state=status.state,
        accepted_at=_accepted(item, status, paid, version),
        paid_at=paid,
        cancelled_at=version if status.state is OrderState.CANCELLED else None,
        email=maybe_text(billing, "email"),
        phone=maybe_text(billing, "phone") or maybe_text(shipping, "phone"),
        customer_id=identity(item, "customer_id"),
        first_name=text(billing, "first_name") or text(shipping, "first_name"),
        last_name=text(billing, "last_name") or text(shipping, "last_name"),
        subtotal=sum(seen(line, "subtotal", "subtotal_tax") for line in lines),
        shipping=seen(item, "shipping_total", "shipping_tax"),
        tax=amount(item, "total_tax", currency) or 0,
        tax_included=taxed,
        discount=seen(item, "discount_total", "discount_tax"),
        fees=sum(seen(fee, "total", "total_tax") for fee in fees),
        refunded=refunded,
        fully_refunded=status.refunded or (total > 0 and refunded >= total),
        lines=order_lines(item, lines, currency, tax_included=taxed),
        shipping_address=address(shipping),
        billing_address=address(billing),
        shipping_method=", ".join(text(way, "method_title") for way in children(item, "shipping_lines")),
        payment_method=text(item, "payment_method_title") or text(item, "payment_method"),
        discount_codes=tuple(
            code for part in children(item, "coupon_lines") if (code := maybe_text(part, "code"))
        ),
        shipped=shipped_told(item, status, words),
        is_gift=any(says_gift(metas(part)) for part in (item, *lines)),
        is_renewal=is_renewal(item),
        source=TILL if bought_at_the_till(item) else text(item, "created_via"),
        note=text(item, "customer_note"),
        locale=spoken(metas(item)),
        shop_held=shop_held(metas(item)),
        shop_wrote=shop_wrote(metas(item)),
    )


def _accepted(item: Body, status: Status, paid: datetime | None, version: datetime) -> datetime | None:
    """When the shop took it on. Where nobody says when it was paid: not before its last change, as far as
    this body knows. A transfer may be waited for for days, so not when it was placed. An earlier body knows
    better (`merge_orders`)."""
    if status.accepted is False:
        return None
    if paid is not None or not status.accepted:
        return paid
    completed = instant(item, "date_completed_gmt")
    return version if completed is None else min(completed, version)


def _dates(item: Body) -> tuple[datetime, datetime]:
    """When it was placed and its version. Only the `_gmt` twins: the others are in shop time."""
    placed = instant(item, "date_created_gmt")
    version = instant(item, "date_modified_gmt") or placed
    if placed is None or version is None:
        raise Malformed(f"{item.where('date_created_gmt')}: missing")
    return placed, version
