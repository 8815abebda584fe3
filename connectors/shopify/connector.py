"""Shopify as one of the platforms: everything that the app asks of it, in one place."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from connectors.base import Delivery, OrderStatus, Page, Reading, Store, Verified, Wish
from connectors.companion import PluginSaid, PluginSettings
from connectors.news import Subscription
from connectors.shopify import billing, bulk, normalise, reading, scopes, subscriptions, webhooks, writing
from connectors.writes import Write, Written
from flows.commerce import Platform, ShopProfile


class ShopifyConnector:
    """Holds no state: every call names the shop it is about."""

    @property
    def platform(self) -> Platform:
        return Platform.SHOPIFY

    def verify_webhook(self, delivery: Delivery, secrets: tuple[str, ...]) -> Verified:
        return webhooks.verify_webhook(delivery, secrets)

    def sign_webhook(self, body: bytes, secret: str) -> Mapping[str, str]:
        return webhooks.sign_webhook(body, secret)

    def normalise(self, topic: str, payload: Any, store: Store | None = None) -> Reading:
        return normalise.normalise(topic, payload, store)

    def restated(self, topic: str, body: bytes) -> tuple[str, str] | None:
        """A product tells of its stock by messages of another kind."""
        return None

    def fetch(self, store: Store, wish: Wish) -> Reading:
        return reading.fetch(store, wish)

    def changed_since(self, store: Store, since: datetime, cursor: str | None) -> Page:
        return reading.changed_since(store, since, cursor)

    def catalogue(self, store: Store, cursor: str | None) -> Page:
        return bulk.catalogue(store, cursor)

    def history(self, store: Store, cursor: str | None, since: datetime | None = None) -> Page:
        """Our rights say how far back."""
        return bulk.history(store, cursor)

    def standing(self, store: Store, order_ids: Collection[str]) -> set[str]:
        """Shopify tells of what is deleted by itself, and repeats it until we have heard."""
        return set(order_ids)

    def customers(self, store: Store, cursor: str | None) -> Page:
        return bulk.customers(store, cursor)

    def profile(self, store: Store) -> ShopProfile:
        return reading.profile(store)

    def plan(self, store: Store) -> Subscription | None:
        return billing.active_subscription(store)

    def rights(self, store: Store) -> tuple[str, ...] | None:
        return scopes.granted_scopes(store)

    def order_statuses(self, store: Store) -> tuple[OrderStatus, ...] | None:
        return None

    def write(self, store: Store, what: Write) -> Written:
        return writing.write(store, what)

    def subscribe(
        self, store: Store, address: str, secret: str, *, declared: bool = False, anew: bool = False
    ) -> tuple[str, ...]:
        """`secret` is not needed: Shopify signs with the app's client secret."""
        return subscriptions.subscribe(store, address, declared=declared)

    def tell_plugin(self, store: Store, settings: PluginSettings | None) -> PluginSaid | None:
        """Shopify's own app proxy needs none."""
        return None
