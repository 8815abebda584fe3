"""A shop's own domain: what leaves in its name, what waits for it, and how its records come and go."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import dkim
import pytest

from app.queries.sending_domains import SendingDomain, load_sending_domains
from app.services.identity import UNVERIFIED_DOMAIN
from app.services.sealing import reseal, seals
from app.services.send import Sender
from app.services.sending_domain import (
    DAILY,
    PAUSE,
    SILENT_FOR,
    SOON,
    SURE_AFTER,
    Look,
    choose,
    look,
    take_out,
)
from app.services.sending_domain_dns import Dns, Heard, Question
from app.services.sending_domain_names import From
from app.services.sending_domain_records import Ours, wanted
from connectors.base import Reading
from emails.return_path import Purpose, ReturnPath
from flows.presets import preset
from tests.app.desk import KEYS, START, Desk, an_order, connect_shop
from tests.app.dns_server import SERVFAIL, Zone, answering
from tests.app.mail_server import Mailbox
from tests.app.services.test_coupons import allow, an_offer_is_due, offer, run, the_store_makes_it

OURS = Ours("mail.example", "bounces.mail.example")
CHOSEN = From("larkhus.example", "orders")
DAY = timedelta(days=1)


@pytest.fixture
def zone() -> Iterator[Zone]:
    with answering(Zone()) as made:
        yield made


@pytest.fixture
def strict(sender: Sender) -> Sender:
    """As in production: offers leave from a domain of the shop's own."""
    return replace(sender, shared_domain_offers=False, bounce_domain=OURS.bounces)


def offers_only(sender: Sender) -> Sender:
    return replace(sender, flows=(preset("second_order_offer"),))


def begin(desk: Desk, chosen: From = CHOSEN) -> bool:
    with desk.database.shops(desk.shop_id) as session:
        return choose(session, KEYS, desk.shop_id, chosen, desk.real)


def held(desk: Desk) -> SendingDomain:
    with desk.database.shops(desk.shop_id) as session:
        return load_sending_domains(session, [desk.shop_id])[desk.shop_id]


def publish(desk: Desk, zone: Zone) -> None:
    domain = held(desk)
    records = wanted(domain.domain, domain.selector, domain.record, OURS)
    zone.put({(one.name, one.type): one.value for one in records})


def look_at(desk: Desk, zone: Zone) -> Look | None:
    dns = Dns((zone.address,), 2.0)
    return look(desk.database, dns, OURS, desk.shop_id, desk.now, desk.real)


def look_later(desk: Desk, zone: Zone, after: timedelta = PAUSE) -> Look:
    desk.real += after
    found = look_at(desk, zone)
    assert found is not None
    return found


def verify(desk: Desk, zone: Zone) -> None:
    begin(desk)
    publish(desk, zone)
    assert look_later(desk, zone).verified


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


def test_a_look_is_not_repeated_at_once(desk: Desk, zone: Zone) -> None:
    begin(desk)
    assert look_at(desk, zone) is not None
    asked = len(zone.asked)
    assert look_at(desk, zone) is None
    assert len(zone.asked) == asked
    look_later(desk, zone)
    assert len(zone.asked) == 2 * asked


def test_records_that_go_break_the_domain_but_not_at_the_first_look(
    desk: Desk, strict: Sender, zone: Zone
) -> None:
    verify(desk, zone)
    zone.always = SERVFAIL
    look_later(desk, zone, DAILY)
    assert held(desk).verified and held(desk).failing_since is None, "silence says nothing"
    zone.always = ""
    zone.records.clear()
    assert not look_later(desk, zone).broke
    assert held(desk).verified and held(desk).failing_since == desk.real
    assert look_later(desk, zone, SURE_AFTER).broke
    assert held(desk).state == "broken"
    publish(desk, zone)
    first = held(desk).verified_at
    desk.now += 3 * DAY
    assert look_later(desk, zone).verified
    assert held(desk).verified_at == first, "it does not have to grow warm again"


