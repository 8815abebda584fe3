"""What a shop says of itself: its index, its status, its settings, its currencies."""

from __future__ import annotations

from collections import Counter
from typing import Any

from flask import Blueprint, Response

from sandbox.woocommerce.rest.answers import RestError, answer
from sandbox.woocommerce.rest.shops import CurrentShop
from sandbox.woocommerce.shop import Shop
from sandbox.woocommerce.statuses import CUSTOM, NAMES

_CURRENCIES = {"EUR": ("Euro", "&euro;"), "USD": ("United States (US) dollar", "&#36;")}


def index_of(shop: Shop) -> dict[str, Any]:
    """The open index of the site; the only place that names its time zone."""
    offset = shop.now().astimezone(shop.zone).utcoffset()
    return {
        "name": shop.name,
        "description": "Lamps, furniture and textiles",
        "url": shop.home,
        "home": shop.home,
        "gmt_offset": str(int(offset.total_seconds() // 3600) if offset else 0),
        "timezone_string": str(shop.zone),
        "namespaces": ["oembed/1.0", "wc/v1", "wc/v2", "wc/v3", "wp/v2"],
        "authentication": {},
        "routes": {},
    }


def setting_routes(shop_of: CurrentShop) -> Blueprint:
    routes = Blueprint("rest_settings", __name__)

    @routes.get("/")
    def index() -> Response:
        return answer(shop_of(), {"namespace": "wc/v3", "routes": {}}, "GET")

    @routes.get("/system_status")
    def system_status() -> Response:
        shop = shop_of()
        return answer(shop, _status(shop), "GET")

    @routes.get("/settings/<group>")
    def settings(group: str) -> Response:
        shop = shop_of()
        if group not in ("general", "email"):
            raise RestError(404, "rest_setting_setting_group_invalid", "Invalid setting group.")
        entries = _general(shop) if group == "general" else _email(shop)
        return answer(shop, [_setting(shop, group, *entry) for entry in entries], "GET")

    @routes.get("/settings/<group>/<name>")
    def setting(group: str, name: str) -> Response:
        shop = shop_of()
        for entry in _general(shop) if group == "general" else _email(shop) if group == "email" else []:
            if entry[0] == name:
                return answer(shop, _setting(shop, group, *entry), "GET, POST, PUT, PATCH")
        raise RestError(404, "rest_setting_setting_invalid", "Invalid setting.")

    @routes.get("/reports/orders/totals")
    def totals() -> Response:
        """Every status that the shop knows, its plugins' own included, with how many orders are in it."""
        shop = shop_of()
        names = NAMES | (CUSTOM if shop.quirks()["custom_statuses"] else {})
        counts = Counter(order["status"] for order in shop.every("order"))
        return answer(shop, [_total(slug, name, counts) for slug, name in names.items()], "GET")

    @routes.get("/data/currencies")
    def currencies() -> Response:
        shop = shop_of()
        return answer(shop, [_currency(shop, code) for code in _CURRENCIES], "GET")

    @routes.get("/data/currencies/<code>")
    def currency(code: str) -> Response:
        shop = shop_of()
        code = shop.currency if code == "current" else code.upper()
        if code not in _CURRENCIES:
            code_of_error = "woocommerce_rest_data_invalid_currency"
            raise RestError(404, code_of_error, "There are no currencies matching these parameters.")
        return answer(shop, _currency(shop, code), "GET")

    return routes


def _status(shop: Shop) -> dict[str, Any]:
    version, wp_version = ("3.9.5", "5.3.2") if shop.quirks()["old_version"] else ("10.2.4", "6.8.8")
    features = ["analytics", "order_attribution", "custom_order_tables"]
    plugin = {
        "plugin": "woocommerce/woocommerce.php", "name": "WooCommerce", "version": version,
        "version_latest": "10.2.4", "url": "https://woocommerce.com/", "author_name": "Automattic",
        "author_url": "https://woocommerce.com", "network_activated": False,
    }  # fmt: skip
    return {
        "environment": {
            "home_url": shop.home, "site_url": shop.home, "store_id": shop.profile()["store_id"],
            "version": version, "wp_version": wp_version, "wp_multisite": False, "wp_debug_mode": False,
            "wp_cron": True, "language": "en_US", "php_version": "8.2.36", "default_timezone": "UTC",
        },
        "settings": {
            "api_enabled": False, "force_ssl": False, "currency": shop.currency,
            "currency_symbol": _CURRENCIES[shop.currency][1], "currency_position": "left",
            "thousand_separator": ",", "decimal_separator": ".", "number_of_decimals": 2,
            "HPOS_enabled": True, "HPOS_sync_enabled": False,
            "enabled_features": features + (["fulfillments"] if shop.quirks()["fulfillments"] else []),
        },
        "active_plugins": [plugin],
    }  # fmt: skip


def _general(shop: Shop) -> list[tuple[str, str, str]]:
    return [
        ("woocommerce_store_address", "Address line 1", "Lindenweg 12"),
        ("woocommerce_store_address_2", "Address line 2", ""),
        ("woocommerce_store_city", "City", "Berlin"),
        ("woocommerce_default_country", "Country / State", "DE:DE-BE"),
        ("woocommerce_store_postcode", "Postcode / ZIP", "10437"),
        ("woocommerce_calc_taxes", "Enable taxes", "yes"),
        ("woocommerce_currency", "Currency", shop.currency),
    ]


def _email(shop: Shop) -> list[tuple[str, str, str]]:
    return [
        ("woocommerce_email_from_name", '"From" name', shop.name),
        ("woocommerce_email_from_address", '"From" address', str(shop.profile()["email"])),
    ]


def _setting(shop: Shop, group: str, id: str, label: str, value: str) -> dict[str, Any]:
    path = f"settings/{group}"
    return {
        "id": id, "label": label, "description": "", "type": "text", "default": "", "value": value,
        "group_id": group,
        "_links": {
            "self": [{"href": shop.api(f"{path}/{id}")}], "collection": [{"href": shop.api(path)}],
        },
    }  # fmt: skip


def _total(slug: str, name: str, counts: Counter[str]) -> dict[str, Any]:
    return {"slug": slug, "name": name, "total": counts[slug]}


def _currency(shop: Shop, code: str) -> dict[str, Any]:
    name, symbol = _CURRENCIES[code]
    path = "data/currencies"
    links = {"self": [{"href": shop.api(f"{path}/{code}")}], "collection": [{"href": shop.api(path)}]}
    return {"code": code, "name": name, "symbol": symbol, "_links": links}
