"""The id token that Shopify's back office hands to our embedded pages.

Shopify's own Python package decodes it too, but lets a token without `exp` or `nbf` pass, takes a
list as `aud`, and knows one secret only.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from connectors.base import Refused
from connectors.page_token import signed_claims
from connectors.shopify.domain import shop_domain
from connectors.shopify.keys import AppKeys


@dataclass(frozen=True, slots=True)
class IdToken:
    """Who is looking: the only source of a shop's identity inside the back office."""

    shop: str
    user_id: str


def read_id_token(token: str, keys: AppKeys, now: datetime) -> IdToken:
    """Raises Refused(401) unless Shopify signed this token for this app, for a shop, for now."""
    claims = signed_claims(token, keys.secrets, keys.api_key, now)
    dest, issuer = claims["dest"], claims["iss"]
    shop = shop_domain(dest.removeprefix("https://")) if isinstance(dest, str) else None
    # Equality with what is rebuilt from the checked name leaves no room for ports, paths or users.
    if shop is None or dest != f"https://{shop}" or issuer != f"https://{shop}/admin":
        raise Refused(401, "the id token does not name one shop")
    return IdToken(shop, str(claims["sub"]))
