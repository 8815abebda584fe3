"""A merchant gives an own mail account: tried before it is kept, never shown again, taken out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from app.services.mail_account_form import Misfilled, read_form
from app.services.mail_accounts import account_failed, load_accounts
from app.web.admin.mail_account import TRIES
from emails.providers.api import Reach
from emails.providers.base import Checkable, SendFailed
from emails.providers.smtp_public import shops_provider
from flows.commerce import Platform
from tests.app.web.admin.hand import Hand, words_of
from tests.emails.providers.battery.vendors import NOW, ORIGINS, Vendor, a_vendor
from tests.emails.providers.scripted_server import SILENCE, serving
from wire.http import HttpClient

SENDER = "hello@larkhus.example"
OUTSIDE = Reach(HttpClient(), lambda: NOW)


def mapped(hand: Hand, origins: dict[str, str]) -> None:
    """As in a sandbox: with a table of addresses of this machine."""
    at = hand.site.client.application.extensions
    at["doorstep"] = replace(at["doorstep"], http=HttpClient(origins))


@pytest.fixture
def postmark(hand: Hand) -> Iterator[Vendor]:
    """It is there for the app under its own name."""
    with a_vendor("postmark") as vendor:
        mapped(hand, {ORIGINS["postmark"]: vendor.server.origin})
        yield vendor


def kept(hand: Hand) -> list[tuple[str, str]]:
    return [(row.kind, row.sender) for row in hand.rows("SELECT kind, sender FROM mail_accounts")]


def test_the_page_says_by_whom_mails_leave(hand: Hand) -> None:
    page = words_of(hand.get("/mail-account"))
    assert "Mails leave by Doorstep's account" in page.replace("&#39;", "'")
    for words in ("Amazon SES", "Postmark", "Resend", "A mail server (SMTP)"):
        assert words in page
    for kind in ("smtp", "ses", "postmark", "resend"):
        assert "Try it and save" in hand.get(f"/mail-account?kind={kind}").text
    assert "Try it and save" not in hand.get("/mail-account?kind=pigeon").text
    assert "/events/postmark/" in hand.get("/mail-account?kind=postmark").text
    assert "/events/" not in hand.get("/mail-account?kind=smtp").text


def test_an_account_that_works_is_kept_and_its_token_never_shown(hand: Hand, postmark: Vendor) -> None:
    answer = hand.post(
        "/mail-account/postmark", sender=f" {SENDER} ", token="a-server-token", events="sesame"
    )
    assert answer.status_code == 200 and "It works." in words_of(answer)
    assert kept(hand) == [("postmark", SENDER)] and postmark.fake.mails == []
    for page in (answer, hand.get("/mail-account"), hand.get("/mail-account?kind=postmark")):
        assert "a-server-token" not in page.text and "sesame" not in page.text
    (row,) = hand.rows("SELECT * FROM mail_accounts")
    assert b"a-server-token" not in bytes(row.sealed)
    assert hand.changes()[-1][1:] == (
        "mail_account",
        f"Mails leave by your own account: Postmark, from {SENDER}.",
    )
    assert "a-server-token" not in str(hand.changes())


def test_an_account_that_does_not_work_is_not_kept(hand: Hand, postmark: Vendor) -> None:
    answer = hand.post("/mail-account/postmark", sender=SENDER, token="wrong", stream="orders")
    assert answer.status_code == 422
    assert "Nothing was changed." in words_of(answer) and "The login was not taken." in words_of(answer)
    assert "It says: Request does not contain a valid Server token." in words_of(answer)
    assert "wrong" not in answer.text and 'value="orders"' in answer.text, "what is no secret stays"
    assert (kept(hand), hand.changes()) == ([], [])


def test_a_mail_server_is_greeted_and_nothing_sent(hand: Hand) -> None:
    mapped(hand, {"https://any.example": "http://127.0.0.1:1"})
    with serving() as server:
        answer = hand.post("/mail-account/smtp", sender=SENDER, host="127.0.0.1", port=str(server.port))
        assert answer.status_code == 200
        assert not any(command.upper().startswith("MAIL") for command in server.commands)
    assert kept(hand) == [("smtp", SENDER)]


def test_a_mail_server_that_says_nothing_is_left(hand: Hand, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("emails.providers.smtp_public.LONGEST", 0.5)
    mapped(hand, {"https://any.example": "http://127.0.0.1:1"})
    with serving({"connect": [SILENCE]}) as server:
        answer = hand.post("/mail-account/smtp", sender=SENDER, host="127.0.0.1", port=str(server.port))
    assert answer.status_code == 422 and kept(hand) == []


def test_looks_are_counted(hand: Hand, postmark: Vendor) -> None:
    for _ in range(TRIES):
        assert hand.post("/mail-account/postmark", sender=SENDER, token="wrong").status_code == 422
    answer = hand.post("/mail-account/postmark", sender=SENDER, token="a-server-token")
    assert answer.status_code == 429 and "At most 10 tries" in words_of(answer)
    assert len(postmark.server.asked) == TRIES and kept(hand) == []


@pytest.mark.parametrize(
    ("kind", "fields", "wrong"),
    [
        ("smtp", {"sender": "nobody", "host": "mail.example"}, "sender"),
        ("smtp", {"host": ""}, "host"),
        ("smtp", {"host": "mail.example/x"}, "host"),
        ("smtp", {"host": "a@mail.example"}, "host"),
        ("smtp", {"host": "[mail.example"}, "host"),
        ("smtp", {"host": "mail.example", "port": "x"}, "port"),
        ("smtp", {"host": "mail.example", "user": "u"}, "password"),
        ("smtp", {"host": "mail.example", "password": "p"}, "user"),
        ("smtp", {"host": "mail.example", "user": "ü", "password": "p"}, "password"),
        ("ses", {"key": "", "secret": "s", "region": "eu-west-1"}, "key"),
        ("ses", {"key": "k", "secret": "s", "region": "evil.example"}, "region"),
        ("ses", {"key": "k", "secret": "s", "region": "eu-west-1/x?y"}, "region"),
        (
            "ses",
            {"key": "k", "secret": "s", "region": "eu-west-1", "configuration_set": "a b"},
            "configuration_set",
        ),
        ("postmark", {"token": "a b"}, "token"),
        ("postmark", {"token": "a", "stream": "x&y"}, "stream"),
        ("resend", {"key": "x" * 600}, "key"),
        ("resend", {"key": "ü"}, "key"),
    ],
)
def test_what_cannot_be_is_said_at_its_field(kind: str, fields: dict[str, str], wrong: str) -> None:
    with pytest.raises(Misfilled) as caught:
        read_form(kind, {"sender": SENDER, **fields}, OUTSIDE)
    assert list(caught.value.errors) == [wrong]


@pytest.mark.parametrize("host", ["℀.mail.example", "mail.example﹖", "\uff20mail.example"])
def test_no_host_brings_a_password_into_what_is_said(host: str) -> None:
    """Python's own sentence about such a host quotes the login before it."""
    with pytest.raises(Misfilled) as caught:
        read_form("smtp", {"sender": SENDER, "host": host, "user": "me", "password": "hunter2"}, OUTSIDE)
    assert list(caught.value.errors) == ["host"] and "hunter2" not in str(caught.value.errors)


