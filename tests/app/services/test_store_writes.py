"""Writes that we owe a store: asked for once, leased, tried again, given up, and waiting for rights."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest

from app.db import Database
from app.services.connection import WRITE_LEASE, take_rights, write_again
from app.services.install import Attempt, connect
from app.services.patience import LONGEST_PAUSE, PAUSE
from app.services.store_writes import TRIES, owe, run_write
from app.services.stores import Stores
from connectors.base import (
    AccessLost,
    RightMissing,
    Store,
    StoreBusy,
    StoreFrozen,
    StoreGone,
    StoreRefused,
    StoreUnreachable,
    Unsupported,
)
from connectors.shopify.connector import ShopifyConnector
from connectors.shopify.keys import AppKeys
from connectors.writes import SetRating, Write, Written
from flows.commerce import Platform
from tests.app.desk import KEYS, START, Desk
from tests.app.services.statements import counted
from wire.http import HttpClient

SHOP = "hollow-pine.myshopify.com"


@dataclass
class Taking(ShopifyConnector):
    """A store that answers writes as the test says."""

    answers: list[Written | Exception] = field(default_factory=list)
    got: list[Write] = field(default_factory=list)
    meanwhile: Callable[[], None] = lambda: None

    def write(self, store: Store, what: Write) -> Written:
        self.got.append(what)
        self.meanwhile()
        answer = self.answers.pop(0) if self.answers else Written("gid://shopify/Product/1")
        if isinstance(answer, Exception):
            raise answer
        return answer


@pytest.fixture
def desk(db: Database) -> Desk:
    attempt = Attempt(Platform.SHOPIFY, SHOP, f"https://{SHOP}")
    shop = connect(db, KEYS, attempt, {"access_token": "t", "scope": "read_products"}, START, START)
    return Desk(db, shop.shop_id)


@pytest.fixture
def taking() -> Taking:
    return Taking()


def run(desk: Desk, taking: Taking) -> bool:
    keys = AppKeys("key", "secret", None)
    stores = Stores(
        lambda platform: taking, desk.keys, HttpClient(), "https://doorstep.example", keys, desk.database
    )
    return run_write(desk.database, stores, desk.real)


def ask(desk: Desk, *products: str, average: float = 4.5, count: int = 2) -> None:
    with desk.database.shops(desk.shop_id) as session:
        wanted = {f"stars:{id}": SetRating(id, average, count) for id in products}
        owe(session, desk.shop_id, wanted, desk.real)


def row(desk: Desk, key: str = "stars:1") -> Any:
    (found,) = desk.rows(
        "SELECT state, answer, error, next_at = 'infinity' AS waits, nullif(next_at, 'infinity') AS next_at"
        " FROM store_writes WHERE key = :key",
        key=key,
    )
    return found


def test_what_is_owed_is_written_once(desk: Desk, taking: Taking) -> None:
    ask(desk, "1")
    assert run(desk, taking)
    assert (row(desk).state, "Product/1" in row(desk).answer) == ("done", True)
    ask(desk, "1")
    assert not run(desk, taking)
    assert taking.got == [SetRating("1", 4.5, 2)]


def test_the_newest_value_counts(desk: Desk, taking: Taking) -> None:
    ask(desk, "1")
    ask(desk, "1", average=4.0, count=3)
    assert run(desk, taking) and not run(desk, taking)
    ask(desk, "1", average=3.0, count=4)
    assert run(desk, taking)
    assert taking.got == [SetRating("1", 4.0, 3), SetRating("1", 3.0, 4)]


def test_a_value_that_changed_while_it_was_written_is_written_again(desk: Desk, taking: Taking) -> None:
    def change() -> None:
        taking.meanwhile = lambda: None
        desk.real += timedelta(seconds=1)
        ask(desk, "1", average=1.0, count=9)

    taking.meanwhile = change
    ask(desk, "1")
    assert run(desk, taking)
    assert row(desk).state == "open"
    assert run(desk, taking)
    assert (row(desk).state, taking.got[-1]) == ("done", SetRating("1", 1.0, 9))


def test_a_newer_value_does_not_overtake_the_one_that_is_on_its_way(desk: Desk, taking: Taking) -> None:
    """Two calls at once could reach the store in the wrong order, and the older value would stay there."""
    seen: list[bool] = []

    def change() -> None:
        taking.meanwhile = lambda: None
        for average in (2.0, 1.0):
            desk.real += timedelta(seconds=1)
            ask(desk, "1", average=average)
            seen.append(run(desk, taking))

    taking.meanwhile = change
    ask(desk, "1")
    assert run(desk, taking) and run(desk, taking) and not run(desk, taking)
    assert seen == [False, False]
    assert [one.average for one in taking.got if isinstance(one, SetRating)] == [4.5, 1.0]


def test_nobody_else_writes_what_is_being_written(desk: Desk, taking: Taking) -> None:
    seen: list[bool] = []

    def look() -> None:
        taking.meanwhile = lambda: None
        seen.append(run(desk, taking))

    taking.meanwhile = look
    ask(desk, "1")
    assert run(desk, taking)
    assert (seen, len(taking.got)) == ([False], 1)


def test_a_process_that_died_leaves_its_write_to_the_next_after_the_lease(desk: Desk, taking: Taking) -> None:
    """The second try is the connector's to recognise as a repeat."""

    class Killed(BaseException):
        pass

    def die() -> None:
        taking.meanwhile = lambda: None
        raise Killed

    taking.meanwhile = die
    ask(desk, "1")
    with pytest.raises(Killed):
        run(desk, taking)
    assert not run(desk, taking)
    desk.real += WRITE_LEASE
    assert run(desk, taking)
    assert (row(desk).state, len(taking.got)) == ("done", 2)


