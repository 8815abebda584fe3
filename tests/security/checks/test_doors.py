"""Who gets in, and as whom. One test for each of the platform's checks on that; see docs/shopify.md."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from werkzeug.routing import Rule

from connectors.base import Delivery, Refused
from connectors.shopify.domain import shop_domain
from connectors.shopify.webhooks import verify_webhook
from flows.commerce import Platform
from tests.app.web.addresses import bearer, page_token
from tests.app.web.admin.mutants import MUTANTS
from tests.app.web.conftest import SHOPIFY_SECRET, Site
from tests.app.web.forwarding import address, forwarded, secret_of, sign, stores_pairs
from tests.app.web.shopping import bought, link
from tests.app.web.test_guards import ALLOWED, plain_name
from tests.app.web.test_proxy import links
from tests.proof import Figure
from tests.security.hostile_shops import HOSTILE_SHOPS
from tests.security.oauth_walk import walk
from tests.security.parties import Party, all_rows, changed, newcomer, residents
from tests.security.test_admin_writes import without_token, writes

REFUSED = {400, 401, 403, 404}
# What is there for everybody, and nothing else: a new one is written down here or fails.
OPEN = {
    "brand_pictures.logo",
    "health.healthz",
    "connect_by_keys.form",
    "connect_by_keys.take",
    "install_woocommerce.connect_anew",
    "install_woocommerce.form",
    "install_woocommerce.install",
    "install_woocommerce.returned",
    "legal.privacy",
    "legal.support",
    "legal.terms",
    "legal.welcome",
    "review_list.hosted",
    "session.session",
    "tracking_lookup.find",
    "tracking_lookup.form",
}


def test_unauthenticated_endpoint(site: Site, figure: Figure) -> None:
    """Every route has one guard; whoever brings nothing is refused by each that is not of the list."""
    app, tried, opened = site.client.application, 0, set[str]()
    for rule in app.url_map.iter_rules():
        if rule.endpoint == "static":
            continue
        guard = str(getattr(app.view_functions[rule.endpoint], "guard", ""))
        assert guard.startswith(ALLOWED), rule.endpoint
        if guard.startswith("open: "):
            opened.add(plain_name(rule.endpoint))
            continue
        for method in sorted((rule.methods or set()) & {"GET", "POST", "PUT", "PATCH", "DELETE"}):
            answer = site.client.open(some_address(site, rule), method=method)
            fetches = guard.startswith("merchant") and method == "GET" and answer.status_code == 302
            assert fetches or answer.status_code in REFUSED, (rule.endpoint, method, answer.status_code)
            if fetches:
                assert "/app/session?" in answer.headers["Location"]
            tried += 1
    assert opened == OPEN
    figure("requests", tried)


def some_address(site: Site, rule: Rule) -> str:
    values: dict[str, Any] = dict.fromkeys(rule.arguments, "1")
    values |= {"platform": "shopify"} if "platform" in values else {}
    adapter = site.client.application.url_map.bind("127.0.0.1")
    method = next(iter((rule.methods or {"GET"}) - {"HEAD", "OPTIONS"}))
    return adapter.build(rule.endpoint, values, method=method)


def test_missing_authorization_check(site: Site) -> None:
    """A good link of one shop opens nothing behind another shop's door, though both have such an order."""
    shopify, woocommerce = Platform.SHOPIFY, Platform.WOOCOMMERCE
    for platform in (shopify, woocommerce):
        bought(site, platform)
    before = all_rows(*residents(site).values())
    for own, other in ((shopify, woocommerce), (woocommerce, shopify)):
        for purpose, path, carried in links(site, other):
            token = site.runtime.keys.sign(purpose, carried)
            for method in ("GET", "POST"):
                answer = site.client.open(forwarded(site, own, f"{path}/{token}"), method=method)
                assert answer.status_code in (404, 405), (purpose, method)
        for purpose, path, carried in links(site, own):
            token = site.runtime.keys.sign(purpose, carried)
            assert site.client.get(forwarded(site, own, f"{path}/{token}")).status_code == 200, "its own"
    assert changed(before, all_rows(*residents(site).values())) == {}


