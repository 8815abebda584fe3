"""The fake Shopify as one Flask app: several shops behind one port, told apart by the Host header."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from flask import Flask, Response, abort, request, send_from_directory

from sandbox.back_office.look import back_office_look
from sandbox.clock import Clock
from sandbox.control import control_routes
from sandbox.deliveries import EIGHT_TIMES, AttemptsPolicy, Deliveries
from sandbox.document_store import DocumentStore
from sandbox.schema import require_schema, schema_file
from sandbox.settings import HOST, Settings
from sandbox.shopify.actions.change import Change
from sandbox.shopify.admin_api.endpoint import admin_api_routes
from sandbox.shopify.admin_api.engine import Engine
from sandbox.shopify.app_proxy import app_proxy
from sandbox.shopify.bulk_routes import bulk_routes
from sandbox.shopify.editing_routes import editing_routes
from sandbox.shopify.front import ShopifyFront
from sandbox.shopify.oauth import installation
from sandbox.shopify.oauth.back_office import back_office_routes
from sandbox.shopify.oauth.pages import Pages
from sandbox.shopify.oauth.routes import oauth_routes
from sandbox.shopify.opening import MAIN_DOMAIN, open_shop, opened_shop
from sandbox.shopify.pictures import draw_pictures
from sandbox.shopify.plan_pages import plan_routes
from sandbox.shopify.plans import CANCELLED, set_status
from sandbox.shopify.shop import Shop
from sandbox.shopify.status_page import status_page_routes
from sandbox.shopify.theme_blocks import extension_assets, theme_blocks
from sandbox.shopify.theme_editor import theme_editor_routes
from sandbox.shopify.webhooks import Announcer, new_event_id
from sandbox.storefront.pages import storefront_pages

_LOOPBACK = {"127.0.0.1", "localhost", "::1", "admin.shopify.com"}


def create_store(settings: Settings, policy: AttemptsPolicy = EIGHT_TIMES) -> Flask:
    """A store whose senders run already; `app.extensions["deliveries"].stop()` ends them.

    `policy`: how often and when a webhook is tried again. Raises SchemaMissing.
    """
    require_schema(schema_file(settings.data))
    documents = DocumentStore(settings.folder / "shopify.sqlite3")
    clock = Clock(settings.clock_file)
    address = f"http://{HOST}:{settings.shopify_port}"
    pictures = settings.folder / "shopify_pictures"
    draw_pictures(pictures)
    open_shop(documents, clock, MAIN_DOMAIN, address)
    deliveries = Deliveries(documents, settings.origins)
    announcer = Announcer(deliveries, settings.shopify_secret, policy)

    def current() -> Shop:
        shop = opened_shop(documents, clock, _domain(), address)
        if shop is None:
            abort(404, "There is no such shop.")
        return shop

    def front() -> ShopifyFront:
        return ShopifyFront(current(), announcer, lambda shop: _uninstall(shop, announcer))

    app = Flask(__name__, static_folder=None)
    app.extensions |= {"storefront": front, "deliveries": deliveries, "documents": documents}
    pages = Pages(front)
    app.register_blueprint(back_office_look())
    app.register_blueprint(oauth_routes(current, pages, settings))
    app.register_blueprint(back_office_routes(current, pages, settings, announcer))
    app.register_blueprint(plan_routes(current, pages, settings, announcer))
    app.register_blueprint(admin_api_routes(current, Engine(schema_file(settings.data)), announcer))
    app.register_blueprint(bulk_routes(current))
    app.register_blueprint(control_routes(front, lambda domain: _open(documents, clock, domain, address)))
    app.register_blueprint(editing_routes(lambda: Change(current(), announcer)))
    app.register_blueprint(status_page_routes(current))
    app.register_blueprint(extension_assets())
    app.register_blueprint(theme_editor_routes(current))
    app.register_blueprint(storefront_pages(front, settings, app_proxy(front, settings), theme_blocks(front)))
    app.add_url_rule("/pictures/<name>", "pictures", lambda name: _picture(pictures, name))
    deliveries.start()
    return app


def _domain() -> str:
    """The shop that a request is about. An address on this machine means the main shop, unless the
    query names another; the admin's address names it in its path."""
    host = urlsplit(f"//{request.host}").hostname or ""
    if host not in _LOOPBACK:
        return host
    handle = (request.view_args or {}).get("handle")
    if handle:
        return f"{handle}.myshopify.com"
    return request.args.get("shop") or MAIN_DOMAIN


def _open(documents: DocumentStore, clock: Clock, domain: str, address: str) -> None:
    open_shop(documents, clock, domain, address)


def _uninstall(shop: Shop, announcer: Announcer) -> None:
    """The message goes out first: afterwards the shop has no subscriptions any more."""
    with shop.documents.transaction():
        announcer.announce(shop, ("app/uninstalled",), shop.profile(), new_event_id())
        installation.uninstall(shop)
        set_status(shop, CANCELLED)


def _picture(folder: Path, name: str) -> Response:
    return send_from_directory(folder.absolute(), name, max_age=86_400)
