"""The connect check: each thing that may stand between us and a shop is told from all others."""

from __future__ import annotations

import base64
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import partial
from typing import Any

import pytest

from connectors.base import Store
from connectors.woocommerce import check
from connectors.woocommerce import findings as found
from connectors.woocommerce.check import IMPOSSIBLE, Look, look_again, look_at_address, look_with_keys
from connectors.woocommerce.findings import Finding, blockers, from_row
from connectors.woocommerce.rest_api import read, write
from connectors.woocommerce.showing import BY_QUERY
from flows.commerce import Platform
from tests.connectors.woocommerce.recordings import rest
from tests.connectors.woocommerce.scripted_shop import HOME, KEYS, Call, Shop
from wire.addresses import public_address
from wire.errors import TooLarge
from wire.http import AddressRefused, HttpClient, NoAnswer, NoName, NotTrusted, TooSlow
from wire.pinning import PinnedAdapter

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
INDEX = {"name": "Larkhus", "home": HOME, "namespaces": ["oembed/1.0", "wc/v3", "wp/v2"]}
WWW, LARK = "https://www.larkhus.example", "https://lark.example"
STATUS = rest("system_status")["body"]
HTML = {"Content-Type": "text/html; charset=UTF-8"}
PAGE = "<!doctype html><title>Be right back</title>"
VIEW = {"code": "woocommerce_rest_cannot_view", "message": "Sorry.", "data": {"status": 401}}
AUTH = {"code": "woocommerce_rest_authentication_error", "message": "Secret.", "data": {"status": 401}}
CREATE = {"code": "woocommerce_rest_cannot_create", "message": "Sorry.", "data": {"status": 403}}


@pytest.fixture
def shop(shop: Shop) -> Shop:
    shop.date = format_datetime(NOW, usegmt=True)
    return shop


def at_address(shop: Shop) -> tuple[Finding, ...]:
    return look_at_address(HOME, shop.store.http, NOW)


def well(shop: Shop) -> None:
    """As the recorded store answers."""
    shop.will("GET /wp-json/", INDEX)
    shop.will("GET system_status", STATUS)
    shop.will("POST webhooks", rest("webhook_bad_topic")["body"], 400)


def test_nothing_is_wrong(shop: Shop) -> None:
    well(shop)
    assert at_address(shop) == ()
    look = look_with_keys(shop.store, fresh=True)
    assert look == Look((), "fdf4f2c9-f7e3-4296-8942-26c379960d37") and look.opens
    assert look_again(shop.store, NOW).findings == ()
    assert next(call.body for call in shop.calls if call.method == "POST") == IMPOSSIBLE
    assert {call.method for call in shop.calls} == {"GET", "POST"}


AT_ADDRESS: tuple[tuple[str, int, Any, dict[str, str], Finding], ...] = (
    ("html", 200, PAGE, HTML, Finding(found.HTML_ANSWER, {"status": "200"})),
    ("html forbidden", 403, PAGE, HTML, Finding(found.HTML_ANSWER, {"status": "403"})),
    ("nothing at all", 200, "", HTML, Finding(found.HTML_ANSWER, {"status": "200"})),
    ("no wordpress", 404, PAGE, HTML, Finding(found.NO_WOOCOMMERCE)),
    ("json of somebody else", 200, {"hello": 1}, {}, Finding(found.NO_WOOCOMMERCE)),
    ("a list", 200, [1], {}, Finding(found.NO_WOOCOMMERCE)),
    ("wordpress", 200, {"namespaces": ["wp/v2"]}, {}, Finding(found.NO_WOOCOMMERCE, {"wordpress": "yes"})),
    ("names of another kind", 200, {**INDEX, "namespaces": "wc/v3"}, {}, Finding(found.NO_WOOCOMMERCE)),
    ("closed", 401, {"code": "rest_login_required"}, {}, Finding(found.REST_BLOCKED, {"status": "401"})),
    ("forbidden", 403, {"code": "rest_forbidden"}, {}, Finding(found.REST_BLOCKED, {"status": "403"})),
    ("password", 401, PAGE, {**HTML, "WWW-Authenticate": 'Basic realm="x"'}, Finding(found.PASSWORD)),
    ("maintenance", 503, PAGE, HTML, Finding(found.MAINTENANCE, {"status": "503"})),
    ("broken", 500, {"code": "internal_server_error"}, {}, Finding(found.MAINTENANCE, {"status": "500"})),
    ("busy", 429, "Slow down.", HTML, Finding(found.BUSY)),
    ("broken off", 200, '{"name": "Lark', {}, Finding(found.BROKEN_ANSWER)),
    ("to www", 301, "", {"Location": f"{WWW}/wp-json/?_fields=x"}, Finding(found.MOVED, {"to": WWW})),
    ("a folder", 302, "", {"Location": "/store/wp-json/"}, Finding(found.MOVED, {"to": f"{HOME}/store"})),
    ("a name", 308, "", {"Location": f"{LARK}/wp-json/"}, Finding(found.MOVED, {"to": LARK})),
    ("to http", 301, "", {"Location": "http://larkhus.example/wp-json/"}, Finding(found.HTTP_ONLY)),
    ("inwards", 302, "", {"Location": "http://127.0.0.1/"}, Finding(found.MOVED)),
    ("to metadata", 302, "", {"Location": "https://169.254.169.254/latest"}, Finding(found.MOVED)),
    ("nowhere", 302, "", {}, Finding(found.HTML_ANSWER, {"status": "302"})),
    ("another home", 200, {**INDEX, "home": LARK}, {}, Finding(found.MOVED, {"to": LARK})),
    (
        "home in a folder",
        200,
        {**INDEX, "home": f"{HOME}/shop"},
        {},
        Finding(found.MOVED, {"to": f"{HOME}/shop"}),
    ),
)  # fmt: skip


