"""What a store forwards to our pages, by both verifiers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import Random
from unittest.mock import patch

from hypothesis import strategies as st
from shopify_app.verify.app_proxy import verify_app_proxy_req

from tests.proof import Count, Figure
from tests.security import oracle
from tests.security.oracle import KEYS, NEW, OLD, SHOP, T
from tests.security.two_verifiers import GOOD, SECRETS, WORDS, Case, Tally, mostly, run

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

    changes = {"signed": SIGNED, "sent": SENT}
    run(plain, strategies, changes, count(200, 5000), ask)
    tally.tell(figure, "proxy: ")


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
