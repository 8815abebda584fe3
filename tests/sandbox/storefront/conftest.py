"""The pages are seen through the fake WooCommerce; the fake Shopify shows the same ones."""

from __future__ import annotations

from tests.sandbox.woocommerce.conftest import quiet_store, receiver, settings, store

__all__ = ["quiet_store", "receiver", "settings", "store"]
