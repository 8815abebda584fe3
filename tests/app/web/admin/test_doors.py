"""Who gets in: a token of the shop's back office on every request, and nobody else by any trick."""

from __future__ import annotations

import base64
import hmac
import json
import warnings
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from sqlalchemy import text
from werkzeug.test import TestResponse

from connectors.base import StoreError
from connectors.shopify.scopes import SCOPES
from connectors.shopify.tokens import TokenSet
from connectors.woocommerce.plugin_keys import PAGE, key_for
from flows.commerce import Platform
from tests.app.desk import START
from tests.app.web.addresses import SHOPS, bearer, page_token
from tests.app.web.conftest import SHOPIFY_SECRET, Site

Mutant = Callable[[Site, Platform], str]
RETRY = "X-Shopify-Retry-Invalid-Session-Request"
STRANGER = "https://stranger.example"


def with_claims(**claims: Any) -> Mutant:
    return lambda site, platform: page_token(site, platform, **claims)


def at(**moved: timedelta) -> Mutant:
    """Instants, told from now."""

    def make(site: Site, platform: Platform) -> str:
        claims: dict[str, Any] = {name: site.runtime.clock.real() + by for name, by in moved.items()}
        return page_token(site, platform, **claims)

    return make


def other(platform: Platform) -> Platform:
    return Platform.WOOCOMMERCE if platform is Platform.SHOPIFY else Platform.SHOPIFY


def secret_of(site: Site, platform: Platform) -> str:
    if platform is Platform.SHOPIFY:
        return SHOPIFY_SECRET
    return key_for(PAGE, site.runtime.keys.plugin_secret(site.woocommerce.token))


def claims_of(site: Site, platform: Platform) -> dict[str, Any]:
    return dict(jwt.decode(page_token(site, platform), options={"verify_signature": False}))


def signed_by(**how: Any) -> Mutant:
    """The right claims with the right secret, in another way."""

    def make(site: Site, platform: Platform) -> str:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # that the secret is short for it
            return jwt.encode(claims_of(site, platform), secret_of(site, platform), **how)

    return make


def keyless(site: Site, platform: Platform) -> str:
    """Signed with nothing at all."""
    signed = page_token(site, platform).rpartition(".")[0]
    mac = hmac.new(b"", signed.encode(), "sha256").digest()
    return f"{signed}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}"


def headed(header: Mapping[str, Any], *, signature: bool = True) -> Mutant:
    """The right claims and signature beneath another header."""

    def make(site: Site, platform: Platform) -> str:
        _, body, mac = page_token(site, platform).split(".")
        head = base64.urlsafe_b64encode(json.dumps(header).encode()).rstrip(b"=").decode()
        return f"{head}.{body}.{mac if signature else ''}"

    return make


def changed(change: Callable[[str], str]) -> Mutant:
    return lambda site, platform: change(page_token(site, platform))


def claim_swapped(site: Site, platform: Platform) -> str:
    """The body of another token over this one's signature."""
    head, _, mac = page_token(site, platform).split(".")
    _, body, _ = page_token(site, platform, sub="1").split(".")
    return f"{head}.{body}.{mac}"


def of_a_shop_that_left(site: Site, platform: Platform) -> str:
    """Good in itself; the shop has removed us since."""
    token = page_token(site, platform)
    with site.runtime.database.shops(site.shopify.shop_id, site.woocommerce.shop_id) as session:
        session.execute(text("UPDATE shops SET state = 'uninstalled'"))
    return token


HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
MUTANTS: Mapping[str, Mutant] = {
    "empty": lambda site, platform: "",
    "words": lambda site, platform: "let me in",
    "two dots": lambda site, platform: "..",
    "alg none, unsigned": headed({"alg": "none", "typ": "JWT"}, signature=False),
    "alg none, signed": headed({"alg": "none", "typ": "JWT"}),
    "alg None": headed({"alg": "None"}, signature=False),
    "alg missing": headed({"typ": "JWT"}),
    "alg a list": headed({"alg": ["HS256"]}),
    "alg RS256 over the same bytes": headed({"alg": "RS256", "typ": "JWT"}),
    "alg HS512": signed_by(algorithm="HS512"),
    "alg HS384": signed_by(algorithm="HS384"),
    "critical header": headed({"alg": "HS256", "crit": ["exp"]}),
    "other secret": lambda site, platform: page_token(site, platform, secret="x" * 40),
    "empty secret": keyless,
    "app key as secret": lambda site, platform: page_token(site, platform, secret="key-of-the-test" * 3),
    "other platform": lambda site, platform: page_token(site, other(platform)),
    "other platform's secret": lambda site, platform: page_token(
        site, platform, secret=secret_of(site, other(platform))
    ),
    "other app": with_claims(aud="another-app"),
    "a list of apps": lambda site, platform: page_token(
        site, platform, aud=["another-app", claims_of(site, platform)["aud"]]
    ),
    "no aud": with_claims(aud=None),
    "no exp": with_claims(exp=None),
    "no nbf": with_claims(nbf=None),
    "no dest": with_claims(dest=None),
    "no iss": with_claims(iss=None),
    "no sub": with_claims(sub=None),
    "expired": at(nbf=-HOUR, exp=-HOUR + MINUTE),
    "of the future": at(nbf=HOUR, exp=HOUR + MINUTE),
    "exp a word": with_claims(exp="tomorrow"),
    "dest is not iss": with_claims(dest=STRANGER),
    "iss is not dest": with_claims(iss=STRANGER),
    "another shop": with_claims(iss=STRANGER, dest=STRANGER),
    "a shop of nobody": with_claims(
        iss="https://nobody.myshopify.com/admin", dest="https://nobody.myshopify.com"
    ),
    "not a shop": with_claims(iss="https://127.0.0.1/admin", dest="https://127.0.0.1"),
    "dest over http": lambda site, platform: page_token(site, platform, dest=f"http://{SHOPS[platform]}"),
    "dest a number": with_claims(dest=1),
    "truncated": changed(lambda token: token[:-7]),
    "last letters changed": changed(lambda token: token[:-6] + "AAAAAA"),
    "doubled": changed(lambda token: f"{token}.{token}"),
    "no signature": changed(lambda token: token.rpartition(".")[0]),
    "empty signature": changed(lambda token: f"{token.rpartition('.')[0]}."),
    "claims of another token": claim_swapped,
    "a shop that left": of_a_shop_that_left,
}


HEADERS = [
    "",
    "Bearer",
    "Bearer ",
    "Basic {token}",
    "bearer\u00a0{token}",
    "{token}",
    "Bearer {token} {token}",
]
AWAY = [
    "https://evil.example/",
    "//evil.example/",
    "///evil.example/",
    "/\\evil.example",
    "\\\\evil.example",
    "https:evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "{prefix}.evil.example/",
    "{prefix}/../../evil",
    "{prefix}/..%2f..%2fevil",
    "{prefix}@evil.example",
    "{other}/flows",
    "/healthz",
    "{prefix}/\r\nLocation: //evil.example",
    "{prefix}/\u2028",
    "{prefix}/\\..\\evil",
    "",
]

# Shopify's own word for a shop that is not connected: its document connects it, with Shopify's answer.
COMES_ANEW = {"a shop of nobody", "a shop that left"}


# A document with one of these is sent to fetch a fresh one.
MENDED = ("empty", "expired", "of the future")


@pytest.mark.parametrize("platform", Platform)
def test_a_token_that_is_not_quite_right_opens_nothing(site: Site, platform: Platform) -> None:
    address = f"/{platform.value}/app/brand"
    for name, make in MUTANTS.items():
        token = make(site, platform)
        for method in ("GET", "POST"):
            headers = {"Authorization": f"Bearer {token}", "HX-Request": "true"}
            answer = site.client.open(address, method=method, headers=headers)
            assert (answer.status_code, answer.headers.get(RETRY)) == (401, "1"), (name, method)
            assert "Set-Cookie" not in answer.headers
        if platform is Platform.SHOPIFY and name in COMES_ANEW:
            continue
        document = site.client.get(address, query_string={"id_token": token})
        assert document.status_code == (302 if name in MENDED else 401), name
        assert "Set-Cookie" not in document.headers
    assert site.rows("SELECT * FROM brand_kits") == []


def test_there_are_enough_mutants() -> None:
    assert len(MUTANTS) >= 40


@pytest.mark.parametrize("platform", Platform)
def test_the_header_says_bearer_and_one_token(site: Site, platform: Platform) -> None:
    for header in HEADERS:
        sent = header.format(token=page_token(site, platform))
        headers = {"Authorization": sent} if sent else {}
        assert site.client.post(f"/{platform.value}/app/brand", headers=headers).status_code == 401, header


@pytest.mark.parametrize("platform", Platform)
def test_a_token_in_the_address_opens_documents_only(site: Site, platform: Platform) -> None:
    token, address = page_token(site, platform), f"/{platform.value}/app/brand"
    query = {"id_token": token}
    assert site.client.get(address, query_string=query).status_code == 200
    assert site.client.post(address, query_string=query).status_code == 401
    assert site.client.get(address, query_string=query, headers={"HX-Request": "true"}).status_code == 401
    assert site.rows("SELECT * FROM brand_kits") == []


