"""What is written on the outside of a mail, and the bytes that travel."""

from __future__ import annotations

import email
import re
from collections.abc import Mapping
from dataclasses import replace
from email import policy
from email.message import EmailMessage
from html import unescape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emails.clean import single_spaced
from emails.envelope import Labels, envelope
from emails.message import Brand, Envelope, Links, RenderedMail
from emails.mime import mail_bytes
from emails.providers.base import SendFailed
from emails.render import render
from tests.emails.samples import HOLLOW_PINE, PLACED, coffee, links_for, reviewing
from tests.proof import Count

OURS = [
    "From",
    "To",
    "Reply-To",
    "Subject",
    "Message-ID",
    "Date",
    "Auto-Submitted",
    "X-Doorstep-Row",
    "MIME-Version",
    "Content-Type",
]
MAIL = RenderedMail("Order #1047 is confirmed", "Inside", "<p>Grüße</p>\n", "Grüße\n.dot\n")
ANYTHING = st.text(st.characters(exclude_categories=[]), max_size=400)


def parsed(written: bytes) -> EmailMessage:
    return email.message_from_bytes(written, policy=policy.default)


def content(part: object) -> str:
    assert isinstance(part, EmailMessage)
    return str(part.get_content()).replace("\r\n", "\n")


def sealed(
    mail: RenderedMail = MAIL,
    brand: Brand = HOLLOW_PINE,
    links: Links | None = None,
    recipient: str = "nora@example.com",
    extra: Mapping[str, str] | None = None,
    labels: Labels | None = None,
) -> Envelope:
    return envelope(
        mail,
        brand=brand,
        links=links or links_for(brand),
        recipient=recipient,
        message_id="<row-17.4c1d@mail.hollow-pine.example>",
        now=PLACED,
        extra={"X-Doorstep-Row": "17"} if extra is None else extra,
        labels=labels,
    )


def test_an_ordinary_mail() -> None:
    message = parsed(mail_bytes(sealed()))
    assert message.keys() == OURS
    assert message["From"] == "Hollow Pine Coffee <orders@mail.hollow-pine.example>"
    assert message["To"] == "nora@example.com"
    assert message["Reply-To"] == "hello@hollow-pine.example"
    assert message["Message-ID"] == "<row-17.4c1d@mail.hollow-pine.example>"
    assert message["Date"] == "Fri, 16 Oct 2026 14:41:00 +0000"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message.get_content_type() == "multipart/alternative"
    text, html = message.iter_parts()
    assert (text.get_content_type(), html.get_content_type()) == ("text/plain", "text/html")
    assert text["Content-Transfer-Encoding"] == "quoted-printable"
    assert html["Content-Transfer-Encoding"] == "7bit"
    assert content(text) == "Grüße\n.dot\n"
    assert content(html) == "<p>Gr&#252;&#223;e</p>\n"


def test_the_same_envelope_gives_the_same_bytes() -> None:
    assert mail_bytes(sealed()) == mail_bytes(sealed())


def test_one_click_stands_in_both_headers_or_in_none() -> None:
    context = reviewing(coffee())
    message = parsed(mail_bytes(sealed(links=context.links)))
    assert message["List-Unsubscribe"] == f"<{context.links.one_click}>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "List-Unsubscribe" not in parsed(mail_bytes(sealed()))
    bad = replace(context.links, one_click="javascript:alert(1)")
    assert "List-Unsubscribe-Post" not in parsed(mail_bytes(sealed(links=bad)))


def test_a_long_address_is_not_broken_over_lines() -> None:
    address = "https://shop.example/u/" + "k" * 400 + "/one-click"
    links = replace(links_for(HOLLOW_PINE), one_click=address)
    assert f"List-Unsubscribe: <{address}>\r\n".encode() in mail_bytes(sealed(links=links))


def test_real_mails_survive_the_journey() -> None:
    for template in ("order_confirmation/confirmation", "review_request/ask"):
        mail = render(template, reviewing(coffee()), "en")
        message = parsed(mail_bytes(sealed(mail)))
        text, html = message.iter_parts()
        assert message["Subject"] == mail.subject
        assert content(text) == mail.text
        assert unescape(content(html)).rstrip() == unescape(mail.html).rstrip()


@pytest.mark.parametrize(("length", "longest"), [(300, 900), (1_500, 78)])
def test_lines_are_not_too_long_and_end_in_crlf(length: int, longest: int) -> None:
    mail = render("order_confirmation/confirmation", coffee("https://cdn.example/" + "x" * length), "en")
    lines = mail_bytes(sealed(mail)).split(b"\r\n")
    assert max(len(line) for line in lines) <= longest
    assert not any(b"\n" in line or b"\r" in line for line in lines)


@pytest.mark.timeout(1800)
def test_no_text_from_outside_adds_a_header(count: Count) -> None:
    @settings(deadline=None, max_examples=count(300, 20_000))
    @given(subject=ANYTHING, name=ANYTHING, text=ANYTHING, extra=ANYTHING)
    def check(subject: str, name: str, text: str, extra: str) -> None:
        mail = RenderedMail(subject, "", f"<p>{single_spaced(text)}</p>", single_spaced(text))
        brand = replace(HOLLOW_PINE, name=name)
        written = mail_bytes(sealed(mail, brand, extra={"X-Doorstep-Row": extra}))
        message = parsed(written)
        assert message.keys() == OURS
        assert not re.search(rb"(?<!\r)\n|\r(?!\n)", written)
        assert [address.addr_spec for address in message["From"].addresses] == [HOLLOW_PINE.sender]
        assert [address.addr_spec for address in message["To"].addresses] == ["nora@example.com"]
        assert len(list(message.iter_parts())) == 2

    check()


