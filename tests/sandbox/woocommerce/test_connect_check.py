"""What the connect check finds of the fake store: nothing while it behaves, and each bad habit by name."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from connectors.base import Store as OpenStore
from connectors.woocommerce import check
from connectors.woocommerce import findings as found
from connectors.woocommerce.check import look_again, look_at_address, look_with_keys
from flows.commerce import Platform
from tests.sandbox.woocommerce.running import Store
from wire.http import HttpClient

# The quirk, what is found of a connected shop, and what of one that was approved this moment.
FOUND = (
    ({"plain_permalinks": True}, found.PLAIN_PERMALINKS, found.PLAIN_PERMALINKS),
    ({"redirect": True}, found.MOVED, found.MOVED),
    ({"redirect_writes": True}, found.MOVED, found.MOVED),
    ({"html_200": True}, found.HTML_ANSWER, found.HTML_ANSWER),
    ({"html_403": True}, found.HTML_ANSWER, found.HTML_ANSWER),
    ({"garbage": True}, found.BROKEN_ANSWER, found.BROKEN_ANSWER),
    ({"busy_seconds": 9}, found.BUSY, found.BUSY),
    ({"away_seconds": 9}, found.MAINTENANCE, found.MAINTENANCE),
    ({"keys_revoked": True}, found.KEYS_REFUSED, found.PROXY_TLS),
    ({"basic_ignored": True}, found.KEYS_REFUSED, found.PROXY_TLS),
    ({"read_only": True}, found.READ_ONLY, found.READ_ONLY),
    ({"lost_rights": True}, found.LOST_RIGHTS, found.LOST_RIGHTS),
    ({"old_version": True}, found.OLD_VERSION, found.OLD_VERSION),
    ({"sparse_index": True}, found.REST_BLOCKED, None),
    ({"clock_hours": 9}, found.CLOCK_OFF, None),
    ({"clock_hours": -9}, found.CLOCK_OFF, None),
    ({"tokyo": True}, None, None),
    ({"slow_seconds": 0.4}, found.SLOW, found.SLOW),
)


def opened(store: Store) -> OpenStore:
    address = f"https://{store.shop}"
    http = HttpClient({address: store.address}, pause=lambda seconds: None)
    keys = dict(zip(("consumer_key", "consumer_secret"), store.key, strict=True))
    return OpenStore(Platform.WOOCOMMERCE, store.shop, address, http, secrets=keys)


@pytest.mark.parametrize(("quirk", "connected", "fresh"), FOUND, ids=[str(one[0]) for one in FOUND])
def test_each_habit_has_its_finding(
    store: Store,
    quirk: dict[str, float],
    connected: str | None,
    fresh: str | None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shop, now = opened(store), datetime.now(UTC)
    assert look_again(shop, now).findings == ()
    store.post("/sandbox/quirks", quirk)
    if "slow_seconds" in quirk:
        monkeypatch.setattr(check, "PATIENCE", 0.2)
        shop_is_slow = look_with_keys(shop, fresh=True, patience=0.2)
        assert [one.key for one in shop_is_slow.findings] == [fresh]
        assert [one.key for one in look_at_address(shop.base_url, shop.http, now)] == [connected]
        return
    assert {one.key for one in look_again(shop, now).findings} == ({connected} if connected else set())
    told = {one.key for one in look_with_keys(shop, fresh=True).findings}
    if fresh == found.PLAIN_PERMALINKS:  # the keys see the redirect only; the address explains it
        assert {one.key for one in look_at_address(shop.base_url, shop.http, now)} == {fresh} and told
    else:
        assert told == ({fresh} if fresh else set())


def test_the_look_leaves_no_trace_in_the_store(store: Store) -> None:
    before = store.read("webhooks")
    assert look_with_keys(opened(store), fresh=False).opens
    assert store.read("webhooks") == before


def test_the_store_says_what_it_calls_itself(store: Store) -> None:
    profile = store.stores.named(store.shop).profile()
    assert look_with_keys(opened(store), fresh=False).store_id == profile["store_id"]
