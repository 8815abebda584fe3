"""Customers and their consent to marketing."""

from __future__ import annotations

from connectors.base import Malformed, Noun, Reading, Wish
from connectors.news import Merge
from connectors.shopify import statuses
from connectors.shopify.fields import Body, child, count, instant, maybe_text, own_id, reference, text
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
        order_count=count(item, "orders_count"),
        counted_at=version if item.data.get("orders_count") is not None else None,
    )
    return Reading(customers=(customer,), stamp=version)


def merge_reading(item: Body) -> Reading:
    """Only a merge that came to its end is one; the one that lives on is read anew."""
    kept = reference(item, "admin_graphql_api_customer_kept_id")
    gone = reference(item, "admin_graphql_api_customer_deleted_id")
    if kept is None or gone is None:
        key = "customer_kept_id" if kept is None else "customer_deleted_id"
        raise Malformed(f"{item.where(f'admin_graphql_api_{key}')}: missing")
    if text(item, "status").lower() not in ("", "completed", "success") or kept == gone:
        return Reading()
    wish = Wish(Noun.CUSTOMER, kept, "two customers were merged into it")
    return Reading(merges=(Merge(kept, gone),), wishes=(wish,))


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