@pytest.mark.parametrize("platform", Platform)
def test_csrf_missing_protection(site: Site, platform: Platform) -> None:
    """No cookie says who it is: what writes wants the token in a header that no foreign page can send."""
    shop = residents(site)[platform]
    before, tried = all_rows(shop), 0
    hand = site.client.application.test_client(use_cookies=False)
    for method, at in writes(site, platform):
        for name, headers, query in without_token(shop):
            fields = {**at.fields, "id_token": shop.page_token()}
            answer = hand.open(at.path, method=method, headers=headers, query_string=query, data=fields)
            assert answer.status_code == 401, (at.path, name)
            assert "Set-Cookie" not in answer.headers
            tried += 1
    assert tried > 50
    assert changed(before, all_rows(shop)) == {}


def test_session_lifecycle_and_replay(site: Site) -> None:
    """An installation counts once, in the browser that began it; a shop that left is nobody any more."""
    with walk(site) as way:
        way.start()
        assert way.come_back(cookie="").status_code == 401, "without the cookie"
        assert way.come_back(state="another").status_code == 401
        assert way.come_back(late=91).status_code == 401
        assert way.come_back().status_code == 302
        calls = len(way.server.calls)
        assert way.come_back().status_code == 401, "the same again"
        assert len(way.server.calls) == calls, "no token is asked for"
    shop = residents(site)[Platform.SHOPIFY]
    bought(site, Platform.SHOPIFY)
    path = link(site, "tracking", "13", platform=Platform.SHOPIFY)
    page, token = f"{shop.prefix}/brand", shop.bearer()
    assert (site.client.get(path).status_code, site.client.get(page, headers=token).status_code) == (200, 200)
    assert site.shop("orders/delete", b'{"id": 1}') == (200, "stored")
    assert site.shop("orders/delete", b'{"id": 1}') == (200, "duplicate")
    shop.sql("UPDATE shops SET state = 'uninstalled' WHERE id = :shop")
    assert (site.client.get(path).status_code, site.client.get(page, headers=token).status_code) == (404, 401)


def of_another(site: Site) -> tuple[Party, Party, dict[str, str], dict[str, str]]:
    """Who asks, whom it names by every way but its token: query or form, and headers."""
    thief = residents(site)[Platform.SHOPIFY]
    victim = newcomer(site, Platform.SHOPIFY, "victim.myshopify.com")
    named = {"shop": victim.domain, "shop_id": str(victim.shop_id), "domain": victim.domain}
    headers = {
        "X-Shopify-Shop-Domain": victim.domain,
        "Referer": f"https://{victim.domain}/admin",
        "Origin": f"https://{victim.domain}",
        "Cookie": f"shop={victim.domain}",
    }
    return thief, victim, named, headers


def test_request_controlled_admin_context(site: Site) -> None:
    """Whose page it is comes from the token alone, however else a shop is named."""
    thief, victim, named, headers = of_another(site)
    for shop, name in ((thief, "Hollow Pine"), (victim, "Secretvictim")):
        shop.sql("UPDATE shops SET name = :name WHERE id = :shop", name=name)
    for path in ("/", "/brand", "/flows", "/messages", "/reviews"):
        answer = site.client.get(
            f"{thief.prefix}{path}", query_string=named, headers={**headers, **thief.bearer()}
        )
        assert answer.status_code == 200
        assert f"frame-ancestors https://{thief.domain} " in answer.headers["Content-Security-Policy"], path
        assert "Secretvictim" not in answer.text and f"shop={victim.domain}" not in answer.text, path


def test_request_derived_shop_scope(site: Site) -> None:
    """The store signs whatever a visitor adds, also a second `shop`: one is signed, or none counts."""
    bought(site, Platform.SHOPIFY)
    victim = newcomer(site, Platform.SHOPIFY, "victim.myshopify.com")
    for own in (("shop", victim.domain), ("shop", ""), ("path_prefix", "/x"), ("logged_in_customer_id", "7")):
        for place in (0, -1):
            pairs = stores_pairs(site, Platform.SHOPIFY)
            pairs.insert(place, own)
            pairs.append(("signature", sign(pairs, SHOPIFY_SECRET)))
            answer = site.client.get(address(Platform.SHOPIFY, "reviews.json", pairs))
            assert answer.status_code == 401, own
    assert site.client.get(forwarded(site, Platform.SHOPIFY, "reviews.json")).status_code == 200


