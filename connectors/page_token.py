"""The token that a back office gives to the page in its frame: HS256, short-lived, for one app.

Both platforms hand out the same kind; they differ in who signs and in what the claims name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import jwt

from connectors.base import Refused

# Seconds by which the two clocks may differ (all official libraries of Shopify: 10).
LEEWAY = 10
_LONGEST = 4096
REQUIRED = ("exp", "nbf", "iss", "dest", "aud", "sub")


class Expired(Refused):
    """A good token whose minute is over, or has not come: a fresh one mends it."""


def from_header(authorization: str | None) -> str:
    """The token of an `Authorization: Bearer` header. Raises Refused(401)."""
    scheme, _, token = (authorization or "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise Refused(401, "no id token")
    return token


def signed_claims(
    token: str, secrets: Sequence[str], audience: str, now: datetime, required: Sequence[str] = REQUIRED
) -> Mapping[str, Any]:
    """Raises Refused(401) unless one of `secrets` signed it for `audience` and for now, with all the
    claims that are `required`."""
    claims = _opened(token, secrets, required)
    if claims["aud"] != audience:
        raise Refused(401, "the id token is for another app")
    _check_life(claims, now.timestamp())
    return claims


def unverified_claim(token: str, name: str) -> str:
    """What the token says of itself, to find out whose secret has to have signed it."""
    if len(token) > _LONGEST or not token.isascii():
        return ""
    try:
        claims = jwt.decode(token, options={"verify_signature": False})
    except (jwt.PyJWTError, RecursionError, ValueError):
        return ""
    value = claims.get(name)
    return value if isinstance(value, str) else ""


def _opened(token: str, secrets: Sequence[str], required: Sequence[str]) -> Mapping[str, Any]:
    if len(token) > _LONGEST or not token.isascii():
        raise Refused(401, "not an id token")
    for secret in secrets:
        try:
            # Times and audience are checked by the caller: against its clock, and as a plain text.
            return jwt.decode(
                token,
                secret,
                algorithms=["HS256"],
                options={
                    "require": list(required),
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
    issued = claims.get("iat", starts)
    if not all(map(_is_instant, (expires, starts, issued))):
        raise Refused(401, "the id token has no life")
    if now >= expires + LEEWAY:
        raise Expired(401, "the id token has expired")
    if now < max(starts, issued) - LEEWAY:
        raise Expired(401, "the id token is not valid yet")


def _is_instant(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e12
