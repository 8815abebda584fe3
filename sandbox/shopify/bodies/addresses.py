"""Postal addresses in the platform's two spellings: on an order and in a customer's book."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from sandbox.store import Address, Refusal


@dataclass(frozen=True, slots=True)
class Place:
    """A postal address in the United States."""

    line1: str
    city: str
    state: str
    state_code: str
    postcode: str
    phone: str
    line2: str | None = None


# Streets that exist only here; telephone numbers from the range kept free for stories.
PLACES = (
    Place("418 Alder Street", "Evanston", "Illinois", "IL", "60201", "+13125550141"),
    Place("77 Millrace Lane", "Madison", "Wisconsin", "WI", "53703", "+16085550118", "Apt 3"),
    Place("1209 Tamarack Avenue", "Minneapolis", "Minnesota", "MN", "55406", "+16125550172"),
    Place("30 Canal Row", "Milwaukee", "Wisconsin", "WI", "53202", "+14145550109"),
    Place("2616 Larch Court", "Oak Park", "Illinois", "IL", "60302", "+17085550133", "Unit B"),
    Place("854 Ferry Road", "Portland", "Oregon", "OR", "97214", "+15035550196"),
)


def place_for(email: str | None) -> Place:
    """The same address for the same person, every time."""
    return PLACES[sum((email or "").lower().encode()) % len(PLACES)]


# The states that somebody at the checkout can choose from.
STATES = {"IL": "Illinois", "MN": "Minnesota", "OR": "Oregon", "WI": "Wisconsin"}


def place_at(typed: Address, email: str | None) -> Place:
    """What was typed, with the telephone number of that person. Raises Refusal 400."""
    if typed.state not in STATES:
        raise Refusal(400, f"state is one of: {', '.join(STATES)}")
    return replace(
        place_for(email), line1=typed.street, line2=None, city=typed.city, postcode=typed.postcode,
        state=STATES[typed.state], state_code=typed.state,
    )  # fmt: skip


def order_address(place: Place, first_name: str, last_name: str) -> dict[str, Any]:
    return {
        "first_name": first_name,
        "address1": place.line1,
        "phone": place.phone,
        "city": place.city,
        "zip": place.postcode,
        "province": place.state,
        "country": "United States",
        "last_name": last_name,
        "address2": place.line2,
        "company": None,
        "latitude": None,
        "longitude": None,
        "name": f"{first_name} {last_name}".strip(),
        "country_code": "US",
        "province_code": place.state_code,
    }


def book_address(place: Place, first_name: str, last_name: str, id: int, customer_id: int) -> dict[str, Any]:
    on_order = order_address(place, first_name, last_name)
    kept = {key: value for key, value in on_order.items() if key not in ("latitude", "longitude")}
    return {
        "id": id,
        "customer_id": customer_id,
        **kept,
        "country_name": "United States",
        "default": True,
    }
