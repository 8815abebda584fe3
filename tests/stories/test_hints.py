"""How soon a confirmation is there, with a running Doorstep and a WooCommerce store whose webhooks are as
late as they are in life: with the plugin's hints, and without them."""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests
from sqlalchemy import text

from app.services.heal import EVERY
from flows.commerce import Platform
from tests.proof import FULL, Count, Figure
from tests.stories.conftest import STORES, WOOCOMMERCE, Placed, Road

pytestmark = pytest.mark.timeout(900)

SHADE = "LK-SHADE-30"
CONFIRMED = "order_confirmation/confirmation"
# So long WP-Cron took in a store where somebody opened a page every five seconds, and where nobody did.
LATE = 64.0 if FULL else 47.0
# Orders a second: many times what a shop of this kind has on its best day.
PACE = 5


@pytest.fixture(autouse=True)
def habits(road: Road) -> Iterator[None]:
    """Each test leaves the store as it was."""
    _until_told(road)
    yield
    road.post(WOOCOMMERCE, "/sandbox/quirks", {"late_seconds": 0, "drop": False, "hints": True})


def test_with_hints_a_confirmation_is_there_within_five_seconds(
    road: Road, count: Count, figure: Figure
) -> None:
    road.post(WOOCOMMERCE, "/sandbox/quirks", {"late_seconds": LATE})
    orders, placed = count(30, 200), dict[str, datetime]()
    began = time.monotonic()
    for number in range(orders):
        email = f"hinted-{number}@example.com"
        placed[email] = datetime.now(UTC)
        road.order(WOOCOMMERCE, email, SHADE)
        time.sleep(max(0.0, began + (number + 1) / PACE - time.monotonic()))
    seconds = _seconds(road, placed, within=LATE - 5 - (time.monotonic() - began))
    _tell(figure, "order_to_mail_with_hints", seconds)
    assert len(seconds) == orders, "no webhook has left the store yet"
    assert _p95(seconds) <= 5
    assert _asked(road) >= orders * 0.9, "it was hints that brought them"


def test_without_hints_it_waits_for_the_webhook(road: Road, figure: Figure) -> None:
    road.post(WOOCOMMERCE, "/sandbox/quirks", {"late_seconds": LATE, "hints": False})
    placed = {}
    for number in range(3):
        placed[f"unhinted-{number}@example.com"] = datetime.now(UTC)
        road.order(WOOCOMMERCE, f"unhinted-{number}@example.com", SHADE)
    seconds = _seconds(road, placed, within=LATE + 20)
    _tell(figure, "order_to_mail_without_hints", seconds)
    assert seconds[0] >= LATE - 1
    assert seconds[-1] <= LATE + 10


def test_the_webhooks_that_come_later_send_nothing_twice(road: Road) -> None:
    """Those of the orders before, whose confirmations left long ago."""
    end = time.monotonic() + LATE + 30
    while _webhooks(road) < len(_hinted(road)):
        assert time.monotonic() < end, (_webhooks(road), len(_hinted(road)))
        time.sleep(0.5)
    road.rest()
    assert [mail["to"] for mail in _hinted(road)] == sorted(
        {mail["to"] for mail in _hinted(road)}, key=_number
    )


def test_without_hints_and_webhooks_it_waits_for_the_poll(road: Road, figure: Figure) -> None:
    """The bound is the poll's: ten minutes, and what it takes from there."""
    road.post(WOOCOMMERCE, "/sandbox/quirks", {"drop": True, "hints": False})
    asked = datetime.now(UTC)
    road.order(WOOCOMMERCE, "polled@example.com", SHADE)
    (poll,) = road.rows(
        "SELECT p.next_at FROM polls p JOIN shops s ON s.id = p.shop_id"
        " WHERE p.noun = 'orders' AND s.platform = 'woocommerce'"
    )
    assert poll.next_at <= asked + EVERY[Platform.WOOCOMMERCE] + timedelta(seconds=30)
    time.sleep(6)
    assert road.steps("polled@example.com") == []
    now = datetime.now(UTC)
    with road.database.crossing() as session:
        session.execute(text("UPDATE polls SET next_at = :now WHERE noun = 'orders'"), {"now": now})
    (seconds,) = _seconds(road, {"polled@example.com": now}, within=20)
    figure("poll_to_mail_seconds", seconds)
    figure("poll_every_seconds", EVERY[Platform.WOOCOMMERCE].total_seconds())
    assert seconds <= 5


