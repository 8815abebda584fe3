"""What a store forwards: let in when signed, answered as a part of its own page."""

from __future__ import annotations

import random
import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from flows.commerce import Platform
from tests.app.web.conftest import SHOPIFY_SECRET, Site
from tests.app.web.forwarding import DOMAINS, address, forwarded, secret_of, sign, stores_pairs
from tests.app.web.shopping import bought, shop_of
from tests.proof import Count

BOTH = pytest.mark.parametrize("platform", list(Platform))
LIQUID = re.compile(r"\{\{|\{%|\}\}|%\}")


@BOTH
def test_a_ping_is_answered(site: Site, platform: Platform) -> None:
    for asked in ("one", "another"):
        answer = site.client.get(forwarded(site, platform, "ping", [("asked", asked)]))
        told = site.runtime.keys.pong(shop_of(site, platform), asked, "/apps/doorstep")
        assert (answer.status_code, answer.text) == (200, told)
        assert answer.headers["Cache-Control"] == "no-store"


@BOTH
def test_mutants_are_refused(site: Site, platform: Platform, count: Count) -> None:
    """500 of them: a letter of a value or of the signature changed, a parameter added, doubled, dropped."""
    chance = random.Random(3)
    good = [*stores_pairs(site, platform, [("lang", "de"), ("stars", "4")])]
    good.append(("signature", sign(good, secret_of(site, platform))))
    for _ in range(count(60, 500)):
        pairs, place = list(good), chance.randrange(len(good))
        key, value = pairs[place]
        how = chance.choice(("letter", "longer", "drop", "double", "add", "rename"))
        if how == "letter" and value:
            at = chance.randrange(len(value))
            other = chance.choice([c for c in "0123456789abcdef/" if c != value[at].lower()])
            pairs[place] = (key, value[:at] + other + value[at + 1 :])
        elif how == "drop":
            del pairs[place]
        elif how == "double":
            pairs.append((key, value))
        elif how == "add":
            pairs.append((chance.choice(("shop", "x", "timestamp", "signature")), "1"))
        elif how == "rename":
            pairs[place] = (f"{key}_", value)
        else:
            pairs[place] = (key, f"{value}0")
        assert site.client.get(address(platform, "ping", pairs)).status_code in (401, 404), (how, key)


@pytest.mark.parametrize("path", ["ping", "track", "reviews.json", "t/x", "r/x", "u/x"])
@BOTH
def test_nothing_is_open_without_a_signature(site: Site, platform: Platform, path: str) -> None:
    for method in ("get", "post"):
        answer = getattr(site.client, method)(f"/proxy/{platform.value}/{path}")
        assert answer.status_code in (401, 405)


@BOTH
def test_old_requests_are_refused(site: Site, platform: Platform) -> None:
    for seconds in (-95, 95):
        at = site.runtime.clock.real() + timedelta(seconds=seconds)
        pairs = [
            (key, str(int(at.timestamp())) if key == "timestamp" else value)
            for key, value in stores_pairs(site, platform)
        ]
        pairs.append(("signature", sign(pairs, secret_of(site, platform))))
        assert site.client.get(address(platform, "ping", pairs)).status_code == 401


def test_an_older_secret_still_signs(site: Site) -> None:
    object.__setattr__(
        site.runtime, "config", replace(site.runtime.config, shopify_secrets=("new", SHOPIFY_SECRET))
    )
    assert site.client.get(forwarded(site, Platform.SHOPIFY, "ping")).status_code == 200


@BOTH
def test_unknown_and_uninstalled_shops_have_no_pages(site: Site, platform: Platform) -> None:
    pairs = [
        (key, "nobody.example" if key == "shop" else value) for key, value in stores_pairs(site, platform)
    ]
    pairs.append(("signature", sign(pairs, secret_of(site, platform))))
    assert site.client.get(address(platform, "ping", pairs)).status_code in (401, 404)
    with site.runtime.database.nobody() as session:
        session.execute(text("UPDATE shops SET state = 'uninstalled'"))
    assert site.client.get(forwarded(site, platform, "ping")).status_code == 404