def test_a_domain_of_which_dns_says_nothing_for_a_week_counts_no_more_until_it_does(
    desk: Desk, strict: Sender, zone: Zone
) -> None:
    verify(desk, zone)
    zone.always = SERVFAIL
    look_later(desk, zone, DAILY)
    silent_since = desk.real
    assert not look_later(desk, zone, SILENT_FOR - PAUSE).broke
    assert held(desk).verified and held(desk).unsure_since == silent_since
    assert look_later(desk, zone).broke
    assert not held(desk).verified and held(desk).unsure_since == silent_since
    allow(desk)
    an_offer_is_due(desk)
    run(desk, offers_only(strict))
    assert offer(desk) == ("due", UNVERIFIED_DOMAIN)
    zone.always = ""
    assert look_later(desk, zone).verified
    assert held(desk).verified and held(desk).unsure_since is None
    run(desk, offers_only(strict))
    assert offer(desk) == ("due", "coupon_pending"), "what waited is woken"


def test_one_sure_look_ends_a_silence(desk: Desk, zone: Zone) -> None:
    verify(desk, zone)
    for _ in range(3):
        zone.always = SERVFAIL
        look_later(desk, zone, SURE_AFTER)
        look_later(desk, zone, SILENT_FOR - SURE_AFTER)
        assert held(desk).verified
        zone.always = ""
        look_later(desk, zone)
        assert held(desk).unsure_since is None


def test_a_silence_in_part_is_a_silence_too(desk: Desk, zone: Zone) -> None:
    """Only the policy's name is not answered: no look was sure."""
    verify(desk, zone)
    zone.records["_dmarc.larkhus.example", "TXT"] = [SERVFAIL]
    look_later(desk, zone)
    assert look_later(desk, zone, SILENT_FOR).broke


def test_a_record_that_is_back_in_time_breaks_nothing(desk: Desk, zone: Zone) -> None:
    verify(desk, zone)
    zone.records.clear()
    look_later(desk, zone)
    publish(desk, zone)
    assert not look_later(desk, zone).verified, "it was all the time"
    assert held(desk).failing_since is None
    zone.records.clear()
    look_later(desk, zone, SURE_AFTER)
    assert held(desk).verified, "it counts from anew"


@pytest.mark.parametrize(("misdeed", "after"), [("", SURE_AFTER), (SERVFAIL, SILENT_FOR)])
def test_mails_of_a_broken_domain_leave_from_ours(
    desk: Desk, strict: Sender, mailbox: Mailbox, zone: Zone, misdeed: str, after: timedelta
) -> None:
    verify(desk, zone)
    zone.records.clear()
    zone.always = misdeed
    look_later(desk, zone)
    look_later(desk, zone, after)
    desk.now = START + timedelta(minutes=2)
    desk.read(Reading(orders=(an_order(),)))
    run(desk, strict)
    assert mailbox.mails[0]["From"] == '"larkhus.example" <hello@mail.example>'


def test_how_often_a_domain_is_looked_at(desk: Desk, zone: Zone) -> None:
    def again() -> timedelta:
        (row,) = desk.rows("SELECT look_at FROM sending_domains")
        found: timedelta = row.look_at - desk.real
        return found

    begin(desk)
    look_later(desk, zone)
    assert again() == SOON
    look_later(desk, zone, 4 * DAY)
    assert again() == DAILY, "nobody is at it any more"
    publish(desk, zone)
    look_later(desk, zone)
    assert again() == DAILY
    zone.always = SERVFAIL
    look_later(desk, zone)
    assert again() == SURE_AFTER
    look_later(desk, zone, SILENT_FOR)
    assert again() == DAILY, "it costs seconds each time"
    zone.always = ""
    look_later(desk, zone)
    zone.records.clear()
    look_later(desk, zone)
    assert again() == SURE_AFTER


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
