"""What stays of a stored document when its person is forgotten: figures and things, nobody.

Orders and customers also move on in time: whatever the store said before is older than what is left of
them and changes nothing any more, even if it was read, or lay waiting, when the person was forgotten.
What a store says afterwards is the store's own, newer word.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, TypeVar

from flows.commerce import Address, Customer, Order, Parcel, ParcelEvent, Refund, Return
from flows.plain import from_plain, to_plain

Document = Mapping[str, Any]
Kind = TypeVar("Kind")
_NEVER = datetime.min.replace(tzinfo=UTC)


def redacted(table: str, body: Document, now: datetime, cleared: Callable[[str], str]) -> Document:
    """What stays of a document of that table. Repeating it changes nothing but an instant. `cleared` takes
    the person's words out of what names things: a mug may be engraved."""
    kind, left = DOCUMENTS[table]
    return dict(to_plain(_named_without(left(from_plain(kind, body), now), cleared)))


def left_of(one: Kind, cleared: Callable[[str], str] = str) -> Kind:
    """What stays of one that a store tells of, late: as old as the store says that it is."""
    left = next(left for kind, left in DOCUMENTS.values() if kind is type(one))
    stays: Kind = left(one, _NEVER)
    return _named_without(stays, cleared)


def _named_without(stays: Kind, cleared: Callable[[str], str]) -> Kind:
    if not isinstance(stays, Order):
        return stays
    lines = (replace(one, title=cleared(one.title), variant=cleared(one.variant)) for one in stays.lines)
    return replace(stays, lines=tuple(lines), shipping_method=cleared(stays.shipping_method))


def _order(order: Order, now: datetime) -> Order:
    return replace(
        order,
        version=max(order.version, now),
        email=None,
        phone=None,
        customer_id=None,
        first_name="",
        last_name="",
        shipping_address=_country(order.shipping_address),
        billing_address=_country(order.billing_address),
        discount_codes=(),
        note="",
        status_url=None,
        confirmation="",
    )


def _country(address: Address | None) -> Address | None:
    return None if address is None else Address(country=address.country)


def _customer(customer: Customer, now: datetime) -> Customer:
    version = max(customer.version, now)
    return replace(
        customer, version=version, email=None, first_name="", last_name="", phone=None, birthday=None
    )


def _parcel(parcel: Parcel, now: datetime) -> Parcel:
    """Its numbers lead to an address at the carrier's."""
    return replace(parcel, tracking_number="", tracking_url=None, also=())


def _scan(scan: ParcelEvent, now: datetime) -> ParcelEvent:
    return replace(scan, message="", place="")


def _refund(refund: Refund, now: datetime) -> Refund:
    return replace(refund, reason="")


def _return(one: Return, now: datetime) -> Return:
    return replace(one, reason="")


DOCUMENTS: Mapping[str, tuple[type[Any], Callable[[Any, datetime], Any]]] = {
    "orders": (Order, _order),
    "parcels": (Parcel, _parcel),
    "parcel_events": (ParcelEvent, _scan),
    "refunds": (Refund, _refund),
    "returns": (Return, _return),
    "customers": (Customer, _customer),
}
