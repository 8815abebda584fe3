"""Bad input at Shopify's doors: the documented status, a reason in the log, and nothing changed.

Which counts are met where: the table in docs/shopify.md.
"""

from __future__ import annotations

import base64
import hmac
import json
from collections.abc import Callable, Mapping
from hashlib import sha256
from typing import Any

import pytest

from flows.commerce import Platform
from tests.app.web.addresses import page_token
from tests.app.web.conftest import SHOPIFY_SECRET, Site
from tests.app.web.forwarding import address, forwarded, sign, stores_pairs
from tests.app.web.shopping import bought
from tests.connectors.shopify.samples import BODIES, sample_text
from tests.proof import Count, Figure
from tests.security.oauth_walk import Walk, host, walk
from tests.security.parties import all_rows, changed, residents

BODY = json.dumps({"id": 820982911946154508, "note": "café"}).encode()
OTHER = "other-shop.myshopify.com"


def swapped(way: Walk) -> int:
    """The cookie of one beginning with the state of another."""
    way.start()
    first = way.cookie
    way.start()
    return way.come_back(cookie=first).status_code


def replayed(way: Walk) -> int:
    way.start()
    assert way.come_back().status_code == 302
    return way.come_back().status_code


def begun(ask: Callable[[Walk], int]) -> Callable[[Walk], int]:
    def walked(way: Walk) -> int:
        way.start()
        return ask(way)

    return walked


# By what is wrong: what is asked, the status, and a word of the line in the log.
INSTALLING: Mapping[str, tuple[Callable[[Walk], int], int, str]] = {
    "start: no shop": (lambda way: way.start(shop="evil.example").status_code, 400, "shop parameter"),
    "start: signed by another": (lambda way: way.start(secret="x" * 40).status_code, 401, "hmac"),
    "start: of two minutes ago": (lambda way: way.start(late=120).status_code, 401, "too old"),
    "start: of the future": (lambda way: way.start(late=-120).status_code, 401, "too old"),
    "back: without the cookie": (begun(lambda way: way.come_back(cookie="").status_code), 401, "state"),
    "back: with a forged cookie": (begun(lambda way: way.come_back(cookie="x.y").status_code), 401, "state"),
    "back: with another state": (begun(lambda way: way.come_back(state="x" * 22).status_code), 401, "state"),
    "back: without a state": (begun(lambda way: way.come_back(state="").status_code), 401, "state"),
    "back: states swapped": (swapped, 401, "state"),
    "back: the same again": (replayed, 401, "not begun here, is done already"),
    "back: as another shop": (
        begun(lambda way: way.come_back(shop=OTHER, host=host(OTHER)).status_code),
        401,
        "another shop",
    ),
    "back: signed by another": (begun(lambda way: way.come_back(secret="x" * 40).status_code), 401, "hmac"),
    "back: of two minutes ago": (begun(lambda way: way.come_back(late=120).status_code), 401, "too old"),
    "back: no code": (begun(lambda way: way.come_back(code="").status_code), 400, "no code"),
}


@pytest.mark.parametrize("name", INSTALLING)
def test_an_installation_that_is_not_right(site: Site, name: str, caplog: pytest.LogCaptureFixture) -> None:
    ask, status, word = INSTALLING[name]
    with walk(site) as way:
        if name == "back: the same again":
            assert ask(way) == status
        else:
            before = all_rows(*residents(site).values())
            assert ask(way) == status
            assert changed(before, all_rows(*residents(site).values())).keys() <= {"install_attempts"}
            assert way.server.calls == [], "no token was asked for"
    _told(caplog, "/shopify/", status, word)


def mac(body: bytes, secret: str = SHOPIFY_SECRET) -> str:
    return base64.b64encode(hmac.new(secret.encode(), body, sha256).digest()).decode()


SIGNATURE = "X-Shopify-Hmac-Sha256"
WEBHOOKS: Mapping[str, tuple[Mapping[str, str], int, str]] = {
    "no signature": ({SIGNATURE: ""}, 401, "signature"),
    "another signature": ({SIGNATURE: mac(b"{}")}, 401, "signature"),
    "signed by another": ({SIGNATURE: mac(BODY, "x" * 40)}, 401, "signature"),
    "a signature twice": ({SIGNATURE: f"{mac(BODY)},{mac(BODY)}"}, 401, "signature"),
    "as hex": ({SIGNATURE: hmac.new(SHOPIFY_SECRET.encode(), BODY, sha256).hexdigest()}, 401, "signature"),
    "of the same JSON otherwise written": (
        {SIGNATURE: mac(json.dumps(json.loads(BODY), ensure_ascii=False, indent=1).encode())},
        401,
        "signature",
    ),
    "no topic": ({"X-Shopify-Topic": ""}, 400, "missing header: X-Shopify-Topic"),
    "no delivery id": ({"X-Shopify-Webhook-Id": ""}, 400, "missing header: X-Shopify-Webhook-Id"),
    "no shop": ({"X-Shopify-Shop-Domain": ""}, 400, "missing header: X-Shopify-Shop-Domain"),
    "a shop that is none": ({"X-Shopify-Shop-Domain": "evil.example"}, 401, "shop header"),
}


