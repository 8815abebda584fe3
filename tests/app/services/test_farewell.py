"""A shop that we close by ourselves: its plugin is told, while our keys open the store still."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from app.services.connection import close_generation, mark_needs_reconnect
from app.services.privacy import hear, run_request
from connectors.news import PrivacyAsk, PrivacyKind
from tests.app.desk import START, Desk
from tests.app.services.plugin_standin import Plugin, plugin_standin

TOLD = START + timedelta(days=9)


@pytest.fixture
def plugin() -> Iterator[Plugin]:
    with plugin_standin() as held:
        yield held


def forgotten(desk: Desk, plugin: Plugin) -> bool:
    """Whether it is, and its demand done."""
    with desk.database.shops(desk.shop_id) as session:
        hear(session, [(desk.shop_id, PrivacyAsk(PrivacyKind.FORGET_SHOP, "shop"))], TOLD)
    while run_request(desk.database, desk.keys, TOLD, TOLD, plugin.stores(desk)):
        pass
    (demand,) = desk.rows("SELECT done_at, error FROM privacy_requests")
    assert demand.done_at is not None and demand.error is None
    (shop,) = desk.rows("SELECT redacted_at FROM shops WHERE id = :id", id=desk.shop_id)
    return shop.redacted_at is not None


def shut(desk: Desk) -> None:
    with desk.database.shops(desk.shop_id) as session:
        mark_needs_reconnect(session, desk.shop_id, "a key that opens again meanwhile", START)


def test_the_plugin_is_told_that_we_have_left(desk: Desk, plugin: Plugin) -> None:
    shut(desk)
    assert forgotten(desk, plugin) and plugin.left == 1
    assert desk.rows("SELECT 1 FROM shop_secrets WHERE shop_id = :id", id=desk.shop_id) == []


@pytest.mark.parametrize("status", [401, 404, 500, 503, 302])
def test_one_that_cannot_be_told_holds_nothing_up(
    desk: Desk, plugin: Plugin, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    shut(desk)
    plugin.says = (status, {})
    assert forgotten(desk, plugin) and plugin.left == 1
    told = [record.getMessage().partition(":")[0] for record in caplog.records]
    # Where there is no plugin, nobody had to be told.
    assert told == ([] if status == 404 else ["larkhus.example could not be told that we have left"])


def test_who_has_left_already_or_is_alive_is_told_nothing(desk: Desk, plugin: Plugin) -> None:
    assert not forgotten(desk, plugin) and plugin.left == 0
    with desk.database.shops(desk.shop_id) as session:
        close_generation(session, desk.shop_id, TOLD)
    desk.rows("DELETE FROM privacy_requests RETURNING id")
    assert forgotten(desk, plugin) and plugin.left == 0