def test_the_store_holds_back_only_what_doorstep_sends(road: Road) -> None:
    """One mail for each order, whoever sends it; on, off, and on again."""
    for number, on in enumerate((True, False, True)):
        email = f"switched-{number}@example.com"
        road.start.command(
            "flows", "--shop", WOOCOMMERCE, *([f"--{'on' if on else 'off'}", "order_confirmation"])
        )
        _until_told(road, "customer_processing_order", on)
        if not on:
            time.sleep(11)  # the undo: after it the flow is off for good
        order = road.order(WOOCOMMERCE, email, SHADE)
        if on:
            road.until(email, [CONFIRMED])
        own = _own_mails(road, order)
        assert own["customer_processing_order"] is not on, email
        assert own["new_order"], "the merchant's own mail always leaves"
        road.rest()
        assert road.steps(email) == ([CONFIRMED] if on else [])


def _own_mails(road: Road, order: Placed) -> dict[str, bool]:
    """Which mails of its own the store had for the order, and whether it sent them."""
    answer = requests.get(f"{_store(road)}/sandbox/mails", timeout=30)
    return {mail["id"]: mail["sent"] for mail in answer.json() if mail["order"] == order.id}


def _until_told(road: Road, mail: str = "customer_processing_order", off: bool = True) -> None:
    """The plugin has heard from us that this mail is held back, or is not."""
    end = time.monotonic() + 30
    while True:
        rows = road.rows(
            "SELECT h.pushed->'mails_off' ? :mail AS off FROM store_health h WHERE h.plugin IS NOT NULL",
            mail=mail,
        )
        if rows and rows[0].off is off:
            return
        assert time.monotonic() < end, rows
        time.sleep(0.1)


def _store(road: Road) -> str:
    return f"http://127.0.0.1:{road.start.port + STORES[WOOCOMMERCE]}"


def _asked(road: Road) -> int:
    """How many orders are known that no webhook has told of."""
    (row,) = road.rows("SELECT count(*) AS n FROM orders WHERE email LIKE 'hinted-%'")
    return int(row.n) - _webhooks(road)


def _webhooks(road: Road) -> int:
    (row,) = road.rows(
        "SELECT count(*) AS n FROM inbox WHERE position('hinted-' IN encode(body, 'escape')) > 0"
    )
    return int(row.n)


def _hinted(road: Road) -> list[dict[str, Any]]:
    mails = [mail for mail in _accepted(road) if mail["to"].startswith("hinted-")]
    return sorted(mails, key=lambda mail: _number(mail["to"]))


def _number(email: str) -> int:
    return int(email.partition("-")[2].partition("@")[0])


def _accepted(road: Road) -> list[dict[str, Any]]:
    """What the receiver swears to have got, and when."""
    (record,) = road.start.data.rglob("sink.jsonl")
    return [json.loads(line) for line in record.read_text().splitlines()]


def _seconds(road: Road, placed: dict[str, datetime], within: float) -> list[float]:
    """From the order to the mail that the receiver took, sorted; of those that came in time."""
    end = time.monotonic() + within
    while True:
        came = {mail["to"]: datetime.fromisoformat(mail["accepted_at"]) for mail in _accepted(road)}
        if placed.keys() <= came.keys() or time.monotonic() > end:
            return sorted((came[email] - at).total_seconds() for email, at in placed.items() if email in came)
        time.sleep(0.1)


def _p95(seconds: list[float]) -> float:
    return seconds[max(0, -(-len(seconds) * 95 // 100) - 1)]


def _tell(figure: Figure, name: str, seconds: list[float]) -> None:
    figure(f"{name}_p50_seconds", round(statistics.median(seconds), 2))
    figure(f"{name}_p95_seconds", round(_p95(seconds), 2))
    figure(f"{name}_max_seconds", round(seconds[-1], 2))
