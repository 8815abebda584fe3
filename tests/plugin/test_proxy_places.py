"""Shops in folders, without permalinks, with other paths, clocks and no connection."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from connectors.app_proxy import check
from connectors.woocommerce.plugin_keys import PROXY, key_for
from tests.plugin.front_shop import APP, SECRET, FrontShop, StandIn, front_shop


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
