"""Two verifiers of one signature: ours, and Shopify's own package, over generated requests.

Each case says beforehand what both must answer. Where that differs, the difference is one of the list in
`oracle.py`, and it is asserted like everything else: none is left out.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from random import Random
from typing import Any
from unittest.mock import patch

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shopify_app.verify.app_proxy import verify_app_proxy_req
from shopify_app.verify.webhook import verify_webhook_req

from tests.proof import Count, Figure
from tests.security import oracle
from tests.security.oracle import DIFFERENCES, KEYS, NEW, OLD, SHOP, T

WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
# The new secret, the old one of a rotation, a stranger's, none at all.
SECRETS = st.sampled_from([NEW, NEW, NEW, OLD, OLD, "shpss" + "_" + "2" * 32, "key-1"])
GOOD = (NEW, OLD)
FOREIGN = "evil.example"


def mostly(plain: str, changes: Iterable[str]) -> st.SearchStrategy[str]:
    """Three times of four without a change, so that enough requests are good ones."""
    others = sorted(changes)
    return st.sampled_from([plain] * 3 * len(others) + others)


Case = Mapping[str, Any]


@dataclass
class Tally:
    """What was asked so far: cases, those that passed, and every listed difference by name."""

    cases: int = 0
    passed: int = 0
    different: Counter[str] | None = None

    def check(self, what: str, ours: bool, theirs: bool, said: tuple[bool, bool], difference: str) -> None:
        """`ours` and `theirs` are what the case demands; `said` is what the two verifiers answered."""
        seen = self.different = self.different if self.different is not None else Counter()
        assert said == (ours, theirs), f"{what}: ours {said[0]}, the package {said[1]}"
        if ours != theirs:
            assert difference in DIFFERENCES, f"{what}: not in the list"
            seen[difference] += 1
        self.cases += 1
        self.passed += ours

    def tell(self, figure: Figure, prefix: str) -> None:
        assert self.different is not None
        figure("cases", self.cases)
        figure("passed", self.passed)
        figure("listed_differences", sum(self.different.values()))
        assert 0 < self.passed < self.cases
        listed = {name for name in DIFFERENCES if name.startswith(prefix)}
        missing = listed - set(self.different)
        assert not missing, f"listed, but met in no case: {missing}"


def run(plain: Case, strategies: Mapping[str, Any], times: int, ask: Callable[[Case], None]) -> None:
    """`plain` with each listed change alone, then generated cases. `derandomize`: the same cases in every
    run, so that a red one is red for everybody."""

    @settings(
        max_examples=times,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=[HealthCheck.too_slow],
    )
    @given(st.fixed_dictionaries(dict(strategies)))
    def one(case: Case) -> None:
        ask(case)

    with oracle.held_still():
        for alone in ALONE:
            for value in [name for name in ALONE[alone] if alone in plain]:
                ask({**plain, alone: value})
        one()


# --- webhooks ---

SIGNATURES: Mapping[str, Callable[[str], str | None]] = {
    "as signed": lambda good: good,
    "one letter changed": lambda good: f"{'B' if good[0] == 'A' else 'A'}{good[1:]}",
    "short": lambda good: good[:-1],
    "without its padding": lambda good: good.rstrip("="),
    "small letters": lambda good: good.lower(),
    "twice": lambda good: f"{good},{good}",
    "a blank behind": lambda good: f"{good} ",
    "empty": lambda good: "",
    "missing": lambda good: None,
    "not ASCII": lambda good: f"é{good[1:]}",
}
SHOP_HEADER, TOPIC, DELIVERY = "X-Shopify-Shop-Domain", "X-Shopify-Topic", "X-Shopify-Webhook-Id"
HEADERS: Mapping[str, tuple[str, str | None]] = {
    "": ("X-Shopify-API-Version", "2026-10"),
    "webhook: the shop header names no shop": (SHOP_HEADER, FOREIGN),
    "webhook: no shop header": (SHOP_HEADER, None),
    "webhook: no topic": (TOPIC, None),
    "webhook: no delivery id": (DELIVERY, None),
}
BODIES: Mapping[str, Callable[[bytes], bytes]] = {
    "as signed": lambda body: body,
    "a byte more": lambda body: body + b" ",
    "a byte less": lambda body: body[:-1],
    "written anew": lambda body: json.dumps(json.loads(body), indent=1).encode(),
}


def test_webhooks(count: Count, figure: Figure) -> None:
    tally = Tally()
    plain = {"value": {"id": 1}, "secret": OLD, "signature": "as signed", "header": "", "body": "as signed"}
    strategies = {
        "value": st.dictionaries(WORDS, WORDS | st.integers(), min_size=1, max_size=3),
        "secret": SECRETS,
        "signature": mostly("as signed", SIGNATURES),
        "header": mostly("", HEADERS),
        "body": mostly("as signed", BODIES),
        "name": st.sampled_from([str, str.lower, str.upper]),
    }

    def ask(case: Case) -> None:
        signed = json.dumps(case["value"], ensure_ascii=False).encode()
        sent = BODIES[case["body"]](signed)
        good = oracle.body_signature(signed, case["secret"])
        signature = SIGNATURES[case["signature"]](good)
        changed, value = HEADERS[case["header"]]
        told: dict[str, str | None] = {
            SHOP_HEADER: SHOP,
            TOPIC: "orders/create",
            DELIVERY: "b54557e4",
            "X-Shopify-Hmac-Sha256": signature,
            changed: value,
        }
        headers = {case.get("name", str)(name): value for name, value in told.items() if value is not None}
        theirs = case["secret"] in GOOD and signature == good and sent == signed
        ours = theirs and not case["header"]
        said = oracle.our_webhook(headers, sent), oracle.their_webhook(headers, sent)
        tally.check(f"{case}", ours, theirs, said, case["header"])

    run(plain, strategies, count(200, 5000), ask)
    tally.tell(figure, "webhook: ")


# --- the app proxy ---

Pairs = list[tuple[str, str]]


def instead(name: str, *values: str) -> Callable[[Pairs], Pairs]:
    """The parameter with other values, or without any; signed afterwards."""
    return lambda pairs: [
        *((key, value) for key, value in pairs if key != name),
        *((name, value) for value in values),
    ]


# Before the signature is made; the second value: whether the package lets it pass, as we never do.
SIGNED: Mapping[str, tuple[Callable[[Pairs], Pairs], bool]] = {
    "proxy: the prefix is no path": (instead("path_prefix", "//evil.example"), True),
    "proxy: no prefix": (instead("path_prefix"), True),
    "proxy: two prefixes": (instead("path_prefix", "/a/b", "/a/b"), True),
    "proxy: no customer": (instead("logged_in_customer_id"), True),
    "proxy: two customers": (instead("logged_in_customer_id", "1", "2"), True),
    "proxy: no shop": (instead("shop"), True),
    "proxy: two timestamps": (instead("timestamp", str(T), str(T)), True),
    "proxy: a timestamp with a sign, a blank or an underscore": (instead("timestamp", f"+{T}"), True),
    "two shops": (instead("shop", SHOP, SHOP), False),
    "no timestamp": (instead("timestamp"), False),
    "a word as timestamp": (instead("timestamp", "soon"), False),
    "a fraction as timestamp": (instead("timestamp", f"{T}.0"), False),
}
SENT: Mapping[str, Callable[[Pairs], Pairs]] = {
    "one more": lambda pairs: [*pairs, ("more", "")],
    "one less": lambda pairs: pairs[1:],
    "a value longer": lambda pairs: [(pairs[0][0], f"{pairs[0][1]}0"), *pairs[1:]],
    "another shop": lambda pairs: [(k, "thief.myshopify.com" if k == "shop" else v) for k, v in pairs],
    "another customer": lambda pairs: [(k, "7" if k == "logged_in_customer_id" else v) for k, v in pairs],
    "signature short": lambda pairs: [(k, v[:-1] if k == "signature" else v) for k, v in pairs],
    "signature changed": lambda pairs: [
        (k, f"{'0' if v[0] != '0' else '1'}{v[1:]}" if k == "signature" else v) for k, v in pairs
    ],
    "signature not ASCII": lambda pairs: [(k, f"é{v[1:]}" if k == "signature" else v) for k, v in pairs],
    "signature empty": lambda pairs: [(k, "" if k == "signature" else v) for k, v in pairs],
    "no signature": lambda pairs: [pair for pair in pairs if pair[0] != "signature"],
    "two signatures": lambda pairs: [*pairs, pairs[-1]],
}


def test_the_app_proxy(count: Count, figure: Figure) -> None:
    tally = Tally()
    own = st.tuples(st.sampled_from(["lang", "extra", "ids[]", "q", "é", "a=b", "a&b"]), WORDS)
    plain = {"own": [], "late": 0, "secret": OLD, "signed": "", "sent": "", "order": Random(1)}
    strategies = {
        "own": st.lists(own, max_size=4),
        "late": st.just(0) | st.integers(-93, 93) | st.sampled_from([-91, -90, 90, 91]),
        "secret": SECRETS,
        "signed": mostly("", SIGNED),
        "sent": mostly("", SENT),
        "order": st.randoms(use_true_random=False),
    }

    def ask(case: Case) -> None:
        pairs: Pairs = [
            ("shop", SHOP),
            ("logged_in_customer_id", ""),
            ("path_prefix", "/apps/doorstep"),
            ("timestamp", str(T + case["late"])),
            *case["own"],
        ]
        change, passes_there = SIGNED.get(case["signed"], (list, True))
        pairs = change(pairs)
        case["order"].shuffle(pairs)  # repeated values keep what order they get: it is signed as sent
        pairs.append(("signature", oracle.query_signature(pairs, case["secret"])))
        sent = SENT.get(case["sent"], list)(pairs)
        query = oracle.as_query(sent)
        fresh = "timestamp" in case["signed"] or abs(case["late"]) <= 90  # the first are written anew
        theirs = case["secret"] in GOOD and fresh and sent == pairs and passes_there
        ours = theirs and not case["signed"]
        said = oracle.our_proxy(query), oracle.their_proxy(query)
        tally.check(f"{case} {query}", ours, theirs, said, case["signed"])

    run(plain, strategies, count(200, 5000), ask)
    tally.tell(figure, "proxy: ")


# --- id tokens ---

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
SPOILT: Mapping[str, Callable[[str], str]] = {
    "short": lambda token: token[:-7],
    "no signature": lambda token: token.rpartition(".")[0],
    "empty signature": lambda token: f"{token.rpartition('.')[0]}.",
    "four parts": lambda token: f"{token}.x",
    "doubled": lambda token: f"{token}.{token}",
    "a letter of the claims": lambda token: token.replace(".e", ".f", 1),
    "not a token": lambda token: "words",
}
HEADS: Mapping[str, Any] = {
    "alg none": {"alg": "none", "typ": "JWT"},
    "alg None": {"alg": "None"},
    "alg RS256": {"alg": "RS256", "typ": "JWT"},
    "alg HS512": {"alg": "HS512", "typ": "JWT"},
    "no alg": {"typ": "JWT"},
    "alg a list": {"alg": ["HS256"]},
    "critical": {"alg": "HS256", "crit": ["exp"], "exp": 1},
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

    run(plain, strategies, count(200, 5000), ask)
    tally.tell(figure, "token: ")


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

    run(plain, strategies, count(200, 5000), ask)
    tally.tell(figure, "shopper: ")


# By the field of a case: all changes that it may have.
ALONE: Mapping[str, Iterable[str]] = {
    "signature": SIGNATURES,
    "header": HEADERS,
    "body": BODIES,
    "signed": SIGNED,
    "sent": SENT,
    "claimed": CLAIMED,
    "shopped": SHOPPED,
    "head": HEADS,
    "spoilt": SPOILT,
    "scheme": ("bearer ", "Basic "),
}


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


def test_the_package_breaks_over_a_signature_that_is_not_ascii() -> None:
    """We refuse it. The verdicts above count its TypeError as a refusal."""
    from connectors.shopify.webhooks import HEADERS as NAMES

    asked = oracle.request("POST", "/", {NAMES["signature"]: "é"})
    with pytest.raises(TypeError):
        verify_webhook_req(asked, oracle.CONFIG)
    assert not oracle.our_webhook({NAMES["signature"]: "é"}, b"")


def test_known_vectors_pass_in_both() -> None:
    """The documented examples of the proxy and of the query; the second is none of the package's."""
    from datetime import UTC, datetime

    from connectors.app_proxy import check
    from connectors.shopify.query_signature import is_signed
    from tests.connectors.shopify.test_query_signature import KNOWN, KNOWN_HMAC
    from tests.connectors.test_app_proxy import DOCUMENTED

    assert check(DOCUMENTED, ("hush",), datetime.fromtimestamp(1317327555, UTC)).prefix
    assert oracle.query_signature(DOCUMENTED[:-1], "hush") == DOCUMENTED[-1][1]
    asked = oracle.request("GET", f"/?{oracle.as_query(DOCUMENTED)}")
    with patch("shopify_app.verify.app_proxy.time.time", lambda: 1317327555.0):
        assert verify_app_proxy_req(asked, {**oracle.CONFIG, "client_secret": "hush"}).ok
    assert is_signed([*KNOWN, ("hmac", KNOWN_HMAC)], ["hush"])
    assert KEYS.secrets == (NEW, OLD)
