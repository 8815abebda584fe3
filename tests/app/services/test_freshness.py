"""No mail on old news: the order is read again first, once, and the mail leaves as soon as that is done."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from app.queries.freshness import last_confirmed
from app.services.poll_rows import claim_poll
from connectors.base import Reading
from flows.commerce import OrderState
from tests.app.desk import Desk, an_order
from tests.app.services.offers import NOON, Box, open_shop, plan, run
from tests.app.services.statements import counted

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.fixture(autouse=True)
def opened(desk: Desk) -> None:
    open_shop(desk, "mia@example.com")


def later(desk: Desk, by: timedelta) -> None:
    desk.now, desk.real = desk.now + by, desk.real + by


def mail(desk: Desk, message: int) -> Any:
    (row,) = desk.rows("SELECT * FROM messages WHERE id = :id", id=message)
    return row


def wished(desk: Desk) -> list[tuple[str, str]]:
    return [(row.noun, row.id) for row in desk.rows("SELECT noun, id FROM wishes")]


def the_store_says(desk: Desk, **changes: Any) -> None:
    told = an_order(id="0", number="0", email="mia@example.com", at=NOON - HOUR)
    desk.read(Reading(orders=(replace(told, version=desk.now, **changes),)))
    desk.rows("DELETE FROM wishes RETURNING 1")


@pytest.mark.parametrize("flow", ["shipped", "care_warranty", "win_back"])
def test_an_order_that_was_told_lately_is_fresh(desk: Desk, flow: str) -> None:
    later(desk, 60 * MINUTE)
    plan(desk, flow)
    assert run(desk, Box()) == [flow] and not wished(desk)


@pytest.mark.parametrize("flow", ["shipped", "care_warranty", "win_back"])
def test_an_older_one_is_read_again_first(desk: Desk, flow: str) -> None:
    later(desk, 61 * MINUTE)
    waits, box = plan(desk, flow), Box()
    assert run(desk, box) == []
    assert (mail(desk, waits).state, mail(desk, waits).reason) == ("due", "being_read_again")
    assert mail(desk, waits).next_at > desk.now
    assert wished(desk) == [("order", "0")]
    the_store_says(desk)
    assert run(desk, box) == [flow], "at once, not when it would have looked by itself"


def test_what_the_store_says_then_counts(desk: Desk) -> None:
    """Deleted while no message of the store came through."""
    later(desk, 61 * MINUTE)
    waits = plan(desk, "care_warranty")
    run(desk, Box())
    the_store_says(desk, state=OrderState.GONE)
    assert run(desk, Box()) == []
    assert (mail(desk, waits).state, mail(desk, waits).reason) == ("skipped", "order_gone")


def test_an_older_word_confirms_nothing(desk: Desk) -> None:
    later(desk, 61 * MINUTE)
    waits = plan(desk, "care_warranty")
    old = an_order(id="0", number="0", email="mia@example.com", at=NOON - 3 * HOUR)
    desk.read(Reading(orders=(old,)))
    assert run(desk, Box()) == []
    assert mail(desk, waits).reason == "being_read_again"


def test_one_read_for_an_order_however_many_mails_wait(desk: Desk) -> None:
    later(desk, 61 * MINUTE)
    plan(desk, "care_warranty"), plan(desk, "win_back"), plan(desk, "shipped")
    run(desk, Box())
    (first,) = desk.rows("SELECT * FROM wishes")
    later(desk, 20 * MINUTE)
    run(desk, Box())
    (again,) = desk.rows("SELECT * FROM wishes")
    assert again.asked_at == first.asked_at, "the read that is wished for is not asked for anew"


def test_a_store_that_does_not_answer_holds_back_all_but_what_the_order_demands(desk: Desk) -> None:
    later(desk, 61 * MINUTE)
    plan(desk, "shipped")
    care = plan(desk, "care_warranty", expires=DAY)
    box = Box()
    assert run(desk, box) == []
    later(desk, 9 * MINUTE)
    assert run(desk, box) == []
    later(desk, MINUTE)
    assert run(desk, box) == ["shipped"]
    later(desk, DAY)
    assert run(desk, box) == []
    assert mail(desk, care).state == "expired"


def test_what_waited_once_and_got_old_again_is_read_again(desk: Desk) -> None:
    """The store answered, but the mail's own way was closed for two hours."""
    later(desk, 61 * MINUTE)
    waits, box = plan(desk, "shipped"), Box()
    run(desk, box)
    the_store_says(desk)
    desk.rows("UPDATE messages SET next_at = :at, reason = 'connect' RETURNING 1", at=desk.now + 2 * HOUR)
    later(desk, 2 * HOUR)
    assert run(desk, box) == [] and wished(desk) == [("order", "0")]
    assert mail(desk, waits).reread_at == desk.real
    later(desk, 9 * MINUTE)
    assert run(desk, box) == []
    later(desk, MINUTE)
    assert run(desk, box) == ["shipped"]


