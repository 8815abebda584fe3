"""What a visitor asks below the pages' path goes to Doorstep, signed, and what it answers comes back: real
bytes on both sides of the plugin's own code."""

from __future__ import annotations

import json
import re
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from connectors.app_proxy import check
from connectors.woocommerce.plugin_keys import PROXY, key_for
from tests.plugin.front_shop import APP, FRAGMENT, SECRET, FrontShop, StandIn, front_shop
from tests.proof import Figure

OURS = ("shop", "logged_in_customer_id", "path_prefix", "timestamp", "signature")
PAGE = (
    "<style>.doorstep { color: red }</style>\n"
    '<div class="doorstep" lang="en"><h1>Where is it &amp; when?</h1></div>'
)
JSON = {"Content-Type": "application/json"}


@pytest.fixture(scope="module")
def app() -> Iterator[StandIn]:
    told = StandIn()
    yield told
    told.close()


@pytest.fixture(scope="module")
def served(app: StandIn, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FrontShop]:
    with front_shop(tmp_path_factory.mktemp("shop"), app) as shop:
        yield shop


@pytest.fixture
def shop(served: FrontShop, app: StandIn) -> FrontShop:
    served.connect()
    served.options(permalink_structure="/%postname%/", test_theme="classic")
    served.options(**{"_transient_doorstep_away": None})
    app.says(200, PAGE)
    return served


def test_a_visitors_form_arrives_whole_and_signed(shop: FrontShop, app: StandIn) -> None:
    body = b"number=1047&proof=k%C3%B6ln&a[]=1&name=x&p=7&feed=rss2" + bytes(range(128, 256))
    answer = shop.ask(
        "POST",
        "/apps/doorstep/track?number=7",
        body,
        {
            "Content-Type": "application/x-www-form-urlencoded",
            "Accept-Language": "de-CH,de;q=0.9",
            "X-Forwarded-For": "203.0.113.9",
            "Cookie": "wordpress_logged_in_test=x; cart=1",
            "Authorization": "Basic c2VjcmV0",
            "X-Doorstep-Signature": "forged",
        },
    )
    assert answer.status == 200
    got = app.last
    assert (got.method, got.path, got.body) == ("POST", "/proxy/woocommerce/track", body)
    assert got.header("Content-Type") == ["application/x-www-form-urlencoded"]
    assert got.header("Accept-Language") == ["de-CH,de;q=0.9"]
    assert got.header("X-Forwarded-For") == ["203.0.113.9, 127.0.0.1"]
    assert got.header("Cookie") == got.header("Authorization") == got.header("X-Doorstep-Signature") == []
    assert got.pairs[0] == ("number", "7")
    forwarded = check(got.pairs, [key_for(PROXY, SECRET)], datetime.now(UTC))
    assert (forwarded.shop, forwarded.prefix) == ("shop.example", "/apps/doorstep")


def test_a_name_of_several_lines_is_passed_on_to_nobody(shop: FrontShop, app: StandIn) -> None:
    before = len(app.asked)
    assert shop.get("/apps/doorstep/track?shop%00=evil&left%0A17=1").status == 400
    assert len(app.asked) == before


