"""Marketing consent, written by an app."""

from __future__ import annotations

from typing import Any

from sandbox.shopify.admin_api.asking import Arguments, Asking, Fields, number_in
from sandbox.shopify.admin_api.writes import Body, done, refused
from sandbox.shopify.bodies.customers import consent_body
from sandbox.shopify.shop import number_of

_SETTABLE = ("SUBSCRIBED", "UNSUBSCRIBED", "PENDING")


def _update(source: Any, asking: Asking, arguments: Arguments) -> Body:
    asking.needs("write_customers")
    wanted, shop = arguments["input"], asking.shop
    consent = wanted["emailMarketingConsent"]
    customer = shop.read("customer", number_in(wanted["customerId"], "Customer"))
    if customer is None or not customer["email"]:
        return refused("Customer does not exist or has no email", "INVALID", ["input", "customerId"])
    state, at = consent["marketingState"], consent.get("consentUpdatedAt") or shop.clock.now()
    if state not in _SETTABLE:
        return refused("Marketing state is not included in the list", "INCLUSION", ["input"])
    if at > shop.clock.now():
        return refused("Consent updated at must not be in the future", "INVALID", ["input"])
    level = consent.get("marketingOptInLevel") or "SINGLE_OPT_IN"
    body = consent_body(customer, state.lower(), shop.local(at), level.lower())
    with shop.documents.transaction():
        shop.write("consent", body, number_of(customer))
        asking.change().tell(body, "customers_email_marketing_consent/update")
    return done(customer=customer)


MUTATIONS: Fields = {"customerEmailMarketingConsentUpdate": _update}
