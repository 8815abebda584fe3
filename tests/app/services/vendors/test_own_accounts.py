"""A shop's own account: its mails leave by it or wait, whatever becomes of ours."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from app.services import shares
from app.services.breaker import PAUSE
from app.services.identity import UNVERIFIED_DOMAIN
from app.services.mail_accounts import SEALED, Wanted, drop_account, keep_account, load_accounts
from app.services.sealing import reseal, seals
from app.services.send import Sender, send_due
from app.services.vendor_health import AWAY, learn
from app.services.warm_up import WARMING
from emails.providers.base import SendFailed
from tests.app.desk import Desk, connect_shop
from tests.app.mail_server import Mailbox
from tests.app.services.vendors.an_outside import buy, later, reach, recipients, run, states
from tests.emails.providers.battery.api_server import Said, Takes
from tests.emails.providers.battery.vendors import URLS, Vendor, a_vendor, answer


def give(desk: Desk, kind: str = "ses", url: str = "") -> None:
    with desk.database.shops(desk.shop_id) as session:
        wanted = Wanted(kind, url or URLS[kind], "hello@larkhus.example")
        keep_account(session, desk.keys, desk.shop_id, wanted, desk.now, desk.real)


def also_by(desk: Desk, sender: Sender, *vendors: Vendor) -> Sender:
    return replace(sender, http=reach(desk, *vendors).http)


def test_its_mails_leave_by_it_in_its_name(desk: Desk, sender: Sender, mailbox: Mailbox) -> None:
    with a_vendor("ses") as vendor:
        give(desk)
        buy(desk, "13")
        run(desk, also_by(desk, sender, vendor))
        (mail,) = vendor.fake.mails
    assert mailbox.mails == []
    assert "<hello@larkhus.example>" in mail.headers["From"] and mail.recipient == "p13@example.com"
    (row,) = desk.rows("SELECT * FROM messages")
    assert (row.state, row.provider) == ("sent", "ses")
    assert row.account == desk.keys.account_name(URLS["ses"])


def test_another_shops_mails_leave_by_ours(desk: Desk, sender: Sender, mailbox: Mailbox) -> None:
    other = connect_shop(desk.database, "other.example")
    with a_vendor("ses") as vendor:
        give(desk)
        buy(desk, "13")
        buy(other, "14")
        desk.now = other.now
        run(desk, also_by(desk, sender, vendor))
        assert recipients(vendor) == ["p13"]
    assert [mail["To"] for mail in mailbox.mails] == ["p14@example.com"]


@pytest.mark.parametrize("kind", ["login", "sender", "quota", "unlisted"])
def test_a_broken_account_keeps_its_mails_and_is_told(
    desk: Desk, sender: Sender, mailbox: Mailbox, kind: str
) -> None:
    with a_vendor("ses") as vendor:
        vendor.server.answers += [answer("ses", kind)] * 50
        give(desk)
        buy(desk, "100", "101", "102")
        ours = also_by(desk, sender, vendor)
        run(desk, ours)
        assert len(vendor.server.asked) == 1, "nobody else's mails wait for it in this batch"
        for _ in range(20):
            later(desk, minutes=1)
            run(desk, ours)
        assert mailbox.mails == [] and vendor.fake.mails == []
        assert {state for state, _ in states(desk)} == {"due"}
        with desk.database.shops(desk.shop_id) as session:
            held = load_accounts(session, [desk.shop_id])[desk.shop_id]
        assert held.failing_since is not None and held.problem
        vendor.server.answers.clear()
        give(desk, url=f"{URLS['ses']}?configuration_set=new")
        run(desk, ours)
        assert sorted(recipients(vendor)) == ["p100", "p101", "p102"], "at once, when it was given anew"
    with desk.database.shops(desk.shop_id) as session:
        assert load_accounts(session, [desk.shop_id])[desk.shop_id].failing_since is None


def test_an_account_that_works_again_is_well(desk: Desk, sender: Sender) -> None:
    with a_vendor("ses") as vendor:
        vendor.server.answers.append(Said(503, b""))
        give(desk)
        buy(desk, "100")
        ours = also_by(desk, sender, vendor)
        run(desk, ours)
        later(desk, minutes=5)
        run(desk, ours)
    assert states(desk) == [("sent", None)]
    assert [row.failing_since for row in desk.rows("SELECT failing_since FROM mail_accounts")] == [None]


def test_without_it_its_mails_leave_by_ours_again(desk: Desk, sender: Sender, mailbox: Mailbox) -> None:
    with a_vendor("ses") as vendor:
        vendor.server.answers += [Said(503, b"")] * 50
        give(desk)
        buy(desk, "100")
        run(desk, also_by(desk, sender, vendor))
    with desk.database.shops(desk.shop_id) as session:
        assert drop_account(session, desk.shop_id, desk.now)
        assert not drop_account(session, desk.shop_id, desk.now)
    run(desk, sender)
    assert [mail["To"] for mail in mailbox.mails] == ["p100@example.com"]


def test_our_own_trouble_is_not_its(desk: Desk, sender: Sender, mailbox: Mailbox) -> None:
    other = connect_shop(desk.database, "other.example")
    mailbox.answer = "421 closing"
    with a_vendor("ses") as vendor:
        give(desk)
        buy(desk, "13")
        buy(other, *(str(number) for number in range(200, 206)))
        desk.now = other.now
        run(desk, also_by(desk, sender, vendor))
        assert recipients(vendor) == ["p13"]
    assert mailbox.mails == []


def test_a_slow_account_holds_up_nobody_else(
    desk: Desk, sender: Sender, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What took its time may have been taken; its other mails come again, behind those of everybody else."""
    monkeypatch.setattr(shares, "OF_ONE", 2.0)
    other = connect_shop(desk.database, "other.example")
    with a_vendor("ses") as vendor:
        give(desk)
        vendor.server.answers += [Takes(cut=False)] * 3
        buy(desk, "100", "101", "102")
        buy(other, "200")
        desk.now = other.now
        asked: list[int] = []
        mailbox.before_answer = lambda: asked.append(len(vendor.server.asked))
        ours = also_by(desk, sender, vendor)
        with ours.provider.connect() as courier:
            send_due(ours, courier, desk.real + timedelta(seconds=20))
        assert asked == [0], "who has no account of their own goes first"
        assert sorted(states(desk)) == [("due", AWAY)] * 2 + [("unknown", "answer_lost")]
        vendor.server.answers.clear()
        for _ in ("one sees whether it is there again", "and then the other"):
            later(desk, minutes=2)
            run(desk, ours)
        assert len(recipients(vendor)) == 3


