"""One set of stories for every vendor with an HTTP interface: what leaves, and what each answer means."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from typing import cast

import pytest

from emails.providers import api
from emails.providers.api import Reach
from emails.providers.base import Answerable, Checkable, Provider, Repeats, SendFailed
from emails.providers.registry import PROVIDERS, REPEATS, provider_for
from tests.emails.providers.battery.api_server import Cuts, Said, Takes
from tests.emails.providers.battery.fakes import PostmarkFake
from tests.emails.providers.battery.vendors import (
    NOW,
    ORIGINS,
    URLS,
    VENDORS,
    WRONG_URLS,
    Vendor,
    a_letter,
    a_vendor,
    answer,
)
from wire.http import HttpClient


@pytest.fixture(params=VENDORS)
def vendor(request: pytest.FixtureRequest) -> Iterator[Vendor]:
    with a_vendor(request.param) as running:
        yield running


def failed(
    vendor: Vendor, recipient: str = "mia@example.com", provider: Provider | None = None
) -> SendFailed:
    with pytest.raises(SendFailed) as caught:
        vendor.send(a_letter(recipient), provider)
    return caught.value


def test_what_arrives_is_the_whole_mail(vendor: Vendor) -> None:
    receipt = vendor.send(a_letter())
    (mail,) = vendor.fake.mails
    assert receipt.provider_id and receipt.response == "200"
    assert (mail.recipient, mail.subject) == ("mia@example.com", "Your coffee: ☕ arrived")
    assert (mail.text.strip(), unescape(mail.html.strip())) == ("Grüße", "<p>Grüße</p>")
    wanted = a_letter().headers
    for name in ("List-Unsubscribe", "List-Unsubscribe-Post", "Auto-Submitted", "X-Doorstep-Row"):
        assert mail.headers[name] == wanted[name]
    assert mail.headers["Message-ID"] == "<0f12ab@mail.example>"
    assert len(vendor.server.asked) == 1


def test_the_sender_and_the_answers_address_are_told(vendor: Vendor) -> None:
    vendor.send(a_letter())
    told = vendor.server.asked[0].body.decode()
    assert "hello@mail.example" in told
    if vendor.name != "ses":  # there, both stand in the encoded mail
        assert "help@shop.example" in told and '\\"Käffchen, Röster & Co\\"' in told


def test_no_word_of_a_mail_becomes_a_header(vendor: Vendor) -> None:
    letter = a_letter(subject="Hello\r\nBcc: all@example.com", headers={"X-A": "b\r\nBcc: all@example.com"})
    vendor.send(letter)
    (mail,) = vendor.fake.mails
    assert "Bcc" not in mail.headers and "\n" not in mail.subject + mail.headers["X-A"]


def test_a_bad_address_is_never_called(vendor: Vendor) -> None:
    told = failed(vendor, "no address")
    assert (told.reason, told.permanent, told.handed_over) == ("invalid_email", True, False)
    assert vendor.server.asked == []


def test_an_address_that_the_vendor_cannot_use_fails_for_good(vendor: Vendor) -> None:
    refusals = {
        "resend": Said(422, {"name": "validation_error", "message": "Invalid `to` field."}),
        "postmark": Said(422, {"ErrorCode": 300, "Message": "Invalid 'To' address: 'mia@example.com'."}),
        "ses": Said(400, {"message": "Illegal address"}, {"x-amzn-ErrorType": "BadRequestException"}),
    }
    vendor.server.answers.append(refusals[vendor.name])
    told = failed(vendor)
    assert told.permanent and not told.handed_over
    assert told.reason == ("invalid_email" if vendor.name == "ses" else "recipient_refused")


def test_a_held_back_address_fails_for_good() -> None:
    """SES and Resend take such a mail, and tell later that they held it back."""
    with a_vendor("postmark") as vendor:
        told = failed(vendor, "inactive@example.com")
    assert (told.reason, told.permanent) == ("recipient_suppressed", True)


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        ("busy", "vendor_busy"),
        ("quota", "quota_used_up"),
        ("sender", "sender_refused"),
        ("login", "login_refused"),
        ("unlisted", "not_understood"),
    ],
)
def test_what_is_not_about_the_mail_waits(vendor: Vendor, kind: str, reason: str) -> None:
    vendor.server.answers.append(answer(vendor.name, kind))
    told = failed(vendor)
    assert (told.reason, told.permanent, told.handed_over) == (reason, False, False)
    assert vendor.fake.mails == []


def test_a_wish_for_silence_is_kept_within_an_hour(vendor: Vendor) -> None:
    vendor.server.answers.append(answer(vendor.name, "busy"))
    assert failed(vendor).retry_after == 7
    for wish, kept in (("86400", 3600), ("-5", 0), ("Wed, 21 Oct 2026 07:28:00 GMT", 0), ("9" * 400, 0)):
        vendor.server.answers.append(Said(429, {}, {"Retry-After": wish}))
        assert failed(vendor).retry_after == kept


def test_a_wrong_login_waits(vendor: Vendor) -> None:
    provider = vendor.provider(WRONG_URLS[vendor.name])
    told = failed(vendor, provider=provider)
    assert (told.reason, told.permanent, told.handed_over) == ("login_refused", False, False)


@pytest.mark.parametrize("status", [500, 502, 504, 599])
def test_trouble_of_the_vendor_leaves_the_mail_in_doubt(vendor: Vendor, status: int) -> None:
    vendor.server.answers.append(Said(status, b"<html>trouble</html>"))
    told = failed(vendor)
    assert (told.reason, told.permanent, told.handed_over) == ("vendor_trouble", False, True)


def test_its_own_word_for_trouble_leaves_the_mail_in_doubt(vendor: Vendor) -> None:
    vendor.server.answers.append(answer(vendor.name, "trouble"))
    assert failed(vendor).handed_over


def test_a_vendor_that_is_not_working_took_nothing(vendor: Vendor) -> None:
    vendor.server.answers.append(Said(503, b""))
    told = failed(vendor)
    assert (told.reason, told.permanent, told.handed_over) == ("vendor_away", False, False)


@pytest.mark.parametrize(
    "body", [b"", b"<html>", b"[]", b"{}", b"\xff\x00", b'{"id": null, "MessageID": 1.5}']
)
def test_a_good_answer_that_cannot_be_read_leaves_the_mail_in_doubt(vendor: Vendor, body: bytes) -> None:
    vendor.server.answers.append(Said(200, body))
    told = failed(vendor)
    assert (told.reason, told.permanent, told.handed_over) == ("unreadable_answer", False, True)


def test_nobody_there_took_nothing(vendor: Vendor) -> None:
    nowhere = Reach(HttpClient({ORIGINS[vendor.name]: "http://127.0.0.1:1"}), lambda: NOW)
    told = failed(vendor, provider=provider_for(URLS[vendor.name], nowhere))
    assert (told.reason, told.permanent, told.handed_over) == ("no_connection", False, False)


@pytest.mark.parametrize("fault", [Cuts(), Takes(cut=True)])
def test_a_connection_that_is_cut_leaves_the_mail_in_doubt(vendor: Vendor, fault: Cuts | Takes) -> None:
    vendor.server.answers.append(fault)
    told = failed(vendor)
    assert (told.reason, told.permanent, told.handed_over) == ("answer_lost", False, True)
    assert len(vendor.server.asked) == 1, "nothing is repeated behind the ledger's back"


def test_silence_leaves_the_mail_in_doubt(vendor: Vendor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api, "SECONDS", 0.3)
    vendor.server.answers.append(Takes())
    told = failed(vendor)
    assert (told.reason, told.handed_over) == ("answer_lost", True)


def test_the_same_mail_again_is_dropped_by_who_says_so(vendor: Vendor) -> None:
    """The first answer is lost; the second try carries another Date, as it would minutes later."""
    vendor.server.answers.append(Takes(cut=True))
    failed(vendor)
    later = {**a_letter().headers, "Date": "Mon, 02 Nov 2026 09:05:00 +0000"}
    receipt = vendor.send(a_letter(headers=later))
    provider = vendor.provider()
    assert receipt.provider_id
    assert len(vendor.fake.mails) == (1 if provider.repeats is Repeats.IDEMPOTENT else 2)
    assert provider.idempotent == (provider.repeats is Repeats.IDEMPOTENT)
    assert provider.repeats is REPEATS[vendor.name]


def test_another_text_under_a_known_key_stays_in_doubt() -> None:
    with a_vendor("resend") as vendor:
        vendor.send(a_letter())
        with pytest.raises(SendFailed) as caught:
            vendor.send(a_letter(text="something else"))
        assert len(vendor.fake.mails) == 1
    assert (caught.value.reason, caught.value.handed_over, caught.value.permanent) == (
        "key_known",
        True,
        True,
    )


def test_who_can_be_asked_says_whether_it_has_a_mail() -> None:
    with a_vendor("postmark") as vendor:
        vendor.server.answers.append(Takes(cut=True))
        failed(vendor)
        provider = cast(Answerable, vendor.provider())
        found = provider.taken("<0f12ab@mail.example>")
        assert found is not None and found.provider_id.startswith("b7bc2f4a")
        assert provider.taken("<other@mail.example>") is None


def test_an_account_is_looked_at_without_sending(vendor: Vendor) -> None:
    cast(Checkable, vendor.provider()).check()
    with pytest.raises(SendFailed, match="login_refused"):
        cast(Checkable, vendor.provider(WRONG_URLS[vendor.name])).check()
    assert vendor.fake.mails == []


def test_a_dropped_mail_is_not_sent(vendor: Vendor) -> None:
    with vendor.provider().connect() as courier:
        courier.prepare(a_letter())
        courier.drop()
        with pytest.raises(RuntimeError):
            courier.hand_over()
    assert vendor.server.asked == []


def test_mails_that_can_be_left_go_by_their_own_stream() -> None:
    with a_vendor("postmark") as vendor:
        provider = vendor.provider("postmark://a-server-token?stream=orders&broadcast=offers")
        vendor.send(a_letter(), provider)
        vendor.send(a_letter(headers={"X-A": "b"}), provider)
        assert cast(PostmarkFake, vendor.fake).streams == ["offers", "orders"]


def test_a_signature_is_of_its_own_moment() -> None:
    """A mail may be prepared long before it leaves."""
    moments = iter([NOW, NOW + timedelta(minutes=20)])
    with a_vendor("ses") as vendor:
        client = HttpClient({ORIGINS["ses"]: vendor.server.origin})
        provider = provider_for(URLS["ses"], Reach(client, lambda: next(moments)))
        vendor.send(a_letter(), provider)
        vendor.send(a_letter(), provider)
        stamps = [asked.headers["x-amz-date"] for asked in vendor.server.asked]
    assert stamps == ["20261102T090000Z", "20261102T092000Z"]
    assert len(vendor.fake.mails) == 2


def test_no_secret_is_shown(vendor: Vendor) -> None:
    shown = repr(vendor.provider()) + repr(failed(vendor, "x")) + str(vendor.reach())
    for secret in ("wJalr", "a-server-token", "re_live_1"):
        assert secret not in shown


@pytest.mark.parametrize(
    "url",
    [
        "resend://",
        "resend://a b",
        "resend://key?stream=x",
        "resend://key/path",
        "postmark://",
        "postmark://t?stream=a%20b",
        "postmark://t?x",
        "ses://key@eu-west-1",
        "ses://key:secret",
        "ses://key:secret@evil.example",
        "ses://key:secret@eu-west-1/path",
        "ses://key:secret@eu-west-1?configuration_set=a/b",
        "sendgrid://key",
    ],
)
def test_what_names_no_account_is_refused_without_its_secret(url: str) -> None:
    with pytest.raises(ValueError) as caught:
        provider_for(url, Reach(HttpClient(), lambda: NOW))
    assert "secret@" not in str(caught.value).replace("KEY:SECRET@", "")


def test_every_scheme_of_the_settings_has_a_provider() -> None:
    assert set(PROVIDERS) == {"smtp", "smtps", "ses", "postmark", "resend"}
