"""What a merchant's own block may print: one published list, so that nothing else can be reached."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from emails.clean import greeting_name, one_line, web_address
from emails.message import MailContext
from emails.order_lines import name_of, picture_of
from emails.parcels import parcel_in_question
from emails.voice import Voice, greeted
from flows.commerce import OrderLine

MOST_LINES = 100

# By name, what it says to a merchant. What is not known for an order prints nothing.
VALUES: Mapping[str, str] = {
    "name": "How the reader is greeted; nothing where no name is known",
    "order.number": "The order's number",
    "order.date": "The day of the order",
    "order.total": "What the order cost, with its currency",
    "order.pieces": "How many pieces were ordered",
    "order.link": "The page on which the order can be followed",
    "product.title": "The product that the mail is about",
    "product.picture": "Its picture",
    "parcel.carrier": "Who brings the parcel",
    "parcel.number": "The parcel's tracking number",
    "coupon.code": "The code that the mail carries",
    "shop.name": "Your shop's name",
    "shop.link": "Your shop's front page",
    "shop.email": "Your support address",
    "shop.helper": "Who answers at your support address",
}

# By the list's name, what each of its rows holds.
LISTS: Mapping[str, Mapping[str, str]] = {
    "lines": {
        "title": "The product",
        "variant": "Its variant",
        "quantity": "How many pieces",
        "price": "What they cost together",
        "picture": "Its picture",
    },
    "picks": {
        "title": "A product that goes with the order",
        "price": "Its price",
        "picture": "Its picture",
        "link": "Where it is sold",
    },
}

LOOP = ("index", "first", "last")


def published(context: MailContext, voice: Voice) -> Mapping[str, Any]:
    """For one reader: text, numbers, and lists of the same. By name as in VALUES and LISTS."""
    order, brand, links = context.picture.order, context.brand, context.links
    parcel, about = parcel_in_question(context), _about(context)
    return {
        "name": greeted(context, voice),
        "order.number": one_line(order.number, 40),
        "order.date": voice.day(order.placed_at),
        "order.total": voice.money(order.total),
        "order.pieces": sum(line.quantity for line in context.lines),
        "order.link": web_address(links.tracking),
        "product.title": one_line(name_of(about, context.products), 120) if about else None,
        "product.picture": picture_of(about, context.products) if about else None,
        "parcel.carrier": one_line(parcel.carrier or "", 40) if parcel else None,
        "parcel.number": one_line(parcel.tracking_number or "", 60) if parcel else None,
        "coupon.code": context.coupon.code if context.coupon else None,
        "shop.name": one_line(brand.name, 60),
        "shop.link": web_address(links.shop) or web_address(brand.url),
        "shop.email": one_line(brand.support_email, 200),
        "shop.helper": greeting_name(brand.support_name),
        "lines": [_line(line, context, voice) for line in context.lines[:MOST_LINES]],
        "picks": [
            {
                "title": one_line(product.title, 120),
                "price": voice.money(product.price) if product.price and product.currency else None,
                "picture": web_address(product.image_url),
                "link": web_address(links.products.get(product.id)),
            }
            for product in context.picks
        ],
    }


def _about(context: MailContext) -> OrderLine | None:
    named = (line for line in context.lines if context.about and line.product_id == context.about)
    return next(named, next(iter(context.lines), None))


def _line(line: OrderLine, context: MailContext, voice: Voice) -> Mapping[str, Any]:
    return {
        "title": one_line(line.title, 120),
        "variant": one_line(line.variant, 120),
        "quantity": line.quantity,
        "price": voice.money(line.total),
        "picture": picture_of(line, context.products),
    }
