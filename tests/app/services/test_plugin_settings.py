"""What the plugin is told, and when: a mail of the store is held back only where ours is certain to go."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from app.services.connection import close_generation, mark_needs_reconnect
from app.services.heal import run_poll
from app.services.pauses import pause, resume
from app.services.plugin_settings import push_settings
from app.services.polls import HOOKS
from app.services.switches import switch_off, switch_on
from app.words.shop_mails import KEPT, REPLACED
from flows.presets import PRESETS
from tests.app.desk import START, Desk, connect_shop
from tests.app.services.plugin_standin import ANSWER, APP, Plugin, plugin_standin

CONFIRMED, SHIPPED = REPLACED["order_confirmation"], REPLACED["shipped"]
LOST = REPLACED["cancel_refund_exchange"]
ALL_OFF = [*CONFIRMED, *SHIPPED, *LOST]


@pytest.fixture
def plugin() -> Iterator[Plugin]:
    with plugin_standin() as held:
        yield held


def push(desk: Desk, plugin: Plugin, now: datetime | None = None) -> None:
    at = now or desk.now
    push_settings(desk.database, plugin.stores(desk), desk.shop_id, plugin.store(desk), at, at)


def health(desk: Desk) -> Any:
    (row,) = desk.rows("SELECT * FROM store_health")
    return row


def turn(desk: Desk, flow: str, on: bool, now: datetime = START) -> None:
    with desk.database.shops(desk.shop_id) as session:
        (switch_on if on else switch_off)(session, desk.shop_id, flow, now)


def test_the_settings_are_these_and_no_others(desk: Desk, plugin: Plugin) -> None:
    push(desk, plugin)
    (shop,) = desk.rows("SELECT token, connected_at FROM shops WHERE id = :id", id=desk.shop_id)
    connected = shop.connected_at
    assert plugin.told[-1] == {
        "secret": desk.keys.plugin_secret(shop.token),
        "app": APP,
        "door": f"{APP}/woocommerce/plugin/{shop.token}",
        "shop": "larkhus.example",
        "pages": "/apps/doorstep",
        "mails_off": ALL_OFF,
        "script": True,
        "time": int(START.timestamp()),
        "since": int(connected.timestamp()),
    }
    assert plugin.headers[-1]["Authorization"] == "Basic Y2tfMTpjc18x"


def test_what_it_says_is_noted(desk: Desk, plugin: Plugin) -> None:
    push(desk, plugin)
    row = health(desk)
    assert row.plugin == {name: value for name, value in ANSWER.items() if name != "connected"}
    assert (row.plugin_seen_at, row.plugin_error) == (START, "")
    assert row.pushed["mails_off"] == ALL_OFF
    (shop,) = desk.rows("SELECT token FROM shops WHERE id = :id", id=desk.shop_id)
    assert desk.keys.plugin_secret(shop.token) not in str(row)


def test_a_store_without_the_plugin_is_no_failure(desk: Desk, plugin: Plugin) -> None:
    push(desk, plugin)
    plugin.says = (404, {"code": "rest_no_route", "message": "No route", "data": {"status": 404}})
    push(desk, plugin, START + timedelta(minutes=10))
    row = health(desk)
    assert (row.plugin, row.plugin_error, row.plugin_seen_at) == (None, "", START)


@pytest.mark.parametrize(
    ("status", "body", "words"),
    [
        (500, {"code": "internal_server_error"}, "500"),
        (403, {"code": "rest_forbidden"}, "403"),
        (401, {"code": "woocommerce_rest_cannot_view"}, "401"),
        (400, {"code": "rest_invalid_param"}, "rest_invalid_param"),
        (404, b"<html>Not found</html>", "something else"),
        (200, b"<html>Blocked</html>", "something else"),
        (200, {"connected": False}, "something else"),
        (200, {"connected": False, "home": "www.other.example"}, "calls itself other.example"),
        (200, [], "something else"),
        (302, b"", "another address"),
        (503, b"", "wait"),
    ],
)
def test_an_answer_that_is_none_fails_nothing_and_is_noted(
    desk: Desk, plugin: Plugin, status: int, body: Any, words: str
) -> None:
    push(desk, plugin)
    plugin.says = (status, body)
    push(desk, plugin, START + timedelta(minutes=10))
    row = health(desk)
    assert words in row.plugin_error
    assert row.plugin["version"] == "1.0.0" and row.plugin_seen_at == START, "as it was seen last"
    assert row.pushed["mails_off"] == ALL_OFF


def test_our_time_is_that_of_the_call_and_not_of_the_work_before_it(desk: Desk, plugin: Plugin) -> None:
    ticks = iter((START + timedelta(seconds=95), START + timedelta(seconds=107)))
    plugin.meanwhile = lambda: turn(desk, "shipped", False)
    store, stores = plugin.store(desk), plugin.stores(desk)
    push_settings(desk.database, stores, desk.shop_id, store, START, START, lambda: next(ticks))
    assert [told["time"] - int(START.timestamp()) for told in plugin.told] == [95, 107]


def test_a_store_that_is_away_fails_nothing(desk: Desk) -> None:
    push(desk, Plugin(address="http://127.0.0.1:9"))
    assert "no connection" in health(desk).plugin_error


def test_odd_versions_and_clocks_are_not_kept(desk: Desk, plugin: Plugin) -> None:
    plugin.says = (200, {**ANSWER, "php": "<b>8</b>", "wordpress": 6, "woocommerce": "1" * 50, "offset": "5"})
    push(desk, plugin)
    said = {"version": "1.0.0", "wordpress": "", "woocommerce": "", "php": "", "offset": 0}
    assert health(desk).plugin == said


def test_each_flow_silences_its_own_mails_while_it_is_on(db: Any, plugin: Plugin) -> None:
    desk = connect_shop(db, on=False)
    push(desk, plugin)
    assert plugin.mails_off == []
    turn(desk, "order_confirmation", True)
    push(desk, plugin)
    assert plugin.mails_off == list(CONFIRMED)
    turn(desk, "shipped", True)
    push(desk, plugin)
    assert plugin.mails_off == [*CONFIRMED, *SHIPPED]
    turn(desk, "order_confirmation", False)
    push(desk, plugin)
    assert plugin.mails_off == list(SHIPPED), "within the ten seconds of undo nothing is sent either"
    turn(desk, "review_request", True)
    push(desk, plugin)
    assert plugin.mails_off == list(SHIPPED)
    turn(desk, "cancel_refund_exchange", True)
    turn(desk, "shipped", False)
    push(desk, plugin)
    assert plugin.mails_off == list(LOST)


def test_a_shop_that_waits_speaks_for_itself(desk: Desk, plugin: Plugin) -> None:
    push(desk, plugin)
    assert plugin.mails_off == ALL_OFF
    with desk.database.shops(desk.shop_id) as session:
        pause(session, desk.shop_id, START)
    push(desk, plugin)
    assert plugin.mails_off == []
    with desk.database.shops(desk.shop_id) as session:
        resume(session, desk.shop_id)
    push(desk, plugin)
    assert plugin.mails_off == ALL_OFF
    with desk.database.shops(desk.shop_id) as session:
        mark_needs_reconnect(session, desk.shop_id, "the key is gone", START)
        session.execute(text("UPDATE shops SET paused_at = NULL"))
    push(desk, plugin)
    assert plugin.mails_off == [], "by its state alone, too"


@pytest.mark.parametrize(("used", "off"), [(49, ALL_OFF), (50, [])])
def test_a_shop_whose_plan_is_used_up_speaks_for_itself(
    desk: Desk, plugin: Plugin, used: int, off: list[str]
) -> None:
    """Of the free plan: 50 orders a month."""
    with desk.database.shops(desk.shop_id) as session:
        session.execute(text("UPDATE shops SET billed = true"))
        session.execute(
            text(
                "INSERT INTO orders (shop_id, id, version, number, placed_at, body, counted_at)"
                " SELECT :shop, n::text, :at, n::text, :at, '{}', :at FROM generate_series(1, :used) n"
            ),
            {"shop": desk.shop_id, "at": START, "used": used},
        )
    push(desk, plugin)
    assert plugin.mails_off == off


def test_a_store_whose_clock_is_behind_speaks_for_itself_so_much_longer(db: Any, plugin: Plugin) -> None:
    """By its clock an order of now was placed before the flow was on, and is none of ours."""
    desk = connect_shop(db, on=False)
    turn(desk, "order_confirmation", True, START + timedelta(minutes=5))
    plugin.says = (200, {**ANSWER, "offset": -600})
    for minutes, off in ((5, []), (14, []), (15, list(CONFIRMED))):
        push(desk, plugin, START + timedelta(minutes=minutes))
        assert plugin.mails_off == off, minutes
    plugin.says = (200, {**ANSWER, "offset": 600})
    turn(desk, "shipped", True, START + timedelta(minutes=20))
    push(desk, plugin, START + timedelta(minutes=20))
    assert plugin.mails_off == [*CONFIRMED, *SHIPPED], "one that is ahead makes nothing older than it is"


def test_of_a_plugin_whose_clock_nobody_knows_nothing_is_silenced_yet(desk: Desk, plugin: Plugin) -> None:
    push(desk, plugin)
    assert [told["mails_off"] for told in plugin.told] == [[], ALL_OFF]


def test_what_changes_while_it_is_told_is_told_at_once(desk: Desk, plugin: Plugin) -> None:
    push(desk, plugin)
    plugin.meanwhile = lambda: turn(desk, "shipped", False)
    push(desk, plugin)
    assert [told["mails_off"] for told in plugin.told[-2:]] == [ALL_OFF, [*CONFIRMED, *LOST]]
    assert health(desk).pushed["mails_off"] == [*CONFIRMED, *LOST]


def test_a_shop_that_leaves_while_it_is_told_has_nothing_noted(desk: Desk, plugin: Plugin) -> None:
    def leave() -> None:
        with desk.database.shops(desk.shop_id) as session:
            close_generation(session, desk.shop_id, START)

    plugin.meanwhile = leave
    push(desk, plugin)
    assert len(plugin.told) == 1 and desk.rows("SELECT 1 FROM store_health") == []
    push(desk, plugin)
    assert len(plugin.told) == 1, "and hears nothing any more"


def test_what_an_ended_connection_was_told_says_nothing_of_the_next(desk: Desk, plugin: Plugin) -> None:
    def leave_and_come_back() -> None:
        with desk.database.shops(desk.shop_id) as session:
            close_generation(session, desk.shop_id, START)
        connect_shop(desk.database)

    plugin.meanwhile = leave_and_come_back
    push(desk, plugin)
    assert len(plugin.told) == 1 and desk.rows("SELECT 1 FROM store_health") == []


def due(desk: Desk, noun: str = HOOKS) -> datetime:
    (row,) = desk.rows("SELECT next_at FROM polls WHERE noun = :noun", noun=noun)
    next_at: datetime = row.next_at
    return next_at


def rest(desk: Desk, held: bool = False) -> None:
    with desk.database.shops(desk.shop_id) as session:
        session.execute(
            text("UPDATE polls SET held = :held, next_at = :later"),
            {"later": START + timedelta(hours=1), "held": held},
        )


@pytest.mark.parametrize("held", [False, True])
def test_a_switch_is_told_at_once(desk: Desk, held: bool) -> None:
    """Also while the poll is in hand: it may have told how things were."""
    for on in (False, True):
        rest(desk, held)
        turn(desk, "shipped", on)
        assert due(desk) < START, on
        assert due(desk, "orders") > START
    rest(desk, held)
    with desk.database.shops(desk.shop_id) as session:
        pause(session, desk.shop_id, START)
    assert due(desk) < START, "a shop that waits speaks for itself from now on"
    rest(desk, held)
    with desk.database.shops(desk.shop_id) as session:
        resume(session, desk.shop_id)
    assert due(desk) < START


def test_whoever_told_how_things_were_does_not_put_the_next_telling_off(desk: Desk, plugin: Plugin) -> None:
    """The switch turns when all has been told, and before the poll knows that it is done."""
    rest(desk)
    with desk.database.shops(desk.shop_id) as session:
        session.execute(text("UPDATE polls SET next_at = :now WHERE noun = 'hooks'"), {"now": START})
    plugin.meanwhile = None
    stores = plugin.stores(desk)
    subscribe = stores.connector(plugin.store(desk).platform)
    seen: list[str] = []

    class Pressing:
        def __getattr__(self, name: str) -> Any:
            return getattr(subscribe, name)

        def subscribe(self, *_: Any, **__: Any) -> tuple[str, ...]:
            turn(desk, "shipped", False)
            seen.append("pressed")
            return ()

    object.__setattr__(stores, "connector", lambda _: Pressing())
    assert run_poll(desk.database, stores, START, START, lambda: True)
    assert seen == ["pressed"]
    assert plugin.mails_off == ALL_OFF, "as it was"
    assert due(desk) <= START
    assert run_poll(desk.database, stores, START, START, lambda: True)
    assert plugin.mails_off == [*CONFIRMED, *LOST]


def test_the_table_knows_our_flows_and_no_mail_twice() -> None:
    assert REPLACED.keys() <= {flow.key for flow in PRESETS}
    replaced = [mail for mails in REPLACED.values() for mail in mails]
    assert len(replaced) == len(set(replaced)) and not set(replaced) & KEPT.keys()
    assert set(replaced) == {
        "customer_processing_order",
        "customer_completed_order",
        "customer_fulfillment_created",
        "customer_fulfillment_updated",
        "customer_fulfillment_deleted",
        "customer_refunded_order",
        "customer_partially_refunded_order",
        "customer_cancelled_order",
    }
    never = ("customer_on_hold_order", "customer_invoice", "customer_note", "customer_reset_password")
    assert set(never) | {"customer_new_account", "new_order"} <= KEPT.keys()
    whys = [why for table in (*REPLACED.values(), KEPT) for why in table.values()]
    assert all(why.endswith(".") for why in whys)