@pytest.mark.parametrize("path", ["/apps/doorstep/track", "/apps/doorstep/track/"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_no_slash_is_asked_for(shop: FrontShop, app: StandIn, method: str, path: str) -> None:
    """The address with a slash would be reached by GET, and the form would be lost."""
    assert shop.ask(method, path, b"number=1" if method == "POST" else None).status == 200
    assert (app.last.method, app.last.path) == (method, "/proxy/woocommerce/track")


def test_who_is_logged_in_is_told(shop: FrontShop, app: StandIn) -> None:
    shop.get("/apps/doorstep/track")
    assert ("logged_in_customer_id", "") in app.last.pairs
    shop.get("/apps/doorstep/track", Cookie=shop.cookie_of(2))
    assert ("logged_in_customer_id", "2") in app.last.pairs
    assert app.last.header("Cookie") == []


@pytest.mark.parametrize(
    "query",
    [
        "shop=evil.example&timestamp=1&signature=00&path_prefix=/x&logged_in_customer_id=1",
        "%73hop=evil&time%73tamp=1&s%69gnature=0&path%5Fprefix=/x&logged%5Fin_customer_id=9",
        "shop=a&shop=b&shop=c",
        "shop[]=evil&+shop=evil&shop%20=evil&SHOP=evil",
        "x=1%26shop%3Devil&=shop&shop",
        "doorstep_page=/track?shop=evil%26signature=1",
    ],
)
def test_a_visitor_brings_none_of_our_names(shop: FrontShop, app: StandIn, query: str) -> None:
    assert shop.get(f"/apps/doorstep/track?{query}").status == 200
    counts = Counter(name for name, _ in app.last.pairs)
    assert [counts[name] for name in OURS] == [1] * 5
    assert dict(app.last.pairs)["shop"] == "shop.example"
    check(app.last.pairs, [key_for(PROXY, SECRET)], datetime.now(UTC))


@pytest.mark.parametrize(
    "query",
    [
        "feed=rss2",
        "p=7",
        "page=2",
        "name=x",
        "error=404",
        "pagename=cart",
        "s=x",
        "rest_route=/x",
        "attachment=1",
    ],
)
def test_names_of_wordpress_change_nothing(shop: FrontShop, app: StandIn, query: str) -> None:
    answer = shop.get(f"/apps/doorstep/track?{query}")
    assert answer.status == 200
    assert "Where is it" in answer.text
    assert app.last.pairs[0] == tuple(query.split("="))


def test_the_database_is_asked_for_no_posts(shop: FrontShop) -> None:
    before = shop.option("test_queries", 0)
    answer = shop.get("/apps/doorstep/track")
    assert shop.option("test_queries", 0) == before
    assert not re.search(r"<body class=\"[^\"]*\b(home|blog)\b", answer.text)


@pytest.mark.parametrize(
    "path",
    [
        "/apps/doorstep/..%2f..%2fadmin/",
        "/apps/doorstep/t/%2e%2e/%2e%2e/health/",
        "/apps/doorstep/%2e%2e%2f%2e%2e%2fwebhooks/",
        "/apps/doorstep/t/../../../x/",
        "/apps/doorstep/a//b/",
        "/apps/doorstep/a%2f%2fb/",
        "/apps/doorstep/a%5c..%5cb/",
        "/apps/doorstep/a%00b/",
        "/apps/doorstep/a%0d%0aX-Evil:%201/",
        "/apps/doorstep/" + "a" * 1001 + "/",
        "/?doorstep_page[]=track",
        "/?doorstep_page=../x",
    ],
)
def test_a_path_that_leads_out_is_not_found(shop: FrontShop, app: StandIn, path: str) -> None:
    answer = shop.get(path)
    assert answer.status == 404
    assert "Page not found" in answer.text
    assert app.asked == []


def test_a_path_is_encoded_anew(shop: FrontShop, app: StandIn) -> None:
    shop.get("/apps/doorstep/t/a%20b+%C3%A9:@$&()*,;=~%3Fx%23y")
    assert app.last.path == "/proxy/woocommerce/t/a%20b+%C3%A9:@$&()*,;=~%3Fx%23y"
    assert app.last.query.startswith("shop=")


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


@pytest.mark.parametrize(
    "path", ["/apps/doorstep/track/", "/apps/doorstep/reviews.json", "/?doorstep_page=track"]
)
def test_without_a_connection_there_is_nothing(shop: FrontShop, app: StandIn, path: str) -> None:
    shop.options(doorstep_state=None)
    answer = shop.get(path)
    assert (answer.status, app.asked) == (404, [])
    assert "Page not found" in answer.text
    assert "doorstep" not in answer.text.lower()


def test_plain_permalinks_have_a_query(shop: FrontShop, app: StandIn) -> None:
    shop.options(permalink_structure="", rewrite_rules=None)
    link, form = (
        '<a href="/apps/doorstep/t/x.y?a=1&amp;b=2">x</a>',
        '<form action="/apps/doorstep/track"></form>',
    )
    app.says(200, f"{link}{form}<p>/apps/doorstep/no</p>")
    answer = shop.ask("POST", "/?doorstep_page=/track?number=5&lang=en", b"number=1")
    assert (app.last.method, app.last.path, app.last.body) == (
        "POST",
        "/proxy/woocommerce/track",
        b"number=1",
    )
    assert app.last.pairs[:2] == [("number", "5"), ("lang", "en")]
    check(app.last.pairs, [key_for(PROXY, SECRET)], datetime.now(UTC))
    assert 'href="/?doorstep_page=/t/x.y?a=1&amp;b=2"' in answer.text
    assert '<form action="/?doorstep_page=/track">' in answer.text
    assert "<p>/apps/doorstep/no</p>" in answer.text

    app.says(303, "", {"Location": "/apps/doorstep/t/abc"})
    assert shop.get("/?doorstep_page=o/1/2").header("Location") == "/?doorstep_page=/t/abc"


def test_a_shop_in_a_folder(app: StandIn, tmp_path: Path) -> None:
    """What Doorstep knows is the path from the shop's home on; the browser needs the folder before it."""
    with front_shop(tmp_path, app, WORDPRESS_HOME="https://shop.example/store") as shop:
        shop.connect(shop="shop.example/store")
        app.says(200, '<form action="/apps/doorstep/track"></form>')
        answer = shop.get("/apps/doorstep/track")
        assert '<form action="/store/apps/doorstep/track">' in answer.text
        assert (("shop", "shop.example/store") in app.last.pairs) and (
            "path_prefix",
            "/apps/doorstep",
        ) in app.last.pairs
        app.says(303, "", {"Location": "/apps/doorstep/t/abc"})
        assert shop.get("/apps/doorstep/track").header("Location") == "/store/apps/doorstep/t/abc"


def test_another_path_for_the_pages(shop: FrontShop, app: StandIn) -> None:
    flushes = shop.option("test_flushes")
    shop.connect(pages="/a/my-orders")
    shop.get("/")
    assert shop.get("/a/my-orders/track").status == 200
    assert ("path_prefix", "/a/my-orders") in app.last.pairs
    assert shop.get("/apps/doorstep/track/").status == 404
    assert shop.option("test_flushes") == flushes + 1
    shop.connect()
    shop.get("/")


def test_a_clock_that_is_wrong(shop: FrontShop, app: StandIn) -> None:
    shop.connect(offset=-7200)
    shop.get("/apps/doorstep/track")
    told = int(dict(app.last.pairs)["timestamp"])
    assert abs(told - time.time() - 7200) < 5


def test_the_address_stays_the_apps(shop: FrontShop, app: StandIn) -> None:
    assert shop.get("/apps/doorstep/@evil.example/x").status == 200
    assert app.last.path == "/proxy/woocommerce/@evil.example/x"
    assert APP not in app.last.path
