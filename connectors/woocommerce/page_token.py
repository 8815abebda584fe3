"""The token that the companion plugin signs for the admin page inside WordPress.

The plugin gives it only to users who may `manage_woocommerce`, behind a nonce of WordPress.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from connectors.base import Refused
from connectors.page_token import signed_claims, unverified_claim
from connectors.woocommerce.places import SHOP_NAME
from connectors.woocommerce.plugin_keys import PAGE, key_for

AUDIENCE = "doorstep"
_DEST = re.compile(rf"https://({SHOP_NAME})")


@dataclass(frozen=True, slots=True)
class PageToken:
    """Who is looking. `domain` names the shop as it was connected, `name` the user as WordPress does."""

    domain: str
    user_id: str
    name: str


def read_page_token(token: str, secret_of: Callable[[str], str | None], now: datetime) -> PageToken:
    """`secret_of`: the plugin secret of a shop by its domain, None where there is no such shop.

    Raises Refused(401) unless that shop's plugin signed the token for now.
    """
    named = _DEST.fullmatch(unverified_claim(token, "dest"))
    secret = secret_of(named[1]) if named else None
    if named is None or not secret:
        raise Refused(401, "the token does not name a connected shop")
    claims = signed_claims(token, (key_for(PAGE, secret),), AUDIENCE, now)
    if claims["dest"] != named[0] or claims["iss"] != named[0]:
        raise Refused(401, "the token does not name one shop")
    return PageToken(named[1], str(claims["sub"]), str(claims.get("name") or "")[:80])
