"""The mail that is being edited, sent to the shop's own support address by a real server."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.web.admin.mail_editor_sample import TRIES
from emails.dkim import new_key
from emails.providers.registry import provider_for
from tests.app.mail_server import Mailbox
from tests.app.web.admin.hand import Hand, words_of

SAMPLE = "/flows/review_request/mail/ask/sample"
SUBJECT = "review.ask.subject"
SUPPORT = "care@larkhus.example"


@pytest.fixture
def shop(hand: Hand, port: int) -> Hand:
    provider = provider_for(f"smtp://127.0.0.1:{port}")
    hand.site.client.application.extensions["doorstep"] = replace(hand.site.runtime, provider=provider)
    hand.post("/brand", revision="0", support_email=SUPPORT)
    hand.deliver()
    return hand


def test_what_stands_in_the_form_is_sent_to_the_shop_alone(shop: Hand, mailbox: Mailbox) -> None:
    answer = shop.post(
        SAMPLE, order="100", own_html="<p>Hello, {{ name }}</p>", **{SUBJECT: "Typed {product}"}
    )
    assert (answer.status_code, words_of(answer).strip()) == (200, f"Sent to {SUPPORT}, marked [Test].")
    (mail,) = mailbox.mails
    assert (mail["To"], mail["Subject"]) == (SUPPORT, "[Test] Typed Lampshade")
    text = mail.get_body(("plain",))
    assert text is not None and "Hello, Mia" in text.get_content()
    assert shop.rows("SELECT * FROM mail_versions") == []
    assert shop.rows("SELECT * FROM messages WHERE state = 'sent'") == []


def test_it_is_signed_as_all_mails_from_our_domain_are(shop: Hand, mailbox: Mailbox) -> None:
    """A mailbox that goes by our policy (DMARC) would not show it to the merchant."""
    at = shop.site.client.application.extensions["doorstep"]
    config = replace(at.config, dkim=(new_key(at.config.mail_from_domain, "s1"),))
    shop.site.client.application.extensions["doorstep"] = replace(at, config=config)
    assert shop.post(SAMPLE).status_code == 200
    (mail,) = mailbox.mails
    assert f"d={config.mail_from_domain};" in mail["DKIM-Signature"]


def test_no_address_no_mail(shop: Hand, mailbox: Mailbox) -> None:
    shop.rows("UPDATE brand_kits SET support_email = '' RETURNING 1")
    answer = shop.post(SAMPLE)
    assert answer.status_code == 422
    assert "no support address yet" in words_of(answer)
    assert mailbox.mails == []


def test_a_server_that_takes_none_is_told(shop: Hand, mailbox: Mailbox) -> None:
    mailbox.answer = "554 no thanks"
    answer = shop.post(SAMPLE)
    assert answer.status_code == 409
    assert "It was not sent." in words_of(answer)


def test_too_many_are_not_sent(shop: Hand, mailbox: Mailbox) -> None:
    statuses = [shop.post(SAMPLE).status_code for _ in range(TRIES + 1)]
    assert statuses == [*[200] * TRIES, 409]
    assert len(mailbox.mails) == TRIES
