"""A merchant gives a domain, copies its records, and sees what DNS says of each."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy

from app.jobs import entry, periodic
from app.queries.sending_domains import SendingDomain, load_sending_domains
from app.services.sending_domain import DAILY, PAUSE, SILENT_FOR
from app.services.sending_domain_records import wanted
from flows.commerce import Platform
from tests.app.dns_server import SERVFAIL, SILENCE, Zone, answering
from tests.app.web.admin.hand import Hand, words_of

DOMAIN = "larkhus.de"


@pytest.fixture
def zone(hand: Hand) -> Iterator[Zone]:
    """The site asks this server and no other."""
    with answering(Zone()) as made:
        ask_at(hand, made.address)
        yield made


def ask_at(hand: Hand, address: str) -> None:
    site = hand.site
    config = replace(site.runtime.config, dns_servers=(address,))
    site.runtime = replace(site.runtime, config=config)
    site.client.application.extensions["doorstep"] = site.runtime


def held(hand: Hand) -> SendingDomain | None:
    shop = hand.site.woocommerce.shop_id
    with hand.site.runtime.database.shops(shop) as session:
        return load_sending_domains(session, [shop]).get(shop)


def publish(hand: Hand, zone: Zone) -> None:
    domain = held(hand)
    assert domain is not None
    records = wanted(domain.domain, domain.selector, domain.record, hand.site.runtime.ours())
    zone.put({(one.name, one.type): one.value for one in records})


def rest(hand: Hand, pause: timedelta = PAUSE) -> None:
    hand.rows("SELECT 1")
    shop = hand.site.woocommerce.shop_id
    with hand.site.runtime.database.shops(shop) as session:
        session.execute(
            sqlalchemy.text("UPDATE sending_domains SET asked_at = asked_at - :pause"), {"pause": pause}
        )


def test_from_nothing_to_verified(hand: Hand, zone: Zone) -> None:
    page = words_of(hand.get("/sending"))
    assert "Mails come from hello@mail.example" in page and "Offers leave once that is done" in page
    answer = hand.post("/sending", domain=f"orders@{DOMAIN}")
    assert answer.status_code == 200
    domain = held(hand)
    assert domain is not None and domain.address == f"orders@{DOMAIN}"
    shown = words_of(answer)
    for value in (f"{domain.selector}._domainkey.{DOMAIN}", domain.record, "v=DMARC1; p=none;"):
        assert value in answer.text
    assert "v=spf1 include:mail.example ~all" in answer.text and "Not verified yet" in shown
    assert "PRIVATE" not in answer.text
    looked = hand.post("/sending/look")
    assert looked.status_code == 200 and "Not everything is there yet" in words_of(looked)
    assert hand.post("/sending/look").status_code == 409
    publish(hand, zone)
    rest(hand)
    done = words_of(hand.post("/sending/look"))
    assert (
        "All records are there" in done and "Verified" in done and f"Mails come from orders@{DOMAIN}" in done
    )
    assert "up to" not in done and "Growing warm" in done and "50 mails" in done
    said = [words for _, area, words in hand.changes() if area == "sending"]
    assert said == [f"Mails are to come from orders@{DOMAIN}."]
    assert "taken out" in words_of(hand.post("/sending/remove"))
    assert held(hand) is None


def test_what_is_no_domain_stays_in_the_form_with_the_reason(hand: Hand, zone: Zone) -> None:
    for text, told in (
        ("gmail.com", "mailbox provider"),
        ("<script>.de", "no domain name"),
        ("", "Type your domain"),
    ):
        answer = hand.post("/sending", domain=text)
        assert answer.status_code == 422 and "<script>alert" not in answer.text
        assert told in answer.text
    assert held(hand) is None and hand.changes() == []


def test_what_stands_there_instead_is_said(hand: Hand, zone: Zone) -> None:
    hand.post("/sending", domain=DOMAIN)
    publish(hand, zone)
    domain = held(hand)
    assert domain is not None
    zone.put({(f"{domain.selector}._domainkey.{DOMAIN}", "TXT"): "v=DKIM1; p=<b>other</b>"})
    zone.records[f"_dmarc.{DOMAIN}", "TXT"] = ['"v=DMARC1; p=none"', '"v=DMARC1; p=reject"']
    answer = hand.post("/sending/look")
    assert "Another value stands there" in answer.text and "more than one such record" in answer.text
    assert "&lt;b&gt;other" in answer.text and "<b>other" not in answer.text


def test_a_silent_dns_holds_nobody_up(hand: Hand, zone: Zone) -> None:
    hand.post("/sending", domain=DOMAIN)
    zone.always = SILENCE
    began = time.monotonic()
    answer = hand.post("/sending/look")
    assert time.monotonic() - began < 10
    assert answer.status_code == 200 and answer.text.count("DNS did not answer") == 3


def test_keys_are_made_a_few_times_an_hour(hand: Hand, zone: Zone) -> None:
    answers = [hand.post("/sending", domain=f"shop{number}.de").status_code for number in range(7)]
    assert answers == [200] * 5 + [409] * 2
    domain = held(hand)
    assert domain is not None and domain.domain == "shop4.de"


def test_where_a_mail_service_signs_nothing_is_set_up_here(hand: Hand, zone: Zone) -> None:
    site = hand.site
    vendor = replace(site.runtime.provider, name="ses")  # type: ignore[type-var]  # each provider is a dataclass; their protocol is none
    site.runtime = replace(site.runtime, provider=vendor)
    site.client.application.extensions["doorstep"] = site.runtime
    assert "leave by a mail service" in words_of(hand.get("/sending"))
    assert hand.post("/sending", domain=DOMAIN).status_code == 409
    assert held(hand) is None


def test_a_week_of_silence_is_told_and_ends_with_an_answer(hand: Hand, zone: Zone) -> None:
    hand.post("/sending", domain=DOMAIN)
    publish(hand, zone)
    hand.post("/sending/look")
    zone.always = SERVFAIL
    rest(hand)
    assert "your DNS did not answer us" in words_of(hand.post("/sending/look"))
    shop = hand.site.woocommerce.shop_id
    with hand.site.runtime.database.shops(shop) as session:
        session.execute(
            sqlalchemy.text("UPDATE sending_domains SET unsure_since = unsure_since - :w"), {"w": SILENT_FOR}
        )
    rest(hand)
    page = words_of(hand.post("/sending/look"))
    assert "For a week your DNS gave us no answer" in page and "mails come from hello@mail.example" in page
    zone.always = ""
    rest(hand)
    assert f"Mails come from hello@{DOMAIN}" in words_of(hand.post("/sending/look"))


def test_another_shop_sees_nothing_of_it(hand: Hand, zone: Zone) -> None:
    hand.post("/sending", domain=DOMAIN)
    assert DOMAIN not in hand.get("/sending", Platform.SHOPIFY).text


def test_the_daily_look_is_a_workers(hand: Hand, zone: Zone, monkeypatch: pytest.MonkeyPatch) -> None:
    hand.post("/sending", domain=DOMAIN)
    publish(hand, zone)
    monkeypatch.setattr(entry, "_process", [hand.site.runtime])
    periodic.look_at_domains(hand.site.runtime)
    assert hand.site.runtime.queue.length() == 1
    entry.look_at_domains()
    domain = held(hand)
    assert domain is not None and domain.verified
    asked = len(zone.asked)
    entry.look_at_domains()
    assert len(zone.asked) == asked, "not before its turn"
    (row,) = hand.rows("SELECT look_at - looked_at AS pause FROM sending_domains")
    assert row.pause == DAILY
