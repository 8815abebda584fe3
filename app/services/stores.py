"""A shop's store as connectors need it: its secrets opened, its token renewed in time and when refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import text

from app.db import Database, Session
from app.keys import Keys
from app.models.shop import UNINSTALLED
from app.services.shipment_words import words_of
from app.services.tokens import Tokens, ends_soon
from connectors.base import Connector, ShipmentWords, Store
from connectors.shopify.keys import AppKeys
from flows.commerce import Platform
from wire.http import HttpClient


@dataclass(frozen=True, slots=True)
class Stores:
    """What it takes to talk to any shop's store. `topics_declared`: the app's own configuration with the
    platform asks for webhooks, so that shops need not be asked one by one."""

    connector: Callable[[Platform], Connector]
    keys: Keys
    http: HttpClient
    app_address: str
    shopify: AppKeys = field(repr=False)
    database: Database = field(repr=False)
    topics_declared: bool = False
    billing: bool = False

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
        http = self.http
        if row.platform == Platform.SHOPIFY:
            http = self.tokens().client(row.id, row.domain, real)
            if ends_soon(secrets, real):
                secrets = self.tokens().renewed(row.id, row.domain, real)
        return Store(
            platform=Platform(row.platform),
            domain=row.domain,
            base_url=row.base_url,
            front_url=row.url,
            http=http,
            currency=row.currency,
            timezone=row.timezone,
            secrets=secrets,
            platform_id=row.platform_id,
            scopes=tuple(filter(None, row.scopes.split(","))),
            words=words_of(session, [row.id]).get(row.id, ShipmentWords()),
        )

    def tokens(self) -> Tokens:
        return Tokens(self.database, self.keys, self.http, self.shopify)
