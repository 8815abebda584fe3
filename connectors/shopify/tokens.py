"""Access tokens of a shop: got for a code or an id token, renewed, never long-lived.

Public apps must hold expiring offline tokens (60 minutes, with a refresh token of 90 days that
every renewal replaces). Only one is alive per app and shop: a new one revokes the earlier.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from connectors.base import AccessLost, Refused, StoreBusy, StoreRefused, StoreUnreachable
from connectors.shopify.domain import shop_domain
from connectors.shopify.keys import AppKeys
from connectors.shopify.waiting import asked_wait
from wire.http import Answer, HttpClient, WireError

_EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"
_ID_TOKEN = "urn:ietf:params:oauth:token-type:id_token"
_OFFLINE = "urn:shopify:params:oauth:token-type:offline-access-token"
_DEAD = frozenset({"invalid_grant", "invalid_client", "application_cannot_be_found"})
# A row is locked while a renewal is under way: whoever waits for it must not wait for long.
SECONDS = 10.0
_LONGEST_LIFE = 10 * 365 * 24 * 3600


class Untaken(Refused):
    """An id token that was good here and is not at Shopify: a fresh one mends it."""


@dataclass(frozen=True, slots=True)
class TokenSet:
    """To be stored as one, before its first use. Secrets never show in repr."""

    access_token: str = field(repr=False)
    expires_at: datetime
    refresh_token: str = field(repr=False)
    refresh_expires_at: datetime
    scope: str


def exchange_code(http: HttpClient, shop: str, keys: AppKeys, code: str, now: datetime) -> TokenSet:
    """A token for the code of a checked callback. Raises StoreError."""
    return _ask(http, shop, keys, {"code": code, "expiring": 1}, now)


def exchange_id_token(http: HttpClient, shop: str, keys: AppKeys, id_token: str, now: datetime) -> TokenSet:
    """A token for a checked id token.

    Raises StoreError, and Untaken(401) where Shopify does not take the id token: the page is to be
    loaded again with a fresh one.
    """
    asked = {
        "grant_type": _EXCHANGE,
        "subject_token": id_token,
        "subject_token_type": _ID_TOKEN,
        "requested_token_type": _OFFLINE,
        "expiring": 1,
    }
    return _ask(http, shop, keys, asked, now)


def refresh(http: HttpClient, shop: str, keys: AppKeys, refresh_token: str, now: datetime) -> TokenSet:
    """The next token. Raises AccessLost where the refresh token is dead: the merchant has to open
    the app once."""
    asked = {"grant_type": "refresh_token", "refresh_token": refresh_token}
    # The old refresh token stays good until the new one is used, so asking twice does no harm.
    return _ask(http, shop, keys, asked, now, retry=True)


def _ask(
    http: HttpClient, shop: str, keys: AppKeys, asked: Mapping[str, Any], now: datetime, retry: bool = False
) -> TokenSet:
    domain = shop_domain(shop)
    if domain is None:
        raise StoreRefused("not a shop")
    body = {"client_id": keys.api_key, "client_secret": keys.secret, **asked}
    try:
        answer = http.request(
            "POST",
            f"https://{domain}/admin/oauth/access_token",
            headers={"Content-Type": "application/json", "Accept": "application/json"},
            body=json.dumps(body).encode(),
            timeout=SECONDS,
            retry=retry,
        )
    except WireError as error:
        raise StoreUnreachable(str(error)) from None
    if answer.status == 200:
        return _token_set(_object(answer), now)
    raise _failure(answer)


def _token_set(answer: Mapping[str, Any], now: datetime) -> TokenSet:
    """A token that does not expire is refused as well: it would stop working without a warning."""
    return TokenSet(
        access_token=_word(answer, "access_token"),
        expires_at=now + _life(answer, "expires_in"),
        refresh_token=_word(answer, "refresh_token"),
        refresh_expires_at=now + _life(answer, "refresh_token_expires_in"),
        scope=_word(answer, "scope"),
    )


def _word(answer: Mapping[str, Any], key: str) -> str:
    value = answer.get(key)
    if not isinstance(value, str) or not value:
        raise StoreUnreachable(f"the token answer holds no {key}")
    return value


def _life(answer: Mapping[str, Any], key: str) -> timedelta:
    value = answer.get(key)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 < value <= _LONGEST_LIFE:
        raise StoreUnreachable(f"the token answer holds no {key}")
    return timedelta(seconds=value)


def _failure(answer: Answer) -> Exception:
    """What a refusal means. Texts name Shopify's error word only: the rest may quote a secret."""
    if answer.status == 429:
        return StoreBusy("too many token requests", asked_wait(answer))
    if answer.status >= 500:
        return StoreUnreachable(f"the token endpoint failed ({answer.status})")
    word = _error_word(answer)
    if word == "invalid_subject_token":
        return Untaken(401, "Shopify does not take this id token")
    if word in _DEAD or answer.status in (401, 403):
        return AccessLost(f"no token: {word or answer.status}")
    return StoreRefused(f"no token: {word or answer.status}")


def _error_word(answer: Answer) -> str:
    try:
        word = _object(answer).get("error")
    except StoreUnreachable:
        return ""
    return word if isinstance(word, str) and word.replace("_", "").isalpha() and len(word) < 60 else ""


def _object(answer: Answer) -> Mapping[str, Any]:
    try:
        data = answer.json()
    except WireError as error:
        raise StoreUnreachable(str(error)) from None
    if not isinstance(data, dict):
        raise StoreUnreachable("the token answer is not an object")
    return data
