"""Addresses and customer accounts. Guests have no account: they are known by their orders alone."""

from __future__ import annotations

from connectors.base import Malformed, Reading
from connectors.fields import Body, child, instant, maybe_text, own_id, text
from connectors.woocommerce.birthdays import birthday
from connectors.woocommerce.metas import metas, word
from flows.commerce import Address, Consent, ConsentState, Customer, Order, OrderState

SINGLE = "single_opt_in"
# Plugins keep "0", "nein", "declined" or anything: a word that is not known to mean yes means no.
_YES = frozenset({"1", "yes", "y", "true", "on", "checked", "subscribed"}) | frozenset(
    {"ja", "j", "oui", "si", "sí", "sì", "sim", "tak", "ano", "kyllä", "igen", "da"}
)


def customer_reading(item: Body) -> Reading:
    """The account. WooCommerce keeps no consent with it: what a checkout asked stands with the order."""
    version = instant(item, "date_modified_gmt") or instant(item, "date_created_gmt")
    number = own_id(item)
    if version is None:
        raise Malformed(f"{item.where('date_modified_gmt')}: missing")
    billing = child(item, "billing")
    customer = Customer(
        id=number,
        version=version,
        email=maybe_text(item, "email") or maybe_text(billing, "email"),
        first_name=text(item, "first_name") or text(billing, "first_name"),
        last_name=text(item, "last_name") or text(billing, "last_name"),
        phone=maybe_text(billing, "phone"),
        birthday=birthday(metas(item)),
    )
    return Reading(customers=(customer,), stamp=version)


def agreement(item: Body, order: Order, key: str) -> tuple[Consent, ...]:
    """What the buyer answered at the checkout, where the merchant named the field. A box that was left empty
    takes back no earlier yes, so it has no time. Anybody can type anybody's address into a checkout: a yes
    counts only in an order that the shop took on, and as long as that stands."""
    values = metas(item)
    if not key or key not in values or not order.email:
        return ()
    if word(values, key).casefold() not in _YES:
        return (Consent(order.email, ConsentState.NOT_SUBSCRIBED, None, order.customer_id),)
    if order.accepted_at is None or order.state is not OrderState.OPEN:
        return ()
    return (Consent(order.email, ConsentState.SUBSCRIBED, order.placed_at, order.customer_id, SINGLE),)


def address(item: Body) -> Address | None:
    """None where nothing is filled in, as for the shipping address of a download."""
    found = Address(
        name=f"{text(item, 'first_name')} {text(item, 'last_name')}".strip(),
        company=text(item, "company"),
        line1=text(item, "address_1"),
        line2=text(item, "address_2"),
        city=text(item, "city"),
        region=text(item, "state"),
        postcode=text(item, "postcode"),
        country=text(item, "country"),
        phone=text(item, "phone"),
    )
    places = (found.name, found.company, found.line1, found.line2, found.city, found.postcode)
    return found if any(place.strip() for place in places) else None
