"""Who may frame our pages, and where they send people. See docs/shopify.md for the platform's checks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from werkzeug.test import TestResponse

from flows.commerce import Platform
from tests.app.web.addresses import GETS, SHOPS, Address
from tests.app.web.admin.mutants import AWAY
from tests.app.web.conftest import Site
from tests.app.web.shopping import bought
from tests.app.web.test_guards import plain_name
from tests.proof import Count, Figure
from tests.security.oauth_walk import host, walk
from tests.security.parties import newcomer

BOTH = pytest.mark.parametrize("platform", list(Platform))
OURS = {"127.0.0.1:8000", "hollow-pine.myshopify.com", "admin.shopify.com", ""}
WAYS = (
    "next",
    "return_to",
    "returnTo",
    "redirect",
    "redirect_uri",
    "url",
    "to",
    "host",
    "shopify-reload",
    "path",
)


def admin_pages(site: Site, platform: Platform) -> Iterator[tuple[str, Address]]:
    for rule in site.client.application.url_map.iter_rules():
        name = plain_name(rule.endpoint)
        if rule.rule.startswith(f"/{platform.value}/app") and "GET" in (rule.methods or ()):
            yield name, GETS[name](site, platform)


def holders(answer: TestResponse) -> str:
    policy = answer.headers.get("Content-Security-Policy", "")
    return next((p.strip() for p in policy.split(";") if p.strip().startswith("frame-ancestors")), "")


@BOTH
def test_missing_embedded_csp(site: Site, platform: Platform, figure: Figure) -> None:
    """Every page of the back office, found or not, let in or refused, may be framed by its shop alone."""
    bought(site, platform)
    own = f"frame-ancestors https://{SHOPS[platform]}"
    own += " https://admin.shopify.com" if platform is Platform.SHOPIFY else ""
    seen = 0
    for name, at in admin_pages(site, platform):
        answer = site.client.get(at.path, headers=dict(at.headers))
        assert holders(answer) == own, (name, answer.status_code)
        assert "X-Frame-Options" not in answer.headers, name
        refused = site.client.get(at.path, headers={"Authorization": "Bearer x", "HX-Request": "true"})
        assert name == "session.session" or (refused.status_code, holders(refused)) == (
            401,
            "frame-ancestors 'none'",
        ), name
        seen += 1
    assert seen >= 10
    figure("pages", seen)


def test_static_frame_ancestors(site: Site) -> None:
    """The policy is made from the shop that signed: two shops have two, and none has a wildcard."""
    other = newcomer(site, Platform.SHOPIFY, "other-shop.myshopify.com")
    for name, at in admin_pages(site, Platform.SHOPIFY):
        if name == "session.session":
            continue
        mine = holders(site.client.get(at.path, headers=dict(at.headers)))
        theirs = holders(site.client.get(at.path, headers=other.bearer()))
        assert "*" not in mine + theirs, name
        assert "https://hollow-pine.myshopify.com " in mine and "other-shop" not in mine, name
        assert "https://other-shop.myshopify.com " in theirs and "hollow-pine" not in theirs, name
    for shop in ("*", "*.myshopify.com", "nobody.myshopify.com", "hollow-pine.myshopify.com *"):
        answer = site.client.get("/shopify/app/session", query_string={"shop": shop})
        assert holders(answer) == "frame-ancestors 'none'", shop


@BOTH
def test_open_redirect(site: Site, platform: Platform, count: Count, figure: Figure) -> None:
    """Every address that answers a GET, with every word that pages use for where to go next."""
    bought(site, platform)
    prefix, tried = f"/{platform.value}/app", 0
    away = [one.format(prefix=prefix, other="/woocommerce/app") for one in AWAY if "evil" in one]
    forms = count(1, len(away))
    for place, (name, make) in enumerate(GETS.items()):
        at = make(site, platform)
        for wanted in [away[(place + further) % len(away)] for further in range(forms)]:
            bare = (
                [site.client.get(at.path, query_string=ways(at.path, wanted))] if "?" not in at.path else []
            )
            join = "&" if "?" in at.path else "?"
            query = "&".join(f"{key}={quoted(wanted)}" for key in WAYS)
            with_own = site.client.get(f"{at.path}{join}{query}", headers=dict(at.headers))
            for answer in (*bare, with_own):
                tried += 1
                target = answer.headers.get("Location", "")
                assert re.match(r"(https?://([^/?#]*))?", target), target
                named = re.match(r"(?:[a-z]+:)?[/\\]{2,}([^/?#\\]*)", target)
                assert named is None or named[1] in OURS, (name, wanted, target)
                # Bytes, because pictures are among the answers.
                for back in re.findall(rb'data-wanted="([^"]*)"', answer.data):
                    assert back.startswith(f"{prefix}/".encode()) and b"evil" not in back, (name, wanted)
    figure("requests", tried)


def ways(path: str, wanted: str) -> dict[str, str]:
    return dict.fromkeys(WAYS, wanted)


def quoted(text: str) -> str:
    return quote(text, safe="")


def test_the_way_back_from_shopify_leads_into_a_back_office(site: Site) -> None:
    """Part of the check above: `host` is signed, but may say anything."""
    for wrong in (
        "evil.example",
        "admin.shopify.com.evil.example/store/x",
        "hollow-pine.myshopify.com@evil.example",
    ):
        with walk(site) as way:
            way.start()
            answer = way.come_back(host=host(wrong).rstrip("="))
            assert "evil" not in answer.headers.get("Location", ""), wrong
            assert answer.status_code in (200, 302)
