"""Whether the app is in a shop, with which rights, and the tokens that open the shop's API.

Token rules: access lives an hour, a refresh token 90 days; only one offline token per app and shop
is alive; a refresh token stays good until the one that replaced it is used. All in real time.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Any

from sandbox.clock import real_now
from sandbox.shopify.shop import Shop, parse_time

ACCESS_SECONDS = 3600
REFRESH_SECONDS = 90 * 24 * 3600
CODE_SECONDS = 60


class TokenRefused(Exception):
    """`error` is the word of the OAuth answer; `status` its HTTP status."""

    def __init__(self, error: str, status: int = 400) -> None:
        super().__init__(error)
        self.error = error
        self.status = status


def installed_scopes(shop: Shop) -> tuple[str, ...] | None:
    """None: the app is not in this shop."""
    installation = shop.read("shop", "installation")
    return None if installation is None else tuple(installation["scopes"])


def install(shop: Shop, scopes: tuple[str, ...]) -> None:
    shop.write("shop", {"scopes": list(scopes), "installed_at": shop.now_text()}, "installation")


def uninstall(shop: Shop) -> bool:
    """Kills the tokens and subscriptions at once. False if the app was not there."""
    with shop.documents.transaction():
        if not shop.forget("shop", "installation"):
            return False
        _revoke(shop)
        for subscription in shop.all("webhook_subscription"):
            shop.forget("webhook_subscription", str(subscription["id"]))
    return True


def new_code(shop: Shop, scopes: tuple[str, ...]) -> str:
    """Good for one exchange within a minute. The app counts as installed once it is exchanged."""
    code = secrets.token_hex(16)
    until = real_now() + timedelta(seconds=CODE_SECONDS)
    shop.write("code", {"scopes": list(scopes), "until": until.isoformat()}, code)
    return code


def exchange_code(shop: Shop, code: str) -> dict[str, Any]:
    """The token answer. Raises TokenRefused for a used, unknown or old code."""
    with shop.documents.transaction():
        known = shop.read("code", code)
        if known is None or _over(known["until"]):
            raise TokenRefused("invalid_request")
        shop.forget("code", code)
        install(shop, tuple(known["scopes"]))
        return _issue(shop)


def exchange_id_token(shop: Shop) -> dict[str, Any]:
    """For an id token that has been checked. Raises TokenRefused where the app is not installed."""
    with shop.documents.transaction():
        if installed_scopes(shop) is None:
            raise TokenRefused("invalid_subject_token")
        return _issue(shop)


def refresh(shop: Shop, token: str) -> dict[str, Any]:
    """Raises TokenRefused: invalid_grant."""
    with shop.documents.transaction():
        known = shop.read("refresh_token", token)
        if known is None or _over(known["until"]) or installed_scopes(shop) is None:
            raise TokenRefused("invalid_grant")
        return _issue(shop, keep=token)


def scopes_of(shop: Shop, access_token: str) -> tuple[str, ...] | None:
    """What the token may do; None: it opens nothing (unknown, revoked, expired)."""
    known = shop.read("access_token", access_token)
    return None if known is None or _over(known["until"]) else installed_scopes(shop)


def _issue(shop: Shop, keep: str = "") -> dict[str, Any]:
    """A new pair; every other token ends, but for the refresh token `keep` that it was given for."""
    _revoke(shop, keep)
    now = real_now()
    access, renewal = f"shpat_{secrets.token_hex(16)}", f"shprt_{secrets.token_hex(16)}"
    shop.write("access_token", {"token": access, "until": _after(now, ACCESS_SECONDS)}, access)
    shop.write("refresh_token", {"token": renewal, "until": _after(now, REFRESH_SECONDS)}, renewal)
    return {
        "access_token": access,
        "scope": ",".join(installed_scopes(shop) or ()),
        "expires_in": ACCESS_SECONDS,
        "refresh_token": renewal,
        "refresh_token_expires_in": REFRESH_SECONDS,
    }


def _revoke(shop: Shop, keep: str = "") -> None:
    for noun in ("access_token", "refresh_token"):
        for known in shop.all(noun):
            if known["token"] != keep:
                shop.forget(noun, known["token"])


def _after(now: datetime, seconds: int) -> str:
    return (now + timedelta(seconds=seconds)).isoformat()


def _over(until: str) -> bool:
    moment = parse_time(until)
    return moment is None or moment <= real_now()