def test_slow_accounts_share_what_a_batch_has_for_them(
    desk: Desk, sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shares, "OF_ALL", 2.0)
    other = connect_shop(desk.database, "other.example")
    with a_vendor("ses") as vendor:
        vendor.server.answers += [Takes(cut=False)] * 2
        for number, one in enumerate((desk, other)):
            give(one, url=f"{URLS['ses']}?configuration_set=set{number}")
            buy(one, str(100 + number))
        desk.now = other.now
        ours = also_by(desk, sender, vendor)
        with ours.provider.connect() as courier:
            send_due(ours, courier, desk.real + timedelta(seconds=20))
        assert len(vendor.server.asked) == 1


def test_an_account_that_was_away_is_looked_at_when_the_others_have_left(
    desk: Desk, sender: Sender, mailbox: Mailbox
) -> None:
    other = connect_shop(desk.database, "other.example")
    with a_vendor("ses") as vendor:
        give(desk)
        account = desk.keys.account_name(URLS["ses"])
        learn(desk.database, account, "ses", [SendFailed("vendor_away")] * 5, desk.real)
        later(desk, seconds=PAUSE.total_seconds() + 1)
        vendor.server.answers.append(Said(503, b""))
        buy(desk, "100")
        buy(other, "200")
        desk.now = other.now
        before: list[int] = []
        mailbox.before_answer = lambda: before.append(len(vendor.server.asked))
        run(desk, also_by(desk, sender, vendor))
        assert before == [0] and len(vendor.server.asked) == 1
        assert vendor.server.asked[-1].method == "GET", "it is looked at, and no mail tries it"


