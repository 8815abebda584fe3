"""WooCommerce as one of the platforms: everything that the app asks of it, in one place."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from connectors.base import Delivery, OrderStatus, Page, Reading, Store, Verified, Wish
from connectors.companion import PluginSaid, PluginSettings
from connectors.news import Subscription
from connectors.woocommerce import (
    catalogue,
    changes,
    fetch,
    listings,
    normalise,
    past,
    plugin,
    profile,
    status_list,
    subscriptions,
    webhooks,
    writing,
)
from connectors.writes import Write, Written
from flows.commerce import Platform, ShopProfile


class WooCommerceConnector:
    """Holds no state: every call names the shop it is about."""

    @property
    def platform(self) -> Platform:
        return Platform.WOOCOMMERCE

    def verify_webhook(self, delivery: Delivery, secrets: tuple[str, ...]) -> Verified:
        return webhooks.verify_webhook(delivery, secrets)

    def sign_webhook(self, body: bytes, secret: str) -> Mapping[str, str]:
        return webhooks.sign_webhook(body, secret)

    def normalise(self, topic: str, payload: Any, store: Store | None = None) -> Reading:
        return normalise.normalise(topic, payload, store)

    def restated(self, topic: str, body: bytes) -> tuple[str, str] | None:
        return webhooks.restated(topic, body)

    def fetch(self, store: Store, wish: Wish) -> Reading:
        return fetch.fetch(store, wish)

    def changed_since(self, store: Store, since: datetime, cursor: str | None) -> Page:
        return changes.changed_since(store, since, cursor)

    def catalogue(self, store: Store, cursor: str | None) -> Page:
        return catalogue.catalogue(store, cursor)

    def history(self, store: Store, cursor: str | None, since: datetime | None = None) -> Page:
        return past.history(store, cursor, since)

    def standing(self, store: Store, order_ids: Collection[str]) -> set[str]:
        return listings.standing(store, order_ids)

    def customers(self, store: Store, cursor: str | None) -> Page:
        """The shop's own count leaves out guests; orders are counted by their e-mail address instead."""
        return Page(Reading(), idle=True)

    def profile(self, store: Store) -> ShopProfile:
        return profile.profile(store)

    def plan(self, store: Store) -> Subscription | None:
        """WooCommerce bills for nobody."""
        return None

    def rights(self, store: Store) -> tuple[str, ...] | None:
        """A key reads and writes everything."""
        return None

    def order_statuses(self, store: Store) -> tuple[OrderStatus, ...] | None:
        return status_list.order_statuses(store)

    def write(self, store: Store, what: Write) -> Written:
        return writing.write(store, what)

    def subscribe(
        self, store: Store, address: str, secret: str, *, declared: bool = False, anew: bool = False
    ) -> tuple[str, ...]:
        """`declared` means nothing here: no shop learns our topics but from us."""
        return subscriptions.subscribe(store, address, secret, anew=anew)

    def tell_plugin(self, store: Store, settings: PluginSettings | None) -> PluginSaid | None:
        return plugin.tell_plugin(store, settings)