@pytest.mark.parametrize("platform", Platform)
def test_a_document_without_a_token_is_sent_to_fetch_one(site: Site, platform: Platform) -> None:
    path = f"/{platform.value}/app/flows"
    answer = site.client.get(path, query_string={"shop": SHOPS[platform], "kind": "on"})
    target = urlsplit(answer.headers["Location"])
    assert (answer.status_code, target.path) == (302, f"/{platform.value}/app/session")
    (back,) = parse_qs(target.query)["shopify-reload"]
    assert back.partition("?")[0] == path
    patch = site.client.get(answer.headers["Location"])
    assert patch.status_code == 200
    assert f'data-wanted="{path}?' in patch.get_data(as_text=True)


@pytest.mark.parametrize("platform", Platform)
def test_the_way_back_is_one_of_our_pages(site: Site, platform: Platform) -> None:
    prefix = f"/{platform.value}/app"
    for wanted in AWAY:
        asked = wanted.format(prefix=prefix, other=f"/{other(platform).value}/app")
        query = {"shop": SHOPS[platform], "shopify-reload": asked}
        page = site.client.get(f"{prefix}/session", query_string=query).get_data(as_text=True)
        assert f'data-wanted="{prefix}/"' in page, wanted
        assert "evil" not in page


@pytest.mark.parametrize("platform", Platform)
def test_only_this_shop_may_frame_its_pages(site: Site, platform: Platform) -> None:
    for path in ("/", "/brand", "/flows", "/no-such-page"):
        _framed_by_its_shop(site, platform, path)


def _framed_by_its_shop(site: Site, platform: Platform, path: str) -> None:
    answer = site.client.get(f"/{platform.value}/app{path}", headers=bearer(site, platform))
    policy = dict(part.split(" ", 1) for part in answer.headers["Content-Security-Policy"].split("; "))
    own = f"https://{SHOPS[platform]}"
    holders = f"{own} https://admin.shopify.com" if platform is Platform.SHOPIFY else own
    assert policy["frame-ancestors"] == holders
    assert policy["default-src"] == "'none'"
    assert "unsafe" not in policy["script-src"]
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("platform", Platform)
def test_a_session_page_is_framed_by_the_shop_that_it_names(site: Site, platform: Platform) -> None:
    good = site.client.get(f"/{platform.value}/app/session", query_string={"shop": SHOPS[platform]})
    assert f"frame-ancestors https://{SHOPS[platform]}" in good.headers["Content-Security-Policy"]
    for shop in ("", "stranger.example", "'; frame-ancestors *", SHOPS[other(platform)]):
        answer = site.client.get(f"/{platform.value}/app/session", query_string={"shop": shop})
        assert answer.status_code == 404
        assert answer.headers["Content-Security-Policy"] == "frame-ancestors 'none'"


@pytest.mark.parametrize("platform", Platform)
def test_errors_are_told_inside_the_frame(site: Site, platform: Platform) -> None:
    """In words, with the status; never JSON, never an inside."""
    answer = site.client.get(f"/{platform.value}/app/no-such-page", headers=bearer(site, platform))
    page = answer.get_data(as_text=True)
    assert answer.status_code == 404
    assert answer.mimetype == "text/html"
    assert "There is nothing at this address." in page and "status 404" in page
    refused = site.client.post(f"/{platform.value}/app/brand")
    assert (refused.status_code, refused.mimetype) == (401, "text/html")
    assert "data-reason" in refused.get_data(as_text=True)


# --- refusals: a frame that may not show them would say "refused to connect" ---


def framed_by(answer: TestResponse) -> str:
    policy = answer.headers["Content-Security-Policy"]
    return next(part for part in policy.split("; ") if part.startswith("frame-ancestors"))


@pytest.mark.parametrize("platform", Platform)
def test_a_refusal_is_framed_by_the_shop_that_it_is_about_if_we_know_it(
    site: Site, platform: Platform
) -> None:
    home, own = f"/{platform.value}/app/", f"frame-ancestors https://{SHOPS[platform]}"
    forged = page_token(site, platform, secret="x" * 40)
    for query in ({"id_token": forged}, {"id_token": "words", "shop": SHOPS[platform]}):
        answer = site.client.get(home, query_string=query)
        assert answer.status_code == 401
        assert framed_by(answer).startswith(own)
        assert "Open this page from the menu of your shop." in answer.text
    strange = page_token(site, platform, secret="x" * 40, dest="https://stranger.example")
    for query in ({"id_token": strange}, {"id_token": "words", "shop": "*"}, {"id_token": "words"}):
        assert framed_by(site.client.get(home, query_string=query)) == "frame-ancestors 'none'", query


