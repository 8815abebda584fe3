"""A vendor that is away for ten minutes, on a virtual clock: no attempt is burnt, nothing bursts, what people
ordered leaves first, what is too late expires."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from app.services.breaker import IN_A_ROW
from app.services.send import Sender
from app.services.vendor_health import admit, forget_unused, learn
from emails.providers.base import SendFailed
from tests.app.desk import Desk, connect_shop
from tests.app.services.statements import counted
from tests.app.services.vendors.an_outside import buy, later, recipients, run, sending_by, states
from tests.emails.providers.battery.api_server import Asked, Said
from tests.emails.providers.battery.vendors import Vendor, answer

LIMIT = 2.0
"""Resend's, for a new account."""
TICK = 0.5


def test_ten_minutes_without_the_vendor(desk: Desk) -> None:
    with sending_by(desk, "resend") as (sender, vendor):
        away_until = desk.real + timedelta(minutes=10)
        moments: list[tuple[datetime, str]] = []
        keep_watch(desk, vendor, away_until, moments)
        first = [str(number) for number in range(100, 140)]
        buy(desk, *first)
        orders = {"p100", "p110", "p120"}
        offers(desk, besides=orders)
        late(desk, "p139")
        tick_through(desk, sender, minutes=10)
        tried = Counter(asked.method for asked in vendor.server.asked)
        assert vendor.fake.mails == []
        assert tried["POST"] == 5, "five to see it"
        assert tried["GET"] <= 2 * 10, "then it is looked at each half minute"
        burnt = desk.rows("SELECT sum(attempts) AS n FROM messages")[0].n
        assert burnt <= 4, "those that showed that it is away"
        tick_through(desk, sender, minutes=2)
        arrived = recipients(vendor)
    assert sorted(arrived) == sorted({f"p{number}" for number in first} - {"p139"}), "each once"
    assert ("expired", "expired") in states(desk)
    assert set(arrived[:3]) == orders, "what people ordered comes first"
    seconds = Counter(int((at - away_until).total_seconds()) for at, _ in moments)
    assert max(seconds.values()) <= 2 * LIMIT and sum(seconds.values()) == 39


def test_those_that_wait_burn_no_attempt(desk: Desk) -> None:
    with sending_by(desk, "postmark") as (sender, vendor):
        vendor.server.answers += [Said(503, b"")] * 5
        buy(desk, *(str(number) for number in range(100, 120)))
        run(desk, sender)
        assert len(vendor.server.asked) == 5
    rows = desk.rows("SELECT attempts, reason, state FROM messages ORDER BY id")
    assert Counter((row.attempts, row.reason) for row in rows) == {
        (1, "vendor_away"): 4,
        (0, "vendor_away"): 1,
        (0, "vendor_waits"): 15,
    }
    assert {row.state for row in rows} == {"due"}


def test_too_much_is_less_from_then_on_and_no_attempt(desk: Desk) -> None:
    with sending_by(desk, "ses") as (sender, vendor):
        vendor.server.answers.append(answer("ses", "busy"))
        buy(desk, "100", "101", "102")
        run(desk, sender)
        assert len(vendor.server.asked) == 1, "the others of the batch wait as well"
        (held,) = rows_of_vendors(desk)
        assert held.per_second == 7.0 and held.allowance == -49.0
        later(desk, seconds=6.9)
        run(desk, sender)
        assert len(vendor.server.asked) == 1, "it wants to hear nothing for 7 seconds"
        for _ in range(4):
            later(desk, seconds=1)
            run(desk, sender)
        assert sorted(recipients(vendor)) == ["p100", "p101", "p102"]
    assert {row.attempts for row in desk.rows("SELECT attempts FROM messages")} == {1}


