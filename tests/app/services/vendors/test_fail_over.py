"""A second account takes over while nothing gets through to the first: only what never left by that."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from app.services.breaker import PAUSE
from app.services.send import Sender
from tests.app.desk import Desk
from tests.app.services.vendors.an_outside import buy, later, recipients, run, sender_by, states
from tests.emails.providers.battery.api_server import Said, Takes
from tests.emails.providers.battery.vendors import Vendor, a_vendor

AWAY = Said(503, b"")


@pytest.fixture
def first() -> Iterator[Vendor]:
    with a_vendor("postmark") as running:
        yield running


@pytest.fixture
def second() -> Iterator[Vendor]:
    with a_vendor("ses") as running:
        yield running


@pytest.fixture
def sender(desk: Desk, first: Vendor, second: Vendor) -> Sender:
    return sender_by(desk, "postmark", first, second, second="ses")


def numbers(count: int) -> list[str]:
    return [str(number) for number in range(100, 100 + count)]


def test_while_all_is_well_the_second_is_not_used(
    desk: Desk, sender: Sender, first: Vendor, second: Vendor
) -> None:
    buy(desk, *numbers(3))
    run(desk, sender)
    assert len(recipients(first)) == 3 and recipients(second) == []


def test_the_second_takes_over_and_is_named(
    desk: Desk, sender: Sender, first: Vendor, second: Vendor
) -> None:
    first.server.answers += [AWAY] * 40
    buy(desk, *numbers(8))
    run(desk, sender)
    assert len(first.server.asked) == 5 and recipients(first) == recipients(second) == []
    for _ in range(5):
        later(desk, seconds=20)
        run(desk, sender)
    assert sorted(recipients(second)) == [f"p{number}" for number in numbers(8)]
    rows = desk.rows("SELECT state, provider, account, provider_id FROM messages")
    assert {(row.state, row.provider, row.account) for row in rows} == {("sent", "ses", "our second")}
    assert len({row.provider_id for row in rows}) == 8


def test_the_first_is_used_again_when_it_works(
    desk: Desk, sender: Sender, first: Vendor, second: Vendor
) -> None:
    """One mail tries it, after it was looked at."""
    first.server.answers += [AWAY] * 5
    buy(desk, *numbers(5))
    run(desk, sender)
    later(desk, seconds=PAUSE.total_seconds() + 1)
    for _ in range(6):
        run(desk, sender)
        later(desk, seconds=60)
    buy(desk, "300")
    run(desk, sender)
    assert "p300" in recipients(first)
    assert sorted(recipients(first) + recipients(second)) == sorted([*(f"p{n}" for n in numbers(5)), "p300"])


@pytest.mark.parametrize("fault", [Takes(cut=True), Said(500, b"trouble"), Said(200, b"garbage")])
def test_what_may_have_left_by_the_first_never_leaves_by_the_second(
    desk: Desk, sender: Sender, first: Vendor, second: Vendor, fault: Takes | Said
) -> None:
    first.server.answers += [fault] * 5 + [AWAY] * 20
    buy(desk, *numbers(7))
    run(desk, sender)
    assert [state for state, _ in states(desk)].count("unknown") == 5
    for _ in range(30):
        later(desk, seconds=7)
        run(desk, sender)
    in_doubt = {
        row.recipient.partition("@")[0]
        for row in desk.rows("SELECT recipient FROM messages WHERE state = 'unknown'")
    }
    assert len(in_doubt) == 5, "and no further one, however often it is looked at"
    assert in_doubt.isdisjoint(recipients(second))
    assert len(recipients(second)) == 2


def test_a_mail_that_waits_to_be_repeated_waits_for_the_first(desk: Desk, second: Vendor) -> None:
    with a_vendor("resend") as first:
        sender = sender_by(desk, "resend", first, second, second="ses")
        first.server.answers += [Takes(cut=True), *[AWAY] * 60]
        buy(desk, "100")
        run(desk, sender)
        buy(desk, *(str(number) for number in range(200, 206)))
        for _ in range(30):
            later(desk, seconds=20)
            run(desk, sender)
        assert "p100" not in recipients(second) and len(recipients(second)) == 6
        first.server.answers.clear()
        for _ in range(10):
            later(desk, seconds=20)
            run(desk, sender)
        assert recipients(first) == ["p100"], "and there it is taken once"
    assert {state for state, _ in states(desk)} == {"sent"}


@pytest.mark.parametrize("first_is_back", [True, False])
def test_a_mail_that_waits_to_be_repeated_by_the_second_leaves_by_that(
    desk: Desk, first: Vendor, first_is_back: bool
) -> None:
    with a_vendor("resend") as second:
        sender = sender_by(desk, "postmark", first, second, second="resend")
        first.server.answers += [AWAY] * 99
        second.server.answers.append(Takes(cut=True))
        buy(desk, *numbers(5))
        run(desk, sender)
        while not second.server.asked:
            later(desk, seconds=2)
            run(desk, sender)
        (mail,) = desk.rows("SELECT recipient FROM messages WHERE may_have_left")
        if first_is_back:
            first.server.answers.clear()
        for _ in range(40):
            later(desk, seconds=7)
            run(desk, sender)
        named = mail.recipient.partition("@")[0]
        assert recipients(second).count(named) == 1 and named not in recipients(first)
    assert {state for state, _ in states(desk)} == {"sent"}


def test_when_both_are_away_everything_waits(
    desk: Desk, sender: Sender, first: Vendor, second: Vendor
) -> None:
    first.server.answers += [AWAY] * 99
    second.server.answers += [AWAY] * 99
    buy(desk, *numbers(12))
    for _ in range(12):
        run(desk, sender)
        later(desk, seconds=10)
    assert {state for state, _ in states(desk)} == {"due"}
    first.server.answers.clear()
    second.server.answers.clear()
    for _ in range(30):
        later(desk, seconds=20)
        run(desk, sender)
    assert sorted(recipients(first) + recipients(second)) == [f"p{number}" for number in numbers(12)]
