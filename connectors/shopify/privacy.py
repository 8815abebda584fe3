"""Demands by law that Shopify passes on: what is known of a person, forget a person, forget a shop."""

from __future__ import annotations

from hashlib import sha256

from connectors.base import Malformed, Reading, Store
from connectors.news import PrivacyAsk, PrivacyKind
from connectors.shopify.fields import Body, child, maybe_text, reference


def data_request(item: Body, store: Store | None) -> Reading:
    """Shopify gives the demand a number of its own."""
    given = child(item, "data_request")
    number = reference(given, "id") if given else None
    return _person(item, store, PrivacyKind.EXPORT, "orders_requested", number)


def redact_customer(item: Body, store: Store | None) -> Reading:
    return _person(item, store, PrivacyKind.FORGET_PERSON, "orders_to_redact", None)


def redact_shop(item: Body, store: Store | None) -> Reading:
    _check_named(item, store)
    return Reading(privacy=PrivacyAsk(PrivacyKind.FORGET_SHOP, "shop"))


def _person(item: Body, store: Store | None, kind: PrivacyKind, orders: str, number: str | None) -> Reading:
    """Raises Malformed where nobody is named: a demand that cannot be met must not count as met."""
    _check_named(item, store)
    person = child(item, "customer")
    customer_id = (reference(person, "id") if person else None) or ""
    email = (maybe_text(person, "email") if person else None) or ""
    phone = (maybe_text(person, "phone") if person else None) or ""
    order_ids = _order_ids(item, orders)
    if not (customer_id or email or phone or order_ids):
        raise Malformed(f"{item.where('customer')}: missing")
    key = number or _key(customer_id, email, phone, *order_ids)
    return Reading(privacy=PrivacyAsk(kind, key, customer_id, email, phone, order_ids))


def _check_named(item: Body, store: Store | None) -> None:
    """Only the body is signed: nothing is erased or told on the word of a header. (That it names another
    shop than the header has been looked at before.) A number says nothing where the shop's own is unknown."""
    numbered = reference(item, "shop_id") is not None and (store is None or bool(store.platform_id))
    if maybe_text(item, "shop_domain") is None and not numbered:
        raise Malformed(f"{item.where('shop_domain')}: missing")


def _key(*told: str) -> str:
    """A repeated message is the same demand; one that names more orders is another."""
    return sha256("\n".join(told).encode()).hexdigest()[:32]


def _order_ids(item: Body, key: str) -> tuple[str, ...]:
    listed = item.data.get(key)
    if listed is None:
        return ()
    if not isinstance(listed, list):
        raise Malformed(f"{item.where(key)}: not a list")
    parts = (Body({"id": one}, f"{item.where(key)}[{at}]") for at, one in enumerate(listed))
    found = (reference(part, "id") for part in parts)
    return tuple(sorted({one for one in found if one}))
