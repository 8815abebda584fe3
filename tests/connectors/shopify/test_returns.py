"""Messages of returns and exchanges: thin, without dates, and one of them without its order."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest

from app.services.merging import merge_returns
from connectors.base import Malformed, Noun, Reading, Wish
from connectors.shopify.fields import body
from connectors.shopify.returns import UNDATED, return_reading
from flows.commerce import LineQuantity, Return, ReturnState
from tests.connectors.shopify.samples import sample

RETURN, ORDER = "123134564567890", "4783296544821"


def _told(item: Any) -> Reading:
    return return_reading(body(item, "body"), None)


def _line(number: int, quantity: int, note: str | None = None) -> dict[str, Any]:
    """A line of a return as live messages hold it."""
    order_line = {"id": number, "admin_graphql_api_id": f"gid://shopify/LineItem/{number}"}
    return {
        "id": number + 1,
        "admin_graphql_api_id": f"gid://shopify/ReturnLineItem/{number + 1}",
        "fulfillment_line_item": {"id": number + 2, "line_item": order_line},
        "quantity": quantity,
        "return_reason": "unwanted",
        "return_reason_note": "",
        "customer_note": note,
    }


@pytest.mark.parametrize(
    ("topic", "state"),
    [
        ("returns/request", ReturnState.REQUESTED),
        ("returns/approve", ReturnState.OPEN),
        ("returns/decline", ReturnState.DECLINED),
        ("returns/cancel", ReturnState.CANCELLED),
        ("returns/close", ReturnState.CLOSED),
    ],
)
def test_each_sample_moves_its_return(topic: str, state: ReturnState) -> None:
    told = _told(sample(topic)).returns[0]
    assert (told.id, told.order_id, told.state, told.version) == (RETURN, ORDER, state, UNDATED)


def test_a_decline_says_why() -> None:
    said = "As discussed on the phone, the 30-day return window has ended."
    assert _told(sample("returns/decline")).returns[0].reason == said
    bare = {**sample("returns/decline"), "decline": {"reason": "RETURN_PERIOD_ENDED", "note": None}}
    assert _told(bare).returns[0].reason == "return_period_ended"


def test_an_exchange_is_told_by_what_goes_out() -> None:
    assert _told(sample("returns/approve")).returns[0].exchange
    assert not _told(sample("returns/request")).returns[0].exchange
    counted = {**sample("returns/request"), "total_exchange_line_items": 1}
    assert _told(counted).returns[0].exchange


def test_lines_are_those_of_the_order() -> None:
    item = {
        **sample("returns/request"),
        "name": "#1106-R2",
        "return_line_items": [_line(700, 1), _line(800, 2, " Too small "), _line(700, 1), {"quantity": 4}],
    }
    told = _told(item)
    assert told.returns[0].lines == (LineQuantity("700", 2), LineQuantity("800", 2))
    assert (told.returns[0].reason, told.returns[0].name) == ("Too small", "#1106-R2")
    assert told.wishes == ()


def test_lines_that_are_only_counted_are_asked_for() -> None:
    assert _told(sample("returns/request")).wishes == (
        Wish(Noun.ORDER, ORDER, "the return came without its lines"),
    )
    assert _told(sample("returns/close")).wishes == ()


def test_an_update_names_no_order_and_moves_nothing() -> None:
    """It tells differences; the return itself is asked for, and what is known of it stays."""
    told = _told(sample("returns/update"))
    assert told.wishes == (Wish(Noun.RETURN, RETURN, "the message of the return names no order"),)
    assert told.returns == (Return(RETURN, "", UNDATED, ReturnState.REQUESTED),)
    known = Return(RETURN, ORDER, UNDATED, ReturnState.OPEN, lines=(LineQuantity("700", 1),))
    assert merge_returns(known, told.returns[0]) == known
    assert merge_returns(told.returns[0], known) == known


def test_every_order_of_messages_leads_to_one_return() -> None:
    request = {**sample("returns/request"), "return_line_items": [_line(700, 1, "Too small")]}
    close = sample("returns/close")
    approve = {**sample("returns/approve"), "return_line_items": [_line(700, 1, "Too small")]}
    ends = set()
    for messages in permutations([request, approve, close]):
        held, *later = (_told(message).returns[0] for message in messages)
        for one in later:
            held = merge_returns(held, one)
        ends.add(held)
    assert len(ends) == 1
    last = ends.pop()
    assert (last.state, last.exchange, last.lines) == (ReturnState.CLOSED, True, (LineQuantity("700", 1),))


@pytest.mark.parametrize("status", [None, "", "reopened", "OPENED"])
def test_an_unknown_word_moves_no_return(status: str | None) -> None:
    told = _told({**sample("returns/close"), "status": status}).returns[0]
    assert told.state is ReturnState.REQUESTED


@pytest.mark.parametrize(
    ("changed", "where"),
    [
        ({"id": None, "admin_graphql_api_id": None}, "body.id: missing"),
        ({"order": "x"}, "body.order: not an object"),
        ({"order": {}}, r"body.order.id: missing"),
        ({"return_line_items": [5]}, r"return_line_items\[0\]: not an object"),
        ({"return_line_items": [{**_line(1, 1), "quantity": -1}]}, r"return_line_items\[0\].quantity"),
        ({"status": {}}, "body.status: not a text"),
    ],
)
def test_what_cannot_be_is_named(changed: dict[str, Any], where: str) -> None:
    with pytest.raises(Malformed, match=where):
        _told({**sample("returns/request"), **changed})
