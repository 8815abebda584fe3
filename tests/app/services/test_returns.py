"""Returns are kept as they are told: thin, in any order, one of them before anybody says of what order."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from app.queries.pictures import load_pictures
from connectors.base import Noun, Reading, Wish
from flows.commerce import LineQuantity, Return, ReturnState
from tests.app.desk import START, Desk, an_order

UNDATED = datetime(1970, 1, 1, tzinfo=UTC)
READ_AT = START + timedelta(days=3)
LINES = (LineQuantity("l1", 1),)


def _known(desk: Desk) -> tuple[Return, ...]:
    with desk.database.shops(desk.shop_id) as session:
        return load_pictures(session, [(desk.shop_id, "13")])[desk.shop_id, "13"].returns


def test_one_without_its_order_waits_for_it(desk: Desk) -> None:
    desk.read(Reading(orders=(an_order(),)))
    ask = Wish(Noun.RETURN, "r1", "names no order")
    desk.read(Reading(returns=(Return("r1", "", UNDATED, ReturnState.REQUESTED),), wishes=(ask,)))
    assert [(row.noun, row.id) for row in desk.rows("SELECT noun, id FROM wishes")] == [("return", "r1")]
    assert _known(desk) == ()
    found = Return("r1", "13", READ_AT, ReturnState.OPEN, "#13-R1", LINES)
    desk.read(Reading(returns=(found,)))
    assert _known(desk) == (found,)
    desk.read(Reading(returns=(Return("r1", "", UNDATED, ReturnState.REQUESTED),)))
    assert _known(desk) == (found,)


def test_a_thin_message_moves_it_on_and_takes_nothing(desk: Desk) -> None:
    desk.read(Reading(orders=(an_order(),)))
    desk.read(
        Reading(returns=(Return("r1", "13", READ_AT, ReturnState.OPEN, "#13-R1", LINES, exchange=True),))
    )
    desk.read(Reading(returns=(Return("r1", "13", UNDATED, ReturnState.CLOSED),)))
    desk.read(Reading(returns=(Return("r1", "13", UNDATED, ReturnState.REQUESTED),)))
    assert _known(desk) == (Return("r1", "13", READ_AT, ReturnState.CLOSED, "#13-R1", LINES, exchange=True),)


def test_one_that_came_before_its_order_is_there_when_it_comes(desk: Desk) -> None:
    asked = Return("r1", "13", UNDATED, ReturnState.REQUESTED, lines=LINES)
    desk.read(Reading(returns=(asked,)))
    assert [(row.noun, row.id) for row in desk.rows("SELECT noun, id FROM wishes")] == [("order", "13")]
    desk.read(Reading(orders=(an_order(),)))
    assert _known(desk) == (asked,)
