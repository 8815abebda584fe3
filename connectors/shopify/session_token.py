"""The id token that Shopify's back office hands to our embedded pages.

Shopify's own Python package decodes it too, but lets a token without `exp` or `nbf` pass, takes a
list as `aud`, and knows one secret only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import jwt

from connectors.base import Refused
from connectors.shopify.domain import shop_domain
from connectors.shopify.keys import AppKeys

# Seconds by which the two clocks may differ (all official libraries: 10).
LEEWAY = 10
_LONGEST = 4096
_REQUIRED = ["exp", "nbf", "iss", "dest", "aud", "sub"]


@dataclass(frozen=True, slots=True)
class IdToken:
    """Who is looking: the only source of a shop's identity inside the back office."""

    shop: str
    user_id: str


def from_header(authorization: str | None) -> str:
    """The token of an `Authorization: Bearer` header. Raises Refused(401)."""
    scheme, _, token = (authorization or "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise Refused(401, "no id token")
    return token


def read_id_token(token: str, keys: AppKeys, now: datetime) -> IdToken:
    """Raises Refused(401) unless Shopify signed this token for this app, for a shop, for now."""
    claims = _signed_claims(token, keys)
    _check_life(claims, now.timestamp())
    if claims["aud"] != keys.api_key:
        raise Refused(401, "the id token is for another app")
    dest, issuer = claims["dest"], claims["iss"]
    shop = shop_domain(dest.removeprefix("https://")) if isinstance(dest, str) else None
    # Equality with what is rebuilt from the checked name leaves no room for ports, paths or users.
    if shop is None or dest != f"https://{shop}" or issuer != f"https://{shop}/admin":
        raise Refused(401, "the id token does not name one shop")
    return IdToken(shop, str(claims["sub"]))


def _signed_claims(token: str, keys: AppKeys) -> Mapping[str, Any]:
    if len(token) > _LONGEST or not token.isascii():
        raise Refused(401, "not an id token")
    for secret in keys.secrets:
        try:
            # Times and audience are checked by the caller: against its clock, and as a plain text.
            return jwt.decode(
                token,
                secret,
                algorithms=["HS256"],
                options={
                    "require": _REQUIRED,
                    "verify_exp": False,
                    "verify_nbf": False,
                    "verify_iat": False,
                    "verify_aud": False,
                },
            )
        except jwt.InvalidSignatureError:
            continue
        except (jwt.PyJWTError, RecursionError, ValueError):
            break
    raise Refused(401, "the id token is not signed for this app")


def _check_life(claims: Mapping[str, Any], now: float) -> None:
    expires, starts = claims["exp"], claims["nbf"]
    if not (_is_instant(expires) and _is_instant(starts)):
        raise Refused(401, "the id token has no life")
    if now >= expires + LEEWAY:
        raise Refused(401, "the id token has expired")
    if now < starts - LEEWAY:
        raise Refused(401, "the id token is not valid yet")


def _is_instant(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e12