@pytest.mark.parametrize("case", AT_ADDRESS, ids=[case[0] for case in AT_ADDRESS])
def test_at_the_address(shop: Shop, case: tuple[str, int, Any, dict[str, str], Finding]) -> None:
    _, status, body, headers, finding = case
    shop.will("GET /wp-json/", body, status, headers)
    shop.will("GET /", PAGE, 200, HTML)
    assert at_address(shop) == (finding,)
    assert all("authorization" not in call.headers for call in shop.calls)


@pytest.mark.parametrize(
    "home", ["http://10.0.0.5", "http://127.0.0.1:8002", f"{HOME}/de", None, 7, "", "https://"]
)
def test_a_home_of_the_same_name_or_none_that_could_be_public_is_no_move(shop: Shop, home: Any) -> None:
    shop.will("GET /wp-json/", {**INDEX, "home": home})
    assert at_address(shop) == ()


@pytest.mark.parametrize(
    ("status", "body", "headers"),
    [(301, "", {"Location": f"{HOME}/"}), (404, PAGE, HTML), (200, PAGE, HTML), (302, "", {"Location": "http://127.0.0.1:8002/"})],
)  # fmt: skip
def test_plain_permalinks(shop: Shop, status: int, body: str, headers: dict[str, str]) -> None:
    """The pretty address is none, while the same question answers in the query."""
    shop.will("GET /wp-json/", body, status, headers)
    shop.will("GET /", INDEX)
    assert at_address(shop) == (Finding(found.PLAIN_PERMALINKS),)
    assert shop.calls[-1].params["rest_route"] == "/"


@pytest.mark.parametrize(
    ("minutes", "told"),
    [
        (0, None),
        (5, None),
        (-5, None),
        (6, ("6 minutes", "ahead")),
        (-7, ("7 minutes", "behind")),
        (9 * 60, ("9 hours", "ahead")),
        (-72 * 60, ("3 days", "behind")),
    ],
)
def test_the_clock(shop: Shop, minutes: int, told: tuple[str, str] | None) -> None:
    shop.date = format_datetime(NOW + timedelta(minutes=minutes), usegmt=True)
    shop.will("GET /wp-json/", INDEX)
    findings = at_address(shop)
    assert findings == ((Finding(found.CLOCK_OFF, {"off": told[0], "way": told[1]}),) if told else ())
    assert blockers(findings) == ()


@pytest.mark.parametrize(
    ("date", "headers"), [("Tue, 24 Nov 2026 09:00:00 GMT", {"Age": "10800"}), ("nonsense", {})]
)
def test_an_answer_out_of_a_store_in_between_says_nothing_of_the_clock(
    shop: Shop, date: str, headers: dict[str, str]
) -> None:
    shop.date = date
    shop.will("GET /wp-json/", INDEX, headers=headers)
    assert at_address(shop) == ()


