"""The session token that a page of the checkout or of a customer's account gives to our block in it.

Its claims are fewer than those of the back office: no issuer, the shop's bare name, and a `sub` only for a
customer who is logged in. So a token of staff is none of a customer's here, whatever number it carries.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from connectors.base import Refused
from connectors.page_token import signed_claims
from connectors.shopify.domain import shop_domain
from connectors.shopify.keys import AppKeys

_REQUIRED = ("exp", "nbf", "dest", "aud")
_CUSTOMER = re.compile(r"gid://shopify/Customer/([0-9]{1,20})")


@dataclass(frozen=True, slots=True)
class ShopperToken:
    """`customer_id`: who is logged in, None: nobody."""

    shop: str
    customer_id: str | None = None


def read_shopper_token(token: str, keys: AppKeys, now: datetime) -> ShopperToken:
    """Raises Refused(401) unless Shopify signed this token for this app, for a shop, for now."""
    claims = signed_claims(token, keys.secrets, keys.api_key, now, _REQUIRED)
    dest = claims["dest"]
    shop = shop_domain(dest.removeprefix("https://")) if isinstance(dest, str) else None
    if shop is None or dest not in (shop, f"https://{shop}"):
        raise Refused(401, "the session token does not name one shop")
    if "sub" not in claims:
        return ShopperToken(shop)
    found = _CUSTOMER.fullmatch(claims["sub"]) if isinstance(claims["sub"], str) else None
    if found is None:
        raise Refused(401, "the session token names nobody who buys")
    return ShopperToken(shop, found[1])