def test_unscoped_shop_config_write(site: Site) -> None:
    """Every form of the admin page, sent for another shop: the sender's own things change, no others."""
    thief, victim, named, headers = of_another(site)
    before, own = all_rows(victim), all_rows(thief)
    for method, at in writes(site, Platform.SHOPIFY):
        answer = site.client.open(
            at.path,
            method=method,
            query_string=named,
            headers={**headers, **at.headers},
            data={**named, **at.fields},
        )
        assert answer.status_code < 500, at.path
    assert changed(before, all_rows(victim)) == {}
    assert {"brand_kits", "flow_switches"} <= changed(own, all_rows(thief)).keys()


def test_weak_shop_validation(site: Site, figure: Figure) -> None:
    """More than 200 texts that are no shop, at every door that takes one from outside."""
    before = all_rows(*residents(site).values())
    attempts = site.rows("SELECT count(*) AS n FROM install_attempts")
    accepted = list[object]()
    with walk(site) as way:
        for text in HOSTILE_SHOPS:
            accepted += [text] if shop_domain(text) is not None else []
            if isinstance(text, str) and text.isprintable() | text.isascii():  # what an address can carry
                accepted += [text for status in asked(site, way, text) if status < 400]
        assert way.server.calls == [], "nothing was asked of anybody"
        assert way.start().status_code == 302, "a shop is let in"
    assert accepted == []
    assert changed(before, all_rows(*residents(site).values())).keys() <= {"install_attempts"}
    assert site.rows("SELECT count(*) AS n FROM install_attempts")[0].n == attempts[0].n + 1
    figure("texts", len(HOSTILE_SHOPS))


def asked(site: Site, way: Any, text: str) -> Iterator[int]:
    """Its status at the start of an installation, in a token, and in the header of a webhook."""
    yield way.start(shop=text).status_code
    claims = {"dest": f"https://{text}", "iss": f"https://{text}/admin"}
    token = page_token(site, Platform.SHOPIFY, **claims)
    headers = {"Authorization": f"Bearer {token}"}
    yield site.client.get("/shopify/app/brand", headers=headers).status_code
    delivery = Delivery(
        {
            "x-shopify-hmac-sha256": "WWQlvMSQcCXCHnLrjzWrqx5fNvNeqMFfD/uGPfNKjUY=",
            "x-shopify-topic": "orders/create",
            "x-shopify-webhook-id": "1",
            "x-shopify-shop-domain": text,
        },
        b"{}",
    )
    try:
        verify_webhook(delivery, ("hush",))
        yield 200
    except Refused as refused:
        yield refused.status


def test_app_proxy_unverified_signature(site: Site, figure: Figure) -> None:
    """Every forwarded page: unsigned, signed by somebody else, of yesterday; and, signed, it is there."""
    tried = 0
    for rule in site.client.application.url_map.iter_rules():
        if not rule.rule.startswith("/proxy/"):
            continue
        below = some_address(site, rule).removeprefix("/proxy/shopify/")
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            for platform in Platform:
                for wrong in unsigned(site, platform, below):
                    assert site.client.open(wrong, method=method).status_code == 401, (rule.rule, wrong)
                    tried += 1
                good = forwarded(site, platform, below)
                assert site.client.open(good, method=method).status_code != 401, rule.rule
    assert tried >= 90
    figure("requests", tried)


def unsigned(site: Site, platform: Platform, below: str) -> Iterator[str]:
    pairs = stores_pairs(site, platform)
    yield f"/proxy/{platform.value}/{below}"
    yield address(platform, below, pairs)
    yield address(platform, below, [*pairs, ("signature", "")])
    yield address(platform, below, [*pairs, ("signature", sign(pairs, "x" * 40))])
    old = [(name, "1317327555" if name == "timestamp" else value) for name, value in pairs]
    yield address(platform, below, [*old, ("signature", sign(old, secret_of(site, platform)))])


def test_the_tokens_that_open_nothing_are_many(site: Site) -> None:
    """`MUTANTS` is asked at the doors' own tests; here only that the good one is good."""
    assert len(MUTANTS) >= 40
    assert site.client.get("/shopify/app/", headers=bearer(site, Platform.SHOPIFY)).status_code == 200