@pytest.mark.parametrize("trouble", ["busy", "away"])
def test_what_waits_for_a_vendor_is_put_off_together(desk: Desk, trouble: str) -> None:
    """Whether one mail of the batch waits or fifty: after the complaint as many statements."""
    counts = []
    for size in (1, 50):
        shop = connect_shop(desk.database, f"shop-{size}.example")
        with sending_by(shop, "postmark") as (sender, vendor):
            sender = replace(sender, account=f"account {size}")
            complaints = 1 if trouble == "busy" else IN_A_ROW
            vendor.server.answers += [
                answer("postmark", "busy") if trouble == "busy" else Said(503, b"")
            ] * complaints
            buy(shop, *(str(number) for number in range(100, 100 + complaints + size)))
            with counted(desk.database) as seen:
                run(shop, sender)
        assert len(vendor.server.asked) == complaints
        assert len(shop.rows("SELECT 1 FROM messages WHERE state = 'due' AND reason IS NOT NULL")) == (
            complaints + size
        )
        counts.append(len(seen))
    assert counts[0] == counts[1], counts


def test_nothing_is_asked_of_an_account_of_which_nothing_is_known(desk: Desk, sender: Sender) -> None:
    buy(desk, "100", "101")
    run(desk, sender)
    assert rows_of_vendors(desk) == []


def test_two_accounts_are_two(desk: Desk) -> None:
    with sending_by(desk, "ses") as (sender, vendor):
        vendor.server.answers += [Said(503, b"")] * 5
        buy(desk, *(str(number) for number in range(100, 106)))
        run(desk, sender)
        buy(desk, "200")
        run(desk, replace(sender, account="another"))
        assert recipients(vendor) == ["p200"]


def test_an_account_that_nobody_uses_any_more_is_forgotten(desk: Desk) -> None:
    for account in ("taken out", "slow but used"):
        learn(desk.database, account, "ses", [SendFailed("vendor_busy")], desk.real)
    learn(desk.database, "rests", "smtp", [SendFailed("vendor_away")] * 5, desk.real + timedelta(days=20))
    later(desk, days=29)
    admit(desk.database, "slow but used", "ses", [True], desk.real)
    assert forget_unused(desk.database, desk.real) == 0
    later(desk, days=2)
    assert forget_unused(desk.database, desk.real) == 1
    assert {row.account for row in rows_of_vendors(desk)} == {"slow but used", "rests"}
    admit(desk.database, "taken out", "ses", [True], desk.real)
    assert {row.per_second for row in rows_of_vendors(desk) if row.account == "taken out"} == {14.0}


def keep_watch(desk: Desk, vendor: Vendor, away_until: datetime, moments: list[tuple[datetime, str]]) -> None:
    serve = vendor.server.serve

    def watched(asked: Asked) -> Said:
        if desk.real < away_until:
            return Said(503, b"")
        if asked.method == "POST":
            moments.append((desk.real, asked.json["to"][0]))
        return serve(asked)

    vendor.server.serve = watched


def offers(desk: Desk, besides: set[str]) -> None:
    """All mails but these are such as nobody waits for."""
    desk.rows(
        "UPDATE messages m SET mail_class = 'S', lane = 1 FROM orders o WHERE o.shop_id = m.shop_id"
        " AND o.id = m.order_id AND 'p' || o.id <> ALL(:besides) RETURNING m.id",
        besides=sorted(besides),
    )


def late(desk: Desk, who: str) -> None:
    desk.rows(
        "UPDATE messages SET expires_at = :soon WHERE order_id = :order RETURNING id",
        soon=desk.now + timedelta(minutes=5),
        order=who.removeprefix("p"),
    )


def tick_through(desk: Desk, sender: Sender, minutes: float) -> None:
    for _ in range(int(minutes * 60 / TICK)):
        later(desk, seconds=TICK)
        if desk.rows("SELECT 1 FROM messages WHERE state = 'due' AND next_at <= :now", now=desk.now):
            run(desk, sender)


def rows_of_vendors(desk: Desk) -> list[Any]:
    return desk.rows("SELECT * FROM mail_vendors")
