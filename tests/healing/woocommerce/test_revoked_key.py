"""A key that was revoked while the store's messages still come: they are taken and make no storm of calls."""

from __future__ import annotations

from datetime import timedelta

from flask import Response

from app.services.connection import KNOCKED_LONG_AGO, WRITE_TRIES
from app.services.heal import AFTER_SHUT
from app.services.polls import HOOKS, ORDERS
from app.services.store_writes import run_write
from tests.healing.woocommerce.conftest import Site

SAID = '{"code":"woocommerce_rest_authentication_error","message":"Invalid.","data":{"status":401}}'
# Given up: refused by the store at the third try, and tried too often.
HOPELESS, TIRED = (3, "StoreRefused: no such order"), (WRITE_TRIES, "AccessLost: 401")
NOTE = '{"order_id": "1", "text": "x", "key": "k"}'


def revoked(site: Site) -> None:
    site.instead = lambda: Response(SAID, 401, content_type="application/json")


def given_up(site: Site, key: str, attempts: int, error: str) -> None:
    site.rows(
        "INSERT INTO store_writes (shop_id, key, kind, body, state, asked_at, next_at, attempts, error)"
        " VALUES (:shop, :key, 'note_order', CAST(:body AS jsonb), 'given_up', :real, :real, :attempts,"
        " :error) RETURNING 1",
        shop=site.shop_id, key=key, body=NOTE, real=site.real, attempts=attempts, error=error,
    )  # fmt: skip


def writes(site: Site) -> dict[str, str]:
    return {row.key: row.state for row in site.rows("SELECT key, state FROM store_writes")}


def an_hour_of_messages(site: Site) -> None:
    for _ in range(60):
        site.store.order()
        site.later(minutes=1)
        site.hear()
        while site.turn() or site.errands() or run_write(site.database, site.stores, site.real):
            pass


def test_messages_behind_a_revoked_key_make_no_storm(site: Site) -> None:
    site.only(HOOKS, ORDERS)
    site.polls()
    given_up(site, "hopeless", *HOPELESS)
    given_up(site, "tired", *TIRED)
    revoked(site)
    site.calls.clear()
    an_hour_of_messages(site)
    assert 5 <= site.calls.count("GET orders") <= 6, "every ten minutes, whatever comes"
    assert site.one("SELECT state FROM shops") == "needs_reconnect"
    held = writes(site)
    assert (held["hopeless"], held["tired"]) == ("given_up", "given_up")


def test_the_next_message_after_ten_minutes_opens_the_shop_again(site: Site) -> None:
    site.only(HOOKS, ORDERS)
    site.polls()
    given_up(site, "hopeless", *HOPELESS)
    given_up(site, "tired", *TIRED)
    revoked(site)
    site.later(minutes=11)
    site.polls()
    assert site.one("SELECT state FROM shops") == "needs_reconnect"
    site.instead = lambda: None
    for minutes, opens in ((9, False), (2, True)):
        site.store.order()
        site.later(minutes=minutes)
        site.hear()
        site.polls()
        paused = site.one("SELECT paused_at IS NOT NULL FROM shops")
        assert (site.one("SELECT state FROM shops") == "connected", paused) == (opens, not opens)
    held = writes(site)
    assert (held["hopeless"], held["tired"]) == ("given_up", "open"), "a no of the store's stays one"


def test_so_long_a_refused_look_waits() -> None:
    assert KNOCKED_LONG_AGO + timedelta(minutes=10) == AFTER_SHUT
