"""A mail of the store's own is held back only while ours leave: what is unread, stuck or means something else
lets the store speak for itself, and a word that did not arrive is said again soon."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from app.services.heal import run_poll
from app.services.held_mails import settle_held
from app.services.plugin_settings import push_settings
from app.services.polls import HOOKS, poke
from app.services.shipment_words import save_words
from app.services.switches import switch_off
from connectors.base import Reading, ShipmentWords
from flows.commerce import Order
from flows.shop_mails import REPLACED, HeldMail
from tests.app.desk import START, Desk, a_parcel, an_order
from tests.app.services.plugin_standin import Plugin, plugin_standin
from tests.app.services.statements import counted

ALL_OFF = [mail for mails in REPLACED.values() for mail in mails]
PROCESSING = "customer_processing_order"


@pytest.fixture
def plugin() -> Iterator[Plugin]:
    with plugin_standin() as held:
        yield held


def _told(desk: Desk, plugin: Plugin, minutes: float = 0) -> list[str]:
    at = START + timedelta(minutes=minutes)
    push_settings(desk.database, plugin.stores(desk), desk.shop_id, plugin.store(desk), at, at)
    return plugin.mails_off


@pytest.mark.parametrize(("minutes", "off"), [(29, ALL_OFF), (31, [])])
def test_orders_that_are_not_read(desk: Desk, plugin: Plugin, minutes: int, off: list[str]) -> None:
    assert _told(desk, plugin, minutes) == off
    desk.rows(
        "UPDATE polls SET looked_at = :at WHERE noun = 'orders' RETURNING 1",
        at=START + minutes * timedelta(minutes=1),
    )
    assert _told(desk, plugin, minutes) == ALL_OFF


def test_a_jump_of_the_sandbox_s_time_is_no_silence(desk: Desk, plugin: Plugin) -> None:
    jumped = START + timedelta(days=3)
    push_settings(desk.database, plugin.stores(desk), desk.shop_id, plugin.store(desk), jumped, START)
    assert plugin.mails_off == ALL_OFF


@pytest.mark.parametrize(("lane", "minutes", "off"), [(0, 14, False), (0, 16, True), (1, 16, False)])
def test_a_mail_that_does_not_leave(desk: Desk, plugin: Plugin, lane: int, minutes: int, off: bool) -> None:
    desk.read(Reading(orders=(an_order(at=START),)))
    rows = desk.rows("UPDATE messages SET lane = :lane, due_at = :at RETURNING state", lane=lane, at=START)
    assert [row.state for row in rows] == ["due"]
    assert (_told(desk, plugin, minutes) == []) is off
    desk.rows("UPDATE messages SET state = 'sent' RETURNING 1")
    assert _told(desk, plugin, minutes) == ALL_OFF


@pytest.mark.parametrize(("why", "off"), [("recipient_deferred", False), ("login_deferred", True)])
def test_one_persons_mailbox_says_nothing_of_the_others(
    desk: Desk, plugin: Plugin, why: str, off: bool
) -> None:
    desk.read(Reading(orders=(an_order(at=START),)))
    desk.rows("UPDATE messages SET due_at = :at, reason = :why RETURNING 1", at=START, why=why)
    assert (_told(desk, plugin, 20) == []) is off


@pytest.mark.parametrize(("minutes", "off"), [(14, False), (16, True)])
def test_a_message_that_nobody_takes_in(desk: Desk, plugin: Plugin, minutes: int, off: bool) -> None:
    desk.rows(
        "INSERT INTO inbox (shop_id, topic, dedupe, body, received_at) VALUES (:shop, 'order.updated', 'd',"
        " '{}', :at) RETURNING 1",
        shop=desk.shop_id,
        at=START,
    )
    assert (_told(desk, plugin, minutes) == []) is off
    desk.rows("UPDATE inbox SET state = 'done' RETURNING 1")
    assert _told(desk, plugin, minutes) == ALL_OFF


@pytest.mark.parametrize(
    ("meaning", "leaves"), [("shipped", True), ("delivered", True), ("nothing", False), ("partly", False)]
)
def test_completed_in_the_merchants_own_words(desk: Desk, plugin: Plugin, meaning: str, leaves: bool) -> None:
    with desk.database.shops(desk.shop_id) as session:
        words = ShipmentWords({"completed": meaning})
        assert save_words(session, desk.shop_id, "", words, "Malin", START, START)
    assert ("customer_completed_order" in _told(desk, plugin)) is leaves
    assert set(plugin.mails_off) | {"customer_completed_order"} == set(ALL_OFF)


def test_other_words_are_told_at_once(desk: Desk) -> None:
    later = START + timedelta(hours=1)
    desk.rows("UPDATE polls SET next_at = :at RETURNING 1", at=later + timedelta(minutes=9))
    with desk.database.shops(desk.shop_id) as session:
        words = ShipmentWords({"completed": "nothing"})
        assert save_words(session, desk.shop_id, "", words, "Malin", later, later)
    assert _due(desk) == later


def _due(desk: Desk, noun: str = HOOKS) -> Any:
    (row,) = desk.rows("SELECT next_at FROM polls WHERE noun = :noun", noun=noun)
    return row.next_at


@pytest.mark.parametrize(("before", "soon"), [(5, True), (40, False)])
def test_a_switch_off_that_did_not_arrive_is_said_again_soon(
    desk: Desk, plugin: Plugin, before: int, soon: bool
) -> None:
    """Unless the plugin has not heard of us for so long that it holds nothing back anyway."""
    _told(desk, plugin)
    at = START + timedelta(minutes=before)
    with desk.database.shops(desk.shop_id) as session:
        switch_off(session, desk.shop_id, "shipped", START)
        poke(session, desk.shop_id, HOOKS, START - timedelta(days=1))
    desk.rows("UPDATE polls SET looked_at = :at RETURNING 1", at=at)
    plugin.says = (500, {})
    stores = plugin.stores(desk)
    assert run_poll(desk.database, _still(stores), at, at, lambda: True)
    assert (_due(desk) <= at + timedelta(minutes=1)) is soon


def test_what_did_not_arrive_and_holds_back_less_has_time(desk: Desk, plugin: Plugin) -> None:
    with desk.database.shops(desk.shop_id) as session:
        switch_off(session, desk.shop_id, "shipped", START)
    _told(desk, plugin)
    plugin.says = (500, {})
    with desk.database.shops(desk.shop_id) as session:
        poke(session, desk.shop_id, HOOKS, START - timedelta(days=1))
    assert run_poll(desk.database, _still(plugin.stores(desk)), START, START, lambda: True)
    assert _due(desk) > START + timedelta(minutes=1)


def _still(stores: Any) -> Any:
    """Whose webhooks are as they should be."""

    class Still:
        def __init__(self, real: Any) -> None:
            self.tell_plugin = real.tell_plugin

        def subscribe(self, *_: Any, **__: Any) -> tuple[str, ...]:
            return ()

    real = stores.connector
    object.__setattr__(stores, "connector", lambda platform: Still(real(platform)))
    return stores


def _held(**changes: Any) -> Order:
    return an_order(shop_held=(HeldMail(PROCESSING, changes.pop("held_at", START)),), **changes)


def test_marks_of_before_the_connection_are_nobodys(desk: Desk) -> None:
    desk.read(Reading(orders=(_held(id="1", at=START - timedelta(days=2)), _held(id="2"))))
    assert [row.order_id for row in desk.rows("SELECT order_id FROM held_mails")] == ["2"]


def test_what_is_held_back_again_is_another_mail(desk: Desk) -> None:
    desk.read(Reading(orders=(_held(),)))
    desk.rows("UPDATE held_mails SET state = 'replaced' RETURNING 1")
    desk.read(Reading(orders=(_held(),)))
    assert desk.rows("SELECT state FROM held_mails")[0].state == "replaced"
    desk.read(Reading(orders=(_held(held_at=START + timedelta(hours=1)),)))
    assert desk.rows("SELECT state FROM held_mails")[0].state == "held"


def test_names_that_are_no_mails_of_ours_are_not_kept(desk: Desk) -> None:
    marks = tuple(
        HeldMail(mail, START) for mail in ("new_order", "customer_note", "customer_fulfillment_updated")
    )
    desk.read(Reading(orders=(an_order(shop_held=marks),)))
    assert desk.rows("SELECT 1 FROM held_mails") == []


def test_any_number_costs_two_statements(desk: Desk) -> None:
    def reading(first: int, count: int, *, held: bool) -> Reading:
        made = _held if held else an_order
        return Reading(orders=tuple(made(id=str(first + n), number=str(first + n)) for n in range(count)))

    desk.read(reading(0, 1, held=False))
    costs = []
    for first, count, held in ((100, 1, False), (200, 1, True), (300, 50, True)):
        with counted(desk.database) as statements:
            desk.read(reading(first, count, held=held))
        costs.append(len(statements))
    assert (costs[1] - costs[0], costs[2]) == (2, costs[1])


def test_settling_any_number_costs_as_much_as_one(desk: Desk) -> None:
    """Of each kind: replaced, and for the store to send."""
    costs, at = [], START + timedelta(minutes=20)
    for first, count in ((100, 2), (200, 100)):
        made = tuple(_held(id=str(first + n), number=str(first + n)) for n in range(count))
        desk.read(Reading(orders=made))
        states = "state = CASE WHEN order_id::int % 2 = 0 THEN 'sent' ELSE 'failed' END"
        desk.rows(f"UPDATE messages SET {states} WHERE state = 'due' RETURNING 1")
        with counted(desk.database) as statements:
            assert settle_held(desk.database, desk.shop_id, at, at) == count / 2
        costs.append(len(statements))
    assert costs[0] == costs[1] < 12
    rows = desk.rows("SELECT state, count(*) AS n FROM held_mails GROUP BY state")
    assert {row.state: row.n for row in rows} == {"replaced": 51, "released": 51}
    (row,) = desk.rows("SELECT count(*) AS n FROM store_writes WHERE kind = 'release_mail'")
    assert row.n == 51


def test_what_is_under_way_or_has_its_time_is_left(desk: Desk) -> None:
    at = START + timedelta(minutes=20)
    for state, due, settled in (
        ("sending", START, False),
        ("due", at - timedelta(minutes=14), False),
        ("claimed", at + timedelta(hours=3), False),
        ("unknown", START, True),
        ("due", at - timedelta(minutes=16), True),
    ):
        order = _held(id=f"{state}{due}", number="9")
        desk.read(Reading(orders=(order,)))
        desk.rows(
            "UPDATE messages SET state = :state, due_at = :due WHERE order_id = :id RETURNING 1",
            state=state,
            due=due,
            id=order.id,
        )
        settle_held(desk.database, desk.shop_id, at, at)
        (row,) = desk.rows("SELECT state FROM held_mails WHERE order_id = :id", id=order.id)
        assert (row.state != "held") is settled, (state, due)


def test_a_parcel_that_was_refused_after_one_that_was_sent_is_for_the_store(desk: Desk) -> None:
    at = START + timedelta(days=2)
    order = an_order(shop_held=(HeldMail("customer_completed_order", START + timedelta(days=1, hours=1)),))
    desk.read(Reading(orders=(order,), parcels=(a_parcel(),)))
    desk.rows("UPDATE messages SET state = 'sent' WHERE flow_key = 'shipped' RETURNING 1")
    with desk.database.shops(desk.shop_id) as session:
        switch_off(session, desk.shop_id, "shipped", START)
    desk.now = at
    desk.read(Reading(parcels=(a_parcel(id="t2", at=START + timedelta(days=1, hours=1)),)))
    assert settle_held(desk.database, desk.shop_id, at, at) == 1
