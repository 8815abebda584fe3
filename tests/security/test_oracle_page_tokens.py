"""Tokens of the thank-you and the order status page, by both verifiers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st

from tests.proof import Count, Figure
from tests.security import oracle
from tests.security.oracle import OLD, SHOP, T
from tests.security.spoilt_tokens import HEADS, SPOILT
from tests.security.two_verifiers import FOREIGN, GOOD, SECRETS, Case, Tally, mostly, run

# Claims of a shopper's page changed, and whether the package lets it pass; the first three are good ones.
SHOPPED: Mapping[str, tuple[Mapping[str, Any], bool]] = {
    "nobody is logged in": ({"sub": None}, True),
    "the shop with its scheme": ({"dest": f"https://{SHOP}"}, True),
    "an issuer": ({"iss": f"https://{SHOP}/admin"}, True),
    "shopper: no exp": ({"exp": None}, True),
    "shopper: no nbf": ({"nbf": None}, True),
    "shopper: no dest": ({"dest": None}, True),
    "shopper: dest names no shop": ({"dest": FOREIGN}, True),
    "shopper: sub names nobody who buys": ({"sub": "42"}, True),
    "another app": ({"aud": "key-2"}, False),
    "a list of apps": ({"aud": ["key-1"]}, False),
    "no aud": ({"aud": None}, False),
    "sub a number": ({"sub": 42}, False),
    "iat of the future": ({"iat": T + 11}, False),
    "exp a word": ({"exp": "tomorrow"}, False),
}


GOOD_SHOPPED = ("", "nobody is logged in", "the shop with its scheme", "an issuer")


def test_tokens_of_shoppers_pages(count: Count, figure: Figure) -> None:
    """The thank-you and the order status page: a token with fewer claims."""
    tally = Tally()
    edge = st.sampled_from([-12, -11, -10, -9, 0, 9, 10, 11, 60])
    plain = {"exp": 60, "nbf": 0, "secret": OLD, "shopped": "", "head": "", "spoilt": ""}
    strategies = {
        "exp": st.just(60) | edge,
        "nbf": st.just(0) | edge,
        "secret": SECRETS,
        "shopped": mostly("", SHOPPED),
        "head": mostly("", HEADS),
        "spoilt": mostly("", SPOILT),
    }

    def ask(case: Case) -> None:
        change, passes_there = SHOPPED.get(case["shopped"], ({}, True))
        base = {"dest": SHOP, "aud": "key-1", "sub": "gid://shopify/Customer/7", "iat": T, "jti": "1"}
        whole = {**base, "exp": T + case["exp"], "nbf": T + case["nbf"], **change}
        claims = {name: value for name, value in whole.items() if value is not None}
        token = oracle.signed_token(claims, case["secret"], HEADS.get(case["head"]))
        header = f"Bearer {SPOILT.get(case['spoilt'], str)(token)}"
        alive = "exp" in change or case["exp"] > -10
        begun = "nbf" in change or case["nbf"] <= 10
        theirs = case["secret"] in GOOD and alive and begun and not case["head"] and not case["spoilt"]
        theirs = theirs and passes_there
        ours = theirs and case["shopped"] in GOOD_SHOPPED
        said = oracle.our_shopper(header), oracle.their_shopper(header)
        tally.check(f"{case}", ours, theirs, said, case["shopped"])

    changes = {"shopped": SHOPPED, "head": HEADS, "spoilt": SPOILT}
    run(plain, strategies, changes, count(200, 5000), ask)
    tally.tell(figure, "shopper: ")
