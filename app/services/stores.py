"""A shop's store as connectors need it: its secrets opened, its token renewed in time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import text

from app.db import Session
from app.keys import Keys
from app.models.shop import UNINSTALLED
from connectors.base import Connector, Store
from connectors.shopify.keys import AppKeys
from connectors.shopify.tokens import TokenSet, refresh
from flows.commerce import Platform
from wire.http import HttpClient

RENEW_BEFORE = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Stores:
    """What it takes to talk to any shop's store."""

    connector: Callable[[Platform], Connector]
    keys: Keys
    http: HttpClient
    app_address: str
    shopify: AppKeys = field(repr=False)

    def open(self, session: Session, shop_id: int, real: datetime) -> Store | None:
        """None where the shop is uninstalled or was never given its keys. Raises StoreError where
        a token has to be renewed and cannot be."""
        row = session.execute(
            text(
                "SELECT s.*, k.sealed FROM shops s JOIN shop_secrets k ON k.shop_id = s.id WHERE s.id = :id"
            ),
            {"id": shop_id},
        ).one_or_none()
        if row is None or row.state == UNINSTALLED:
            return None
        secrets = self.keys.unseal(row.id, bytes(row.sealed))
        if _ends_soon(secrets, real):
            secrets = self._renew(session, row.id, row.domain, real)
        return Store(
            platform=Platform(row.platform),
            domain=row.domain,
            base_url=row.base_url,
            front_url=row.url,
            http=self.http,
            currency=row.currency,
            timezone=row.timezone,
            secrets=secrets,
            scopes=tuple(filter(None, row.scopes.split(","))),
        )

    def _renew(self, session: Session, shop_id: int, domain: str, real: datetime) -> dict[str, str]:
        """One renewal at a time a shop: whoever waited for the row finds the new token in it.

        A crash before the commit costs nothing: the store honours the old refresh token until the
        new one is used.
        """
        sealed = session.execute(
            text("SELECT sealed FROM shop_secrets WHERE shop_id = :id FOR UPDATE"), {"id": shop_id}
        ).scalar_one()
        held = self.keys.unseal(shop_id, bytes(sealed))
        if not _ends_soon(held, real):
            return held
        renewed = token_secrets(refresh(self.http, domain, self.shopify, held["refresh_token"], real))
        keep_secrets(session, shop_id, self.keys, renewed, real)
        return renewed


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
    session.execute(
        text(
            "INSERT INTO shop_secrets (shop_id, sealed, changed_at) VALUES (:id, :sealed, :real)"
            " ON CONFLICT (shop_id) DO UPDATE SET sealed = excluded.sealed, changed_at = excluded.changed_at"
        ),
        {"id": shop_id, "sealed": keys.seal(shop_id, values), "real": real},
    )


def _ends_soon(secrets: Mapping[str, str], real: datetime) -> bool:
    ends = secrets.get("expires_at")
    return ends is not None and datetime.fromisoformat(ends) - RENEW_BEFORE <= real
