"""Tokens of the back office that are not quite right, and ways back that lead away."""

from __future__ import annotations

import base64
import hmac
import json
import warnings
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import jwt
from sqlalchemy import text

from connectors.woocommerce.plugin_keys import PAGE, key_for
from flows.commerce import Platform
from tests.app.web.addresses import SHOPS, page_token
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
