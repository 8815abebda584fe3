"""The fake Shopify's app proxy: what reaches the app, what comes back, and what Liquid does to a page."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace

import pytest

from sandbox.app_proxy import LARGEST_BODY
from sandbox.settings import Settings
from sandbox.shopify.oauth.signing import proxy_signature
from tests.sandbox.app_standin import App, app_standin
from tests.sandbox.shopify.running import MAIN, SECRET, Store, serving

LIQUID = "application/liquid"


@pytest.fixture
def app() -> Iterator[App]:
    with app_standin() as app:
        yield app


@pytest.fixture
def store(settings: Settings, app: App) -> Iterator[Store]:
    """With the app installed."""
    with serving(replace(settings, app_address=app.address)) as store:
        store.install()
        yield store


def test_the_signature_is_that_of_the_documented_example() -> None:
    example = [
        ("extra", "1"), ("extra", "2"), ("shop", "shop-name.myshopify.com"), ("logged_in_customer_id", "1"),
        ("path_prefix", "/apps/awesome_reviews"), ("timestamp", "1317327555"),
        ("signature", "is left out of the sum"),
    ]  # fmt: skip
    expected = "4c68c8624d737112c91818c11017d24d334b524cb5c2b8ba08daa056f7395ddb"
    assert proxy_signature(example, "hush") == expected
    assert proxy_signature(reversed(example), "hush") != expected, "values of one key keep their order"


def test_the_app_is_asked_with_a_signed_query_and_the_visitors_address(store: Store, app: App) -> None:
    answer = store.call("GET", "/apps/doorstep/reviews.json?stars=5&stars=4&empty=")
    assert (answer.status_code, answer.text) == (200, "doorstep")
    (asked,) = app.asked
    assert (asked.method, asked.path) == ("GET", "/proxy/shopify/reviews.json")
    assert [pair for pair in asked.query if pair[0] in ("stars", "empty")] == [
        ("stars", "5"), ("stars", "4"), ("empty", ""),
    ]  # fmt: skip
    assert (asked.value("shop"), asked.value("path_prefix")) == (MAIN, "/apps/doorstep")
    assert asked.value("logged_in_customer_id") == ""
    assert abs(time.time() - int(asked.value("timestamp"))) < 30
    assert asked.value("signature") == proxy_signature(asked.query, SECRET)
    assert asked.headers["X-Forwarded-For"] == "127.0.0.1"


def test_a_visitor_cannot_bring_parameters_of_the_stores_own(store: Store, app: App) -> None:
    query = "shop=hollow-pine.myshopify.com&timestamp=1&signature=x&path_prefix=/x&logged_in_customer_id=7"
    store.call("GET", f"/apps/doorstep/track?{query}")
    (asked,) = app.asked
    assert asked.value("logged_in_customer_id") == ""
    assert asked.value("path_prefix") == "/apps/doorstep"
    assert int(asked.value("timestamp")) > 1


def test_the_visitors_address_stands_behind_what_the_visitor_says_of_it(store: Store, app: App) -> None:
    store.call("GET", "/apps/doorstep/track", headers={"X-Forwarded-For": "198.51.100.1, 10.0.0.1"})
    (asked,) = app.asked
    assert asked.headers["X-Forwarded-For"] == "198.51.100.1, 10.0.0.1, 127.0.0.1"


def test_forms_arrive_as_they_are_and_cookies_pass_in_neither_direction(store: Store, app: App) -> None:
    app.says(
        "{}", "application/json", ("Set-Cookie", "a=1"), ("Location", "/apps/doorstep/t/abc"), status=303
    )
    answer = store.call(
        "POST",
        "/apps/doorstep/track",
        data={"order": "#1001", "postcode": "60201"},
        headers={"Cookie": "s=1"},
    )
    (asked,) = app.asked
    assert (asked.method, asked.body) == ("POST", b"order=%231001&postcode=60201")
    assert "Cookie" not in asked.headers
    assert (answer.status_code, answer.headers["Location"]) == (303, "/apps/doorstep/t/abc")
    assert "Set-Cookie" not in answer.headers


def test_who_is_logged_in_is_told_by_the_customers_number(store: Store, app: App) -> None:
    store.order(email="ida@example.com")
    for email, known in (("ida@example.com", True), ("nobody@example.com", False)):
        cookie = store.call("POST", "/account", data={"email": email}).headers["Set-Cookie"].partition(";")[0]
        store.call("GET", "/apps/doorstep/track", headers={"Cookie": cookie})
        assert bool(app.asked[-1].value("logged_in_customer_id")) is known


def test_liquid_answers_are_set_into_the_theme_with_their_status(store: Store, app: App) -> None:
    app.says(
        "<h1>On its way</h1><p>&#123;{ shop.secret }}</p>".replace("{ s", "&#123; s"), LIQUID, status=429
    )
    answer = store.call("GET", "/apps/doorstep/t/abc")
    assert (answer.status_code, answer.headers["Content-Type"]) == (429, "text/html; charset=utf-8")
    assert '<a class="name" href="/">Hollow Pine Coffee</a>' in answer.text
    assert (
        answer.text.index("<main") < answer.text.index("<h1>On its way</h1>") < answer.text.index("</main>")
    )


@pytest.mark.parametrize("words", ["{{ 7 | times: 6 }}", "{% layout none %}", "<p>{{</p>"])
def test_liquid_that_slipped_in_is_an_error_that_nobody_overlooks(store: Store, app: App, words: str) -> None:
    app.says(f"<h1>Reviews</h1><p>{words}</p>", LIQUID)
    answer = store.call("GET", "/apps/doorstep/r/abc")
    assert answer.status_code == 500
    assert "Liquid error" in answer.text
    assert "<h1>Reviews</h1>" not in answer.text


def test_other_answers_pass_through_even_with_brackets_in_them(store: Store, app: App) -> None:
    app.says('{"words": "{{ not liquid }}"}', "application/json", ("X-Kept", "yes"), status=404)
    answer = store.call("GET", "/apps/doorstep/reviews.json")
    assert (answer.status_code, answer.text) == (404, '{"words": "{{ not liquid }}"}')
    assert (answer.headers["Content-Type"], answer.headers["X-Kept"]) == ("application/json", "yes")


def test_an_app_that_hangs_or_is_gone_leaves_a_page_of_the_store(
    store: Store, app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sandbox.app_proxy.SECONDS", 0.3)
    app.slow = 1.0
    answer = store.call("GET", "/apps/doorstep/track")
    assert answer.status_code == 504
    assert "does not answer just now" in answer.text


def test_bodies_of_endless_size_never_reach_the_app(store: Store, app: App) -> None:
    answer = store.call("POST", "/apps/doorstep/track", data=b"x" * (LARGEST_BODY + 1))
    assert answer.status_code == 413
    assert app.asked == []


def test_without_the_app_in_the_shop_there_is_no_such_page(settings: Settings, app: App) -> None:
    with serving(replace(settings, app_address=app.address)) as store:
        assert store.call("GET", "/apps/doorstep/ping").status_code == 404
    assert app.asked == []
