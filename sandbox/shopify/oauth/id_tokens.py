"""Id tokens: what the back office signs for the page in its frame, and the check at the exchange."""

from __future__ import annotations

import uuid
from datetime import timedelta

import jwt

from sandbox.clock import real_now
from sandbox.shopify.oauth.installation import TokenRefused
from sandbox.shopify.shop import Shop

_LIFE = timedelta(minutes=1)
_LEEWAY = timedelta(seconds=10)
_STAFF = "86420917"


def new_id_token(shop: Shop, client_id: str, secret: str) -> str:
    """Good for a minute of real time."""
    now = real_now()
    claims = {
        "iss": f"https://{shop.domain}/admin",
        "dest": f"https://{shop.domain}",
        "aud": client_id,
        "sub": _STAFF,
        "exp": now + _LIFE,
        "nbf": now,
        "iat": now,
        "jti": str(uuid.uuid4()),
        "sid": uuid.uuid4().hex,
    }
    return jwt.encode(claims, secret, algorithm="HS256")


def check_id_token(token: str, shop: Shop, client_id: str, secret: str) -> None:
    """Raises TokenRefused: invalid_subject_token."""
    try:
        claims = jwt.decode(
            token,
            secret,
            algorithms=["HS256"],
            audience=client_id,
            issuer=f"https://{shop.domain}/admin",
            leeway=_LEEWAY,
            options={"require": ["exp", "nbf", "aud", "iss", "sub"]},
        )
    except jwt.InvalidTokenError as error:
        raise TokenRefused("invalid_subject_token") from error
    if claims.get("dest") != f"https://{shop.domain}":
        raise TokenRefused("invalid_subject_token")
