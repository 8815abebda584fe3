"""The plugin's door for a mail that was held back and that the app wants sent after all."""

from __future__ import annotations

import re

from flask import Blueprint, Response

from sandbox.woocommerce.own_mails import REPLACED, release
from sandbox.woocommerce.plugin import with_plugin
from sandbox.woocommerce.rest.answers import answer, bad_parameter, sent
from sandbox.woocommerce.rest.shops import CurrentShop

_ORDER = re.compile(r"[1-9][0-9]{0,18}")


def release_routes(shop_of: CurrentShop) -> Blueprint:
    """Below /wp-json."""
    routes = Blueprint("mail_release", __name__, url_prefix="/wc-doorstep/v1")

    @routes.post("/mails")
    def mails() -> Response:
        shop, asked = with_plugin(shop_of()), sent()
        order_id, mail = asked.get("order"), asked.get("mail")
        if not isinstance(order_id, str) or not _ORDER.fullmatch(order_id):
            raise bad_parameter("order", "Invalid parameter.")
        if mail not in REPLACED:
            raise bad_parameter("mail", "Invalid parameter.")
        with shop.documents.transaction():
            order = shop.read("order", order_id)
            done = order is not None and release(shop, order, str(mail))
        return answer(shop, {"sent": done}, "POST")

    return routes
