"""Tokens of the back office, by both verifiers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from hypothesis import strategies as st

from tests.proof import Count, Figure
from tests.security import oracle
from tests.security.oracle import NEW, OLD, SHOP, T
from tests.security.spoilt_tokens import HEADS, SPOILT
from tests.security.two_verifiers import FOREIGN, GOOD, SECRETS, Case, Tally, mostly, run

CLAIMS: Mapping[str, Any] = {
    "iss": f"https://{SHOP}/admin",
    "dest": f"https://{SHOP}",
    "aud": "key-1",
    "sub": "42",
    "iat": T,
    "jti": "f8912129",
    "sid": "aaea182f",
}


OTHER = "https://thief.myshopify.com"


# Claims changed (None: left out), and whether the package lets it pass.
CLAIMED: Mapping[str, tuple[Mapping[str, Any], bool]] = {
    "token: no exp": ({"exp": None}, True),
    "token: no nbf": ({"nbf": None}, True),
    "token: no sub": ({"sub": None}, True),
    "token: no dest": ({"dest": None}, True),
    "token: no iss": ({"iss": None}, True),
    "token: dest is not the shop of iss": ({"dest": OTHER}, True),
    "token: no shop in dest and iss": (
        {"iss": f"https://{FOREIGN}/admin", "dest": f"https://{FOREIGN}"},
        True,
    ),
    "token: dest over http": ({"dest": f"http://{SHOP}"}, True),
    "token: exp or nbf as text": ({"exp": str(T + 60)}, True),
    "token: signature as wide as a page": ({"sid": "x" * 5000}, True),
    "no aud": ({"aud": None}, False),
    "another app": ({"aud": "key-2"}, False),
    "a list of apps": ({"aud": ["key-1"]}, False),
    "a longer aud": ({"aud": "key-1 "}, False),
    "sub a number": ({"sub": 42}, False),
    "jti a number": ({"jti": 1}, False),
    "iat of the future": ({"iat": T + 11}, False),
    "iat a word": ({"iat": "now"}, False),
    "exp a word": ({"exp": "tomorrow"}, False),
    "nbf a list": ({"nbf": [T]}, False),
}


def test_id_tokens(count: Count, figure: Figure) -> None:
    """Lives around every edge that the leeway of ten seconds has, on both sides of it."""
    tally = Tally()
    edge = st.sampled_from([-12, -11, -10, -9, 0, 9, 10, 11, 60])
    plain = {"exp": 60, "nbf": 0, "secret": OLD, "claimed": "", "head": "", "spoilt": "", "scheme": "Bearer "}
    strategies = {
        "exp": st.just(60) | edge | st.integers(-3600, 3600),
        "nbf": st.just(0) | edge | st.integers(-3600, 3600),
        "secret": SECRETS,
        "claimed": mostly("", CLAIMED),
        "head": mostly("", HEADS),
        "spoilt": mostly("", SPOILT),
        "scheme": st.sampled_from(["Bearer ", "Bearer ", "Bearer ", "bearer ", "Basic ", "", "Bearer  "]),
    }

    def ask(case: Case) -> None:
        change, passes_there = CLAIMED.get(case["claimed"], ({}, True))
        whole = {**CLAIMS, "exp": T + case["exp"], "nbf": T + case["nbf"], **change}
        claims = {name: value for name, value in whole.items() if value is not None}
        token = oracle.signed_token(claims, case["secret"], HEADS.get(case["head"]))
        header = case["scheme"] + SPOILT.get(case["spoilt"], str)(token)
        alive = "exp" in change or T + case["exp"] > T - 10
        begun = "nbf" in change or T + case["nbf"] <= T + 10
        right = case["secret"] in GOOD and alive and begun and not case["head"] and not case["spoilt"]
        right = right and passes_there and case["scheme"].lower() == "bearer "
        ours = right and not case["claimed"]
        theirs = right and case["scheme"] == "Bearer "
        difference = case["claimed"] or "header: bearer in small letters"
        said = oracle.our_token(header), oracle.their_token(header)
        tally.check(f"{case}", ours, theirs, said, difference)

    changes = {"claimed": CLAIMED, "head": HEADS, "spoilt": SPOILT, "scheme": ("bearer ", "Basic ")}
    run(plain, strategies, changes, count(200, 5000), ask)
    tally.tell(figure, "token: ")


def test_tokens_that_another_algorithm_truly_signed() -> None:
    """Two of them with our own secret; one with a private key, as if the secret were its public half."""
    claims = {**CLAIMS, "exp": T + 60, "nbf": T}
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    tokens = [oracle.truly(claims, NEW, name) for name in ("HS384", "HS512")]
    tokens.append(jwt.encode(claims, key, algorithm="RS256"))
    with oracle.held_still():
        for token in tokens:
            assert (oracle.our_token(f"Bearer {token}"), oracle.their_token(f"Bearer {token}")) == (
                False,
                False,
            )