def test_a_plugin_that_outlived_its_connection_is_told_so(site: Site) -> None:
    token = of_a_shop_that_left(site, Platform.WOOCOMMERCE)
    answer = site.client.get("/woocommerce/app/", query_string={"id_token": token})
    assert answer.status_code == 401
    assert framed_by(answer) == "frame-ancestors https://larkhus.example"
    assert "This shop is not connected any more." in answer.text
    assert 'target="_top" href="/woocommerce/install?shop=larkhus.example"' in answer.text
    session = site.client.get("/woocommerce/app/session?shop=larkhus.example")
    assert session.status_code == 404
    assert framed_by(session) == "frame-ancestors https://larkhus.example"


@pytest.mark.parametrize("platform", Platform)
def test_a_clock_ahead_is_mended_by_a_fresh_token_or_told_once(site: Site, platform: Platform) -> None:
    token = at(nbf=MINUTE, exp=2 * MINUTE)(site, platform)
    answer = site.client.get(f"/{platform.value}/app/flows", query_string={"id_token": token})
    query = parse_qs(urlsplit(answer.headers["Location"]).query)
    assert (answer.status_code, query["shop"]) == (302, [SHOPS[platform]]), "the token names the shop"
    (wanted,) = query["shopify-reload"]
    again = site.client.get(f"{wanted}&id_token={token}")
    assert again.status_code == 401, "a second one is not mended by a third"
    assert framed_by(again).startswith(f"frame-ancestors https://{SHOPS[platform]}")
    assert "The clock of your shop and ours do not agree." in again.text


def test_a_boot_that_names_its_shop_by_the_back_office_only(site: Site) -> None:
    for place in ("admin.shopify.com/store/hollow-pine", "hollow-pine.myshopify.com/admin"):
        host = base64.b64encode(place.encode()).decode().rstrip("=")
        answer = site.client.get("/shopify/app/", query_string={"host": host})
        assert parse_qs(urlsplit(answer.headers["Location"]).query)["shop"] == ["hollow-pine.myshopify.com"]
    nameless = site.client.get(site.client.get("/shopify/app/").headers["Location"])
    assert (nameless.status_code, framed_by(nameless)) == (404, "frame-ancestors 'none'")
    assert "This address names no shop that we know." in nameless.text


def test_a_key_that_shopify_does_not_give_is_told_in_its_frame(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuses(*_: object) -> None:
        raise StoreError("status 400: invalid_subject_token")

    monkeypatch.setattr("app.services.exchange.exchange_id_token", refuses)
    new = "https://new-shop.myshopify.com"
    token = page_token(site, Platform.SHOPIFY, iss=f"{new}/admin", dest=new)
    answer = site.client.get("/shopify/app/", query_string={"id_token": token})
    assert answer.status_code == 502
    assert framed_by(answer) == f"frame-ancestors {new} https://admin.shopify.com"
    assert "Shopify did not give us the key to your shop." in answer.text


def test_a_shop_that_needs_to_reconnect_is_connected_by_the_token_of_its_page(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    with site.runtime.database.shops(site.shopify.shop_id) as session:
        session.execute(
            text("UPDATE shops SET state = 'needs_reconnect', problem = 'x' WHERE id = :id"),
            {"id": site.shopify.shop_id},
        )
    home = site.client.get("/shopify/app/", headers=bearer(site, Platform.SHOPIFY))
    back = "https://admin.shopify.com/store/hollow-pine/apps/key-of-the-test"
    assert f'target="_top" href="{back}"' in home.text
    given: list[str] = []

    def exchange(_http: object, shop: str, _keys: object, id_token: str, now: object) -> TokenSet:
        given.append(shop)
        return TokenSet("a-new-token", START, "another", START, ",".join(SCOPES))

    monkeypatch.setattr("app.services.exchange.exchange_id_token", exchange)
    before = site.rows("SELECT generation FROM shops WHERE platform = 'shopify'")
    token = page_token(site, Platform.SHOPIFY)
    assert site.client.get("/shopify/app/", query_string={"id_token": token}).status_code == 200
    rows = site.rows("SELECT state, problem FROM shops WHERE platform = 'shopify'")
    assert [(row.state, row.problem) for row in rows] == [("connected", None)]
    assert site.rows("SELECT generation FROM shops WHERE platform = 'shopify'") == before
    assert given == ["hollow-pine.myshopify.com"]


def test_whoever_has_a_number_only_is_called_by_it_in_words(site: Site) -> None:
    headers = bearer(site, Platform.SHOPIFY, sub="86420917")
    site.client.post("/shopify/app/flows/shipped/switch", data={"on": "1"}, headers=headers)
    (row,) = site.rows("SELECT who FROM admin_changes")
    assert row.who == "A user of your shop (86420917)"
