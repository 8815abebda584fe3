"""The web application."""

from __future__ import annotations

import os

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.wrappers import Response

from app.config import Config
from app.runtime import Runtime, build
from app.web import (
    arrival,
    brand_pictures,
    connect_by_keys,
    health,
    install_shopify,
    install_woocommerce,
    legal,
    links,
    outside,
    plugin_door,
    provider_events,
    proxy,
    review,
    review_list,
    storefront_api,
    tracking,
    tracking_lookup,
    unsubscribe,
    webhooks,
)
from app.web.admin import (
    audience,
    brand,
    channel,
    connection,
    consent,
    flow,
    flow_content,
    flow_earlier,
    flow_preview,
    flow_settings,
    flow_trial,
    flows,
    home,
    limits,
    mail_account,
    mail_editor,
    mail_editor_history,
    mail_editor_sample,
    mail_file,
    message,
    messages,
    plan,
    privacy,
    products,
    returned,
    reviews,
    segments,
    sending,
    session,
    settings,
    shipping,
    storefront,
)
from app.web.admin.doors import PREFIXES
from app.web.errors import install_errors

SHOPPERS = (tracking, tracking_lookup, arrival, review, review_list, unsubscribe, proxy, storefront_api)
_STORES = (webhooks, plugin_door, outside, install_shopify, install_woocommerce, connect_by_keys)
BLUEPRINTS = (*_STORES, provider_events, links, *SHOPPERS, brand_pictures, legal, health)
_FLOW_EDITS = (flow_content, flow_settings, flow_earlier, flow_trial, flow_preview)
_MAIL_EDITS = (mail_editor, mail_editor_history, mail_editor_sample)
_FLOW_PAGES = (flows, flow, *_FLOW_EDITS, *_MAIL_EDITS, segments)
_SHOP_PAGES = (storefront, connection, settings, limits, consent, products, shipping, privacy)
_TOOLS = (returned, audience, channel, sending, mail_account, mail_file)
ADMIN = (session, home, brand, *_FLOW_PAGES, messages, message, reviews, plan, *_SHOP_PAGES, *_TOOLS)


def create_app(config: Config, runtime: Runtime | None = None) -> Flask:
    app = Flask("app", static_folder="../static", static_url_path="/static")
    app.extensions["doorstep"] = runtime or build(config)
    for module in BLUEPRINTS:
        app.register_blueprint(module.blueprint)
    for platform, prefix in PREFIXES.items():
        for page in ADMIN:
            name = f"{platform.value}_{page.blueprint.name}"
            app.register_blueprint(page.blueprint, name=name, url_prefix=prefix)
    install_errors(app)
    app.after_request(_careful_headers)
    if config.trusted_proxies:
        # Each proxy adds the address that it was called from; the scheme is what the last one says.
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]  # Flask's own way to wrap an app
            app.wsgi_app, x_for=config.trusted_proxies, x_proto=1, x_host=0
        )
    return app


def from_environ() -> Flask:
    """What the web server calls. Raises ConfigError."""
    return create_app(Config.from_environ(os.environ))


def _careful_headers(response: Response) -> Response:
    """Pages that are not embedded anywhere may not be framed; no page leaks its address."""
    response.headers.setdefault("Content-Security-Policy", "frame-ancestors 'none'")
    response.headers.setdefault("Referrer-Policy", "no-referrer")
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    return response