def test_the_keys_are_sent_in_the_header_and_nowhere_else(shop: Shop) -> None:
    well(shop)
    look_with_keys(shop.store, fresh=True)
    pair = base64.b64encode(":".join(KEYS.values()).encode()).decode()
    assert [call.headers["authorization"] for call in shop.calls] == [f"Basic {pair}"] * 2
    assert not any("consumer" in name for call in shop.calls for name in call.params)


TO_WWW = {"Location": f"{WWW}/wp-json/wc/v3/webhooks"}
WITH_KEYS: tuple[tuple[str, int, Any, int, Any, str, str], ...] = (
    # The status of the system, the attempt to write; what is found with old keys, and with fresh ones.
    ("unseen", 401, VIEW, 401, VIEW, found.KEYS_REFUSED, found.PROXY_TLS),
    ("wrong secret", 401, AUTH, 401, AUTH, found.KEYS_REFUSED, found.KEYS_REFUSED),
    ("rights lost", 403, {**VIEW, "data": {}}, 403, CREATE, found.LOST_RIGHTS, found.LOST_RIGHTS),
    ("a plugin", 401, {"code": "rest_not_logged_in"}, 401, VIEW, found.REST_BLOCKED, found.REST_BLOCKED),
    ("no routes", 404, {"code": "rest_no_route"}, 404, {}, found.NO_WOOCOMMERCE, found.NO_WOOCOMMERCE),
    ("a page", 403, PAGE, 403, PAGE, found.HTML_ANSWER, found.HTML_ANSWER),
    ("read only", 200, STATUS, 401, AUTH, found.READ_ONLY, found.READ_ONLY),
    ("writes are sent on", 200, STATUS, 301, "", found.HTML_ANSWER, found.HTML_ANSWER),
    ("writes go to www", 200, STATUS, 307, TO_WWW, found.MOVED, found.MOVED),
    ("a firewall for writes", 200, STATUS, 403, PAGE, found.HTML_ANSWER, found.HTML_ANSWER),
    ("may not create", 200, STATUS, 403, CREATE, found.LOST_RIGHTS, found.LOST_RIGHTS),
    ("made all the same", 200, STATUS, 201, {"id": 1}, found.READ_ONLY, found.READ_ONLY),
    ("not its status", 200, {"a": 1}, 400, {}, found.BROKEN_ANSWER, found.BROKEN_ANSWER),
)  # fmt: skip


@pytest.mark.parametrize("case", WITH_KEYS, ids=[case[0] for case in WITH_KEYS])
def test_with_keys(shop: Shop, case: tuple[Any, ...]) -> None:
    shop.will("GET system_status", case[2], case[1])
    body, headers = ("", case[4]) if case[4] is TO_WWW else (case[4], {})
    shop.will("POST webhooks", body, case[3], headers)
    for fresh, key in ((False, case[5]), (True, case[6])):
        look = look_with_keys(shop.store, fresh=fresh)
        assert [one.key for one in look.findings] == [key] and not look.opens


def test_a_server_that_removes_the_header(shop: Shop) -> None:
    """Both are tried, and only the header failed: the keys are right, and are shown in the address."""
    shop.will("GET system_status", VIEW, 401)
    shop.will("GET system_status", STATUS)
    shop.will("POST webhooks", rest("webhook_bad_topic")["body"], 400)
    look = look_with_keys(shop.store, fresh=False)
    assert look.findings == (Finding(found.HEADER_LOST),) and look.opens
    assert look.kept == BY_QUERY
    for call in shop.calls[1:]:
        assert call.params["consumer_secret"] == KEYS["consumer_secret"]
        assert "authorization" not in call.headers


def test_keys_that_are_shown_in_the_address_are_so_in_every_call(shop: Shop) -> None:
    shop.will("GET orders/7", {"id": 7})
    shop.will("POST webhooks", {"id": 1}, 201)
    store = replace(shop.store, secrets={**KEYS, **BY_QUERY})
    read(store, "orders/7", {"context": "view"})
    write(store, "post", "webhooks", {"topic": "order.created"})
    for call in shop.calls:
        assert call.params.items() >= KEYS.items() and "authorization" not in call.headers
    assert shop.calls[0].params["context"] == "view"


