"""Where an order goes, changed before it has left."""

from __future__ import annotations

import re
from typing import Any

from connectors.base import NotThere, Store, StoreRefused
from connectors.shopify.admin_api import call
from connectors.shopify.ids import gid
from connectors.shopify.nodes import dig
from connectors.writes import ChangeAddress, Written
from flows.commerce import Address

_COUNTRY = re.compile("[A-Z]{2}")
_REGION = re.compile("[A-Z0-9-]{1,6}")


def change_address(store: Store, what: ChangeAddress) -> Written:
    """Raises StoreRefused where country or region are no codes: the API takes no names."""
    id, wanted = gid("Order", what.order_id), _input(what.address)
    order = dig(call(store, "order_state", {"id": id}), "order")
    if order is None:
        raise NotThere("there is no such order")
    if _held(dig(order, "shippingAddress")) == wanted:
        return Written(id, already=True)
    call(store, "order_update", {"input": {"id": id, "shippingAddress": wanted}})
    return Written(id)


def _input(address: Address) -> dict[str, str]:
    if not _COUNTRY.fullmatch(address.country):
        raise StoreRefused("the country of an address must be two capital letters")
    if address.region and not _REGION.fullmatch(address.region):
        raise StoreRefused("the region of an address must be a code")
    first, _, last = address.name.strip().rpartition(" ")
    return {
        "firstName": first,
        "lastName": last,
        "company": address.company,
        "address1": address.line1,
        "address2": address.line2,
        "city": address.city,
        "provinceCode": address.region,
        "zip": address.postcode,
        "countryCode": address.country,
        "phone": address.phone,
    }


def _held(node: Any) -> dict[str, str]:
    """The same fields as the store has them."""
    names = {name: name for name in _FIELDS} | {"countryCode": "countryCodeV2"}
    return {name: str(dig(node, path) or "") for name, path in names.items()}


_FIELDS = (
    "firstName",
    "lastName",
    "company",
    "address1",
    "address2",
    "city",
    "provinceCode",
    "zip",
    "countryCode",
    "phone",
)
