"""Postal addresses of Shopify's bodies."""

from __future__ import annotations

from connectors.shopify.fields import Body, text
from flows.commerce import Address

_ONE_LINE = ("address1", "address2", "zip", "city", "province", "country")


def address(item: Body | None) -> Address | None:
    """Region and country as codes, where there are some: names depend on the shop's language."""
    if item is None:
        return None
    name = text(item, "name") or f"{text(item, 'first_name')} {text(item, 'last_name')}"
    return Address(
        name=name.strip(),
        company=text(item, "company"),
        line1=text(item, "address1"),
        line2=text(item, "address2"),
        city=text(item, "city"),
        region=text(item, "province_code") or text(item, "province"),
        postcode=text(item, "zip"),
        country=text(item, "country_code") or text(item, "country"),
        phone=text(item, "phone"),
    )


def one_line(item: Body) -> str:
    """A shop's own address for the foot of a mail."""
    parts = (text(item, key).strip() for key in _ONE_LINE)
    return ", ".join(part for part in parts if part)
