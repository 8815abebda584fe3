"""The connector is what the app asks for, and its samples say how to get them."""

from __future__ import annotations

import pytest

from connectors.base import Connector
from connectors.shopify.connector import ShopifyConnector
from connectors.shopify.documents import document
from flows.commerce import Platform
from tests.connectors.shopify.samples import NotInstalled, sample


def test_it_is_a_connector_without_state() -> None:
    connector: Connector = ShopifyConnector()
    assert connector.platform is Platform.SHOPIFY
    assert vars(connector) == {}


def test_documents_are_found_wherever_the_program_runs(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path_factory.mktemp("elsewhere"))
    document.cache_clear()
    assert "fragment OrderFields on Order" in document("order")


def test_a_missing_sample_says_how_to_get_it() -> None:
    with pytest.raises(NotInstalled, match="make test"):
        sample("orders/never")