INJECTION = "x\r\nBcc: everybody@evil.example\r\n\r\nbody"


def test_an_injected_header_ends_up_as_text() -> None:
    message = parsed(
        mail_bytes(
            sealed(
                replace(MAIL, subject=INJECTION),
                replace(HOLLOW_PINE, name=INJECTION),
                extra={"X-Doorstep-Row": INJECTION},
            )
        )
    )
    assert "Bcc" not in message
    assert message["Subject"] == "x Bcc: everybody@evil.example body"


@pytest.mark.parametrize("recipient", ["nöra@example.com", "nora", INJECTION, "a@b.example, c@d.example", ""])
def test_a_recipient_that_no_mail_can_reach(recipient: str) -> None:
    with pytest.raises(SendFailed) as caught:
        sealed(recipient=recipient)
    assert (caught.value.reason, caught.value.permanent) == ("invalid_email", True)
    with pytest.raises(SendFailed, match="invalid_email"):
        mail_bytes(replace(sealed(), recipient=recipient))


def test_a_domain_in_other_letters_is_reached() -> None:
    assert parsed(mail_bytes(sealed(recipient="post@Bücher.example")))["To"] == "post@xn--bcher-kva.example"


def test_a_sender_that_is_no_address_waits_to_be_mended() -> None:
    with pytest.raises(SendFailed) as caught:
        mail_bytes(sealed(brand=replace(HOLLOW_PINE, sender="nobody")))
    assert (caught.value.reason, caught.value.permanent) == ("invalid_sender", False)


def test_a_shop_without_a_support_address_has_no_reply_to() -> None:
    assert "Reply-To" not in parsed(mail_bytes(sealed(brand=replace(HOLLOW_PINE, support_email="?"))))


@pytest.mark.parametrize("name", ["Bcc", "Subject", "X Y", "X-A:\r\nBcc", "X-"])
def test_only_headers_of_our_own_can_be_added(name: str) -> None:
    with pytest.raises(ValueError, match="not an X- header"):
        sealed(extra={name: "1"})


def test_the_longest_addresses_come_through() -> None:
    longest = "n" * 64 + "@" + ".".join(["d" * 60] * 3) + ".shop"
    message = parsed(mail_bytes(sealed(brand=replace(HOLLOW_PINE, sender=longest), recipient=longest)))
    assert message["To"] == longest
    assert message["From"].addresses[0].addr_spec == longest


def labelled(**changes: str) -> Labels:
    values = {"flow": "review_request", "shop": "hollow-pine.example", "mail_class": "S", "topic": "reviews"}
    return Labels(
        **{**values, "domain": "mail.doorstep.example", "leave": "l+k3x@bounces.example", **changes}
    )


def test_a_mail_that_can_be_left_says_so_in_every_way() -> None:
    links = reviewing(coffee()).links
    message = parsed(mail_bytes(sealed(links=links, labels=labelled())))
    assert message["List-Id"] == "<reviews.hollow-pine-example.mail.doorstep.example>"
    assert message["Feedback-ID"] == "review_request:hollow-pine.example:S:doorstep"
    by_link, by_mail = f"<{links.one_click}>", "<mailto:l+k3x@bounces.example?subject=unsubscribe>"
    assert message["List-Unsubscribe"] == f"{by_link}, {by_mail}"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message["Precedence"] is None


def test_a_mail_that_nobody_can_leave_is_no_list() -> None:
    message = parsed(mail_bytes(sealed(labels=labelled(topic="", mail_class="T"))))
    assert message["List-Id"] is None
    assert message["List-Unsubscribe"] is None
    assert message["Feedback-ID"] == "review_request:hollow-pine.example:T:doorstep"


def test_long_ways_to_leave_are_not_broken() -> None:
    address = "https://shop.example/u/" + "k" * 400 + "/one-click"
    links = replace(links_for(HOLLOW_PINE), one_click=address)
    written = mail_bytes(sealed(links=links, labels=labelled()))
    assert f"List-Unsubscribe: <{address}>,\r\n <mailto:l+k3x@bounces.example?".encode() in written


def test_names_of_shops_make_no_header_of_their_own(count: Count) -> None:
    @settings(max_examples=count(100, 5_000), deadline=None)
    @given(ANYTHING, ANYTHING)
    def holds(shop: str, flow: str) -> None:
        links = reviewing(coffee()).links
        written = mail_bytes(sealed(links=links, labels=labelled(shop=shop, flow=flow)))
        message = parsed(written)
        assert len(message.keys()) == len(OURS) + 4
        assert message["Feedback-ID"].count(":") == 3
        assert re.fullmatch(r"<reviews\.(?:[a-z0-9-]{1,60}\.)?mail\.doorstep\.example>", message["List-Id"])

    holds()
