"""Accounts of shops that hang: a batch waits for one of them and for no other, and the next batches for that
one not again."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import pairwise
from time import monotonic

import pytest

from app.services import shares
from app.services.breaker import PAUSE
from app.services.mail_accounts import Wanted, keep_account
from app.services.send import Sender, send_due
from app.services.vendor_health import AWAY
from emails.providers import smtp_public
from tests.app.desk import Desk, connect_shop
from tests.app.mail_server import Mailbox
from tests.app.services.vendors.an_outside import buy, later, reach, recipients
from tests.app.services.vendors.test_own_accounts import give
from tests.emails.providers.battery.api_server import Takes
from tests.emails.providers.battery.vendors import a_vendor
from tests.emails.providers.scripted_server import SILENCE, serving

LONGEST = 0.8


@dataclass
class Hangs:
    """Takes every connection and says nothing."""

    door: socket.socket
    lines: list[socket.socket] = field(default_factory=list)

    @property
    def port(self) -> int:
        return int(self.door.getsockname()[1])

    def serve(self) -> None:
        with suppress(OSError):
            while True:
                self.lines.append(self.door.accept()[0])


@contextmanager
def hanging() -> Iterator[Hangs]:
    with socket.create_server(("127.0.0.1", 0)) as door:
        made = Hangs(door)
        threading.Thread(target=made.serve, daemon=True).start()
        try:
            yield made
        finally:
            door.shutdown(socket.SHUT_RDWR)
            for line in made.lines:
                line.close()


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hangs]:
    monkeypatch.setattr(smtp_public, "LONGEST", LONGEST)
    monkeypatch.setattr(shares, "OF_ONE", LONGEST / 2)
    with hanging() as made:
        yield made


def shops_with_accounts(desk: Desk, server: Hangs, count: int) -> list[Desk]:
    found = [desk, *(connect_shop(desk.database, f"shop{n}.example") for n in range(1, count))]
    for number, one in enumerate(found):
        url = f"smtp://user{number}:secret@127.0.0.1:{server.port}"
        with one.database.shops(one.shop_id) as session:
            keep_account(
                session, one.keys, one.shop_id, Wanted("smtp", url, "a@b.example"), one.now, one.real
            )
    return found


def one_batch(desk: Desk, sender: Sender) -> None:
    with sender.provider.connect() as courier:
        send_due(sender, courier, desk.real + timedelta(seconds=20))


def reasons(*desks: Desk) -> list[str | None]:
    return [
        row.reason for one in desks for row in one.rows("SELECT reason FROM messages WHERE state = 'due'")
    ]


def test_a_batch_waits_for_one_and_the_next_not_again(
    desk: Desk, sender: Sender, mailbox: Mailbox, server: Hangs
) -> None:
    shops = shops_with_accounts(desk, server, 3)
    ours = connect_shop(desk.database, "ours.example")
    for number, one in enumerate((*shops, ours)):
        buy(one, str(100 + number), str(200 + number))
    desk.now = ours.now
    sender = replace(sender, http=reach(desk).http)
    for batch in (1, 2, 3):
        one_batch(desk, sender)
        assert len(server.lines) == batch, "another account each time"
        assert None not in reasons(*shops) and len(reasons(*shops)) == 6, "all wait, and it is known why"
        later(desk, seconds=2)
    assert sorted(mail["To"] for mail in mailbox.mails) == ["p103@example.com", "p203@example.com"]
    one_batch(desk, sender)
    assert len(server.lines) == 3, "all of them rest"
    assert {row.attempts for one in shops for row in one.rows("SELECT attempts FROM messages")} == {0}
    held = [row for one in shops for row in one.rows("SELECT failing_since FROM mail_accounts")]
    assert all(row.failing_since for row in held), "and their merchants are told"


def test_who_hangs_again_rests_twice_as_long(desk: Desk, sender: Sender, server: Hangs) -> None:
    shops_with_accounts(desk, server, 1)
    sender = replace(sender, http=reach(desk).http)
    buy(desk, "100", "101")
    tried: list[float] = []
    began = desk.real
    for _ in range(50):
        before = len(server.lines)
        one_batch(desk, sender)
        tried += [(desk.real - began) / PAUSE] * (len(server.lines) - before)
        later(desk, seconds=11)
    gaps = [after - before for before, after in pairwise(tried)]
    assert len(tried) == 5, tried
    assert all(2**place <= gap < 2 ** (place + 1) for place, gap in enumerate(gaps)), gaps


def test_an_account_that_works_goes_before_those_that_hang(desk: Desk, sender: Sender, server: Hangs) -> None:
    hangs, well = shops_with_accounts(desk, server, 2)
    with a_vendor("ses") as vendor:
        give(well)
        sender = replace(sender, http=reach(desk, vendor).http)
        buy(hangs, "100", "101")
        desk.now = well.now = hangs.now
        one_batch(desk, sender)
        later(desk, seconds=PAUSE.total_seconds() + 20)
        well.now = desk.now
        buy(well, "300", "301")
        one_batch(desk, sender)
        assert sorted(recipients(vendor)) == ["p300", "p301"]
    assert len(server.lines) == 2, "it was tried, behind them"


def test_a_vendor_that_hangs_after_it_took_a_mail_leaves_one_in_doubt(
    desk: Desk, sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not one in each of five batches."""
    monkeypatch.setattr(shares, "OF_ONE", 1.0)
    with a_vendor("ses") as vendor:
        give(desk)
        sender = replace(sender, http=reach(desk, vendor).http)
        vendor.server.answers += [Takes(cut=False)] * 5
        buy(desk, "100", "101", "102")
        one_batch(desk, sender)
        for _ in range(3):
            later(desk, seconds=2)
            one_batch(desk, sender)
        assert len(vendor.server.asked) == 1
        states = [
            (row.state, row.reason) for row in desk.rows("SELECT state, reason FROM messages ORDER BY id")
        ]
        assert sorted(states) == [("due", AWAY)] * 2 + [("unknown", "answer_lost")]


def test_a_server_that_takes_mails_and_never_says_goodbye_is_left(desk: Desk, sender: Sender) -> None:
    with serving({"quit": [SILENCE]}) as server:
        give(desk, "smtp", f"smtp://127.0.0.1:{server.port}")
        sender = replace(sender, http=reach(desk).http)
        buy(desk, "100")
        began = monotonic()
        one_batch(desk, sender)
        assert monotonic() - began < 4, "it is silent for 5 seconds"
    assert len(server.mails) == 1 and server.commands[-1].upper() == "QUIT"
