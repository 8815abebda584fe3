"""What the first page says of figures: sentences, cells, days."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from app.models.shop import CONNECTED, NEEDS_RECONNECT
from app.queries.home import Connection, Unsent, Waiting
from app.web.admin.home import Days
from app.web.admin.home_words import ago, connection_cell, doubt_cell, lead_of, put_right, topic_words

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
QUIET = Waiting(0, 0, None, 0)


def connection(**changes: Any) -> Connection:
    values: dict[str, Any] = {
        "state": CONNECTED,
        "problem": None,
        "imported_at": NOW,
        "heard_at": NOW - timedelta(minutes=2),
        "topic": "order.updated",
        "error": None,
        "healed": 0,
        "orders": 0,
        "products": 0,
    }
    return Connection(**{**values, **changes})


def sentence(sent: int, *unsent: Unsent, waiting: Waiting = QUIET, running: int = 11) -> str:
    lead = lead_of(connection(), running, sent, unsent, waiting, "Europe/Berlin")
    return f"{lead.before}{lead.strong}{lead.after}"


def test_the_sentence_of_the_day() -> None:
    put_off = Waiting(12, 12, datetime(2026, 11, 24, 7, tzinfo=UTC), 0)
    refused, doubt = (Unsent(state, "x", 9, NOW, count) for state, count in (("failed", 2), ("unknown", 1)))
    assert sentence(58, waiting=put_off) == (
        "11 flows are running. 58 mails went out yesterday, all of them accepted; 12 wait until 08:00."
    )
    assert sentence(1, running=1) == (
        "1 flow is running. 1 mail went out yesterday, accepted by its mail server."
    )
    assert sentence(1655, refused, doubt).endswith(
        "1,655 mails went out yesterday; 2 were refused by the mail server; 1 is in doubt and not sent again."
    )
    assert lead_of(connection(), 1, 3, [refused], QUIET, "UTC").tone == "warn"
    assert lead_of(connection(state=NEEDS_RECONNECT), 1, 3, [], QUIET, "UTC").tone == "bad"


def test_the_cells_of_proof() -> None:
    assert connection_cell(connection(), NOW).beside == "Last message 2 minutes ago: an order"
    assert "No message from it yet" in connection_cell(connection(heard_at=None), NOW).beside
    assert doubt_cell(1655, []).beside == "0 of 1,655 mails in 30 days; one in doubt is never sent twice"


@pytest.mark.parametrize(
    ("topic", "words"),
    [
        ("orders/create", "an order"),
        ("order.updated", "an order"),
        ("products/update", "a product"),
        ("app/uninstalled", "the connection"),
        ("something/new", "something else"),
        ("", "something else"),
    ],
)
def test_what_a_message_was_about(topic: str, words: str) -> None:
    assert topic_words(topic) == words


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (-3, "just now"),
        (0, "just now"),
        (1, "1 minute ago"),
        (60, "1 hour ago"),
        (47 * 60, "47 hours ago"),
        (48 * 60, "2 days ago"),
    ],
)
def test_how_long_ago(minutes: int, words: str) -> None:
    assert ago(timedelta(minutes=minutes)) == words


def test_what_was_put_right_and_what_is_a_merchant_s_own_act() -> None:
    rows = [
        Unsent("cancelled", "OrderRefunded", 1, NOW, 0),
        Unsent("cancelled", "flow_off", 7, NOW, 0),
        Unsent("skipped", "unsubscribed", 3, NOW, 0),
        Unsent("skipped", "order_cancelled", 2, NOW, 0),
        Unsent("expired", "", 4, NOW, 0),
    ]
    told = [one.fact for one in put_right(connection(healed=46), rows, "UTC")]
    assert told == [
        "1 mail was withdrawn in time",
        "2 mails were withdrawn in time",
        "4 mails were too late and not sent",
        "46 missed orders were fetched",
    ]


def test_days_are_those_of_the_shop_s_clock() -> None:
    days = Days("America/Los_Angeles", date(2026, 11, 1), datetime(2026, 11, 2, 5, 0, tzinfo=UTC))
    assert days.starts(0) == datetime(2026, 11, 1, 7, 0, tzinfo=UTC), "the day on which clocks go back"
    assert days.starts(-1) == datetime(2026, 11, 2, 8, 0, tzinfo=UTC)
    assert (days.last(29)[0], days.last(29)[-1]) == (date(2026, 10, 3), date(2026, 11, 1))
