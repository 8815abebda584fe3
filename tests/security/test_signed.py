"""Whatever was signed, changed in one place: a link, a page token, a webhook. None of it counts any more."""

from __future__ import annotations

import base64
import hashlib
import hmac
import random
from collections.abc import Iterator
from urllib.parse import quote

import pytest

from flows.commerce import Platform
from tests.app.web.admin.mutants import MUTANTS
from tests.app.web.conftest import Site
from tests.proof import Count, Figure
from tests.security.belongings import Belongings, furnish
from tests.security.matrix import CARRIED
from tests.security.parties import Party, all_rows, changed, newcomer, residents

PATHS = {"tracking": "t", "review": "r", "unsubscribe": "u", "click": "l"}


def flipped(token: str, bits: list[int]) -> Iterator[str]:
    """The token with one bit of one byte changed, as an address carries it."""
    raw = token.encode()
    for place in range(len(raw)):
        for bit in bits:
            yield quote(raw[:place] + bytes([raw[place] ^ 1 << bit]) + raw[place + 1 :], safe="")


@pytest.mark.parametrize("platform", Platform)
def test_a_link_with_one_changed_bit_leads_nowhere(
    site: Site, platform: Platform, count: Count, figure: Figure
) -> None:
    of = furnish(residents(site)[platform])
    before, tried = all_rows(of.shop), 0
    bits = random.Random(4).sample(range(8), count(1, 8))
    for purpose, path in PATHS.items():
        for wrong in flipped(link(of, purpose), bits):
            addresses = [f"/{path}/{wrong}"]
            if purpose != "click":
                addresses.append(of.shop.forwarded(f"{path}/{wrong}"))
            for address in addresses:
                assert site.client.get(address, follow_redirects=True).status_code == 404, address
                tried += 1
            if purpose in ("review", "unsubscribe"):
                address = addresses[tried // 2 % 2]
                assert site.client.post(address, follow_redirects=True).status_code == 404, address
                tried += 1
    figure("requests", tried)
    assert changed(before, all_rows(of.shop)) == {}
    for purpose, path in PATHS.items():
        assert site.client.get(f"/{path}/{link(of, purpose)}").status_code in (200, 302), (
            "as it was, it is good"
        )


def test_a_link_has_one_spelling(site: Site) -> None:
    """The last letter of a signature has bits that nothing reads: they must be what we wrote too."""
    of = furnish(residents(site)[Platform.WOOCOMMERCE])
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    for purpose, path in PATHS.items():
        token = link(of, purpose)
        others = [f"{token[:-1]}{letter}" for letter in letters.replace(token[-1], "")]
        for other in (*others, f"{token}=", f"{token}%20", f"{token}%0a", f".{token}", token.swapcase()):
            assert site.client.get(f"/{path}/{other}").status_code == 404, other


def link(of: Belongings, purpose: str) -> str:
    return of.shop.link(purpose, *CARRIED[purpose](of))


@pytest.mark.parametrize("platform", Platform)
def test_there_are_forty_different_tokens_that_are_not_quite_right(
    site: Site, platform: Platform, figure: Figure
) -> None:
    """Each of them is refused at every kind of address in the tests of the doors."""
    made = {make(site, platform) for name, make in MUTANTS.items() if name != "a shop that left"}
    figure("different_tokens", len(made))
    assert len(made) >= 40


def webhook(site: Site, secret: str, token: str) -> int:
    body = b'{"id": 770013}'
    signature = base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()
    headers = {
        "Content-Type": "application/json",
        "X-WC-Webhook-Source": "https://larkhus.example/",
        "X-WC-Webhook-Topic": "order.deleted",
        "X-WC-Webhook-Resource": "order",
        "X-WC-Webhook-Event": "deleted",
        "X-WC-Webhook-Signature": signature,
        "X-WC-Webhook-ID": "1",
        "X-WC-Webhook-Delivery-ID": "d7d7fbc4fe3004a41c225f17a1c23a5b",
    }
    return site.client.post(f"/webhooks/woocommerce/{token}", data=body, headers=headers).status_code


def test_one_shop_s_webhook_secret_signs_for_no_other(site: Site) -> None:
    victim = residents(site)[Platform.WOOCOMMERCE]
    thief: Party = newcomer(site, Platform.WOOCOMMERCE, "thief.example")
    keys, before = site.runtime.keys, all_rows(victim)
    for secret in (keys.webhook_secret(thief.token), thief.secret, victim.secret, victim.token, ""):
        assert webhook(site, secret, victim.token) == 401
    assert changed(before, all_rows(victim)) == {}
    assert webhook(site, keys.webhook_secret(victim.token), victim.token) == 200
