"""A shop's own domain: what leaves in its name, what waits for it, and how its records come and go."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import dkim
import pytest

from app.services.identity import UNVERIFIED_DOMAIN
from app.services.sealing import reseal, seals
from app.services.send import Sender
from app.services.sending_domain import (
    look,
    take_out,
)
from app.services.sending_domain_dns import Dns, Heard, Question
from app.services.sending_domain_names import From
from connectors.base import Reading
from emails.return_path import Purpose, ReturnPath
from tests.app.desk import KEYS, START, Desk, an_order, connect_shop
from tests.app.dns_server import Zone
from tests.app.mail_server import Mailbox
from tests.app.services.a_domain import (
    CHOSEN,
    OURS,
    begin,
    held,
    offers_only,
    publish,
    verify,
)
from tests.app.services.test_coupons import allow, an_offer_is_due, offer, run, the_store_makes_it


def test_order_mails_leave_at_once_from_the_shared_domain(
    desk: Desk, strict: Sender, mailbox: Mailbox
) -> None:
    begin(desk)
    desk.now = START + timedelta(minutes=2)
    desk.read(Reading(orders=(an_order(),)))
    run(desk, strict)
    (mail,) = mailbox.mails
    assert mail["From"] == '"larkhus.example" <hello@mail.example>'
    assert mail["List-Unsubscribe"] is None and mail["List-Id"] is None


def test_offers_wait_for_the_domain_and_leave_when_it_is_verified(
    desk: Desk, strict: Sender, mailbox: Mailbox, zone: Zone
) -> None:
    """And no code was made before: it would grow old meanwhile."""
    allow(desk)
    an_offer_is_due(desk)
    strict = offers_only(strict)
    run(desk, strict)
    assert offer(desk) == ("due", UNVERIFIED_DOMAIN)
    assert desk.rows("SELECT 1 FROM coupons") == []
    desk.now += timedelta(hours=1)
    run(desk, strict)
    assert offer(desk) == ("due", UNVERIFIED_DOMAIN)
    verify(desk, zone)
    run(desk, strict)
    assert offer(desk) == ("due", "coupon_pending")
    the_store_makes_it(desk)
    desk.now += timedelta(minutes=2)
    run(desk, strict)
    (mail,) = mailbox.mails
    assert mail["From"] == '"larkhus.example" <orders@larkhus.example>'
    assert mail["List-Id"] == "<offers.larkhus-example.mail.example>"
    assert mail["Feedback-ID"] == "second_order_offer:larkhus.example:M:doorstep"
    (row,) = desk.rows("SELECT id FROM messages WHERE flow_key = 'second_order_offer'")
    leave = mail["List-Unsubscribe"].split("mailto:")[1].split("?")[0]
    assert leave.endswith("@bounces.larkhus.example")
    assert KEYS.read_return_path(leave) == ReturnPath(Purpose.LEAVE, desk.shop_id, row.id)
    assert mail["Message-ID"].endswith("@mail.example>"), "it stays whatever the From is"


def test_a_waiting_offer_expires_as_every_other(desk: Desk, strict: Sender, mailbox: Mailbox) -> None:
    an_offer_is_due(desk)
    strict = offers_only(strict)
    run(desk, strict)
    (row,) = desk.rows("SELECT expires_at, next_at FROM messages WHERE flow_key = 'second_order_offer'")
    desk.now = row.expires_at + timedelta(minutes=1)
    run(desk, strict)
    assert offer(desk)[0] == "expired" and mailbox.mails == []


def test_an_installation_may_let_offers_leave_from_the_shared_domain(
    desk: Desk, sender: Sender, mailbox: Mailbox
) -> None:
    allow(desk)
    an_offer_is_due(desk)
    run(desk, offers_only(sender))
    assert offer(desk) == ("due", "coupon_pending")


def test_what_leaves_is_signed_and_comes_back_to_us(
    desk: Desk, strict: Sender, mailbox: Mailbox, zone: Zone
) -> None:
    verify(desk, zone)
    taken: list[tuple[str, bytes]] = []
    mailbox.before_answer = None

    async def data(server: object, session: object, envelope: Any) -> str:
        taken.append((envelope.mail_from, envelope.content))
        return "250 OK"

    mailbox.handle_DATA = data  # type: ignore[method-assign]  # this one mailbox reads envelopes
    desk.now = START + timedelta(minutes=2)
    desk.read(Reading(orders=(an_order(),)))
    run(desk, strict)
    ((back, content),) = taken
    (row,) = desk.rows("SELECT id FROM messages")
    assert back.endswith("@bounces.larkhus.example")
    assert KEYS.read_return_path(back) == ReturnPath(Purpose.BOUNCE, desk.shop_id, row.id)
    domain = held(desk)
    place = f"{domain.selector}._domainkey.larkhus.example.".encode()
    checked = dkim.DKIM(content)
    assert checked.verify(dnsfunc=lambda name, timeout=5: {place: domain.record.encode()}.get(name))
    assert checked.domain == b"larkhus.example"


def test_another_domain_has_another_key_and_another_name_has_the_same(desk: Desk, zone: Zone) -> None:
    assert begin(desk)
    first = held(desk)
    assert not begin(desk, From("larkhus.example", "post"))
    assert held(desk) == replace(first, local="post")
    assert begin(desk, From("other.example", "post"))
    second = held(desk)
    assert second.selector != first.selector and second.record != first.record
    with desk.database.shops(desk.shop_id) as session:
        assert take_out(session, desk.shop_id, desk.now)
        assert not take_out(session, desk.shop_id, desk.now)


@pytest.mark.parametrize("chosen", [From("other.example", "post"), CHOSEN])
def test_a_look_says_nothing_of_a_domain_that_was_chosen_meanwhile(
    desk: Desk, zone: Zone, chosen: From
) -> None:
    """Nor of the same domain with another key."""
    begin(desk)
    publish(desk, zone)

    class Meanwhile(Dns):
        def ask(self, questions: Collection[Question]) -> Mapping[Question, Heard]:
            with desk.database.shops(desk.shop_id) as session:
                take_out(session, desk.shop_id, desk.now)
            begin(desk, chosen)
            return super().ask(questions)

    dns = Meanwhile((zone.address,), 2.0)
    found = look(desk.database, dns, OURS, desk.shop_id, desk.now, desk.real)
    assert found is not None and not found.verified, "the merchant is not told so either"
    assert held(desk).domain == chosen.domain and not held(desk).verified


def test_nobody_else_has_the_key(desk: Desk) -> None:
    other = connect_shop(desk.database, "other.example")
    begin(desk)
    assert other.rows("SELECT 1 FROM sending_domains") == []
    domain = held(desk)
    assert b"PRIVATE" not in domain.sealed_key and "PRIVATE" not in repr(domain)


def test_the_key_is_sealed_anew_with_all_else(desk: Desk) -> None:
    begin(desk)
    newer = replace(KEYS, encryption=("A" * 43 + "=", *KEYS.encryption))
    list(reseal(desk.database, newer))
    held_by = seals(desk.database, newer)
    assert held_by[newer.ids[1]] == 0 and held_by[newer.ids[0]] >= 2
    assert newer.unseal(desk.shop_id, held(desk).sealed_key)["dkim"].startswith("-----BEGIN")


def test_without_the_key_mails_leave_from_ours(
    desk: Desk, strict: Sender, mailbox: Mailbox, zone: Zone
) -> None:
    verify(desk, zone)
    desk.rows("UPDATE sending_domains SET sealed_key = 'lost' RETURNING 1")
    desk.now = START + timedelta(minutes=2)
    desk.read(Reading(orders=(an_order(),)))
    run(desk, strict)
    assert mailbox.mails[0]["From"] == '"larkhus.example" <hello@mail.example>'
