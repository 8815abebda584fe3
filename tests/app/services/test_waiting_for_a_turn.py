"""A store that gets as many calls as it bears keeps one worker waiting, once, and no other shop."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest

from app.services.connection import write_again
from app.services.errands import run_errand
from app.services.heal import run_poll
from app.services.hinted_reads import read_hinted
from app.services.intake import ask_stores
from app.services.plugin_hints import take_hint
from app.services.store_writes import owe, run_write
from app.services.stores import AFTER_NO_TURN, Stores
from app.turns import Turns
from connectors.base import Noun, Wish
from connectors.woocommerce.plugin_message import Hint
from connectors.writes import NoteOrder
from tests.app.desk import START, Desk
from tests.app.services.plugin_standin import Plugin, plugin_standin

LATER = START + timedelta(minutes=2)
NEXT = LATER + timedelta(seconds=AFTER_NO_TURN)


@pytest.fixture
def plugin() -> Iterator[Plugin]:
    with plugin_standin() as held:
        yield held


@contextmanager
def crowded(desk: Desk, plugin: Plugin) -> Iterator[Stores]:
    """Both turns are taken, and nobody waits for one."""
    stores = replace(plugin.stores(desk), turns=Turns(None, patience=0.0))
    one, two = (stores.turns.taken(str(desk.shop_id), 60) for _ in range(2))
    with one, two:
        yield stores


def wished(desk: Desk, many: int) -> None:
    with desk.database.shops(desk.shop_id) as session:
        asked = [(desk.shop_id, Wish(Noun.ORDER, str(number))) for number in range(1, many + 1)]
        ask_stores(session, asked, LATER)


def times(desk: Desk, table: str) -> set[object]:
    return {
        row.next_at for row in desk.rows(f"SELECT next_at FROM {table} WHERE next_at <= :real", real=NEXT)
    }


def test_one_finds_out_for_all(desk: Desk, plugin: Plugin) -> None:
    wished(desk, 60)
    with desk.database.shops(desk.shop_id) as session:
        owe(session, desk.shop_id, {"k": NoteOrder("1", "x", "k")}, LATER)
    with crowded(desk, plugin) as stores:
        tries = 0
        while run_errand(desk.database, stores, LATER, LATER):
            tries += 1
        assert tries == 1
        assert not run_poll(desk.database, stores, LATER, LATER, lambda: False)
        assert not run_write(desk.database, stores, LATER)
    assert times(desk, "wishes") == times(desk, "polls") == times(desk, "store_writes") == {NEXT}
    assert {row.attempts for row in desk.rows("SELECT attempts FROM wishes")} == {0}
    assert plugin.asked == []


def test_what_comes_meanwhile_waits_for_no_turn(desk: Desk, plugin: Plugin) -> None:
    wished(desk, 1)
    with crowded(desk, plugin) as stores:
        assert run_errand(desk.database, stores, LATER, LATER)
    wished(desk, 2)
    while run_errand(desk.database, plugin.stores(desk), LATER, LATER):
        pass
    assert plugin.asked == [] and times(desk, "wishes") == {NEXT}
    assert run_errand(desk.database, plugin.stores(desk), NEXT, NEXT) and len(plugin.asked) == 1


def test_a_write_finds_out_for_all_too(desk: Desk, plugin: Plugin) -> None:
    wished(desk, 3)
    with desk.database.shops(desk.shop_id) as session:
        owe(session, desk.shop_id, {"k": NoteOrder("1", "x", "k")}, LATER)
        write_again(session, desk.shop_id, LATER)
    with crowded(desk, plugin) as stores:
        assert run_write(desk.database, stores, LATER)
    assert times(desk, "wishes") == times(desk, "store_writes") == {NEXT}


def test_a_poll_finds_out_for_all_too(desk: Desk, plugin: Plugin) -> None:
    wished(desk, 3)
    with crowded(desk, plugin) as stores:
        assert run_poll(desk.database, stores, LATER, LATER, lambda: False)
        assert not run_poll(desk.database, stores, LATER, LATER, lambda: False)
    assert times(desk, "wishes") == {NEXT}


def test_what_was_told_together_is_read_together_then(desk: Desk, plugin: Plugin) -> None:
    for number in ("7", "8", "9"):
        take_hint(desk.database, desk.shop_id, Hint(number, "hint: status", True), LATER)
    at = LATER + timedelta(seconds=2)
    with crowded(desk, plugin) as stores:
        assert read_hinted(desk.database, stores, at, at) and not read_hinted(desk.database, stores, at, at)
    at += timedelta(seconds=AFTER_NO_TURN)
    assert read_hinted(desk.database, plugin.stores(desk), at, at)
    assert plugin.asked == ["orders"] and desk.rows("SELECT id FROM wishes") == []
