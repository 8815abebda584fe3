"""Customers and their consent to marketing."""

from __future__ import annotations

from connectors.base import Noun, Reading, Wish
from connectors.shopify import statuses
from connectors.shopify.fields import Body, child, instant, maybe_text, own_id, reference, text
from flows.commerce import Consent, Customer


def customer_reading(item: Body) -> Reading:
    """Webhooks of customers carry no consent; an answer of the store does (`consent_reading`)."""
    number = own_id(item)
    version = instant(item, "updated_at") or instant(item, "created_at")
    if version is None:
        return Reading(wishes=(Wish(Noun.CUSTOMER, number, "the customer came without dates"),))
    customer = Customer(
        id=number,
        version=version,
        email=maybe_text(item, "email"),
        first_name=text(item, "first_name"),
        last_name=text(item, "last_name"),
        locale=maybe_text(item, "locale"),
        phone=maybe_text(item, "phone"),
    )
    return Reading(customers=(customer,), stamp=version)


def consent_reading(item: Body) -> Reading:
    """The one place that consent is read from: what a buyer ticked at the checkout
    (`buyer_accepts_marketing`) is a wish that the store may still have to confirm."""
    email = maybe_text(item, "email_address")
    given = child(item, "email_marketing_consent")
    if email is None or given is None:
        return Reading(ignored="no_address" if email is None else "no_consent")
    consent = Consent(
        email=email,
        state=statuses.consent(text(given, "state")),
        at=instant(given, "consent_updated_at"),
        customer_id=reference(item, "customer_id"),
        opt_in_level=text(given, "opt_in_level").lower(),
    )
    return Reading(consents=(consent,), stamp=consent.at)
