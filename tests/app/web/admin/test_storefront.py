"""The page "Storefront": links that lead to the right place, and nothing said that is not known."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from liquid import Environment
from sqlalchemy import text

from app.services.features import TRACKING_LINKS
from app.services.settle_in import seen_at
from connectors.shopify.extension_files import THEME
from flows.commerce import Platform
from sandbox.shopify.theme_blocks import Extension
from tests.app.web.addresses import bearer
from tests.app.web.conftest import Site
from tests.app.web.shopping import bought, shop_of


def shown(site: Site, platform: Platform = Platform.SHOPIFY) -> str:
    answer = site.client.get(f"/{platform.value}/app/storefront", headers=bearer(site, platform))
    assert answer.status_code == 200
    return answer.text


def proven(site: Site, prefix: str = "/apps/doorstep") -> None:
    with site.runtime.database.nobody() as session:
        session.execute(
            text("UPDATE shops SET url = 'https://pine.example/', pages_prefix = :prefix"), {"prefix": prefix}
        )


def lines(page: str, name: str) -> str:
    found = re.search(rf'<pre id="{name}"[^>]*><code>(.*?)</code></pre>', page, re.S)
    assert found
    return unescape(found[1])


def test_every_block_has_its_way_into_the_editor(site: Site) -> None:
    """By the app's key and the name of the block's file, which exists and is of that kind."""
    addresses = [unescape(one) for one in re.findall(r'href="(https?://[^"]+/editor\?[^"]+)"', shown(site))]
    found = {}
    for address in addresses:
        parts, query = urlsplit(address), parse_qs(urlsplit(address).query)
        assert (parts.netloc, parts.path) == ("hollow-pine.myshopify.com", "/admin/themes/current/editor")
        ((key, block),) = [
            one.split("/") for one in query.get("addAppBlockId", query.get("activateAppId", []))
        ]
        assert key == "key-of-the-test"
        embed = Extension().schema(block)["target"] == "body"
        assert embed is ("activateAppId" in query) and embed is (query.get("context") == ["apps"])
        assert embed or query["target"][0] in ("mainSection", "newAppsSection")
        found[block] = query["template"][0]
    assert set(found) == {file.stem for file in (THEME / "blocks").iterdir()}
    assert found["star_badge"] == found["reviews"] == "product"


def test_it_says_where_the_pages_are(site: Site) -> None:
    page = shown(site)
    assert "Pages are with us" in page and "http://127.0.0.1:8000/s/hollow-pine.myshopify.com/track" in page
    proven(site)
    page = shown(site)
    assert "On your own site" in page and 'href="https://pine.example/apps/doorstep/track"' in page
    assert "moved" not in page
    seen_at(site.runtime.database, site.shopify.shop_id, "/a/parcels", site.now)
    assert "You moved the app's path to <code>/a/parcels</code>" in unescape(shown(site))


@pytest.mark.parametrize("prefix", ["", "/apps/doorstep", "/a/parcels"])
def test_the_line_for_the_mail_leads_to_the_look_up_with_the_number(site: Site, prefix: str) -> None:
    """Run as the platform would; what it brings proves nothing of its reader."""
    bought(site, Platform.SHOPIFY)
    proven(site, prefix)
    line = lines(shown(site), "mail-line")
    mail = Environment().from_string(line).render(shop={"url": "https://pine.example"}, name="#13 & more")
    (address,) = re.findall(r'^<a href="([^"]+)">Track your order</a>$', mail)
    base = f"https://pine.example{prefix}" if prefix else "http://127.0.0.1:8000/s/hollow-pine.myshopify.com"
    assert address == f"{base}/track?number=%2313+%26+more"
    look_up = site.client.get("/s/hollow-pine.myshopify.com/track?number=%2313")
    assert 'name="number" value="#13"' in look_up.text and 'name="proof" value=""' in look_up.text


def test_a_number_in_a_link_is_a_word_and_nothing_else(site: Site) -> None:
    page = site.client.get(
        "/s/hollow-pine.myshopify.com/track?number=%22%3E%3Cscript%3E&proof=mia@example.com"
    )
    assert "<script>" not in page.text.partition('name="number"')[2].partition(">")[0]
    assert "mia@example.com" not in page.text, "the proof is always typed"


def test_woocommerce_is_told_what_its_plugin_gives(site: Site) -> None:
    page = shown(site, Platform.WOOCOMMERCE)
    assert "/editor?" not in page and "Shopify" not in page
    told = lines(page, "widget-lines")
    assert 'base="http://127.0.0.1:8000/s/larkhus.example"' in told
    proven(site)
    assert 'base="/apps/doorstep"' in lines(shown(site, Platform.WOOCOMMERCE), "widget-lines")


def test_it_says_whether_links_are_overwritten(site: Site) -> None:
    assert "It needs one more right" in shown(site)
    with site.runtime.database.shops(shop_of(site, Platform.SHOPIFY)) as session:
        session.execute(
            text("INSERT INTO features VALUES (:shop, :key, true, :now)"),
            {"shop": site.shopify.shop_id, "key": TRACKING_LINKS.key, "now": site.now},
        )
    assert "It needs one more right" not in shown(site)
