"""What every answer says besides itself: who may frame it, what it may load, and what must not be told."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from re import findall

import pytest
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from flows.commerce import Platform
from tests.app.web.conftest import Site
from tests.security.belongings import EMAIL, WORD, Belongings, furnish
from tests.security.matrix import Attack, Case
from tests.security.parties import newcomer, residents

BOTH = pytest.mark.parametrize("platform", list(Platform))
NOBODY = "'none'"

# What shows nothing but a picture says so, and nothing of frames.
PICTURES = ("brand_pictures.logo", "links.square")


def asked(site: Site, case: Case) -> Iterator[tuple[Rule, Attack, TestResponse]]:
    """Every address by every method that it has."""
    for rule in site.client.application.url_map.iter_rules():
        for attack in case.attacks(rule):
            if attack.method in ("GET", "POST"):
                answer = site.client.open(
                    attack.path, method=attack.method, headers=dict(attack.headers), data=dict(attack.fields)
                )
                yield rule, attack, answer
                answer.close()


def owner_and_stranger(of: Belongings) -> list[Case]:
    """Both what is right and what is refused."""
    stranger = newcomer(of.shop.site, of.shop.platform, "stranger.myshopify.com")
    return [Case(of.shop, of), Case(stranger, of)]


def policy(answer: TestResponse) -> dict[str, str]:
    parts = answer.headers["Content-Security-Policy"].split(";")
    return {name: told for name, _, told in (part.strip().partition(" ") for part in parts)}


@BOTH
def test_what_every_answer_says_besides_itself(
    site: Site, platform: Platform, caplog: pytest.LogCaptureFixture
) -> None:
    """Who may frame it; no cookie, nothing of a third party; and no link or token in a line of the log."""
    caplog.set_level(logging.DEBUG)
    statuses, tokens = set[int](), set[str]()
    for case in owner_and_stranger(furnish(residents(site)[platform])):
        for rule, attack, answer in asked(site, case):
            statuses.add(answer.status_code)
            _framed_and_guarded(case, rule, attack, answer)
            assert "Set-Cookie" not in answer.headers, attack.path
            assert _strangers_in(rule, answer) == [], attack.path
            tokens |= set(findall(r"/[lrtu]/([^?/]{20,})", attack.path))
            tokens |= {value.removeprefix("Bearer ") for value in attack.headers.values() if "." in value}
    assert statuses >= {200, 302, 401, 404}
    said = "\n".join(f"{record.getMessage()} {record.exc_text or ''}" for record in caplog.records)
    assert len(tokens) > 8
    assert [token for token in tokens if len(token) > 25 and token in said] == []
    assert WORD not in said and EMAIL not in said


def _framed_and_guarded(case: Case, rule: Rule, attack: Attack, answer: TestResponse) -> None:
    own = f"https://{case.thief.domain}"
    frames = f"{own} https://admin.shopify.com" if case.thief.platform is Platform.SHOPIFY else own
    place, told = f"{attack.method} {attack.path[:80]}: {answer.status_code}", policy(answer)
    inside = attack.path.startswith(case.thief.prefix)
    framed = inside and answer.status_code != 401
    assert answer.headers["X-Content-Type-Options"] == "nosniff", place
    assert answer.headers["Referrer-Policy"] == "no-referrer", place
    assert "unsafe" not in told.get("script-src", ""), place
    if rule.endpoint.endswith("session.session"):
        return  # framed by the shop that it names; tested with the doors
    if rule.endpoint not in PICTURES or answer.status_code != 200:
        right = {frames} if framed else {NOBODY}
        if inside and answer.status_code in (401, 405):
            right |= {frames, NOBODY}  # in the frame of the shop that the request names, if any
        assert told["frame-ancestors"] in right, place
    if framed and answer.mimetype == "text/html" and answer.status_code == 200:
        assert told["default-src"] == NOBODY, place
        assert answer.headers["Cache-Control"] == "no-store", place


def _strangers_in(rule: Rule, answer: TestResponse) -> list[str]:
    """What a page outside the back offices would load from anywhere but us."""
    if answer.mimetype != "text/html" or rule.endpoint.startswith(("shopify_", "woocommerce_")):
        return []
    page = answer.get_data(as_text=True)
    found = findall(r"<(?:script|img|link|iframe|source)[^>]* (?:src|href)=\"(https?://[^\"]+)", page)
    return [one for one in found if not one.startswith("http://127.0.0.1:8000/")]


def test_only_the_way_in_sets_a_cookie(site: Site) -> None:
    """It is for the way back from Shopify alone, and no script reads it."""
    import hashlib
    import hmac

    from tests.app.web.conftest import SHOPIFY_SECRET

    now = int(site.runtime.clock.real().timestamp())
    pairs = [("shop", "hollow-pine.myshopify.com"), ("timestamp", str(now))]
    text = "&".join(f"{name}={value}" for name, value in sorted(pairs))
    mac = hmac.new(SHOPIFY_SECRET.encode(), text.encode(), hashlib.sha256).hexdigest()
    answer = site.client.get("/shopify/install", query_string=dict([*pairs, ("hmac", mac)]))
    (cookie,) = answer.headers.getlist("Set-Cookie")
    assert answer.status_code == 302
    assert cookie.startswith("doorstep_install=") and "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie and "Path=/shopify/callback" in cookie
