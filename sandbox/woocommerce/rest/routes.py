"""/wp-json: every REST route of the store under one door."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, Response

from sandbox.woocommerce.mail_release import release_routes
from sandbox.woocommerce.plugin import plugin_routes
from sandbox.woocommerce.rest.answers import RestError, answer, refusal
from sandbox.woocommerce.rest.coupons import coupon_routes
from sandbox.woocommerce.rest.customers import customer_routes
from sandbox.woocommerce.rest.gate import check_key
from sandbox.woocommerce.rest.order_parts import order_part_routes
from sandbox.woocommerce.rest.orders import order_routes
from sandbox.woocommerce.rest.products import product_routes
from sandbox.woocommerce.rest.reports import report_routes
from sandbox.woocommerce.rest.reviews import review_routes
from sandbox.woocommerce.rest.settings import index_of, setting_routes
from sandbox.woocommerce.rest.shops import CurrentShop
from sandbox.woocommerce.rest.weather import bad_weather
from sandbox.woocommerce.rest.webhooks import webhook_routes


def rest_routes(shop_of: CurrentShop, origins: Mapping[str, str]) -> Blueprint:
    door = Blueprint("wp_json", __name__, url_prefix="/wp-json")
    api = Blueprint("rest", __name__, url_prefix="/wc/v3")
    bad_weather(door, shop_of)

    @api.before_request
    def check() -> None:
        check_key(shop_of())

    @door.errorhandler(RestError)
    def failed(error: RestError) -> Response:
        return refusal(shop_of(), error)

    @door.get("/")
    def index() -> Response:
        """Open to everybody, unless a plugin closes it."""
        shop = shop_of()
        if shop.quirks()["sparse_index"]:
            raise RestError(401, "rest_login_required", "REST API restricted to authenticated users.")
        return answer(shop, index_of(shop), "GET")

    for part in (
        order_routes(shop_of),
        order_part_routes(shop_of),
        product_routes(shop_of),
        *(coupon_routes(shop_of), review_routes(shop_of), report_routes(shop_of)),
        customer_routes(shop_of),
        webhook_routes(shop_of, origins),
        setting_routes(shop_of),
    ):
        api.register_blueprint(part)
    door.register_blueprint(api)
    door.register_blueprint(plugin_routes(shop_of))
    door.register_blueprint(release_routes(shop_of))
    return door
