"""Whether the app is in a shop, with which rights, and the tokens that open the shop's API.

Token rules: access lives an hour, a refresh token 90 days; only one offline token per app and shop is alive,
a new one revokes the earlier; the refresh token that it was given for stays good until the new pair is first
used, either half of it, and never longer than 30 days. All in real time.
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
KEPT_SECONDS = 30 * 24 * 3600


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


def grant(shop: Shop, scopes: tuple[str, ...]) -> None:
    """Further rights for the app, and for the tokens that it holds."""
    held = shop.read("shop", "installation")
    if held is not None:
        shop.write("shop", held | {"scopes": list(dict.fromkeys([*held["scopes"], *scopes]))}, "installation")


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
        kept = _after(real_now(), KEPT_SECONDS)
        if not known.get("spent"):
            known |= {"spent": True, "until": min(known["until"], kept)}
            shop.write("refresh_token", known, token)
        return _issue(shop, before=token)


def scopes_of(shop: Shop, access_token: str) -> tuple[str, ...] | None:
    """What the token may do; None: it opens nothing (unknown, revoked, expired). Its first use ends the
    refresh token before it."""
    with shop.documents.transaction():
        known = shop.read("access_token", access_token)
        if known is None or _over(known["until"]):
            return None
        if before := known.get("before"):
            shop.forget("refresh_token", before)
            shop.write("access_token", known | {"before": ""}, access_token)
        return installed_scopes(shop)


def _issue(shop: Shop, before: str = "") -> dict[str, Any]:
    """A new pair. Every other token ends, but for the refresh token `before` that it was given for."""
    _revoke(shop, before)
    lives = {"access_seconds": ACCESS_SECONDS, "refresh_seconds": REFRESH_SECONDS} | shop.quirks()
    now = real_now()
    access, renewal = f"shpat_{secrets.token_hex(16)}", f"shprt_{secrets.token_hex(16)}"
    opens, renews = _after(now, lives["access_seconds"]), _after(now, lives["refresh_seconds"])
    shop.write("access_token", {"token": access, "until": opens, "before": before}, access)
    shop.write("refresh_token", {"token": renewal, "until": renews}, renewal)
    return {
        "access_token": access,
        "scope": ",".join(installed_scopes(shop) or ()),
        "expires_in": lives["access_seconds"],
        "refresh_token": renewal,
        "refresh_token_expires_in": lives["refresh_seconds"],
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
