"""What merchants type as their domain, and what they are told where it is none."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.services.sending_domain_names import From, NotUsable, readable, typed
from emails.address import valid_address
from tests.proof import Count

OURS = "mail.doorstep.example"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("larkhus.de", From("larkhus.de", "hello")),
        ("  Larkhus.DE. ", From("larkhus.de", "hello")),
        ("www.larkhus.de", From("larkhus.de", "hello")),
        ("https://www.larkhus.de/shop?x=1", From("larkhus.de", "hello")),
        ("larkhus.de/shop", From("larkhus.de", "hello")),
        ("orders@larkhus.de", From("larkhus.de", "orders")),
        ("mail.larkhus.co.uk", From("mail.larkhus.co.uk", "hello")),
        ("müsli.fr", From("xn--msli-0ra.fr", "hello")),
        ("お店.jp", From("xn--t8jz70l.jp", "hello")),
        ("XN--MSLI-0RA.fr", From("xn--msli-0ra.fr", "hello")),
        ("www.de", From("www.de", "hello")),
    ],
)
def test_what_is_understood(text: str, found: From) -> None:
    assert typed(text, OURS) == found


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "Type your domain"),
        (" . ", "Type your domain"),
        ("larkhus", "has an ending"),
        ("larkhus.", "has an ending"),
        ("lark hus.de", "no domain name"),
        ("larkhus..de", "no domain name"),
        ("-larkhus.de", "no domain name"),
        ("larkhus.de:8080", "no domain name"),
        ("a" * 64 + ".de", "no domain name"),
        (".".join(["a" * 60] * 4) + ".de", "no domain name"),
        ("https://", "has an ending"),
        ("https://[::1", "has an ending"),
        ("203.0.113.7", "number of a server"),
        ("https://203.0.113.7/", "number of a server"),
        ("[2001:db8::1]", "number of a server"),
        ("our orders@larkhus.de", "before the @"),
        ("müsli@larkhus.de", "before the @"),
        ("co.uk", "Under co.uk everybody has a domain"),
        ("com.my", "Under com.my"),
        ("gmail.com", "belongs to a mailbox provider"),
        ("our.shop@GMAIL.com", "belongs to a mailbox provider"),
        ("yahoo.co.jp", "belongs to a mailbox provider"),
        ("hollow-pine.myshopify.com", "myshopify.com belongs to whoever runs it"),
        ("larkhus.github.io", "github.io belongs"),
        (OURS, "Doorstep itself"),
        (f"shop.{OURS}", "Doorstep itself"),
        ("doorstep.example", "Doorstep itself"),
    ],
)
def test_what_is_refused_in_words(text: str, told: str) -> None:
    with pytest.raises(NotUsable) as refused:
        typed(text, OURS)
    assert told in str(refused.value)


def test_whatever_is_typed_is_a_domain_or_refused(count: Count) -> None:
    texts = st.text(max_size=300) | st.from_regex(r"[a-z0-9@./:\[\]-]{0,80}", fullmatch=True)

    @settings(max_examples=count(500, 20_000), deadline=None)
    @given(texts)
    def holds(text: str) -> None:
        try:
            found = typed(text, OURS)
        except NotUsable:
            return
        assert valid_address(f"{found.local}@{found.domain}") == f"{found.local}@{found.domain}"
        readable(found.domain)

    holds()


def test_a_domain_is_shown_as_people_write_it() -> None:
    assert readable("xn--msli-0ra.fr") == "müsli.fr"
    assert readable("xn--\x7f.fr") == "xn--\x7f.fr"
    assert readable("larkhus.de") == "larkhus.de"
