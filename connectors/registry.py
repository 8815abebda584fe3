"""Every platform that the app can connect, each with one line here."""

from __future__ import annotations

from collections.abc import Mapping

from connectors.base import Connector
from connectors.shopify.connector import ShopifyConnector
from connectors.woocommerce.connector import WooCommerceConnector
from flows.commerce import Platform

_CONNECTORS: Mapping[Platform, Connector] = {
    Platform.SHOPIFY: ShopifyConnector(),
    Platform.WOOCOMMERCE: WooCommerceConnector(),
}


def connector_for(platform: Platform) -> Connector:
    return _CONNECTORS[platform]