def test_a_field_that_cannot_be_keeps_the_form(hand: Hand) -> None:
    answer = hand.post("/mail-account/smtp", sender=SENDER, host="", password="hunter2", user="me")
    assert answer.status_code == 422 and "Give the name of the mail server" in words_of(answer)
    assert 'value="me"' in answer.text and "hunter2" not in answer.text
    assert hand.post("/mail-account/pigeon", sender=SENDER).status_code == 404


@pytest.mark.parametrize(
    "url",
    [
        "smtp://me:pw@127.0.0.1:25",
        "smtp://me:pw@localhost:25",
        "smtp://me:pw@10.0.0.1:587",
        "smtp://me:pw@[::1]:587",
        "smtp://me:pw@169.254.169.254:25",
        "smtp://me:pw@2130706433:25",
        "smtp://me:pw@0x7f.1:25",
        "smtp://me:pw@mail.example:22",
        "smtp://me:pw@mail.example:6379",
        "smtps://me:pw@mail.example:443",
    ],
)
def test_outside_of_a_sandbox_no_address_inside_and_no_other_port(url: str) -> None:
    with pytest.raises(ValueError, match=r"public name|on port"):
        shops_provider(url, OUTSIDE)


def test_a_mail_server_that_wants_no_login_may_be_our_own() -> None:
    """Which takes any mail in any name from where we call."""
    with pytest.raises(ValueError, match="a user and a password"):
        shops_provider("smtp://mail.example:25", OUTSIDE)
    assert shops_provider("smtp://me:pw@mail.example:25", OUTSIDE).name == "smtp"


def test_a_name_that_leads_inside_is_not_connected_to(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the resolver says later: the address that was checked is the one that is called."""
    with serving() as server:
        monkeypatch.setattr("emails.providers.smtp_public.PORTS", (25, server.port))
        monkeypatch.setattr("wire.addresses.resolve", lambda host: ("127.0.0.1",))
        monkeypatch.setattr("wire.addresses.public_address.__defaults__", (lambda host: ("127.0.0.1",),))
        provider = shops_provider(f"smtp://me:pw@mail.evil.example:{server.port}", OUTSIDE)
        assert isinstance(provider, Checkable)
        with pytest.raises(SendFailed) as caught:
            provider.check()
        assert server.connections == 0
    assert caught.value.reason == "no_connection" and "not public" in caught.value.answer


def test_what_fails_is_said_here_and_on_the_first_page(hand: Hand, postmark: Vendor) -> None:
    hand.post("/mail-account/postmark", sender=SENDER, token="a-server-token")
    home = words_of(hand.get(""))
    assert "Mails wait for your mail account" not in home and f"Sender {SENDER}, as" in home
    shop, database = hand.site.woocommerce.shop_id, hand.site.runtime.database
    with database.shops(shop) as session:
        held = load_accounts(session, [shop])[shop]
    account_failed(database, held, SendFailed("login_refused", answer="<b>no</b>"), hand.now)
    page = hand.get("/mail-account")
    assert "Mails have been waiting for it since" in words_of(page) and "<b>no</b>" not in page.text
    assert "The login was not taken" in words_of(page)
    assert "Mails wait for your mail account" in words_of(hand.get(""))
    hand.post("/mail-account/postmark", sender=SENDER, token="a-server-token")
    assert "Failing" not in words_of(hand.get("/mail-account"))
    assert "Mails wait for your mail account" not in words_of(hand.get(""))


def test_it_can_be_taken_out(hand: Hand, postmark: Vendor) -> None:
    hand.post("/mail-account/postmark", sender=SENDER, token="a-server-token")
    assert "Your account is forgotten here." in words_of(hand.post("/mail-account/remove"))
    assert kept(hand) == []
    assert "Nothing was changed." in words_of(hand.post("/mail-account/remove"))


def test_another_shop_sees_nothing_of_it(hand: Hand, postmark: Vendor) -> None:
    hand.post("/mail-account/postmark", sender=SENDER, token="a-server-token")
    assert SENDER not in hand.get("/mail-account", Platform.SHOPIFY).text
