"""A shop's access token: renewed by one caller at a time, and stored whole before its first use.

A crash costs nothing, wherever it strikes. Before the call nothing has happened; between the call and the
commit the old refresh token is still stored, and the store honours it until its successor is used; after the
commit the successor is what everybody reads, with the old one beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import text

from app.db import Database, Session
from app.keys import Keys
from app.services.connection import take_rights
from connectors.base import AccessLost
from connectors.shopify.keys import AppKeys
from connectors.shopify.tokens import TokenSet, refresh
from wire.http import Answer, HttpClient

RENEW_BEFORE = timedelta(minutes=5)
# A refresh token dies after 90 days without use.
SILENT = timedelta(days=30)
TOKEN_HEADER = "X-Shopify-Access-Token"
_UNTAKEN = 401


def token_secrets(token: TokenSet) -> dict[str, str]:
    """How a Shopify token is kept."""
    return {
        "access_token": token.access_token,
        "expires_at": token.expires_at.isoformat(),
        "refresh_token": token.refresh_token,
        "refresh_expires_at": token.refresh_expires_at.isoformat(),
        "scope": token.scope,
    }


def keep_secrets(
    session: Session, shop_id: int, keys: Keys, values: Mapping[str, str], real: datetime
) -> None:
    """What the merchant has just granted."""
    session.execute(
        text(
            "INSERT INTO shop_secrets (shop_id, sealed, sealed_with, changed_at)"
            " VALUES (:id, :sealed, :with, :real)"
            " ON CONFLICT (shop_id) DO UPDATE SET sealed = excluded.sealed, changed_at = excluded.changed_at,"
            " sealed_with = excluded.sealed_with, renewed_at = NULL"
        ),
        {"id": shop_id, "sealed": keys.seal(shop_id, values), "with": keys.ids[0], "real": real},
    )


def ends_soon(secrets: Mapping[str, str], real: datetime) -> bool:
    ends = secrets.get("expires_at")
    return ends is not None and datetime.fromisoformat(ends) - RENEW_BEFORE <= real


def is_over(secrets: Mapping[str, str], real: datetime) -> bool:
    """Whether nothing but the merchant can give us a token that works."""
    ends = secrets.get("refresh_expires_at")
    return ends is not None and datetime.fromisoformat(ends) <= real


@dataclass(frozen=True, slots=True)
class Tokens:
    """What it takes to renew any shop's token."""

    database: Database = field(repr=False)
    keys: Keys = field(repr=False)
    http: HttpClient = field(repr=False)
    shopify: AppKeys = field(repr=False)

    def renewed(self, shop_id: int, domain: str, real: datetime, untaken: str = "") -> dict[str, str]:
        """One renewal at a time a shop: whoever waited for the row finds the new token in it.

        `untaken`: the token that the store has just refused, however long it should live. A transaction of
        its own, so that what is returned is stored. Raises StoreError.
        """
        with self.database.shops(shop_id) as session:
            sealed = session.execute(
                text("SELECT sealed FROM shop_secrets WHERE shop_id = :id FOR UPDATE"), {"id": shop_id}
            ).scalar_one_or_none()
            if sealed is None:
                raise AccessLost("the app is not in this shop any more")
            held = self.keys.unseal(shop_id, bytes(sealed))
            if not ends_soon(held, real) and held.get("access_token") != untaken:
                return held
            if is_over(held, real) or not held.get("refresh_token"):
                raise AccessLost("the token has no successor")
            fresh = self._successor(domain, held, real)
            session.execute(
                text(
                    "UPDATE shop_secrets SET sealed = :sealed, sealed_with = :with, renewed_at = :real"
                    " WHERE shop_id = :id"
                ),
                {
                    "sealed": self.keys.seal(shop_id, fresh),
                    "with": self.keys.ids[0],
                    "real": real,
                    "id": shop_id,
                },
            )
            session.execute(_THROW_AWAY, {"id": shop_id})
        if fresh["scope"] != held.get("scope"):
            # After the commit: whoever holds the shop's own lock may be waiting for this row.
            with self.database.shops(shop_id) as session:
                take_rights(session, shop_id, scopes_of(fresh), real)
        return fresh

    def _successor(self, domain: str, held: Mapping[str, str], real: datetime) -> dict[str, str]:
        """Where the refresh token is dead, the one before it may not be: the call of a process that was
        killed can reach the store late, and end the pair that somebody else got meanwhile. Raises
        StoreError."""
        spent = held["refresh_token"]
        try:
            token = refresh(self.http, domain, self.shopify, spent, real)
        except AccessLost:
            spent = held.get("refresh_before", "")
            if not spent:
                raise
            token = refresh(self.http, domain, self.shopify, spent, real)
        return {**token_secrets(token), "refresh_before": spent}

    def renewed_if_silent(self, shop_id: int, domain: str, real: datetime) -> None:
        """So that a shop in which nothing happens for months still lets us in. Raises StoreError."""
        with self.database.shops(shop_id) as session:
            row = session.execute(
                text(
                    "SELECT sealed, coalesce(renewed_at, changed_at) AS since FROM shop_secrets"
                    " WHERE shop_id = :id"
                ),
                {"id": shop_id},
            ).one_or_none()
        if row is None or row.since + SILENT > real:
            return
        held = self.keys.unseal(shop_id, bytes(row.sealed))
        if held.get("refresh_token"):
            self.renewed(shop_id, domain, real, untaken=held["access_token"])

    def client(self, shop_id: int, domain: str, real: datetime) -> HttpClient:
        """Calls with it go through once more, with the next token, where this one is not taken."""
        plain = self.http
        return RenewingClient(
            plain.origins,
            plain.adapter,
            plain.pause,
            renew=lambda untaken: self.renewed(shop_id, domain, real, untaken)["access_token"],
        )


@dataclass(frozen=True, slots=True)
class RenewingClient(HttpClient):
    """Changes a token that the store refuses for its successor, and repeats the call once: what was refused
    has done nothing. Callers keep no token of their own and need not know."""

    renew: Callable[[str], str] = field(default=lambda untaken: untaken, repr=False, compare=False)
    successors: dict[str, str] = field(default_factory=dict, repr=False, compare=False)

    def request(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        params: Mapping[str, str] | None = None,
        body: bytes | None = None,
        timeout: float = 30.0,
        retry: bool = False,
    ) -> Answer:
        """As in HttpClient; raises StoreError as well, where no token works any more."""

        def call(token: str) -> Answer:
            sent = {**(headers or {}), TOKEN_HEADER: token} if token else headers
            return HttpClient.request(
                self, method, url, headers=sent, params=params, body=body, timeout=timeout, retry=retry
            )

        first = (headers or {}).get(TOKEN_HEADER, "")
        token = self.successors.get(first, first)
        answer = call(token)
        if answer.status != _UNTAKEN or not token:
            return answer
        self.successors[first] = self.renew(token)
        return call(self.successors[first])


# Of a shop that was removed while its token was being renewed.
_THROW_AWAY = text(
    "DELETE FROM shop_secrets WHERE shop_id = :id"
    " AND EXISTS (SELECT FROM shops WHERE id = :id AND state = 'uninstalled')"
)


def scopes_of(secrets: Mapping[str, str]) -> list[str]:
    return [name for one in secrets.get("scope", "").split(",") if (name := one.strip())]
