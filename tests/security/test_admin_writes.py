"""Whatever changes something in the admin page wants the token in the header, whatever else it brings."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from app.web.admin.doors import PREFIXES
from flows.commerce import Platform
from tests.app.web.addresses import POSTS, Address
from tests.app.web.conftest import Site
from tests.app.web.test_guards import plain_name
from tests.security.belongings import furnish
from tests.security.parties import Party, all_rows, changed, residents

WRITING = {"POST", "PUT", "PATCH", "DELETE"}


def writes(site: Site, platform: Platform) -> Iterator[tuple[str, Address]]:
    """Every route of the admin page that takes more than looking; one without an example fails."""
    for rule in site.client.application.url_map.iter_rules():
        if rule.rule.startswith(PREFIXES[platform]):
            for method in sorted((rule.methods or set()) & WRITING):
                yield method, POSTS[plain_name(rule.endpoint)](site, platform)


def without_token(shop: Party) -> list[tuple[str, dict[str, str], dict[str, str]]]:
    """Name, headers, query. None of them opens a page that writes."""
    token = shop.page_token()
    return [
        ("nothing", {}, {}),
        ("token in the query", {}, {"id_token": token}),
        ("token in the query of an htmx request", {"HX-Request": "true"}, {"id_token": token}),
        ("token in a cookie", {"Cookie": f"id_token={token}; session={token}"}, {}),
        ("token under another scheme", {"Authorization": f"Basic {token}"}, {"id_token": token}),
        ("empty header", {"Authorization": "Bearer "}, {"id_token": token}),
        (
            "a form of another site",
            {"Origin": "https://evil.example", "Referer": "https://evil.example/"},
            {},
        ),
    ]


@pytest.mark.parametrize("platform", Platform)
def test_nothing_is_written_without_the_header(site: Site, platform: Platform) -> None:
    shop = residents(site)[platform]
    furnish(shop)
    before, tried = all_rows(shop), 0
    hand = site.client.application.test_client(use_cookies=False)  # its own jar would replace the cookies
    for method, address in writes(site, platform):
        for name, headers, query in without_token(shop):
            fields = {**address.fields, "id_token": shop.page_token()}
            answer = hand.open(address.path, method=method, headers=headers, query_string=query, data=fields)
            assert answer.status_code == 401, (address.path, name)
            assert "Set-Cookie" not in answer.headers
            tried += 1
    assert tried >= 7 * len(without_token(shop))
    assert changed(before, all_rows(shop)) == {}


@pytest.mark.parametrize("platform", Platform)
def test_with_the_header_each_is_let_in(site: Site, platform: Platform) -> None:
    """Otherwise the refusals above would prove nothing."""
    furnish(residents(site)[platform])
    for method, address in writes(site, platform):
        answer = site.client.open(
            address.path, method=method, headers=dict(address.headers), data=dict(address.fields)
        )
        assert answer.status_code != 401, address.path
