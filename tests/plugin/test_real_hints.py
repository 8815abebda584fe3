"""Hints: signed by the plugin's PHP, sent over a real connection, taken by the running app; and everything
about one that a stranger could change is refused."""

from __future__ import annotations

import json
import random
import time
from typing import Any

import pytest
from sqlalchemy import text

from tests.plugin.conftest import Pair
from tests.plugin.heard import Request
from tests.proof import Count, Figure

TIME, SIGNATURE = "X-Doorstep-Time", "X-Doorstep-Signature"


def wishes(pair: Pair) -> list[tuple[str, str]]:
    return [
        (row.id, row.reason)
        for row in pair.site.rows("SELECT id, reason FROM wishes WHERE noun = 'order' ORDER BY id")
    ]


def hinted(pair: Pair, order: int = 41, to: str = "processing") -> Request:
    """The message that PHP sends when an order changes; the app has answered it."""
    before = len(pair.line.messages("hint"))
    pair.shop.test("order", id=order, data={"status": "pending", "email": "kim.vale@example.com"})
    pair.shop.test("status", id=order, to=to)
    pair.until(lambda: len(pair.line.messages("hint")) > before)
    return pair.line.messages("hint")[-1]


def forget(pair: Pair) -> None:
    with pair.site.runtime.database.shops(pair.site.woocommerce.shop_id) as session:
        session.execute(text("DELETE FROM wishes"))


def test_a_hint_is_a_read_that_we_owe(pair: Pair, figure: Figure) -> None:
    began = time.monotonic()
    sent = hinted(pair)
    pair.until(lambda: wishes(pair))
    figure("hint_seconds", time.monotonic() - began)
    assert json.loads(sent.body) == {"event": "status", "order": "41", "from": "pending", "to": "processing"}
    assert wishes(pair) == [("41", "hint: status pending -> processing")]
    assert b"kim.vale" not in sent.body and "kim.vale" not in str(sent.headers)


def test_refunds_and_parcels_are_told_too(pair: Pair) -> None:
    pair.shop.test("order", id=42, data={"status": "processing"})
    pair.shop.test("refund", id=42, refund=7)
    pair.until(lambda: wishes(pair) == [("42", "hint: refund")])
    forget(pair)
    pair.shop.test("fulfil", id=42)
    pair.until(lambda: wishes(pair) == [("42", "hint: fulfillment")])


def test_each_byte_counts(pair: Pair, count: Count) -> None:
    """One bit of the body, one digit of the signature, another time: refused, and nothing is stored."""
    sent = hinted(pair)
    pair.until(lambda: wishes(pair))
    forget(pair)
    chance, flips = random.Random(11), count(25, 400)
    for _ in range(flips):
        body = bytearray(sent.body)
        body[chance.randrange(len(body))] ^= 1 << chance.randrange(8)
        assert pair.line.send(sent, body=bytes(body)).status_code == 401, body
    signature, at = sent.headers[SIGNATURE], sent.headers[TIME]
    for place in chance.sample(range(64), min(flips, 64)):
        other = chance.choice([letter for letter in "0123456789abcdef" if letter != signature[place]])
        flipped = signature[:place] + other + signature[place + 1 :]
        assert pair.line.send(sent, headers={SIGNATURE: flipped}).status_code == 401, place
    for other in ("", signature.upper(), signature[:-1], signature * 2):
        assert pair.line.send(sent, headers={SIGNATURE: other}).status_code == 401, other
    for other in ("", "now", str(int(at) + 1), str(int(at) - 1), f"0{at}", f"+{at}", f"{at}.0"):
        assert pair.line.send(sent, headers={TIME: other}).status_code == 401, other
    assert wishes(pair) == []
    assert pair.line.send(sent).json() == {"outcome": "asked"}, "what was not changed is still good"


@pytest.mark.parametrize("missing", [TIME, SIGNATURE])
def test_without_a_header_it_is_nothing(pair: Pair, missing: str) -> None:
    sent = hinted(pair)
    pair.until(lambda: wishes(pair))
    forget(pair)
    bare = Request(
        sent.method,
        sent.path,
        sent.query,
        {name: value for name, value in sent.headers.items() if name != missing},
        sent.body,
    )
    assert pair.line.send(bare).status_code == 401
    assert wishes(pair) == []


def test_it_is_for_this_door_and_this_action_only(pair: Pair) -> None:
    sent = hinted(pair)
    pair.until(lambda: wishes(pair))
    forget(pair)
    for action in ("left", "export", "erase"):
        assert pair.line.send(sent, path=sent.path.replace("/hint", f"/{action}")).status_code == 401
    assert pair.line.send(sent, path=sent.path.replace(pair.token, "another-shop-s-token")).status_code == 401
    assert wishes(pair) == []
    assert pair.site.rows("SELECT state FROM shops")[0].state == "connected"


@pytest.mark.parametrize("ahead", [-310, 310, 10_800, -86_400])
def test_a_clock_that_went_wrong_is_refused_until_the_next_word(pair: Pair, ahead: int) -> None:
    """Nobody has told the plugin yet that its clock moved: what it signs is of another time."""
    pair.shop.again(ahead)
    refused = hinted(pair)
    assert pair.line.send(refused).status_code == 401
    assert wishes(pair) == []
    pair.push()
    assert pair.health().plugin["offset"] in (ahead - 1, ahead, ahead + 1)
    hinted(pair, 43)
    pair.until(lambda: [order for order, _ in wishes(pair)] == ["43"])


def test_an_app_that_is_away_costs_the_shop_nothing(pair: Pair, figure: Figure) -> None:
    """The order changes all the same, whether the app answers nonsense or nobody is there at all."""
    pair.line.deaf = True
    assert slowest(pair, 51) < 2
    pair.shop.app = "http://127.0.0.1:1"
    state = pair.shop.state
    kept: dict[str, Any] = state["options"]["doorstep_state"]["value"]
    kept["app"], kept["door"] = pair.shop.app, kept["door"].replace(pair.line.address, pair.shop.app)
    (pair.shop.folder / "state.json").write_text(json.dumps(state), "utf-8")
    pair.shop.again(0)
    seconds = slowest(pair, 52)
    figure("status_change_without_app_seconds", seconds)
    assert seconds < 2


def slowest(pair: Pair, order: int) -> float:
    pair.shop.test("order", id=order, data={"status": "pending"})
    began = time.monotonic()
    pair.shop.test("status", id=order, to="processing")
    assert pair.shop.state["orders"][str(order)]["status"] == "processing"
    return time.monotonic() - began