@pytest.mark.parametrize("name", WEBHOOKS)
def test_a_webhook_that_is_not_right(site: Site, name: str, caplog: pytest.LogCaptureFixture) -> None:
    headers, status, word = WEBHOOKS[name]
    before = all_rows(*residents(site).values())
    assert site.shop("orders/create", BODY, **headers)[0] == status
    assert changed(before, all_rows(*residents(site).values())) == {}
    _told(caplog, "/webhooks/shopify", status, word)


def test_no_flipped_byte_of_a_webhook_gets_in(site: Site, count: Count, figure: Figure) -> None:
    """Through the running door; every byte of 200 bodies is flipped at the verifier itself."""
    topics = sorted(str(path.relative_to(BODIES).with_suffix("")) for path in BODIES.rglob("*.json"))
    bodies = sorted((sample_text(topic).encode() for topic in topics), key=len)[: count(10, 200)]
    before, flipped = all_rows(*residents(site).values()), 0
    for body in bodies:
        signature = mac(body)
        for at in {0, len(body) // 3, len(body) // 2, len(body) - 1}:
            broken = body[:at] + bytes([body[at] ^ (1 << at % 8)]) + body[at + 1 :]
            assert site.shop("orders/create", broken, **{SIGNATURE: signature})[0] == 401
            flipped += 1
    assert changed(before, all_rows(*residents(site).values())) == {}
    figure("bodies", len(bodies))
    figure("flips", flipped)


def test_forged_calls_of_the_proxy(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    bought(site, Platform.SHOPIFY)
    before = all_rows(*residents(site).values())
    pairs = stores_pairs(site, Platform.SHOPIFY)
    forged = [*pairs, ("signature", sign(pairs, "x" * 40))]
    for path in ("track", "reviews.json", "ping"):
        caplog.clear()
        assert site.client.get(address(Platform.SHOPIFY, path, forged)).status_code == 401
        _told(caplog, "/proxy/", 401, "does not come through the store")
    caplog.clear()
    other = site.runtime.keys.sign("tracking", [site.woocommerce.shop_id, "13"])
    assert site.client.get(forwarded(site, Platform.SHOPIFY, f"t/{other}")).status_code == 404
    _told(caplog, "/proxy/", 404, "another shop")
    assert changed(before, all_rows(*residents(site).values())) == {}


@pytest.mark.parametrize(
    ("claims", "word"),
    [
        ({"aud": "another-app"}, "another app"),
        ({"dest": f"https://{OTHER}"}, "does not name one shop"),
        ({"exp": None}, "not signed for this app"),
        ({"exp": 1}, "expired"),
        ({"nbf": 4102444800}, "not valid yet"),
        ({"iat": 4102444800}, "not valid yet"),
        ({"secret": "x" * 40}, "not signed for this app"),
    ],
)
def test_a_token_that_is_not_right(
    site: Site, claims: dict[str, Any], word: str, caplog: pytest.LogCaptureFixture
) -> None:
    token = page_token(site, Platform.SHOPIFY, **claims)
    headers = {"Authorization": f"Bearer {token}"}
    before = all_rows(*residents(site).values())
    answer = site.client.post("/shopify/app/brand", headers=headers, data={"revision": "0"})
    assert (answer.status_code, answer.headers["X-Shopify-Retry-Invalid-Session-Request"]) == (401, "1")
    assert changed(before, all_rows(*residents(site).values())) == {}
    _told(caplog, "/shopify/app/brand", 401, word)
    assert token not in caplog.text


def _told(caplog: pytest.LogCaptureFixture, route: str, status: int, word: str) -> None:
    """One line says where, with what, and why; the last one, where several were refused."""
    lines = [one.getMessage() for one in caplog.records if one.name == "doorstep.web"]
    assert lines and lines[-1].startswith("refused "), lines
    assert route in lines[-1] and f"with {status}: " in lines[-1] and word in lines[-1], lines[-1]