def test_one_shop_s_secret_opens_no_other(site: Site) -> None:
    pairs = stores_pairs(site, Platform.WOOCOMMERCE)
    for secret in (SHOPIFY_SECRET, site.runtime.keys.plugin_secret("another"), ""):
        signed = [*pairs, ("signature", sign(pairs, secret))]
        assert site.client.get(address(Platform.WOOCOMMERCE, "ping", signed)).status_code == 401


@BOTH
def test_a_link_of_another_shop_leads_nowhere(site: Site, platform: Platform) -> None:
    bought(site, platform)
    other = next(one for one in Platform if one is not platform)
    bought(site, other)
    for purpose, path, carried in links(site, other):
        token = site.runtime.keys.sign(purpose, carried)
        assert site.client.get(forwarded(site, platform, f"{path}/{token}")).status_code == 404
        assert site.client.post(forwarded(site, platform, f"{path}/{token}")).status_code in (404, 405)
    assert site.rows("SELECT * FROM suppressions") == []


def links(site: Site, platform: Platform) -> list[tuple[str, str, list[Any]]]:
    shop = shop_of(site, platform)
    return [
        ("tracking", "t", [shop, "13"]),
        ("review", "r", [shop, 1, "13"]),
        ("unsubscribe", "u", [shop, 1, "S", "hash"]),
    ]


@BOTH
def test_pages_are_fragments_with_links_below_the_store_s_prefix(site: Site, platform: Platform) -> None:
    bought(site, platform)
    for purpose, path, carried in links(site, platform):
        token = site.runtime.keys.sign(purpose, carried)
        answer = site.client.get(forwarded(site, platform, f"{path}/{token}"))
        assert answer.status_code == 200, path
        page = answer.text
        assert "<html" not in page and "<body" not in page and page.lstrip().startswith("<style>")
        assert all(f'action="/apps/doorstep/{path}/' in one for one in re.findall(r"<form[^>]*>", page))
        if platform is Platform.SHOPIFY:
            assert answer.content_type == "application/liquid; charset=utf-8"
        else:
            assert answer.content_type.startswith("text/html")
            assert answer.headers["X-Doorstep-Fragment"] == "1"


def test_no_liquid_reaches_the_store(site: Site) -> None:
    """Neither from people's words nor from the style sheets."""
    platform = Platform.SHOPIFY
    hostile = "{{ shop.secret }}{% include 'x' %}{{{%}}}%}"
    bought(site, platform, title=hostile, first_name=hostile[:20])
    for purpose, path, carried in links(site, platform):
        token = site.runtime.keys.sign(purpose, carried)
        page = site.client.get(forwarded(site, platform, f"{path}/{token}", [("product", "p1")])).text
        assert not LIQUID.search(page), path
    sent = site.client.post(
        forwarded(site, platform, "track"), data={"number": hostile, "proof": hostile}
    ).text
    assert "shop.secret" in sent and not LIQUID.search(sent)


@BOTH
def test_a_form_tells_where_the_store_has_our_pages(site: Site, platform: Platform) -> None:
    """A page that is only looked at tells nothing: a GET changes nothing."""
    pairs = [
        (key, "/a/parcels" if key == "path_prefix" else value) for key, value in stores_pairs(site, platform)
    ]
    moved = address(platform, "track", [*pairs, ("signature", sign(pairs, secret_of(site, platform)))])

    def paths() -> set[str]:
        return {row.pages_path for row in site.rows("SELECT pages_path FROM shops")}

    assert site.client.get(moved).status_code == 200 and paths() == {"/apps/doorstep"}
    assert site.client.post(moved, data={"number": "13"}).status_code == 200
    assert paths() == {"/apps/doorstep", "/a/parcels"}
    assert site.client.post(moved[:-1] + "x", data={"number": "13"}).status_code == 401


@BOTH
def test_a_look_up_leads_below_the_prefix(site: Site, platform: Platform) -> None:
    bought(site, platform)
    answer = site.client.post(
        forwarded(site, platform, "track"), data={"number": "13", "proof": "mia@example.com"}
    )
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("/apps/doorstep/t/")


def test_domains_are_those_of_the_site(site: Site) -> None:
    held = {row.domain for row in site.rows("SELECT domain FROM shops")}
    assert held == set(DOMAINS.values())
