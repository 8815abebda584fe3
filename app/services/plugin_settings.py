"""What our plugin in a store is told, every few minutes and whenever a switch turns: it is how the plugin
knows that we are there. Without a word of ours for half an hour it lets the store send its own mails again.

A mail of the store is held back only where we send one in its place for certain: its flow is on, and nothing
keeps the shop from sending. So a store would sooner send one too many than its customers get none. What
happened before a flow was on is none of ours, and the store's clock says when that was: where it is behind,
the store speaks for itself so much longer.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, text

from app.clock import going_on
from app.db import Database, Session, as_json
from app.models.shop import CONNECTED
from app.queries.plan import load_usage
from app.services.pages import STORE_PATH
from app.services.stores import Stores
from app.words.shop_mails import mails_replaced
from connectors.base import NotNow, Store, StoreError
from connectors.companion import PluginSaid, PluginSettings
from flows.commerce import Platform

# What is told may be out of date by the time that it has arrived: then it is told anew, so often at most.
TELLINGS = 3
# So long the plugin goes by what it heard last.
BELIEVED = timedelta(minutes=30)
# Whose orders were not read for so long, or who has a mail or a message lying about for so long, may not be
# able to write in the store's place.
UNREAD = timedelta(minutes=30)
LATE = timedelta(minutes=15)
# Why a mail waits that says nothing of the others.
OF_ONE_PERSON = ("recipient_deferred", "mailbox_full")


def push_settings(
    database: Database,
    stores: Stores,
    shop_id: int,
    store: Store,
    now: datetime,
    real: datetime,
    clock: Callable[[], datetime] | None = None,
) -> bool:
    """Tells the plugin how things are, and notes what it says. That it is not there, or does not answer, is
    no failure: everything but its own part works without it. False: it could not be told, and may be
    holding back what it should not. `clock`: `real` as it goes on. Raises NotNow."""
    if store.platform is not Platform.WOOCOMMERCE:
        return True
    settings = _read(database, stores, shop_id, now, real)
    if settings is None:
        return True
    clock = clock or going_on(real)
    still = False
    for _ in range(TELLINGS):
        said, error = _tell(stores, store, replace(settings, at=clock()))
        still = _note(database, shop_id, settings, said, error, real)
        newest = _read(database, stores, shop_id, now, real)
        if newest is None or newest == settings or newest.secret != settings.secret:
            break  # as it was told, or another connection's, which has a telling of its own
        settings = newest
    return not still


def _read(
    database: Database, stores: Stores, shop_id: int, now: datetime, real: datetime
) -> PluginSettings | None:
    """How things are. None: the shop has left."""
    with database.shops(shop_id) as session:
        shop = session.execute(
            _SHOP,
            {
                "id": shop_id,
                "now": now,
                "unread": real - UNREAD,
                "overdue": now - LATE,
                "theirs": list(OF_ONE_PERSON),
                "waiting": real - LATE,
            },
        ).one_or_none()
        if shop is None:
            return None
        return PluginSettings(
            secret=stores.keys.plugin_secret(shop.token),
            app=stores.app_address,
            door=door_of(stores.app_address, shop.token),
            shop=shop.domain,
            pages=STORE_PATH,
            mails_off=mails_replaced(shop.flows_on, shop.meanings) if _sends(session, shop, now) else (),
            script=True,
            at=real,
            since=shop.connected_at,
        )


def door_of(app_address: str, token: str) -> str:
    """Where the plugin's messages go."""
    return f"{app_address}/woocommerce/plugin/{token}"


def _sends(session: Session, shop: Row[Any], now: datetime) -> bool:
    """Whether nothing keeps the shop from sending: its store lets us in, what happens there is read, what is
    due leaves, and its plan has room."""
    if shop.state != CONNECTED or shop.paused_at is not None or shop.behind:
        return False
    if not shop.billed:
        return True
    usage = load_usage(session, {shop.id: shop.timezone}, now)[shop.id]
    return usage.plan.orders is None or usage.used < usage.plan.orders


def _tell(stores: Stores, store: Store, settings: PluginSettings) -> tuple[PluginSaid | None, str]:
    try:
        return stores.connector(store.platform).tell_plugin(store, settings), ""
    except NotNow:
        raise
    except StoreError as error:
        return None, str(error)[:500]


def _note(
    database: Database,
    shop_id: int,
    settings: PluginSettings,
    said: PluginSaid | None,
    error: str,
    real: datetime,
) -> bool:
    """What the plugin says of itself; nothing where it is not there, and what it said last where it did not
    answer. A connection that ended meanwhile has nothing to be noted. True: it did not hear this, and goes
    by what it heard before, in which it held back more."""
    told = {"mails_off": settings.mails_off, "pages": settings.pages, "script": settings.script, "at": real}
    with database.shops(shop_id) as session:
        noted = session.execute(
            _SAID,
            {
                "shop": shop_id,
                "token": settings.door.rpartition("/")[2],
                "plugin": as_json(said) if said else None,
                "error": error,
                "told": as_json(told),
                "real": real,
            },
        ).one_or_none()
    if not error or noted is None or not noted.pushed:
        return False
    before = datetime.fromisoformat(noted.pushed["at"])
    return real - before < BELIEVED and not set(noted.pushed["mails_off"]) <= set(settings.mails_off)


# Of a plugin that has never answered nobody knows the clock.
_SHOP = text("""
SELECT s.id, s.token, s.domain, s.state, s.connected_at, s.paused_at, s.billed, s.timezone, ARRAY(
    SELECT flow_key FROM flow_switches WHERE shop_id = s.id AND enabled AND h.plugin IS NOT NULL
        AND greatest(since, s.connected_at)
            <= CAST(:now AS timestamptz) + least(0, CAST(h.plugin->>'offset' AS int)) * interval '1 second'
) AS flows_on,
NOT EXISTS (SELECT FROM polls WHERE shop_id = s.id AND noun = 'orders' AND looked_at >= :unread)
OR EXISTS (
    SELECT FROM messages WHERE shop_id = s.id AND lane = 0 AND state IN ('due', 'claimed')
        AND due_at < :overdue AND coalesce(reason, '') <> ALL (:theirs)
)
OR EXISTS (SELECT FROM inbox WHERE shop_id = s.id AND state = 'new' AND received_at < :waiting) AS behind,
coalesce((SELECT statuses FROM shipment_words WHERE shop_id = s.id), '{}') AS meanings
FROM shops s LEFT JOIN store_health h ON h.shop_id = s.id
WHERE s.id = :id AND s.state <> 'uninstalled'
""")

_SAID = text("""
INSERT INTO store_health AS h (shop_id, plugin, plugin_seen_at, plugin_error, pushed)
SELECT id, CAST(:plugin AS jsonb), CASE WHEN CAST(:plugin AS jsonb) IS NOT NULL
    THEN CAST(:real AS timestamptz) END, :error, CASE WHEN CAST(:plugin AS jsonb) IS NOT NULL
    THEN CAST(:told AS jsonb) ELSE '{}' END
FROM shops WHERE id = :shop AND token = :token AND state <> 'uninstalled'
ON CONFLICT (shop_id) DO UPDATE SET
    plugin = CASE WHEN excluded.plugin_error = '' THEN excluded.plugin ELSE h.plugin END,
    plugin_seen_at = coalesce(excluded.plugin_seen_at, h.plugin_seen_at),
    plugin_error = excluded.plugin_error,
    pushed = CASE WHEN excluded.plugin IS NOT NULL THEN excluded.pushed ELSE h.pushed END
RETURNING h.pushed
""")
