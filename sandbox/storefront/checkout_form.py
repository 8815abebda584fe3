"""The fields of the checkout: what stands in them at first, what is wrong with them, what they order."""

from __future__ import annotations

import re
from collections.abc import Mapping

from sandbox.store import Address, OrderRequest
from sandbox.storefront.brands import Brand

_NEEDED = {
    "first_name": "Please give your first name.",
    "last_name": "Please give your last name.",
    "street": "Please give a street and a number.",
    "postcode": "Please give a postcode.",
    "city": "Please give a city.",
}
_LONGEST = 200
_LONGEST_NOTE = 1000


def suggested(brand: Brand, email: str) -> dict[str, str]:
    """Filled in, so that trying out takes one press."""
    return {
        "email": email or "robin.fields@example.com",
        "first_name": "Robin",
        "last_name": "Fields",
        "street": brand.address.street,
        "city": brand.address.city,
        "postcode": brand.address.postcode,
        "state": brand.address.state,
        "payment": "card",
    }


def problems_of(given: Mapping[str, str], brand: Brand) -> dict[str, str]:
    """Words for each field that cannot be as it is."""
    problems = {name: words for name, words in _NEEDED.items() if not given.get(name, "").strip()}
    if not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", given.get("email", "").strip()):
        problems["email"] = "Please give an e-mail address such as robin@example.com."
    if brand.states and given.get("state") not in brand.states:
        problems["state"] = "Please choose a state."
    if given.get("payment") not in ("card", "bank_transfer"):
        problems["payment"] = "Please choose how to pay."
    for name, value in given.items():
        if len(value) > (_LONGEST_NOTE if name == "gift_note" else _LONGEST):
            problems[name] = "This is too long."
    return problems


def order_from(given: Mapping[str, str], lines: tuple[tuple[str, int], ...]) -> OrderRequest:
    """The order of fields that have no problems."""

    def text(name: str) -> str:
        return given.get(name, "").strip()

    return OrderRequest(
        lines=lines,
        email=text("email"),
        first_name=text("first_name"),
        last_name=text("last_name"),
        accepts_marketing="consent" in given,
        gift_note=text("gift_note") or None,
        discount_code=text("discount_code") or None,
        payment=text("payment"),
        address=Address(text("street"), text("city"), text("postcode"), text("state")),
    )
