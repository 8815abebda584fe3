"""Writing into a shop: every verb with its operation and the rights that it needs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from connectors import writes as verbs
from connectors.base import RightMissing, Store, Unsupported
from connectors.shopify.admin_api import Denied
from connectors.shopify.scopes import missing_scopes
from connectors.shopify.writes.address import change_address
from connectors.shopify.writes.cancel import cancel_order
from connectors.shopify.writes.consent import set_consent
from connectors.shopify.writes.credit import grant_credit
from connectors.shopify.writes.discount import create_discount
from connectors.shopify.writes.edit import edit_order
from connectors.shopify.writes.rating import set_rating
from connectors.shopify.writes.return_ask import ask_return
from connectors.shopify.writes.tracking import point_tracking
from connectors.writes import Write, Written


@dataclass(frozen=True, slots=True)
class Verb:
    do: Callable[[Store, Any], Written]
    scopes: tuple[str, ...]


VERBS: Mapping[type[Write], Verb] = {
    verbs.CreateDiscount: Verb(create_discount, ("write_discounts",)),
    verbs.SetConsent: Verb(set_consent, ("write_customers",)),
    verbs.SetRating: Verb(set_rating, ("write_products",)),
    verbs.CancelOrder: Verb(cancel_order, ("write_orders",)),
    verbs.ChangeAddress: Verb(change_address, ("write_orders",)),
    verbs.EditOrder: Verb(edit_order, ("write_order_edits", "read_orders")),
    verbs.AskReturn: Verb(ask_return, ("write_returns", "read_orders")),
    verbs.GrantCredit: Verb(
        grant_credit, ("write_store_credit_account_transactions", "read_store_credit_accounts")
    ),
    verbs.PointTracking: Verb(point_tracking, ("write_merchant_managed_fulfillment_orders",)),
}


WHY_NOT: Mapping[type[Write], str] = {
    verbs.PostReview: "Shopify has no list of reviews of its own",
    verbs.ReleaseMail: "Shopify's own mails are never held back",
    verbs.NoteOrder: "Shopify lets nobody but the shop's own people write into an order's history",
}


def write(store: Store, what: Write) -> Written:
    """Raises StoreError; RightMissing, before any call, where the shop has not given the rights;
    Unsupported, with the reason, where there is no way."""
    if type(what) in WHY_NOT:
        raise Unsupported(WHY_NOT[type(what)])
    verb = VERBS[type(what)]
    missing = missing_scopes(store.scopes, verb.scopes)
    if missing:
        raise RightMissing(missing)
    try:
        return verb.do(store, what)
    except Denied:  # the merchant took it back, and nobody has told us yet
        raise RightMissing(verb.scopes) from None
