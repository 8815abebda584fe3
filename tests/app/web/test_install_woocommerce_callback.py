"""The hand-over of keys: whoever sends it has nothing but a one-time reference, and what it holds is worth
nothing before it opens the store whose address was typed."""

from __future__ import annotations

import base64
import threading
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import text

from app.clock import Clock
from app.services.install import REFERENCE_LIFE, Attempt, begin_attempt, believe_next_store
from connectors.woocommerce import findings as found
from connectors.woocommerce.showing import BY_QUERY
from flows.commerce import Platform
from tests.app.web.connecting import HOME, KEYS, STATUS, Connecting, canary, connecting, shop
from wire.addresses import public_address
from wire.http import HttpClient
from wire.pinning import PinnedAdapter

__all__ = ["canary", "connecting", "shop"]

NAME = "new-shop.example"
LARKHUS = "WordPress/6.8.8; https://larkhus.example"
FOREIGN = {"consumer_key": "ck_" + "e" * 40, "consumer_secret": "cs_" + "f" * 40}
VIEW = {"code": "woocommerce_rest_cannot_view", "data": {"status": 401}}
AUTH = {"code": "woocommerce_rest_authentication_error", "data": {"status": 401}}


def only_with(connecting: Connecting, keys: dict[str, str]) -> None:
    """The store lets these keys in and no others, as a real one does."""
    answer = connecting.store.answer
    pair = base64.b64encode(f"{keys['consumer_key']}:{keys['consumer_secret']}".encode()).decode()

    def guarded(call: Any) -> Any:
        told = answer(call)
        if "/wc/v3/" in call.path and call.headers.get("authorization") != f"Basic {pair}":
            return 401, b'{"code":"woocommerce_rest_cannot_view","data":{"status":401}}', {}
        return told

    object.__setattr__(connecting.store, "answer", guarded)


def test_keys_that_open_the_store_connect_it(connecting: Connecting) -> None:
    only_with(connecting, KEYS)
    reference = connecting.reference()
    answer = connecting.hand_over(reference)
    assert (answer.status_code, answer.get_json()) == (200, {"outcome": "connected"})
    assert connecting.shops()[NAME] == KEYS["consumer_key"]
    back = connecting.site.client.get(f"/woocommerce/return?success=1&user_id={reference}")
    assert "Your shop is connected" in back.text and f"{connecting.new}/wp-admin/" in back.text
    assert connecting.store.asked()[-2:] == ["GET system_status", "POST webhooks"]


def test_a_replay_is_refused(connecting: Connecting) -> None:
    reference = connecting.reference()
    assert connecting.hand_over(reference).status_code == 200
    asked = len(connecting.store.calls)
    assert connecting.hand_over(reference).status_code == 400
    assert connecting.hand_over(reference, **FOREIGN).status_code == 400
    assert connecting.shops()[NAME] == KEYS["consumer_key"] and len(connecting.store.calls) == asked


