"""The hmac of the addresses that bring a merchant."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from hashlib import sha256
from urllib.parse import parse_qsl

import pytest

from connectors.shopify.query_signature import Pairs, decoded_hmac, form_hmac, is_signed, repeated

SECRET = "hush"
# Published example of the decoded and of the form encoding alike.
KNOWN = [
    ("code", "0907a61c0c8d55e99db179b68161bc00"),
    ("shop", "some-shop.myshopify.com"),
    ("timestamp", "1337178173"),
]
KNOWN_HMAC = "4712bf92ffc2917d15a2f5a273e39f0116667419aa4b6ac0b3baaf26fa3c4d20"
# Values on which the two encodings differ.
ODD = [
    ("host", "YWRtaW4uc2hvcGlmeS5jb20vc3RvcmUvaG9sbG93LXBpbmU="),
    ("locale", "de DE"),
    ("name", "Röster & Söhne/50%~*"),
    ("shop", "some-shop.myshopify.com"),
]


def test_the_published_example_holds_in_both_encodings() -> None:
    assert form_hmac(KNOWN, SECRET) == KNOWN_HMAC
    assert decoded_hmac(KNOWN, SECRET) == KNOWN_HMAC
    assert is_signed([*KNOWN, ("hmac", KNOWN_HMAC)], [SECRET])


def test_the_form_encoding_is_that_of_the_web_platform() -> None:
    text = (
        "host=YWRtaW4uc2hvcGlmeS5jb20vc3RvcmUvaG9sbG93LXBpbmU%3D&locale=de+DE"
        "&name=R%C3%B6ster+%26+S%C3%B6hne%2F50%25%7E*&shop=some-shop.myshopify.com"
    )
    assert form_hmac(ODD, SECRET) == hmac.new(SECRET.encode(), text.encode(), sha256).hexdigest()


def test_the_decoded_encoding_escapes_delimiters_only() -> None:
    text = (
        "host=YWRtaW4uc2hvcGlmeS5jb20vc3RvcmUvaG9sbG93LXBpbmU=&locale=de DE"
        "&name=Röster %26 Söhne/50%25~*&shop=some-shop.myshopify.com"
    )
    assert decoded_hmac(ODD, SECRET) == hmac.new(SECRET.encode(), text.encode(), sha256).hexdigest()


@pytest.mark.parametrize("own", [form_hmac, decoded_hmac])
@pytest.mark.parametrize("pairs", [KNOWN, ODD])
def test_either_encoding_is_taken_in_any_order_of_the_query(
    own: Callable[[Pairs, str], str], pairs: list[tuple[str, str]]
) -> None:
    signature = own(pairs, SECRET)
    assert is_signed([("hmac", signature), *reversed(pairs)], [SECRET])
    assert is_signed([*pairs, ("hmac", signature)], ["other", SECRET])


@pytest.mark.parametrize("own", [form_hmac, decoded_hmac])
def test_lists_may_repeat_their_key(own: Callable[[Pairs, str], str]) -> None:
    pairs = [*KNOWN, ("ids[]", "1"), ("ids[]", "2")]
    assert is_signed([*pairs, ("hmac", own(pairs, SECRET))], [SECRET])
    changed = [*KNOWN, ("ids[]", "1"), ("ids[]", "3")]
    assert not is_signed([*changed, ("hmac", own(pairs, SECRET))], [SECRET])


@pytest.mark.parametrize("at", range(len(KNOWN)))
def test_every_value_and_key_is_covered(at: int) -> None:
    key, value = KNOWN[at]
    for changed in [(key, value + "0"), (key + "x", value)]:
        query = [*KNOWN[:at], changed, *KNOWN[at + 1 :], ("hmac", KNOWN_HMAC)]
        assert not is_signed(query, [SECRET])
    assert not is_signed([*KNOWN[:at], *KNOWN[at + 1 :], ("hmac", KNOWN_HMAC)], [SECRET])


@pytest.mark.parametrize(
    "query",
    [
        KNOWN,
        [*KNOWN, ("hmac", "")],
        [*KNOWN, ("hmac", KNOWN_HMAC.upper())],
        [*KNOWN, ("hmac", KNOWN_HMAC[:-1])],
        [*KNOWN, ("hmac", KNOWN_HMAC), ("hmac", KNOWN_HMAC)],
        [*KNOWN, ("extra", "1"), ("hmac", KNOWN_HMAC)],
        [*KNOWN, ("hmac", "é" * 64)],
        [*KNOWN, ("x", "\udcff"), ("hmac", "0" * 64)],
    ],
)
def test_unsigned_queries_are_refused(query: list[tuple[str, str]]) -> None:
    assert not is_signed(query, [SECRET])


def test_a_repeated_shop_is_refused_even_if_somebody_signed_it() -> None:
    doubled = [*KNOWN, ("shop", "evil.myshopify.com")]
    assert repeated(doubled) == ("shop",)
    assert not is_signed([*doubled, ("hmac", form_hmac(doubled, SECRET))], [SECRET])
    assert not is_signed([*doubled, ("hmac", decoded_hmac(doubled, SECRET))], [SECRET])


def test_no_secret_signs_nothing() -> None:
    assert not is_signed([*KNOWN, ("hmac", form_hmac(KNOWN, ""))], [""])
    assert not is_signed([*KNOWN, ("hmac", KNOWN_HMAC)], [])


def test_a_query_as_flask_decodes_it() -> None:
    pairs = parse_qsl(
        "code=0907a61c0c8d55e99db179b68161bc00&shop=some-shop.myshopify.com&timestamp=1337178173"
    )
    assert is_signed([*pairs, ("hmac", KNOWN_HMAC)], [SECRET])
