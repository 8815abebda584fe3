"""Whether Shopify still answers the version of its API that we speak: asked of a connected shop."""

from __future__ import annotations

from sqlalchemy.exc import SQLAlchemyError

from app.cli.role import Finding
from app.config import Config
from app.models.shop import CONNECTED
from app.queries.shops import all_shops
from app.runtime import Runtime, build
from connectors.base import Store, StoreError
from connectors.shopify.version import API_VERSION
from connectors.shopify.versions import Standing, standing
from flows.commerce import Platform

SUBJECT = "Shopify API"


def examine_api(config: Config) -> list[Finding]:
    """Nothing where no Shopify shop can connect; a database that does not answer is told elsewhere."""
    if not config.shopify_api_key:
        return []
    runtime = build(config, pooled=False)
    try:
        store = _some_store(runtime)
        return [_told(standing(store)) if store else Finding(SUBJECT, f"{API_VERSION}, no shop to ask yet")]
    except SQLAlchemyError:
        return []
    except StoreError as error:
        return [Finding(SUBJECT, f"{API_VERSION}, not confirmed: {error}")]


def _some_store(runtime: Runtime) -> Store | None:
    with runtime.database.nobody() as session:
        shops = [
            row.id
            for row in all_shops(session)
            if row.platform == Platform.SHOPIFY and row.state == CONNECTED
        ]
    for shop_id in shops[:1]:
        with runtime.database.shops(shop_id) as session:
            return runtime.stores().open(session, shop_id, runtime.clock.real())
    return None


def _told(found: Standing) -> Finding:
    if not found.supported:
        wrong = f"Shopify answers with another version by now. Update Doorstep; the newest is {found.newest}."
        return Finding(SUBJECT, f"{API_VERSION} has ended", wrong)
    if found.oldest:
        return Finding(SUBJECT, f"{API_VERSION}, the oldest that is supported: update within three months")
    return Finding(SUBJECT, f"{API_VERSION}, supported")