def test_of_many_at_once_one_is_taken(connecting: Connecting) -> None:
    reference, told = connecting.reference(), list[int]()
    at_once = threading.Barrier(6)

    def send() -> None:
        at_once.wait()
        told.append(connecting.hand_over(reference).status_code)

    threads = [threading.Thread(target=send) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == [200, 400, 400, 400, 400, 400]


@pytest.mark.parametrize("reference", ["x", "0" * 43, "%00", "a/b", "ü" * 20])
def test_a_reference_that_we_did_not_give_out(connecting: Connecting, reference: str) -> None:
    connecting.reference()
    answer = connecting.hand_over(reference)
    assert answer.status_code in (400, 404) and NAME not in connecting.shops()
    assert connecting.store.asked() == ["GET /wp-json/"]


def test_an_expired_reference_is_refused(connecting: Connecting, monkeypatch: pytest.MonkeyPatch) -> None:
    reference, real = connecting.reference(), connecting.site.runtime.clock.real()
    monkeypatch.setattr(Clock, "real", lambda _: real + REFERENCE_LIFE + timedelta(seconds=1))
    assert connecting.hand_over(reference).status_code == 400
    assert NAME not in connecting.shops()


def test_a_body_for_another_reference_is_refused_and_uses_nothing_up(connecting: Connecting) -> None:
    first, second = connecting.reference(), connecting.reference()
    for wrong in (second, "", None, [first], first[:-1]):
        assert connecting.hand_over(first, user_id=wrong).status_code == 400
    assert NAME not in connecting.shops()
    assert connecting.hand_over(first).status_code == 200, "it was not used up"


@pytest.mark.parametrize(
    "changes",
    [
        {"key_permissions": "read"},
        {"key_permissions": "write"},
        {"consumer_key": "ck_1"},
        {"consumer_secret": 7},
    ],
)
def test_keys_that_cannot_be(connecting: Connecting, changes: dict[str, Any]) -> None:
    assert connecting.hand_over(connecting.reference(), **changes).status_code == 400
    assert NAME not in connecting.shops()


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b"\xff\xfe", b"[" * 9000, b"x" * 20_000])
def test_a_body_that_is_none(connecting: Connecting, body: bytes) -> None:
    reference = connecting.reference()
    answer = connecting.site.client.post(f"/woocommerce/callback/{reference}", data=body)
    assert answer.status_code in (400, 413) and NAME not in connecting.shops()


def test_keys_of_another_shop_do_not_connect_this_one(connecting: Connecting) -> None:
    """Whoever has keys of a shop of their own cannot pass them off as this one's."""
    only_with(connecting, KEYS)
    reference = connecting.reference()
    answer = connecting.hand_over(reference, **FOREIGN)
    assert answer.status_code == 400 and NAME not in connecting.shops()
    assert FOREIGN["consumer_secret"] not in answer.text
    assert connecting.hand_over(reference).status_code == 400, "and the reference is gone"


def test_a_reference_of_one_shop_is_of_no_use_at_another(connecting: Connecting) -> None:
    """A stranger is lured into approving at their own shop, with a reference that is bound to the lurer's:
    their keys would be tried there, in plain sight."""
    reference, asked = connecting.reference(), len(connecting.store.calls)
    answer = connecting.hand_over(reference, caller="WordPress/6.8.8; https://strangers-shop.example")
    assert answer.status_code == 400 and NAME not in connecting.shops()
    assert len(connecting.store.calls) == asked, "the keys went nowhere"


@pytest.mark.parametrize(
    "caller",
    [
        "WordPress/6.8.8; https://new-shop.example",
        "WordPress/6.8.8; http://www.NEW-shop.example/",
    ],
)
def test_a_shop_that_names_itself_is_heard(connecting: Connecting, caller: str) -> None:
    assert connecting.hand_over(connecting.reference(), caller=caller).status_code == 200


@pytest.mark.parametrize(
    ("caller", "named"),
    [
        ("WordPress/6.8.8; https://new-shop.example/staging", "new-shop.example/staging"),
        ("WordPress/6.8.8; http://10.0.0.5:8080", "10.0.0.5:8080"),
        ("WordPress/6.8.8; https://new-shop.example.evil", "new-shop.example.evil"),
        ("WordPress/6.8.8", ""),
        ("Something of the host's own", ""),
    ],
)
def test_who_names_nobody_or_another_place_is_offered_keys_made_by_hand(
    connecting: Connecting, caller: str, named: str
) -> None:
    reference, asked = connecting.reference(), len(connecting.store.calls)
    assert connecting.hand_over(reference, caller=caller).status_code == 400
    assert NAME not in connecting.shops() and len(connecting.store.calls) == asked
    page = connecting.site.client.get(f"/woocommerce/return?success=0&user_id={reference}").text
    title = f"The keys came from {named}" if named else "The keys did not come from this shop"
    assert title in page
    assert 'href="/woocommerce/keys?shop=https%3A//new-shop.example"' in page
    assert connecting.type_keys().status_code == 303
    assert connecting.shops()[NAME] == KEYS["consumer_key"]


