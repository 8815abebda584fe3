"""Whose tries are counted: the visitor's, whatever stands between us and whatever the visitor says."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from app.clock import Clock
from app.factory import create_app
from flows.commerce import Platform
from tests.app.web.addresses import SHOPS
from tests.app.web.conftest import Site
from tests.app.web.forwarding import forwarded

BOTH = pytest.mark.parametrize("platform", list(Platform))
FIVE_OF_SEVEN = [200] * 5 + [429] * 2


@pytest.fixture(autouse=True)
def _one_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    """No window ends during a test."""
    now = Clock().real()
    monkeypatch.setattr(Clock, "real", lambda _: now)


def behind(site: Site, proxies: int) -> FlaskClient:
    config = replace(site.runtime.config, trusted_proxies=proxies)
    return create_app(config, replace(site.runtime, config=config)).test_client()


def look(client: FlaskClient, address: str, seen: str, number: str) -> int:
    """`seen`: all that X-Forwarded-For says when it reaches us."""
    headers = {"X-Forwarded-For": seen} if seen else {}
    return client.post(address, data={"number": number, "proof": "x"}, headers=headers).status_code


@BOTH
def test_behind_a_proxy_each_visitor_has_tries_of_the_own(site: Site, platform: Platform) -> None:
    client, address = behind(site, 1), f"/s/{SHOPS[platform]}/track"
    assert [look(client, address, "203.0.113.7", str(n)) for n in range(7)] == FIVE_OF_SEVEN
    assert look(client, address, "203.0.113.8", "7") == 200, "another visitor is not locked out"


def test_behind_two_proxies_the_outer_one_says_who_it_is(site: Site) -> None:
    client, address = behind(site, 2), "/s/larkhus.example/track"
    told = [look(client, address, f"192.0.2.{n}, 203.0.113.7, 10.0.0.1", str(n)) for n in range(7)]
    assert told == FIVE_OF_SEVEN


@pytest.mark.parametrize("proxies", [0, 1])
def test_a_forged_first_entry_helps_nobody(site: Site, proxies: int) -> None:
    """Without a proxy of ours the header is the visitor's own altogether."""
    client, address = behind(site, proxies), "/s/larkhus.example/track"
    seen = "192.0.2.{}, 203.0.113.7" if proxies else "192.0.2.{}"
    assert [look(client, address, seen.format(n), str(n)) for n in range(7)] == FIVE_OF_SEVEN


@BOTH
@pytest.mark.parametrize("proxies", [0, 1])
def test_through_the_store_the_last_entry_counts(site: Site, platform: Platform, proxies: int) -> None:
    """It is the one that the store added; after it stands the store itself, where a proxy of ours told us."""
    client, address, ours = (
        behind(site, proxies),
        forwarded(site, platform, "track"),
        ", 192.0.2.99" * proxies,
    )
    told = [look(client, address, f"198.51.100.{n}, 203.0.113.7{ours}", str(n)) for n in range(7)]
    assert told == FIVE_OF_SEVEN
    assert look(client, address, f"203.0.113.7, 203.0.113.8{ours}", "7") == 200


def test_a_store_that_tells_no_visitor_is_one_visitor(site: Site) -> None:
    client, address = behind(site, 1), forwarded(site, Platform.WOOCOMMERCE, "track")
    told = [look(client, address, seen, str(n)) for n, seen in enumerate(["", "x", "1.2.3.4", "", "", ""])]
    assert told == [200] * 5 + [429]
