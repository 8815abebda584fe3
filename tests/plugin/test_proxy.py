"""What a visitor asks below the pages' path goes to Doorstep, signed."""

from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, datetime

import pytest

from connectors.app_proxy import check
from connectors.woocommerce.plugin_keys import PROXY, key_for
from tests.plugin.front_shop import SECRET, FrontShop, StandIn
from tests.plugin.proxied import OURS


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
