"""Webhooks, by both verifiers."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

import pytest
from hypothesis import strategies as st
from shopify_app.verify.webhook import verify_webhook_req

from tests.proof import Count, Figure
from tests.security import oracle
from tests.security.oracle import OLD, SHOP
from tests.security.two_verifiers import FOREIGN, GOOD, SECRETS, WORDS, Case, Tally, mostly, run

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

    changes = {"signature": SIGNATURES, "header": HEADERS, "body": BODIES}
    run(plain, strategies, changes, count(200, 5000), ask)
    tally.tell(figure, "webhook: ")


def test_the_package_breaks_over_a_signature_that_is_not_ascii() -> None:
    """We refuse it. The verdicts above count its TypeError as a refusal."""
    from connectors.shopify.webhooks import HEADERS as NAMES

    asked = oracle.request("POST", "/", {NAMES["signature"]: "é"})
    with pytest.raises(TypeError):
        verify_webhook_req(asked, oracle.CONFIG)
    assert not oracle.our_webhook({NAMES["signature"]: "é"}, b"")
