"""Authorisation code grant: from the first signed request to a checked callback.

No function here reads a clock, keeps a session or trusts a shop name that did not pass the rule.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from connectors.base import Refused
from connectors.shopify import official
from connectors.shopify.domain import shop_domain
from connectors.shopify.keys import AppKeys
from connectors.shopify.query_signature import Pairs, is_signed
from connectors.shopify.scopes import SCOPES

# Seconds that Shopify's clock and ours may differ, either way (as its own libraries allow).
SKEW = 90
# Seconds that a merchant may take on the grant page.
STATE_LIFE = 600

_CODE = re.compile(r"[\x21-\x7e]{1,512}")
_ADMIN = re.compile(r"admin\.shopify\.com/store/[a-z0-9](?:[a-z0-9-]*[a-z0-9])?")


@dataclass(frozen=True, slots=True)
class Callback:
    """`code` is worth a token once; `host` is where the merchant's back office is, encoded."""

    shop: str
    code: str = field(repr=False)
    host: str = ""


def check_install(query: Pairs, keys: AppKeys, now: datetime) -> str:
    """The shop that a signed first request is about. Raises Refused: 400 shop, 401 signature or time."""
    shop = shop_domain(_value(query, "shop"))
    if shop is None:
        raise Refused(400, "the shop parameter does not name a shop")
    if not is_signed(query, keys.secrets):
        raise Refused(401, "the hmac does not match the address")
    _check_time(query, now)
    return shop


def new_state() -> str:
    """A one-time value of 128 random bits; the caller binds it to the browser and the shop."""
    return secrets.token_urlsafe(16)


def authorize_url(
    shop: str, keys: AppKeys, redirect_uri: str, state: str, scopes: Iterable[str] = SCOPES
) -> str:
    """The grant page of `shop`. Raises Refused for a name that is not a shop's."""
    domain = shop_domain(shop)
    if domain is None:
        raise Refused(400, "not a shop")
    return official.permission_url(domain, keys.api_key, scopes, redirect_uri, state)


def check_callback(
    query: Pairs, keys: AppKeys, now: datetime, *, state: str | None, shop: str | None
) -> Callback:
    """`state` and `shop` are what the browser's cookie remembers of the start; None: no cookie.

    Checked in this order: hmac, shop, state, timestamp, code. Raises Refused.
    """
    if not is_signed(query, keys.secrets):
        raise Refused(401, "the hmac does not match the address")
    named = shop_domain(_value(query, "shop"))
    if named is None:
        raise Refused(400, "the shop parameter does not name a shop")
    _check_state(_value(query, "state"), state)
    if shop is None or not hmac.compare_digest(named.encode(), shop.encode()):
        raise Refused(401, "another shop came back than the one that was sent")
    _check_time(query, now)
    code = _value(query, "code")
    if not _CODE.fullmatch(code):
        raise Refused(400, "no code")
    return Callback(named, code, _value(query, "host"))


def embedded_url(host: str, keys: AppKeys) -> str | None:
    """The app inside the back office that `host` (base64url) names; None where it names anything
    else, so that this never redirects to a stranger's page."""
    try:
        text = base64.urlsafe_b64decode(host + "=" * (-len(host) % 4)).decode("ascii")
    except (binascii.Error, ValueError):
        return None
    front, slash, rest = text.partition("/")
    own = shop_domain(front) == front and slash == "/" and rest == "admin"
    if own or _ADMIN.fullmatch(text):
        return f"https://{text}/apps/{keys.api_key}/"
    return None


def _check_state(given: str, remembered: str | None) -> None:
    if not remembered or not hmac.compare_digest(given.encode("utf-8", "replace"), remembered.encode()):
        raise Refused(401, "the state is not the one that this browser was given")


def _check_time(query: Pairs, now: datetime) -> None:
    text = _value(query, "timestamp")
    if not (text.isascii() and text.isdecimal() and len(text) <= 12):
        raise Refused(401, "no timestamp")
    if abs(now.timestamp() - int(text)) > SKEW:
        raise Refused(401, "the address is too old or from the future")


def _value(query: Pairs, name: str) -> str:
    """The one value of `name`; a repeated one counts as none."""
    values = [value for key, value in query if key == name]
    return values[0] if len(values) == 1 else ""
