from __future__ import annotations

from typing import Any

import pytest

from connectors.base import AccessLost, StoreUnreachable
from connectors.woocommerce.connector import WooCommerceConnector
from connectors.woocommerce.profile import timezone
from flows.commerce import ShopProfile
from tests.connectors.woocommerce.recordings import rest
from tests.connectors.woocommerce.scripted_shop import Shop

CONNECTOR = WooCommerceConnector()
GENERAL = {
    "woocommerce_store_address": "Lindenweg 12",
    "woocommerce_store_address_2": "",
    "woocommerce_store_city": "Berlin",
    "woocommerce_default_country": "DE:DE-BE",
    "woocommerce_store_postcode": "10437",
    "woocommerce_currency": "EUR",
}
MAIL = {
    "woocommerce_email_from_name": "Larkhus Shop",
    "woocommerce_email_from_address": "hello@larkhus.example",
}
INDEX = {
    "name": "Larkhus &amp; Sons",
    "home": "https://www.larkhus.example",
    "gmt_offset": "1",
    "timezone_string": "Europe/Berlin",
}


def test_what_the_shop_says_of_itself(shop: Shop) -> None:
    given(shop)
    assert CONNECTOR.profile(shop.store) == ShopProfile(
        name="Larkhus & Sons",
        url="https://www.larkhus.example",
        email="hello@larkhus.example",
        currency="EUR",
        timezone="Europe/Berlin",
        locale="en-US",
        country="DE",
        address="Lindenweg 12, 10437 Berlin, DE",
        platform_id="fdf4f2c9-f7e3-4296-8942-26c379960d37",
    )


def test_where_a_plugin_closes_the_index_the_rest_has_to_do(shop: Shop) -> None:
    for body, status in (({"code": "rest_not_logged_in"}, 401), ("<html>", 200), ([], 200)):
        shop.answers.clear()
        given(shop, index=body, status=status)
        profile = CONNECTOR.profile(shop.store)
        assert (profile.name, profile.timezone) == ("Larkhus Shop", "")
        assert profile.url == rest("system_status")["body"]["environment"]["home_url"]


def test_wrong_keys_show_at_the_first_call(shop: Shop) -> None:
    given(shop)
    shop.answers.pop("GET /wp-json/wc/v3/settings/general")
    shop.will("GET settings/general", rest("unauthorized")["body"], 401)
    with pytest.raises(AccessLost):
        CONNECTOR.profile(shop.store)
    assert shop.asked() == ["GET settings/general"]


def test_settings_that_cannot_be_read(shop: Shop) -> None:
    shop.will("GET settings/general", {"a": 1})
    with pytest.raises(StoreUnreachable):
        CONNECTOR.profile(shop.store)


@pytest.mark.parametrize(
    ("name", "offset", "zone"),
    [
        ("Europe/Berlin", "1", "Europe/Berlin"),
        ("", "2", "Etc/GMT-2"),
        ("", -5, "Etc/GMT+5"),
        ("", 5.5, "Etc/GMT-5"),
        ("", "-3.5", "Etc/GMT+4"),
        ("", 0, "UTC"),
        ("", "0", "UTC"),
        ("Mars/Olympus", "1", "Etc/GMT-1"),
        ("../../etc/passwd", "1", "Etc/GMT-1"),
        ("", "99", "UTC"),
        ("", "nan", ""),
        ("", "inf", ""),
        ("", None, ""),
        ("", [], ""),
    ],
)
def test_time_zone(name: str, offset: Any, zone: str) -> None:
    assert timezone(name, offset) == zone


def given(shop: Shop, index: Any = None, status: int = 200) -> None:
    shop.will("GET settings/general", [{"id": key, "value": value} for key, value in GENERAL.items()])
    shop.will("GET settings/email", [{"id": key, "value": value} for key, value in MAIL.items()])
    shop.will("GET system_status", rest("system_status")["body"])
    shop.will("GET /wp-json/", INDEX if index is None else index, status)