def test_the_shop_says_how_fresh_and_how_long(desk: Desk) -> None:
    limits = "INSERT INTO mail_limits VALUES (:shop, 96, 5, 3, 0, 0, false, 30, 0, 60, NULL, :at) RETURNING 1"
    desk.rows(limits, shop=desk.shop_id, at=NOON)
    later(desk, 31 * MINUTE)
    parcel, box = plan(desk, "shipped"), Box()
    plan(desk, "care_warranty")
    assert run(desk, box) == ["care_warranty"], "0: however long ago"
    later(desk, 5 * HOUR)
    assert run(desk, box) == []
    assert mail(desk, parcel).reason == "being_read_again", "it waits like all others"


def test_a_look_at_all_changes_confirms_every_order(desk: Desk) -> None:
    """As of ten minutes before it began; at a store with a trash, only together with a look there."""
    key = (desk.shop_id, "0")

    def confirmed() -> Any:
        with desk.database.shops(desk.shop_id) as session:
            return last_confirmed(session, [key])[key]

    def looked(noun: str, minutes: int) -> None:
        desk.rows(
            "UPDATE polls SET confirmed_at = :at WHERE noun = :noun RETURNING 1",
            noun=noun,
            at=NOON + minutes * MINUTE,
        )

    assert confirmed() == NOON
    looked("orders", 100)
    assert confirmed() == NOON, "nothing was looked for in the trash"
    looked("trash", 95)
    assert confirmed() == NOON + 90 * MINUTE
    looked("orders", 120)
    assert confirmed() == NOON + 95 * MINUTE
    later(desk, 150 * MINUTE)
    plan(desk, "care_warranty")
    assert run(desk, Box()) == ["care_warranty"] and not wished(desk)


def test_a_look_that_goes_on_later_confirms_as_of_its_beginning(desk: Desk) -> None:
    desk.rows("UPDATE polls SET next_at = 'infinity' WHERE noun <> 'orders' RETURNING 1")
    for minutes in (0, 30):
        desk.rows("UPDATE polls SET next_at = :at WHERE noun = 'orders' RETURNING 1", at=NOON)
        poll = claim_poll(desk.database, NOON + minutes * MINUTE, NOON + minutes * MINUTE)
        assert poll is not None and poll.noun == "orders"
    (row,) = desk.rows("SELECT asked_at FROM polls WHERE noun = 'orders'")
    assert row.asked_at == NOON


def test_waiting_costs_the_same_for_one_as_for_many(desk: Desk) -> None:
    counts = []
    for size in (1, 20, 60):
        orders = tuple(
            an_order(id=f"{size}-{n}", number="1", at=NOON - HOUR, email="x@y.example") for n in range(size)
        )
        desk.read(Reading(orders=orders))
        desk.rows("UPDATE messages SET state = 'cancelled' RETURNING 1")
        later(desk, 2 * HOUR)
        for n in range(size):
            plan(desk, "shipped", f"{size}-{n}")
        with counted(desk.database) as seen:
            run(desk, Box(), limit=500)
        counts.append(len(seen))
    assert counts[0] == counts[1] == counts[2], counts