REFUSALS: tuple[tuple[str, str, int, Any], ...] = (
    (found.PROXY_TLS, "GET system_status", 401, VIEW),
    (found.KEYS_REFUSED, "GET system_status", 401, AUTH),
    (found.LOST_RIGHTS, "GET system_status", 403, VIEW),
    (found.HTML_ANSWER, "GET system_status", 200, "<html>"),
    (found.READ_ONLY, "POST webhooks", 401, AUTH),
    (found.HTML_ANSWER, "POST webhooks", 403, "<html>"),
)


@pytest.mark.parametrize(("key", "what", "status", "body"), REFUSALS)
def test_keys_that_do_not_do_what_we_need_are_not_kept(
    connecting: Connecting, key: str, what: str, status: int, body: Any
) -> None:
    reference = connecting.reference()
    method, _, path = what.partition(" ")
    connecting.store.answers[f"{method} /wp-json/wc/v3/{path}"].clear()
    headers = {"Content-Type": "text/html"} if isinstance(body, str) else None
    connecting.store.will(what, body, status, headers)
    answer = connecting.hand_over(reference)
    assert answer.status_code == 400 and key in answer.get_json()["error"]
    assert NAME not in connecting.shops()
    with connecting.site.runtime.database.nobody() as session:
        kept = session.execute(text("SELECT findings FROM install_attempts WHERE used_at IS NOT NULL"))
        assert [one["key"] for one in kept.scalar_one()] == [key]


def test_to_a_server_that_removes_the_header_the_keys_are_shown_in_the_address(
    connecting: Connecting,
) -> None:
    reference = connecting.reference()
    connecting.store.answers["GET /wp-json/wc/v3/system_status"].clear()
    connecting.store.will("GET system_status", VIEW, 401)
    connecting.store.will("GET system_status", STATUS)
    assert connecting.hand_over(reference).status_code == 200
    at = connecting.site.runtime
    with at.database.nobody() as session:
        shop_id = session.execute(text("SELECT id FROM shops WHERE domain = :d"), {"d": NAME}).scalar_one()
    with at.database.shops(shop_id) as session:
        store = at.stores().open(session, shop_id, at.clock.real())
    assert store is not None and store.secrets == {**KEYS, **BY_QUERY}


def test_an_old_version_is_no_reason_to_refuse(connecting: Connecting) -> None:
    reference = connecting.reference()
    connecting.store.answers["GET /wp-json/wc/v3/system_status"].clear()
    connecting.store.will("GET system_status", {"environment": {"version": "3.9.5", "wp_version": "5.3"}})
    assert connecting.hand_over(reference).status_code == 200


def test_a_name_that_turns_inwards_between_look_and_hand_over(connecting: Connecting, canary: Any) -> None:
    at, asked = connecting.site.runtime, list[str]()
    reference = connecting.reference()

    def rebound(name: str) -> tuple[str, ...]:
        asked.append(name)
        return ("127.0.0.1",)

    inwards = HttpClient(adapter=PinnedAdapter(partial(public_address, resolve=rebound)))
    connecting.site.client.application.extensions["doorstep"] = replace(at, http=inwards)
    answer = connecting.hand_over(reference)
    assert answer.status_code == 400 and found.PRIVATE_ADDRESS in answer.get_json()["error"]
    assert asked == [NAME] and canary.connections == [] and NAME not in connecting.shops()


@pytest.mark.parametrize(
    "query", ["", "success=1", "success=1&user_id=", "success=1&user_id=forged", "success=0&user_id=x"]
)
def test_a_forged_return_connects_nothing(connecting: Connecting, query: str) -> None:
    before = connecting.attempts()
    answer = connecting.site.client.get(f"/woocommerce/return?{query}")
    assert answer.status_code == 200 and "Not connected" in answer.text
    assert connecting.attempts() == before and NAME not in connecting.shops()


def test_a_return_before_the_hand_over_says_that_nothing_is_connected(connecting: Connecting) -> None:
    reference = connecting.reference()
    back = f"/woocommerce/return?success=1&user_id={reference}"
    assert "Not connected" in connecting.site.client.get(back).text
    connecting.hand_over(reference)
    assert "Your shop is connected" in connecting.site.client.get(back).text


