"""Names and subjects that try to write headers: a mail has exactly ours."""

from __future__ import annotations

import email
import re
from datetime import UTC, datetime
from email import policy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emails import mime
from emails.envelope import envelope
from emails.message import Brand, Links, RenderedMail
from emails.mime import mail_bytes
from emails.render import render
from tests.emails import cases
from tests.emails.naughty import STRINGS
from tests.proof import Count

NOW = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)
LINKS = Links(tracking="", shop="", one_click="https://doorstep.example/u/x/one-click")
OURS = (
    *("From", "To", "Reply-To", "Subject", "Message-ID", "Date", "Auto-Submitted"),
    *("List-Unsubscribe", "List-Unsubscribe-Post", "X-Doorstep-Flow", "MIME-Version", "Content-Type"),
)
ENDS = (
    "\r\n",
    "\n",
    "\r",
    "\r\n ",
    "\n\t",
    "\x0b",
    "\x0c",
    "\x85",
    "\u2028",
    "%0d%0a",
    "\\r\\n",
    "\x00",
    " ",
)
HEADS = (
    "Bcc: x@evil.example",
    "Subject: x",
    "Content-Type: text/html",
    "\r\n<b>x</b>",
    "X: y",
    ".",
    "--=_",
    ":",
)
# Half of all are sewn from what injections are made of, so that they are met often.
TEXTS = st.one_of(
    st.text(max_size=120),
    st.lists(
        st.sampled_from((*ENDS, *HEADS, "Nora", "=?utf-8?q?=0D=0A?=", "é", "日本", '"', "<", ">", ",")),
        max_size=12,
    ).map("".join),
    st.sampled_from(STRINGS),
)


def written(name: str, subject: str, extra: str, *, text: str = "x", html: str = "<p>x</p>") -> bytes:
    brand = Brand(name=name, url="", sender="a@mail.example", support_email="b@shop.example")
    mail = RenderedMail(subject=subject, preheader="", html=html, text=text)
    return mail_bytes(
        envelope(
            mail,
            brand=brand,
            links=LINKS,
            recipient="nora@example.com",
            message_id="<1@mail.example>",
            now=NOW,
            extra={"X-Doorstep-Flow": extra},
        )
    )


def has_our_headers_alone(mail: bytes) -> None:
    head, _, body = mail.partition(b"\r\n\r\n")
    lines = head.split(b"\r\n")
    names = [line.partition(b":")[0].decode("ascii") for line in lines if not line.startswith((b" ", b"\t"))]
    assert sorted(names) == sorted(OURS)
    assert b"\n" not in head.replace(b"\r\n", b"") and b"\r" not in head.replace(b"\r\n", b"")
    assert max(map(len, lines)) <= 998
    message = email.message_from_bytes(mail, policy=policy.default)
    assert sorted(message.keys()) == sorted(OURS)
    assert [address.addr_spec for address in message["From"].addresses] == ["a@mail.example"]
    assert [address.addr_spec for address in message["To"].addresses] == ["nora@example.com"]
    assert [part.get_content_type() for part in message.walk()] == [
        "multipart/alternative",
        "text/plain",
        "text/html",
    ]
    assert body.startswith(b"--") and body.endswith(b"--\r\n")


def test_names_and_subjects_never_write_a_header(count: Count) -> None:
    @settings(max_examples=count(1_000, 20_000), deadline=None)
    @given(TEXTS, TEXTS, TEXTS)
    def check(name: str, subject: str, extra: str) -> None:
        has_our_headers_alone(written(name, subject, extra))

    check()


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n\n"])
def test_a_bare_line_end_that_no_earlier_look_caught_is_not_sent(
    end: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each value is tidied and then written so that no line can end in it. Were both forgotten for one, no
    mail would be made of it."""
    monkeypatch.setattr(mime, "single_spaced", str)
    monkeypatch.setattr(mime, "_is_plain", lambda text: True)
    with pytest.raises(ValueError, match="CRLF"):
        written("Shop", f"Hello{end}Bcc: x@evil.example", "x")


def test_nor_do_the_mails_that_are_made_of_them() -> None:
    for text in STRINGS:
        context = cases._every_text(cases.plain(), text)
        mail = render("order_confirmation/confirmation", context, "en")
        sent = written(text, mail.subject, text, text=mail.text, html=mail.html)
        has_our_headers_alone(sent)
        assert not re.search(rb"(?im)^bcc:", sent.partition(b"\r\n\r\n")[0])