@pytest.mark.parametrize(
    "error", [StoreUnreachable("broken"), ValueError("a bug of ours"), AccessLost("401"), StoreFrozen("402")]
)
def test_a_failure_that_may_pass_is_tried_again_later(desk: Desk, taking: Taking, error: Exception) -> None:
    taking.answers.append(error)
    ask(desk, "1")
    assert run(desk, taking)
    assert (row(desk).state, row(desk).next_at) == ("open", desk.real + PAUSE)
    assert type(error).__name__ in row(desk).error
    assert not run(desk, taking)


def test_pauses_double_up_to_an_hour_and_a_store_that_says_when_is_believed(
    desk: Desk, taking: Taking
) -> None:
    taking.answers += [StoreUnreachable("no")] * 12 + [StoreBusy("full", 5000.0)]
    ask(desk, "1")
    pauses = []
    for _ in range(13):
        assert run(desk, taking)
        pauses.append(row(desk).next_at - desk.real)
        desk.real = row(desk).next_at
    assert pauses[:3] == [PAUSE, PAUSE * 2, PAUSE * 4]
    assert pauses[11] == LONGEST_PAUSE
    assert pauses[12] == timedelta(seconds=5000)


@pytest.mark.parametrize("error", [StoreRefused("never"), StoreGone("404"), Unsupported("no way")])
def test_what_trying_cannot_help_is_given_up_with_its_reason(
    desk: Desk, taking: Taking, error: Exception
) -> None:
    taking.answers.append(error)
    ask(desk, "1", "2")
    assert run(desk, taking)
    given_up = desk.rows("SELECT error FROM store_writes WHERE state = 'given_up'")
    assert [str(error) in one.error for one in given_up] == [True]
    assert run(desk, taking) and not run(desk, taking)  # the other one goes on


def test_after_eighty_tries_it_is_given_up_but_for_a_shop_that_is_shut(desk: Desk, taking: Taking) -> None:
    ask(desk, "1")
    for error, state in ((StoreFrozen("402"), "open"), (StoreUnreachable("no"), "given_up")):
        desk.rows(
            "UPDATE store_writes SET attempts = :tries, next_at = :now RETURNING key",
            tries=TRIES,
            now=desk.real,
        )
        taking.answers.append(error)
        assert run(desk, taking)
        assert row(desk).state == state


def test_a_write_waits_for_its_right_and_goes_on_when_it_is_given(desk: Desk, taking: Taking) -> None:
    taking.answers.append(RightMissing(("write_products",)))
    ask(desk, "1")
    assert run(desk, taking)
    assert (row(desk).state, row(desk).waits) == ("open", True)
    desk.real += timedelta(days=365)
    assert not run(desk, taking)
    grant(desk, "read_products")  # what we had already
    assert not run(desk, taking)
    grant(desk, "read_products", "write_products")
    assert run(desk, taking)
    assert row(desk).state == "done"


def test_rights_that_come_with_a_new_grant_are_enough(desk: Desk, taking: Taking) -> None:
    """The message about them comes later, and is no news by then."""
    taking.answers.append(RightMissing(("write_products",)))
    ask(desk, "1")
    assert run(desk, taking)
    connected_again(desk, "read_products,write_products")
    grant(desk, "read_products", "write_products")
    assert run(desk, taking)
    assert row(desk).state == "done"


def test_what_was_given_up_without_a_key_goes_on_with_the_next(desk: Desk, taking: Taking) -> None:
    taking.answers.append(AccessLost("401"))
    ask(desk, "1")
    desk.rows("UPDATE store_writes SET attempts = :tries RETURNING 1", tries=TRIES - 1)
    assert run(desk, taking)
    assert row(desk).state == "given_up"
    connected_again(desk, "read_products")
    assert run(desk, taking)
    assert row(desk).state == "done"


def connected_again(desk: Desk, scope: str) -> None:
    attempt = Attempt(Platform.SHOPIFY, SHOP, f"https://{SHOP}")
    connect(desk.database, KEYS, attempt, {"access_token": "t2", "scope": scope}, START, desk.real)


def test_what_was_given_up_gets_another_chance(desk: Desk, taking: Taking) -> None:
    taking.answers.append(StoreRefused("not now"))
    ask(desk, "1")
    run(desk, taking)
    with desk.database.shops(desk.shop_id) as session:
        write_again(session, desk.shop_id, desk.real)
    assert run(desk, taking)
    assert row(desk).state == "done"


def test_an_uninstalled_shop_is_owed_nothing(desk: Desk, taking: Taking) -> None:
    ask(desk, "1")
    desk.rows("UPDATE shops SET state = 'uninstalled' RETURNING id")
    assert run(desk, taking)
    assert (row(desk).state, taking.got) == ("done", [])


def test_asking_costs_the_same_for_one_as_for_five_hundred(desk: Desk, taking: Taking) -> None:
    with counted(desk.database) as one:
        ask(desk, "1")
    with counted(desk.database) as many:
        ask(desk, *[str(number) for number in range(2, 502)])
    assert len(one) == len(many)
    with counted(desk.database) as first:
        run(desk, taking)
    with counted(desk.database) as again:
        run(desk, taking)
    print(f"{len(one)} statements to ask, {len(first)} to do one")
    assert len(first) == len(again) < 12


def grant(desk: Desk, *scopes: str) -> None:
    with desk.database.shops(desk.shop_id) as session:
        take_rights(session, desk.shop_id, scopes, desk.real)
