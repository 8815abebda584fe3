"""The id token: one good form, and every other one refused."""

from __future__ import annotations

import base64
import hmac
import json
from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from connectors.base import Refused
from connectors.page_token import from_header
from connectors.shopify.keys import AppKeys
from connectors.shopify.session_token import IdToken, read_id_token

KEYS = AppKeys("key-1", "shpss_" + "1" * 32, "shpss_" + "0" * 32)
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
T = int(NOW.timestamp())
CLAIMS: dict[str, Any] = {
    "iss": "https://hollow-pine.myshopify.com/admin",
    "dest": "https://hollow-pine.myshopify.com",
    "aud": "key-1",
    "sub": "42",
    "exp": T + 60,
    "nbf": T,
    "iat": T,
    "jti": "f8912129",
    "sid": "aaea182f",
}


def _part(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _token(
    secret: str = KEYS.secret, header: Any = None, raw_claims: bytes | None = None, **changed: Any
) -> str:
    """Signed with HS256 whatever the header says; a claim changed to None is left out."""
    claims = {name: value for name, value in {**CLAIMS, **changed}.items() if value is not None}
    head = _part(json.dumps(header or {"alg": "HS256", "typ": "JWT"}).encode())
    body = _part(raw_claims if raw_claims is not None else json.dumps(claims).encode())
    signature = hmac.new(secret.encode(), f"{head}.{body}".encode(), sha256).digest()
    return f"{head}.{body}.{_part(signature)}"


def _unsigned(algorithm: str) -> str:
    head, body, _ = _token(header={"alg": algorithm, "typ": "JWT"}).split(".")
    return f"{head}.{body}."


def _confused() -> str:
    """Signed by a private key, as if the secret were its public half."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return jwt.encode(CLAIMS, key, algorithm="RS256")


def _cut(token: str) -> str:
    return token[: token.rindex(".") + 10]


MUTANTS: dict[str, Callable[[], str]] = {
    "empty": lambda: "",
    "no token": lambda: "abc",
    "two parts": lambda: _token().rsplit(".", 1)[0],
    "four parts": lambda: _token() + ".x",
    "not base64": lambda: "é.é.é",
    "not ascii": lambda: _token() + "é",
    "blank after": lambda: _token() + " .",
    "truncated": lambda: _cut(_token()),
    "signature of zeros": lambda: _token().rsplit(".", 1)[0] + "." + _part(bytes(32)),
    "another secret": lambda: _token(secret="shpss_" + "2" * 32),
    "empty secret": lambda: _token(secret=""),
    "api key as secret": lambda: _token(secret="key-1"),
    "alg none": lambda: _unsigned("none"),
    "alg None": lambda: _unsigned("None"),
    "alg none but signed": lambda: _token(header={"alg": "none"}),
    "alg HS512 in name": lambda: _token(header={"alg": "HS512"}),
    "true HS512": lambda: jwt.encode(CLAIMS, KEYS.secret * 2, algorithm="HS512"),
    "true HS384": lambda: jwt.encode(CLAIMS, KEYS.secret * 2, algorithm="HS384"),
    "RS256": _confused,
    "no alg": lambda: _token(header={"typ": "JWT"}),
    "alg is a list": lambda: _token(header={"alg": ["HS256"]}),
    "critical header": lambda: _token(header={"alg": "HS256", "crit": ["x"], "x": 1}),
    "another app": lambda: _token(aud="key-2"),
    "no aud": lambda: _token(aud=None),
    "aud as list": lambda: _token(aud=["key-1"]),
    "aud longer": lambda: _token(aud="key-1 "),
    "expired": lambda: _token(exp=T - 10),
    "expired long ago": lambda: _token(exp=T - 86400),
    "no exp": lambda: _token(exp=None),
    "exp as text": lambda: _token(exp=str(T + 60)),
    "exp true": lambda: _token(exp=True),
    "exp endless": lambda: _token(raw_claims=json.dumps(CLAIMS).replace(str(T + 60), "1e400").encode()),
    "exp not a number": lambda: _token(raw_claims=json.dumps(CLAIMS).replace(str(T + 60), "NaN").encode()),
    "from the future": lambda: _token(nbf=T + 11),
    "no nbf": lambda: _token(nbf=None),
    "nbf as list": lambda: _token(nbf=[T]),
    "dest of another shop": lambda: _token(dest="https://other.myshopify.com"),
    "iss of another shop": lambda: _token(iss="https://other.myshopify.com/admin"),
    "no shop at all": lambda: _token(dest="https://evil.example", iss="https://evil.example/admin"),
    "shop as part": lambda: _token(
        dest="https://hollow-pine.myshopify.com.evil.example",
        iss="https://hollow-pine.myshopify.com.evil.example/admin",
    ),
    "plain http": lambda: _token(
        dest="http://hollow-pine.myshopify.com", iss="http://hollow-pine.myshopify.com/admin"
    ),
    "dest with path": lambda: _token(dest="https://hollow-pine.myshopify.com/"),
    "dest with port": lambda: _token(dest="https://hollow-pine.myshopify.com:443"),
    "dest with user": lambda: _token(dest="https://x@hollow-pine.myshopify.com"),
    "dest with line feed": lambda: _token(dest="https://hollow-pine.myshopify.com\n"),
    "bare dest": lambda: _token(dest="hollow-pine.myshopify.com"),
    "no dest": lambda: _token(dest=None),
    "dest as list": lambda: _token(dest=["https://hollow-pine.myshopify.com"]),
    "no iss": lambda: _token(iss=None),
    "iss without path": lambda: _token(iss="https://hollow-pine.myshopify.com"),
    "no sub": lambda: _token(sub=None),
    "claims are a list": lambda: _token(raw_claims=b"[1]"),
    "claims are broken": lambda: _token(raw_claims=b'{"iss":'),
    "claims are deep": lambda: _token(raw_claims=b"[" * 2000),
    "very long": lambda: _token(sid="x" * 5000),
}


def test_a_good_token_names_shop_and_person() -> None:
    assert read_id_token(_token(), KEYS, NOW) == IdToken("hollow-pine.myshopify.com", "42")


def test_the_library_writes_the_same_form() -> None:
    assert read_id_token(jwt.encode(CLAIMS, KEYS.secret, algorithm="HS256"), KEYS, NOW).user_id == "42"


def test_both_secrets_of_a_rotation_count() -> None:
    old = _token(secret=KEYS.old_secret or "")
    assert read_id_token(old, KEYS, NOW).shop == "hollow-pine.myshopify.com"
    with pytest.raises(Refused):
        read_id_token(old, AppKeys(KEYS.api_key, KEYS.secret), NOW)


def test_ten_seconds_between_the_clocks_are_forgiven() -> None:
    assert read_id_token(_token(exp=T - 9), KEYS, NOW).user_id == "42"
    assert read_id_token(_token(nbf=T + 10), KEYS, NOW).user_id == "42"


def test_there_are_enough_mutants() -> None:
    assert len(MUTANTS) >= 40


@pytest.mark.parametrize("name", MUTANTS)
def test_every_mutant_is_refused_with_401(name: str) -> None:
    with pytest.raises(Refused) as caught:
        read_id_token(MUTANTS[name](), KEYS, NOW)
    assert caught.value.status == 401


def test_every_changed_letter_of_the_signature_is_refused() -> None:
    token = _token()
    start = token.rindex(".") + 1
    for at in range(start, len(token) - 1):
        broken = token[:at] + ("A" if token[at] != "A" else "B") + token[at + 1 :]
        with pytest.raises(Refused):
            read_id_token(broken, KEYS, NOW)


def test_the_header_carries_the_token() -> None:
    assert from_header("Bearer a.b.c") == "a.b.c"
    assert from_header("bearer a.b.c") == "a.b.c"


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer ", "Basic abc", "a.b.c"])
def test_a_header_without_a_token_is_401(header: str | None) -> None:
    with pytest.raises(Refused) as caught:
        from_header(header)
    assert caught.value.status == 401
