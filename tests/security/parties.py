"""Shops as attackers and attacked: what each holds in hand, made here and not by the code under test."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text

from app.db import Session
from app.models.base import metadata
from app.services.install import Attempt, connect
from connectors.woocommerce.plugin_keys import PAGE, PROXY, key_for
from flows.commerce import Platform
from tests.app.desk import START
from tests.app.web.addresses import SHOPS, page_token
from tests.app.web.conftest import SHOPIFY_SECRET, Site
from tests.app.web.forwarding import address, sign, stores_pairs

Rows = Mapping[str, frozenset[str]]


@dataclass(frozen=True, eq=False)
class Party:
    """One connected shop. `secret`: what its platform signs with; a merchant of Shopify never holds it."""

    site: Site
    platform: Platform
    shop_id: int
    domain: str
    token: str

    @property
    def secret(self) -> str:
        shopify = self.platform is Platform.SHOPIFY
        return SHOPIFY_SECRET if shopify else self.site.runtime.keys.plugin_secret(self.token)

    def key_for(self, purpose: str) -> str:
        shopify = self.platform is Platform.SHOPIFY
        return self.secret if shopify else key_for(purpose, self.secret)

    @property
    def prefix(self) -> str:
        return f"/{self.platform.value}/app"

    def page_token(self) -> str:
        issuer = f"https://{self.domain}{'/admin' if self.platform is Platform.SHOPIFY else ''}"
        told = {"iss": issuer, "dest": f"https://{self.domain}"}
        return page_token(self.site, self.platform, self.key_for(PAGE), **told)

    def bearer(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.page_token()}"}

    def forwarded(self, path: str, own: Iterable[tuple[str, str]] = ()) -> str:
        """The store passes a visitor on; `own` are the visitor's parameters."""
        told = {"shop": self.domain}
        pairs = [(name, told.get(name, value)) for name, value in stores_pairs(self.site, self.platform, own)]
        return address(self.platform, path, [*pairs, ("signature", sign(pairs, self.key_for(PROXY)))])

    def link(self, purpose: str, *carried: Any) -> str:
        """A token that we wrote for this shop."""
        return self.site.runtime.keys.sign(purpose, [self.shop_id, *carried])

    def sql(self, statement: str, **values: Any) -> list[Any]:
        with self.session() as session:
            found = session.execute(text(statement), {"shop": self.shop_id, **values})
            return list(found) if found.returns_rows else []

    def session(self) -> Any:
        return self.site.runtime.database.shops(self.shop_id)


def residents(site: Site) -> dict[Platform, Party]:
    """The two shops that every test's site has."""
    shops = {Platform.SHOPIFY: site.shopify, Platform.WOOCOMMERCE: site.woocommerce}
    return {
        platform: Party(site, platform, shop.shop_id, SHOPS[platform], shop.token)
        for platform, shop in shops.items()
    }


def newcomer(site: Site, platform: Platform, domain: str) -> Party:
    attempt = Attempt(platform, domain, f"https://{domain}")
    made = connect(site.runtime.database, site.runtime.keys, attempt, {"access_token": "t"}, START, START)
    return Party(site, platform, made.shop_id, domain, made.token)


def all_rows(*parties: Party) -> Rows:
    """Every row of every table that the parties can see together, whole, in one statement. Of the directory
    of shops, which anybody can see: their own, and how many there are."""
    own = ", ".join(str(one.shop_id) for one in parties)
    whole = " UNION ALL ".join(
        f"SELECT '{name}' AS name, t::text AS told FROM {name} t"
        + (f" WHERE t.id IN ({own})" if name == "shops" else "")
        for name in sorted(metadata.tables)
    )
    whole += " UNION ALL SELECT 'shops', count(*)::text FROM shops"
    found: dict[str, set[str]] = {name: set() for name in metadata.tables}
    with parties[0].site.runtime.database.shops(*(one.shop_id for one in parties)) as session:
        for name, told in _told(session, whole):
            found[name].add(told)
    return {name: frozenset(rows) for name, rows in found.items()}


def _told(session: Session, statement: str) -> list[Any]:
    return list(session.execute(text(statement)))


def changed(before: Rows, after: Rows) -> dict[str, list[str]]:
    """By table, the rows that came (+) and went (-)."""
    found = {
        name: [f"+ {row}" for row in after[name] - before[name]]
        + [f"- {row}" for row in before[name] - after[name]]
        for name in before
    }
    return {name: rows for name, rows in found.items() if rows}