class TestAShopThatIsConnected:
    """`larkhus.example` is, with a merchant's keys."""

    def bound(self, connecting: Connecting) -> str:
        at = connecting.site.runtime
        attempt = Attempt(Platform.WOOCOMMERCE, "larkhus.example", HOME)
        return begin_attempt(at.database, at.keys, attempt, at.clock.real())

    def known_as(self, connecting: Connecting, store_id: str) -> None:
        connecting.site.rows(
            "UPDATE shops SET platform_id = :id WHERE domain = 'larkhus.example' RETURNING id", id=store_id
        )

    def test_is_renewed_by_keys_that_open_the_same_store(self, connecting: Connecting) -> None:
        self.known_as(connecting, "fdf4f2c9-f7e3-4296-8942-26c379960d37")
        answer = connecting.hand_over(
            self.bound(connecting), caller="WordPress/6.8.8; https://larkhus.example"
        )
        assert answer.status_code == 200
        assert connecting.shops()["larkhus.example"] == KEYS["consumer_key"]
        (row,) = connecting.site.rows("SELECT generation FROM shops WHERE domain = 'larkhus.example'")
        assert row.generation == 1

    def test_is_not_taken_over_by_keys_that_do_not_open_it(self, connecting: Connecting) -> None:
        before = connecting.shops()["larkhus.example"]
        only_with(connecting, KEYS)
        reference = self.bound(connecting)
        assert connecting.hand_over(reference, caller=LARKHUS, **FOREIGN).status_code == 400
        assert connecting.shops()["larkhus.example"] == before != FOREIGN["consumer_key"]

    @pytest.mark.parametrize("state", ["connected", "needs_reconnect", "uninstalled"])
    def test_is_not_taken_over_by_another_store_under_its_name(
        self, connecting: Connecting, state: str
    ) -> None:
        """The name has run out, and somebody else has a shop there now."""
        before = connecting.shops()["larkhus.example"]
        self.known_as(connecting, "another-store-of-years-ago")
        connecting.site.rows(
            "UPDATE shops SET state = :state WHERE domain = 'larkhus.example' RETURNING id", state=state
        )
        reference = self.bound(connecting)
        answer = connecting.hand_over(reference, caller="WordPress/6.8.8; https://larkhus.example")
        assert answer.status_code == 400 and found.ANOTHER_STORE in answer.get_json()["error"]
        page = connecting.type_keys(HOME)
        assert page.status_code == 422 and "Another store is connected under this address" in page.text
        (row,) = connecting.site.rows("SELECT * FROM shops WHERE domain = 'larkhus.example'")
        assert (row.state, row.platform_id) == (state, "another-store-of-years-ago")
        connecting.site.rows(
            "UPDATE shops SET state = 'connected' WHERE domain = 'larkhus.example' RETURNING id"
        )
        assert connecting.shops()["larkhus.example"] == before

    def test_is_believed_again_once_the_operator_says_so(self, connecting: Connecting) -> None:
        self.known_as(connecting, "before-it-was-built-anew")
        database = connecting.site.runtime.database
        assert not believe_next_store(database, "hollow-pine.myshopify.com")
        assert believe_next_store(database, "larkhus.example")
        assert connecting.hand_over(self.bound(connecting), caller=LARKHUS).status_code == 200

    @pytest.mark.parametrize("known", ["", "a-store"])
    def test_a_store_that_has_no_name_for_itself_is_believed_where_none_is_known(
        self, connecting: Connecting, known: str
    ) -> None:
        """Whoever took over the name could leave out what they cannot say."""
        self.known_as(connecting, known)
        before = connecting.shops()["larkhus.example"]
        connecting.store.answers["GET /wp-json/wc/v3/system_status"].clear()
        connecting.store.will("GET system_status", {"environment": {"version": "8.3", "wp_version": "6.4"}})
        answer = connecting.hand_over(self.bound(connecting), caller=LARKHUS)
        assert answer.status_code == (400 if known else 200)
        if known:
            assert found.ANOTHER_STORE in answer.get_json()["error"]
            assert connecting.type_keys(HOME).status_code == 422
            assert connecting.shops()["larkhus.example"] == before
