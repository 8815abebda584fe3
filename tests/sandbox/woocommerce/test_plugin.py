"""The companion plugin as the fake WooCommerce plays it: its settings, its proxy, its signature."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from connectors import app_proxy
from sandbox.woocommerce.plugin import key_for, signature
from sandbox.woocommerce.stores import MAIN_SHOP
from tests.sandbox.app_standin import App, app_standin
from tests.sandbox.woocommerce.running import Store

SECRET = "5ec4e7"
SETTINGS = "/wp-json/wc-doorstep/v1/settings"


@pytest.fixture
def app() -> Iterator[App]:
    with app_standin() as app:
        yield app


def _connect(store: Store, app: App) -> None:
    answer = store.call("POST", SETTINGS, json={"secret": SECRET, "app": app.address}, auth=store.key)
    assert answer.status_code == 200, answer.text


def test_only_a_key_that_may_write_changes_the_settings(store: Store, app: App) -> None:
    body = {"secret": SECRET, "app": app.address}
    assert store.call("POST", SETTINGS, json=body).status_code == 401
    assert store.call("POST", SETTINGS, json=body, auth=store.made_key("read")).status_code == 401
    assert store.call("GET", "/apps/doorstep/ping").status_code == 404, "nothing was kept"
    assert app.asked == []
    _connect(store, app)
    assert store.call("GET", "/apps/doorstep/ping").text == "doorstep"


def test_an_uninstalled_plugin_leads_nowhere(store: Store, app: App) -> None:
    _connect(store, app)
    store.post("/sandbox/uninstall")
    assert store.call("GET", "/apps/doorstep/ping").status_code == 404


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"secret": SECRET},
        {"secret": "", "app": "http://127.0.0.1:1"},
        {"secret": SECRET, "app": "javascript:alert(1)"},
        {"secret": 7, "app": "http://127.0.0.1:1"},
    ],
)
def test_half_settings_are_refused(quiet_store: Store, body: dict[str, object]) -> None:
    answer = quiet_store.call("POST", SETTINGS, json=body, auth=quiet_store.key)
    assert (answer.status_code, answer.json()["code"]) == (400, "rest_invalid_param")


def test_the_app_is_asked_with_the_shops_own_signature(store: Store, app: App) -> None:
    _connect(store, app)
    store.call("GET", "/apps/doorstep/reviews.json?product=12&stars=5&stars=4&shop=larkhus.example")
    (asked,) = app.asked
    assert asked.path == "/proxy/woocommerce/reviews.json"
    assert (asked.value("shop"), asked.value("product")) == (MAIN_SHOP, "12")
    assert abs(time.time() - int(asked.value("timestamp"))) < 30
    assert asked.value("signature") == signature(asked.query, SECRET)
    assert asked.value("signature") != signature(asked.query, "another secret")


def test_both_platforms_sign_alike_each_by_its_own_key() -> None:
    example = [
        ("timestamp", "1317327555"), ("extra", "1"), ("shop", "shop-name.myshopify.com"), ("extra", "2"),
        ("logged_in_customer_id", "1"), ("path_prefix", "/apps/awesome_reviews"),
    ]  # fmt: skip
    expected = "4c68c8624d737112c91818c11017d24d334b524cb5c2b8ba08daa056f7395ddb"
    assert app_proxy.signature(example, "hush") == expected
    assert signature(example, "hush") == app_proxy.signature(example, key_for("proxy", "hush").decode())


def test_a_name_of_several_lines_is_passed_on_to_nobody(store: Store, app: App) -> None:
    _connect(store, app)
    assert store.call("GET", "/apps/doorstep/ping?left%0A17=1").status_code == 400
    assert not app.asked


def test_marked_pages_are_set_into_the_theme_and_others_are_not(store: Store, app: App) -> None:
    _connect(store, app)
    app.says("<h1>On its way</h1>", "text/html; charset=utf-8", ("X-Doorstep-Fragment", "1"))
    framed = store.call("GET", "/apps/doorstep/t/abc")
    assert '<a class="name" href="/">Larkhus</a>' in framed.text
    assert "<h1>On its way</h1>" in framed.text
    assert "X-Doorstep-Fragment" not in framed.headers
    app.says("<h1>Alone</h1>", "text/html; charset=utf-8")
    assert store.call("GET", "/apps/doorstep/t/abc").text == "<h1>Alone</h1>"


def test_an_app_elsewhere_is_never_called(store: Store) -> None:
    body = {"secret": SECRET, "app": "https://elsewhere.example"}
    assert store.call("POST", SETTINGS, json=body, auth=store.key).status_code == 200
    assert store.call("GET", "/apps/doorstep/ping").status_code == 502
