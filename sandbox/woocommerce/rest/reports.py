"""/wc/v3/reports: how many orders stand in which status, those of plugins included."""

from __future__ import annotations

from collections import Counter

from flask import Blueprint, Response

from sandbox.woocommerce.rest.answers import answer
from sandbox.woocommerce.rest.shops import CurrentShop
from sandbox.woocommerce.statuses import CUSTOM, NAMES


def report_routes(shop_of: CurrentShop) -> Blueprint:
    routes = Blueprint("rest_reports", __name__)

    @routes.get("/reports/orders/totals")
    def totals() -> Response:
        shop = shop_of()
        counted = Counter(order["status"] for order in shop.every("order"))
        names = NAMES | (CUSTOM if shop.quirks()["custom_statuses"] else {})
        told = [{"slug": slug, "name": name, "total": counted[slug]} for slug, name in names.items()]
        return answer(shop, told, "GET")

    return routes
