"""A fake WooCommerce: several shops in one process, told apart by the name that a request asks for."""

from __future__ import annotations

from flask import Flask, Response, abort, request
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as BaseResponse

from sandbox.back_office.look import back_office_look
from sandbox.control import control_routes
from sandbox.settings import Settings
from sandbox.storefront.pages import storefront_pages
from sandbox.woocommerce.front import WooFront
from sandbox.woocommerce.pictures import picture
from sandbox.woocommerce.plugin import plugin_proxy
from sandbox.woocommerce.plugin_controls import plugin_controls
from sandbox.woocommerce.plugin_messages import send_hints
from sandbox.woocommerce.rest.answers import RestError, answer, no_route, refusal
from sandbox.woocommerce.rest.routes import rest_routes
from sandbox.woocommerce.rest.settings import index_of
from sandbox.woocommerce.rest.weather import obstacle
from sandbox.woocommerce.shop import Shop
from sandbox.woocommerce.stores import Stores
from sandbox.woocommerce.wc_auth import wc_auth_pages
from sandbox.woocommerce.wp_admin import wp_admin_pages

# Key authentication looks for "wp-json" in the path: by the query nobody ever gets in.
_CLOSED = ("woocommerce_rest_cannot_view", "Sorry, you cannot list resources.")


def create_store(settings: Settings) -> Flask:
    """`app.extensions`: "storefront" gives the front of the current request's shop, "stores" the
    Stores, whose `close` ends the senders that are started here."""
    stores = Stores(settings)
    app = Flask(__name__, static_folder=None)
    app.url_map.strict_slashes = False

    def current_shop() -> Shop:
        shop = stores.asked_for(request.args.get("shop") or request.host.partition(":")[0])
        return shop if shop is not None else abort(404, "There is no such shop.")

    def current_front() -> WooFront:
        return WooFront(current_shop())

    app.extensions |= {"storefront": current_front, "stores": stores}
    app.register_blueprint(
        storefront_pages(current_front, settings, plugin_proxy(current_shop, settings.origins))
    )
    app.register_blueprint(control_routes(current_front, stores.open_throw_away))
    app.register_blueprint(plugin_controls(current_shop, settings.origins))
    app.register_blueprint(wc_auth_pages(current_shop, settings.origins))
    app.register_blueprint(back_office_look())
    app.register_blueprint(wp_admin_pages(current_shop, current_front, settings))
    app.register_blueprint(rest_routes(current_shop, settings.origins))

    def by_query(shop: Shop) -> Response:
        if request.args["rest_route"] == "/":
            return answer(shop, index_of(shop), "GET")
        return refusal(shop, RestError(401, *_CLOSED))

    @app.before_request
    def plain_permalinks() -> BaseResponse | None:
        """Where addresses have no paths, WordPress knows its pages by what stands in the query."""
        if request.path == "/" and "rest_route" in request.args:
            return obstacle(current_shop()) or by_query(current_shop())
        if request.path == "/" and request.args.get("wc-auth-route") == "authorize":
            page: BaseResponse = app.ensure_sync(app.view_functions["wc_auth.authorize"])()
            return page
        if request.path.startswith("/wc-auth/v1/authorize") and current_shop().quirks()["plain_permalinks"]:
            abort(404)
        return None

    @app.teardown_request
    def shutdown(_error: BaseException | None) -> None:
        send_hints()

    @app.get("/pictures/<slug>.png")
    def product_picture(slug: str) -> Response:
        png = picture(slug)
        if png is None:
            abort(404)
        return Response(png, mimetype="image/png", headers={"Cache-Control": "public, max-age=86400"})

    @app.errorhandler(404)
    @app.errorhandler(405)
    def unknown(error: HTTPException) -> Response | HTTPException:
        """Below the API the platform knows one answer for a wrong path and a wrong method."""
        return refusal(None, no_route()) if request.path.startswith("/wp-json") else error

    stores.deliveries.start()
    return app
