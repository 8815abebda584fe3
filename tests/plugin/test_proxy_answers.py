"""What Doorstep answers comes back: in the theme where it is a page, as it is where it is not."""

from __future__ import annotations

import json

import pytest

from tests.plugin.front_shop import FRAGMENT, FrontShop, StandIn
from tests.plugin.proxied import JSON, PAGE


def test_a_page_stands_in_a_classic_theme(shop: FrontShop, app: StandIn) -> None:
    answer = shop.get("/apps/doorstep/track")
    assert answer.header("Content-Type") == "text/html; charset=UTF-8"
    assert answer.header("Cache-Control") == "no-store"
    assert answer.header("X-Doorstep-Fragment") is None
    assert "<title>Where is it &amp; when? \N{EN DASH} Lumen Home</title>" in answer.text
    inside = answer.text.partition('<header class="classic">')[2].partition('<footer class="classic">')[0]
    assert PAGE in inside
    assert answer.text.count("<html") == answer.text.count("<body") == answer.text.count("<main") == 1
    assert '<body class="doorstep-shown">' in answer.text
    assert 'content="noindex' in answer.text


def test_a_page_stands_in_a_theme_of_blocks(shop: FrontShop) -> None:
    shop.options(test_theme="blocks")
    text = shop.get("/apps/doorstep/track").text
    assert text.startswith('<!DOCTYPE html>\n<html lang="en-US">')
    assert text.count("<html") == text.count("<body") == text.count("<main") == text.count("</html>") == 1
    order = ["wp-block-group", PAGE, "The end", "doorstep-css", "</body>"]
    assert [text.index(part) for part in order] == sorted(text.index(part) for part in order)
    assert '<meta name="viewport"' in text
    assert "head.css" in text


def test_what_is_written_for_the_theme_keeps_its_status_and_headers(shop: FrontShop, app: StandIn) -> None:
    app.says(
        429,
        PAGE,
        {
            **FRAGMENT,
            "Retry-After": "60",
            "Referrer-Policy": "no-referrer",
            "X-Robots-Tag": "noindex",
            "Set-Cookie": "a=b",
            "X-Other": "1",
        },
    )
    answer = shop.get("/apps/doorstep/track")
    assert (answer.status, answer.header("Retry-After")) == (429, "60")
    assert (answer.header("Referrer-Policy"), answer.header("X-Robots-Tag")) == ("no-referrer", "noindex")
    assert answer.header("Set-Cookie") is answer.header("X-Other") is None


def test_what_says_nothing_of_caches_is_not_kept(shop: FrontShop, app: StandIn) -> None:
    app.says(200, PAGE, {"Content-Type": "text/html", "X-Doorstep-Fragment": "1"})
    assert "no-store" in str(shop.get("/apps/doorstep/track").header("Cache-Control"))
    app.says(200, b"{}", JSON)
    assert "no-store" in str(shop.get("/apps/doorstep/reviews.json").header("Cache-Control"))


def test_data_passes_as_it_is(shop: FrontShop, app: StandIn) -> None:
    body = json.dumps({"reviews": ["<b>é</b>"]}).encode()
    app.says(200, body, {**JSON, "Cache-Control": "public, max-age=60", "ETag": '"abc"', "Set-Cookie": "a=b"})
    answer = shop.get("/apps/doorstep/reviews.json?product=12&page=5-6", If_None_Match='"old"')
    assert (answer.status, answer.body) == (200, body)
    assert answer.header("Content-Type") == "application/json"
    assert (answer.header("Cache-Control"), answer.header("ETag")) == ("public, max-age=60", '"abc"')
    assert answer.header("Set-Cookie") is answer.header("Expires") is None
    assert answer.header("X-Content-Type-Options") == "nosniff"
    assert app.last.header("If-None-Match") == ['"old"']
    assert app.last.pairs[:2] == [("product", "12"), ("page", "5-6")]


def test_what_has_not_changed_is_told(shop: FrontShop, app: StandIn) -> None:
    app.says(304, b"", {"ETag": '"abc"'})
    answer = shop.get("/apps/doorstep/reviews.json", If_None_Match='"abc"')
    assert (answer.status, answer.body, answer.header("ETag")) == (304, b"", '"abc"')


def test_text_passes(shop: FrontShop, app: StandIn) -> None:
    app.says(200, b"pong", {"Content-Type": "text/plain; charset=utf-8", "Cache-Control": "no-store"})
    answer = shop.get("/apps/doorstep/ping?asked=x")
    assert (answer.status, answer.body) == (200, b"pong")


@pytest.mark.parametrize("status", [301, 302, 303, 307])
@pytest.mark.parametrize(
    "location", ["/apps/doorstep/t/abc.def", "https://app.example/s/x", "http://carrier.example/?a=1"]
)
def test_a_redirect_is_passed_on_and_not_followed(
    shop: FrontShop, app: StandIn, status: int, location: str
) -> None:
    app.says(status, "<p>Redirecting</p>", {"Content-Type": "text/html", "Location": location})
    answer = shop.ask("POST", "/apps/doorstep/track", b"number=1")
    assert (answer.status, answer.header("Location"), answer.body) == (status, location, b"")
    assert len(app.asked) == 1
