"""Who gets in: a token of the shop's back office on every request, and nobody else by any trick."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest

from flows.commerce import Platform
from tests.app.web.addresses import SHOPS, page_token
from tests.app.web.admin.mutants import (
    AWAY,
    MUTANTS,
    RETRY,
    other,
)
from tests.app.web.conftest import Site

HEADERS = [
    "",
    "Bearer",
    "Bearer ",
    "Basic {token}",
    "bearer\u00a0{token}",
    "{token}",
    "Bearer {token} {token}",
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
