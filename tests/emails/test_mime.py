"""What we write, read by the standard parser, is what the standard builder would have said."""

from __future__ import annotations

import email
import html
import re
from dataclasses import replace
from email import policy
from email.message import EmailMessage

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from emails.clean import single_spaced
from emails.message import Envelope
from emails.mime import mail_bytes
from emails.render import render
from tests.emails import cases
from tests.emails.samples import coffee
from tests.emails.usual_message import usual_bytes
from tests.proof import Count

PLAIN = Envelope(
    sender="orders@mail.hollow-pine.example",
    sender_name="Hollow Pine",
    recipient="nora@example.com",
    reply_to="hello@hollow-pine.example",
    message_id="<17@mail.hollow-pine.example>",
    subject="Order #1047 is confirmed",
    html="<p>Thank you</p>\n",
    text="Thank you\n",
    headers={"Date": "Fri, 16 Oct 2026 14:41:00 +0000", "X-Doorstep-Row": "17"},
)
# No line ends and no half characters: they never come so far, and `single_spaced` is tested by itself.
WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), max_size=200)
# Numbers of noncharacters are those to a page's reader (WHATWG HTML 13.2.5.80), but Python's leaves them out.
_LARGE = re.compile("&#([0-9]{5,7});")
LINES = st.lists(WORDS, max_size=8).map(lambda lines: "\n".join(lines) + "\n")


def parsed(written: bytes) -> EmailMessage:
    message = email.message_from_bytes(written, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def parts(message: EmailMessage) -> tuple[str, str]:
    text, page = message.iter_parts()
    read = text.get_content(), page.get_content()
    return read[0], html.unescape(_LARGE.sub(lambda found: chr(int(found[1])), read[1]))


def same(envelope: Envelope) -> None:
    ours, usual = parsed(mail_bytes(envelope)), parsed(usual_bytes(envelope))
    assert {name.lower() for name in ours} == {name.lower() for name in usual}
    for name in ("To", "Reply-To", "Message-ID", *envelope.headers):
        assert str(ours[name]) == str(usual[name]), name
    assert str(ours["Subject"]) == single_spaced(envelope.subject)
    (sender,) = ours["From"].addresses
    assert sender.addr_spec == envelope.sender
    # The parser puts a blank between two encoded words of a name, in its own messages, too.
    assert sender.display_name.replace(" ", "") == single_spaced(envelope.sender_name).replace(" ", "")
    assert parts(ours) == parts(usual)


def test_it_reads_as_the_usual_message_does(count: Count) -> None:
    @settings(max_examples=count(400, 20_000), deadline=None)
    @given(WORDS, WORDS, LINES, LINES)
    @example('"Nora" \\ <x@y.example>', "=?utf-8?q?a?=", "From here\n.\n", "<p>&amp;</p>\n")
    @example("Hollow, Pine (Ltd.)", "a " * 100, "x" * 2_000 + "\n", "y" * 2_000 + "é\n")
    @example("Ö" * 60, "日本語の件名" * 20, "\n", "\n")
    @example("", "", "\n", "\ufffe\n")
    def check(name: str, subject: str, text: str, page: str) -> None:
        same(replace(PLAIN, sender_name=name, subject=subject, text=text, html=html.escape(page)))

    check()


@pytest.mark.parametrize("order", cases.ORDERS)
@pytest.mark.parametrize("language", ["en", "de", "ja"])
def test_our_mails_read_as_usual(order: str, language: str) -> None:
    mail = render("order_confirmation/confirmation", cases.ORDERS[order](), language)
    envelope = replace(PLAIN, subject=mail.subject, text=mail.text, html=mail.html)
    same(envelope)


def test_pages_travel_as_they_are_in_lines_that_every_server_takes() -> None:
    mail = render("order_confirmation/confirmation", coffee(), "ja")
    written = mail_bytes(replace(PLAIN, subject=mail.subject, text=mail.text, html=mail.html))
    page = written.rpartition(b"Content-Type: text/html")[2]
    assert b"Content-Transfer-Encoding: 7bit" in page
    assert max(map(len, written.split(b"\r\n"))) <= 900
    written.decode("ascii")


def test_a_character_that_a_number_would_change_is_not_numbered() -> None:
    written = mail_bytes(replace(PLAIN, html="<p>\x85 \x9f é</p>\n"))
    page = list(parsed(written).iter_parts())[1]
    assert page["Content-Transfer-Encoding"] == "quoted-printable"


def test_lines_that_no_server_takes_are_broken() -> None:
    written = mail_bytes(replace(PLAIN, html="<p>" + "x" * 5_000 + "</p>\n", text="y" * 5_000))
    assert max(map(len, written.split(b"\r\n"))) <= 78


def test_headers_are_folded_and_keep_their_words() -> None:
    long = " ".join(f"word{number}" for number in range(60))
    written = mail_bytes(replace(PLAIN, subject=long, headers={"X-Doorstep-Flow": "ö" * 300}))
    head = written.partition(b"\r\n\r\n")[0]
    assert max(map(len, head.split(b"\r\n"))) <= 78
    assert parsed(written)["Subject"] == long
    assert parsed(written)["X-Doorstep-Flow"] == "ö" * 300


@pytest.mark.parametrize("name", ["X-A\r\nBcc", "X A", "X:A", "", "Ä"])
def test_a_name_that_is_none_is_no_header(name: str) -> None:
    with pytest.raises(ValueError, match="not the name of a header"):
        mail_bytes(replace(PLAIN, headers={name: "1"}))


def test_nothing_from_outside_ends_the_head(count: Count) -> None:
    @settings(max_examples=count(200, 20_000), deadline=None)
    @given(st.text(max_size=200), st.text(max_size=200), st.text(max_size=200))
    @example("a\r\nBcc: x@evil.example", "b\n\nc", "d\r\n\r\ne")
    def check(name: str, subject: str, value: str) -> None:
        made = replace(PLAIN, sender_name=name, subject=subject, headers={"X-Doorstep-Row": value})
        written = mail_bytes(made)
        assert parsed(written).keys() == [
            "From",
            "To",
            "Reply-To",
            "Subject",
            "Message-ID",
            "X-Doorstep-Row",
            "MIME-Version",
            "Content-Type",
        ]
        assert not re.search(rb"(?<!\r)\n|\r(?!\n)", written)

    check()
