"""What a shopper decided about marketing mails, written back to the customer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from connectors.base import NotThere, Store, StoreRefused
from connectors.shopify.admin_api import call
from connectors.shopify.ids import gid
from connectors.shopify.nodes import dig
from connectors.writes import SetConsent, Written
from flows.commerce import ConsentState

# The API takes these three; what else a store says of an address is its own finding.
_SETTABLE = (ConsentState.SUBSCRIBED, ConsentState.UNSUBSCRIBED, ConsentState.PENDING)


def set_consent(store: Store, what: SetConsent) -> Written:
    """A newer decision that the store knows of stays. Raises StoreRefused where the customer has another
    address by now: nobody has decided for that one."""
    if what.state not in _SETTABLE:
        raise StoreRefused(f"consent cannot be set to {what.state}")
    if not what.customer_id:
        raise NotThere("the store knows no such customer")
    id = gid("Customer", what.customer_id)
    customer = dig(call(store, "customer_consent", {"id": id}), "customer")
    if customer is None:
        raise NotThere("there is no such customer")
    known = dig(customer, "defaultEmailAddress")
    if str(dig(known, "emailAddress") or "").lower() != what.email.lower():
        raise StoreRefused("the customer has another address by now")
    if dig(known, "marketingState") == what.state.name or _is_newer(known, what.at):
        return Written(id, already=True)
    consent: dict[str, Any] = {"marketingState": what.state.name, "consentUpdatedAt": what.at.isoformat()}
    if what.state is ConsentState.SUBSCRIBED:
        # What is written here takes the place of the store's own record, so a proof is kept.
        consent["marketingOptInLevel"] = (what.level or "single_opt_in").upper()
    call(store, "customer_consent_set", {"input": {"customerId": id, "emailMarketingConsent": consent}})
    return Written(id)


def _is_newer(known: Mapping[str, Any] | None, at: datetime) -> bool:
    text = dig(known, "marketingUpdatedAt")
    try:
        return isinstance(text, str) and datetime.fromisoformat(text) > at
    except (ValueError, TypeError):
        return False