def test_a_header_that_is_passed_on_again_is_used_again(shop: Shop) -> None:
    well(shop)
    look = look_with_keys(replace(shop.store, secrets={**KEYS, **BY_QUERY}), fresh=False)
    assert look.findings == () and look.kept == {}
    assert all("authorization" in call.headers for call in shop.calls)


@pytest.mark.parametrize(
    ("woocommerce", "wordpress", "old"),
    [
        ("3.9.5", "5.3.2", True),
        ("8.1.9", "6.8", True),
        ("10.2.4", "6.1.9", True),
        ("8.2.0", "6.2", False),
        ("10.2.4-beta.1", "7.0-RC1", False),
        ("", "", False),
    ],
)
def test_versions(shop: Shop, woocommerce: str, wordpress: str, old: bool) -> None:
    well(shop)
    shop.answers.pop("GET /wp-json/wc/v3/system_status")
    shop.will("GET system_status", {"environment": {"version": woocommerce, "wp_version": wordpress}})
    look = look_with_keys(shop.store, fresh=False)
    told = Finding(found.OLD_VERSION, {"woocommerce": woocommerce, "wordpress": wordpress})
    assert look.findings == ((told,) if old else ())
    assert look.opens, "said, and no reason to refuse"


def test_the_cause_at_the_address_is_told_and_not_what_follows_from_it(shop: Shop) -> None:
    for what in ("GET /wp-json/", "GET system_status", "POST webhooks"):
        shop.will(what, "", 301, {"Location": f"{HOME}/"})
    shop.will("GET /", INDEX)
    assert look_again(shop.store, NOW).findings == (Finding(found.PLAIN_PERMALINKS),)


def test_an_index_that_is_closed_is_told_beside_keys_that_open(shop: Shop) -> None:
    well(shop)
    shop.answers.pop("GET /wp-json/")
    shop.will("GET /wp-json/", {"code": "rest_login_required"}, 401)
    assert look_again(shop.store, NOW).findings == (Finding(found.REST_BLOCKED, {"status": "401"}),)


@pytest.mark.parametrize(
    ("error", "finding"),
    [
        (AddressRefused("x"), Finding(found.PRIVATE_ADDRESS)),
        (NotTrusted("x"), Finding(found.CERTIFICATE)),
        (TooSlow("x"), Finding(found.SLOW)),
        (TooLarge("x"), Finding(found.BROKEN_ANSWER)),
        (NoName("x"), Finding(found.UNREACHABLE, {"name": "unknown"})),
        (NoAnswer("x"), Finding(found.UNREACHABLE)),
    ],
)
def test_no_answer(error: Exception, finding: Finding) -> None:
    def raising(name: str) -> str:
        raise error

    http = HttpClient(adapter=PinnedAdapter(raising))
    assert look_at_address(HOME, http, NOW) == (finding,)
    store = Store(Platform.WOOCOMMERCE, "larkhus.example", HOME, http, secrets=KEYS)
    assert look_with_keys(store, fresh=True).findings == (finding,)
    assert look_again(store, NOW).findings == (finding,)


def test_a_name_that_leads_inwards_is_never_called(shop: Shop) -> None:
    inwards = PinnedAdapter(partial(public_address, resolve=lambda name: ("10.0.0.7",)))
    assert look_at_address(HOME, HttpClient(adapter=inwards), NOW) == (Finding(found.PRIVATE_ADDRESS),)
    assert shop.calls == []


def test_a_slow_shop_is_given_up_within_the_limit(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    well(shop)
    answer, told = shop.answer, threading.Event()

    def slowly(call: Call) -> Any:
        told.wait(20)
        return answer(call)

    monkeypatch.setattr(shop, "answer", slowly)
    monkeypatch.setattr(check, "PATIENCE", 0.2)
    try:
        assert at_address(shop) == (Finding(found.SLOW),), "nothing was answered yet"
    finally:
        told.set()


def test_findings_are_stored_and_read_back() -> None:
    one = Finding(found.MOVED, {"to": "https://www.larkhus.example"})
    assert from_row(one.as_row()) == one
    assert Finding(found.MOVED, {"key": "other"}).as_row()["key"] == found.MOVED