@pytest.mark.parametrize("reason", [UNVERIFIED_DOMAIN, WARMING, SEALED])
def test_what_waited_for_a_domain_or_a_key_leaves_when_the_account_is_given(
    desk: Desk, sender: Sender, reason: str
) -> None:
    buy(desk, "100", "101")
    desk.rows(
        "UPDATE messages SET reason = :reason, next_at = :later RETURNING id",
        reason=reason,
        later=desk.now + timedelta(hours=6),
    )
    desk.rows("UPDATE messages SET reason = 'frequency_cap' WHERE order_id = '101' RETURNING id")
    with a_vendor("ses") as vendor:
        give(desk)
        run(desk, also_by(desk, sender, vendor))
        assert recipients(vendor) == ["p100"], "at once; what waits for anything else goes on waiting"


def test_its_login_stands_nowhere_in_the_open(desk: Desk) -> None:
    give(desk, "smtp", "smtp://user:hunter2@mail.example:587")
    (row,) = desk.rows("SELECT * FROM mail_accounts")
    assert b"hunter2" not in bytes(row.sealed) and "hunter2" not in str(row) and "user" not in row.account
    with desk.database.shops(desk.shop_id) as session:
        held = load_accounts(session, [desk.shop_id])[desk.shop_id]
    assert held.url(desk.keys) == "smtp://user:hunter2@mail.example:587" and "gAAA" not in repr(held)


def test_what_no_key_opens_waits(desk: Desk, sender: Sender, mailbox: Mailbox) -> None:
    give(desk)
    desk.rows("UPDATE mail_accounts SET sealed = 'nothing' RETURNING shop_id")
    buy(desk, "100")
    run(desk, sender)
    assert states(desk) == [("due", SEALED)] and mailbox.mails == []


def test_a_servers_address_leads_to_nobodys_network(
    desk: Desk, sender: Sender, mailbox: Mailbox, port: int
) -> None:
    """Outside of a sandbox, also where it was stored before anybody looked."""
    give(desk, "smtp", f"smtp://127.0.0.1:{port}")
    buy(desk, "100")
    run(desk, sender)
    assert mailbox.mails == [] and states(desk) == [("due", SEALED)]
    give(desk, "smtp", "smtp://localhost.localdomain:587")
    later(desk, hours=2)
    desk.rows("UPDATE messages SET next_at = :now RETURNING id", now=desk.now - timedelta(seconds=1))
    run(desk, sender)
    assert mailbox.mails == [] and states(desk)[0][0] == "due"


def test_its_login_is_sealed_anew_with_all_else(desk: Desk) -> None:
    """Else it is lost with the older key, which nobody seems to need any more."""
    give(desk)
    newer = replace(desk.keys, encryption=("A" * 43 + "=", *desk.keys.encryption))
    assert seals(desk.database, newer)[newer.ids[1]] >= 1
    list(reseal(desk.database, newer))
    assert seals(desk.database, newer)[newer.ids[1]] == 0
    alone = replace(newer, encryption=newer.encryption[:1])
    with desk.database.shops(desk.shop_id) as session:
        held = load_accounts(session, [desk.shop_id])[desk.shop_id]
    assert held.url(alone) == URLS["ses"]


def test_words_about_it_name_no_reader(desk: Desk, sender: Sender) -> None:
    """Amazon repeats to whom a mail went, and nobody looks here when a person is forgotten."""
    told = "Email address is not verified. The following identities failed the check: p13@example.com"
    with a_vendor("ses") as vendor:
        refusal = Said(400, {"message": told}, {"x-amzn-ErrorType": "MessageRejected"})
        vendor.server.answers.append(refusal)
        give(desk)
        buy(desk, "13")
        run(desk, also_by(desk, sender, vendor))
    (row,) = desk.rows("SELECT problem FROM mail_accounts")
    assert row.problem is not None and "sender_refused" in row.problem
    assert "p13" not in row.problem
