"""What is no answer of ours, too slow, too large or no question, and is told to nobody."""

from __future__ import annotations

import json
import time

import pytest

from tests.plugin.front_shop import FrontShop, StandIn
from tests.plugin.proxied import JSON, PAGE
from tests.proof import Figure


@pytest.mark.parametrize(
    "location",
    ["javascript:alert(1)", "//evil.example/", "/\\/evil.example", "data:text/html,x", "track", ""],
)
def test_a_redirect_to_what_is_no_page_is_a_problem(shop: FrontShop, app: StandIn, location: str) -> None:
    app.says(302, "", {"Content-Type": "text/html", "Location": location})
    answer = shop.get("/apps/doorstep/track")
    assert (answer.status, answer.header("Location")) == (502, None)


@pytest.mark.parametrize(
    ("said", "shown", "words"),
    [
        (404, 404, "no such page"),
        (410, 410, "no such page"),
        (429, 429, "cannot be used"),
        (401, 502, "does not answer"),
        (403, 502, "does not answer"),
        (500, 502, "does not answer"),
        (502, 502, "does not answer"),
        (503, 503, "does not answer"),
        (200, 502, "does not answer"),
    ],
)
def test_pages_that_are_not_ours_are_not_shown(
    shop: FrontShop, app: StandIn, said: int, shown: int, words: str
) -> None:
    """A host's error page, the login of some network, a page of Doorstep that is whole by itself."""
    for headers in (
        {"Content-Type": "text/html"},
        {"Content-Type": "image/svg+xml", "X-Doorstep-Fragment": "1"},
        {},
    ):
        app.says(said, "<h1>nginx</h1><script>alert(1)</script>", headers)
        answer = shop.get("/apps/doorstep/track")
        assert answer.status == shown
        assert "nginx" not in answer.text
        assert "<script>" not in answer.text
        assert words in answer.text
        assert answer.text.count("<h1>") == 1
        assert '<header class="classic">' in answer.text


def test_text_of_a_failing_host_is_not_shown(shop: FrontShop, app: StandIn) -> None:
    app.says(503, b"upstream connect error", {"Content-Type": "text/plain"})
    answer = shop.get("/apps/doorstep/track")
    assert (answer.status, "upstream" in answer.text, "does not answer" in answer.text) == (503, False, True)
    app.says(404, b"no", {"Content-Type": "text/plain"})
    assert shop.get("/apps/doorstep/ping").body == b"no"


def test_only_what_is_marked_is_put_into_the_theme(shop: FrontShop, app: StandIn) -> None:
    app.says(200, PAGE, {"Content-Type": "text/html", "X-Doorstep-Fragment": "0"})
    assert shop.get("/apps/doorstep/track").status == 502
    for mark in ("0", "1"):
        app.says(200, b'{"x": 1}', {**JSON, "X-Doorstep-Fragment": mark})
        answer = shop.get("/apps/doorstep/reviews.json")
        assert (answer.body, answer.header("Content-Type")) == (b'{"x": 1}', "application/json")
        app.says(302, "", {"Location": "/apps/doorstep/t/x", "X-Doorstep-Fragment": mark})
        answer = shop.get("/apps/doorstep/track")
        assert (answer.status, answer.body) == (302, b"")


def test_a_script_gets_no_page(shop: FrontShop, app: StandIn) -> None:
    app.says(500, "<h1>nginx</h1>", {"Content-Type": "text/html"})
    answer = shop.get("/apps/doorstep/reviews.json")
    assert (answer.status, answer.header("Content-Type")) == (502, "application/json")
    assert list(json.loads(answer.body)) == ["error"]


def test_five_seconds_are_the_most(shop: FrontShop, app: StandIn, figure: Figure) -> None:
    app.says(200, PAGE, wait=9)
    began = time.monotonic()
    answer = shop.get("/apps/doorstep/track")
    taken = time.monotonic() - began
    figure("seconds_until_given_up", round(taken, 2))
    assert (answer.status, 4.5 < taken < 7) == (504, True)
    assert "does not answer" in answer.text

    app.says(200, b"{}", JSON)
    assert shop.get("/apps/doorstep/reviews.json").status == 504
    assert app.asked == []
    app.says(200, PAGE)
    assert shop.get("/apps/doorstep/track").status == 200


def test_nobody_there(shop: FrontShop) -> None:
    shop.connect(app="https://gone.example")
    shop.options(**{"_transient_doorstep_away": None})
    assert shop.get("/apps/doorstep/track").status == 504


def test_an_inside_address_is_not_asked(shop: FrontShop, app: StandIn) -> None:
    """Unless it was built in: only the shop's host may decide that (`is_own_app`)."""
    for inside in ("http://10.0.0.1", "http://169.254.169.254", "https://app.example:6379"):
        shop.connect(app=inside)
        began = time.monotonic()
        assert shop.get("/apps/doorstep/track").status == 504
        assert time.monotonic() - began < 3
    assert app.asked == []


def test_an_answer_of_endless_size(shop: FrontShop, app: StandIn) -> None:
    most = b'"' + b"x" * 3_999_998 + b'"'
    app.says(200, most, JSON)
    assert shop.get("/apps/doorstep/reviews.json").body == most
    app.says(200, most + b" ", JSON)
    assert shop.get("/apps/doorstep/reviews.json").status == 502


def test_a_form_of_endless_size(shop: FrontShop, app: StandIn) -> None:
    most = b"a=" + b"x" * 999_998
    assert shop.ask("POST", "/apps/doorstep/track", most).status == 200
    assert app.last.body == most
    app.asked.clear()
    answer = shop.ask("POST", "/apps/doorstep/track", most + b"x")
    assert (answer.status, app.asked) == (413, [])
    assert "more than this page takes" in answer.text


def test_head_is_asked_as_get(shop: FrontShop, app: StandIn) -> None:
    answer = shop.ask("HEAD", "/apps/doorstep/track")
    assert (answer.status, answer.body, app.last.method) == (200, b"", "GET")
    app.says(200, b"{}", JSON)
    answer = shop.ask("HEAD", "/apps/doorstep/reviews.json")
    assert (answer.status, answer.header("Content-Type"), answer.body) == (200, "application/json", b"")


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"])
def test_other_methods_are_not_passed_on(shop: FrontShop, app: StandIn, method: str) -> None:
    answer = shop.ask(method, "/apps/doorstep/track", b"x=1")
    assert (answer.status, answer.header("Allow")) == (405, "GET, HEAD, POST")
    assert app.asked == []
