"""The order status page of the platform itself: where a mail's "view your order" may lead."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, Response
from markupsafe import Markup

from sandbox.shopify.shop import Shop

_PAGE = Markup("""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Order {name}</title><style>
body{{margin:0;font:16px/1.6 system-ui,sans-serif;color:#1f2a26;background:#eef1ee}}
main{{max-width:36rem;margin:6vh auto;background:#fff;border-radius:12px;padding:24px 28px}}
</style></head><body><main><h1>Order {name}</h1><p>{status}</p><ul>{lines}</ul>{parcels}
<p><a href="/">Back to {shop}</a></p></main></body></html>""")


def status_page_routes(current: Callable[[], Shop]) -> Blueprint:
    routes = Blueprint("status_page", __name__)

    @routes.get("/<int:shop_id>/orders/<token>/authenticate")
    def status(shop_id: int, token: str) -> Response:
        shop = current()
        order = next((one for one in shop.all("order") if one["token"] == token), None)
        if order is None or shop_id != shop.profile()["id"]:
            return Response("There is no such order.", 404, mimetype="text/plain")
        lines = Markup("").join(
            Markup("<li>{} &times; {}</li>").format(line["quantity"], line["name"])
            for line in order["line_items"]
        )
        parcels = Markup("").join(
            Markup("<p>Parcel {}: {} {}</p>").format(
                parcel["name"], parcel["tracking_company"] or "", parcel["shipment_status"] or "on its way"
            )
            for parcel in order["fulfillments"]
        )
        words = "Cancelled" if order["cancelled_at"] else "Thank you for your order"
        page = _PAGE.format(
            name=order["name"], status=words, lines=lines, parcels=parcels, shop=shop.profile()["name"]
        )
        return Response(str(page))

    return routes
