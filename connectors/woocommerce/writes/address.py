"""Where an order goes, changed before it has left."""

from __future__ import annotations

import re

from connectors.base import Store, StoreRefused
from connectors.fields import body, child, text
from connectors.woocommerce.rest_api import write
from connectors.woocommerce.writes.looking import reference
from connectors.woocommerce.writes.present import is_over, present, refuse_what_left
from connectors.writes import ChangeAddress, Written
from flows.commerce import Address

_COUNTRY = re.compile("[A-Z]{2}")
_WHY = "the address cannot be changed"


def change_address(store: Store, what: ChangeAddress) -> Written:
    """Only where it goes; who pays stays. The platform would take it at any time: whether it still makes
    sense is for us to say. Raises StoreRefused where the order is over or has left."""
    wanted = _input(what.address)
    order, status = present(store, what.order_id)
    held = child(order, "shipping")
    if {name: text(held, name) for name in wanted} == wanted:
        return Written(reference(order), already=True)
    if is_over(status):
        raise StoreRefused(f"{_WHY}: the order is over")
    refuse_what_left(store, order, status, _WHY)
    changed = body(write(store, "put", f"orders/{what.order_id}", {"shipping": wanted}), "order")
    return Written(reference(changed))


def _input(address: Address) -> dict[str, str]:
    if not _COUNTRY.fullmatch(address.country):
        raise StoreRefused("the country of an address must be two capital letters")
    if not address.line1.strip() or not address.city.strip():
        raise StoreRefused("an address needs a street and a town")
    first, _, last = address.name.strip().rpartition(" ")
    return {
        "first_name": first,
        "last_name": last,
        "company": address.company,
        "address_1": address.line1,
        "address_2": address.line2,
        "city": address.city,
        "state": address.region,
        "postcode": address.postcode,
        "country": address.country,
        "phone": address.phone,
    }
