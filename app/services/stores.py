"""A shop's store as connectors need it: its secrets opened, its token renewed in time and when refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial

from sqlalchemy import text

from app.db import Database, Session
from app.keys import Keys
from app.models.shop import UNINSTALLED
from app.services.shipment_words import words_of
from app.services.tokens import Tokens, ends_soon
from app.turns import NoTurn, Turns
from connectors.base import Connector, NotNow, ShipmentWords, Store
from connectors.shopify.keys import AppKeys
from flows.commerce import Platform
from wire.http import HttpClient

# Seconds until what found no turn asks again.
AFTER_NO_TURN = 5.0


@dataclass(frozen=True, slots=True)
class Stores:
    """What it takes to talk to any shop's store. `topics_declared`: the app's own configuration with the
    platform asks for webhooks, so that shops need not be asked one by one. `turns`: how many calls at a time
    a WooCommerce store gets from all our processes."""

    connector: Callable[[Platform], Connector]
    keys: Keys
    http: HttpClient
    app_address: str
    shopify: AppKeys = field(repr=False)
    database: Database = field(repr=False)
    topics_declared: bool = False
    billing: bool = False
    turns: Turns = field(default_factory=lambda: Turns(None), repr=False)

    def open(self, session: Session, shop_id: int, real: datetime) -> Store | None:
        """None where the shop is uninstalled or was never given its keys. Raises StoreError where
        a token has to be renewed and cannot be, NotNow where the store has failed so often that it is left
        alone for a while."""
        row = session.execute(_OPEN, {"id": shop_id}).one_or_none()
        if row is None or row.state == UNINSTALLED:
            return None
        if row.rests_until is not None and row.rests_until > real:
            raise NotNow("the store is left alone for a while", (row.rests_until - real).total_seconds())
        secrets = self.keys.unseal(row.id, bytes(row.sealed))
        http = self.http
        if row.platform == Platform.SHOPIFY:
            http = self.tokens().client(row.id, row.domain, real)
            if ends_soon(secrets, real):
                secrets = self.tokens().renewed(row.id, row.domain, real)
        else:
            http = replace(http, turn=partial(_turn, self.turns, str(row.id)))
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


@contextmanager
def _turn(turns: Turns, shop: str, seconds: float) -> Iterator[None]:
    """One of the calls that a small shop's host bears; where as many are made already, work is put off."""
    try:
        with turns.taken(shop, seconds):
            yield
    except NoTurn:
        raise NotNow("as many calls as this store bears are under way", AFTER_NO_TURN) from None


_OPEN = text(
    "SELECT s.*, k.sealed, h.rests_until FROM shops s JOIN shop_secrets k ON k.shop_id = s.id"
    " LEFT JOIN store_health h ON h.shop_id = s.id WHERE s.id = :id"
)
