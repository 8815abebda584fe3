"""The fake store's theme shows our own block files, and serves what they load."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.sandbox.shopify.running import Api, Store

ROOT = Path(__file__).parents[3]
MUG = "/products/hearth-mug"
SET = """mutation($metafields: [MetafieldsSetInput!]!) {
  metafieldsSet(metafields: $metafields) { userErrors { message } }
}"""


def page(store: Store, path: str, **cookies: str) -> str:
    answer = store.call("GET", path, cookies=cookies)
    assert answer.status_code == 200, answer.text
    return answer.text


def test_a_product_page_holds_stars_reviews_and_the_link(store: Store) -> None:
    told = page(store, MUG)
    (product,) = set(
        re.findall(r'<doorstep-(?:stars|reviews)\s+product="(\d+)"\s+base="/apps/doorstep"', told)
    )
    assert len(product) == 13
    assert 'href="/apps/doorstep/track"' in told and "Track order" in told
    assert "/static/widgets/" not in told, "the blocks bring their scripts themselves"


def test_the_stars_stand_in_the_page_once_the_product_has_them(store: Store) -> None:
    token = store.install_with("read_products,write_products")
    product = re.findall(r'<doorstep-stars product="(\d+)"', page(store, MUG))[0]
    owner = {"ownerId": f"gid://shopify/Product/{product}", "namespace": "reviews"}
    rating = json.dumps({"value": "4.56", "scale_min": "1.0", "scale_max": "5.0"})
    answer = Api(store, token).data(
        SET,
        metafields=[
            {**owner, "key": "rating", "type": "rating", "value": rating},
            {**owner, "key": "rating_count", "type": "number_integer", "value": "12"},
        ],
    )
    assert answer["metafieldsSet"]["userErrors"] == []
    told = page(store, MUG)
    assert "<doorstep-stars" not in told
    assert 'aria-label="4.6 of 5 stars"' in told and "12 reviews" in told
    assert "<doorstep-stars" in page(store, "/products/quarry-grinder"), "another product has none"


def test_the_look_up_is_filled_in_for_whoever_is_logged_in(store: Store) -> None:
    number = store.order()["number"]
    told = page(store, "/pages/track", account_hollow_pine_coffee="kim.vale@example.com")
    assert re.findall(r'name="(number|proof)"\s+value="([^"]*)"', told) == [
        ("number", number),
        ("proof", "kim.vale@example.com"),
    ]
    assert re.findall(r'name="(?:number|proof)"\s+value="([^"]*)"', page(store, "/pages/track")) == ["", ""]


@pytest.mark.parametrize("name", ["stars.js", "reviews.js", "doorstep.css"])
def test_assets_are_served(store: Store, name: str) -> None:
    folder = ROOT / ("connectors/shopify/extension/assets" if name.endswith("css") else "static/widgets")
    answer = store.call("GET", f"/extension-assets/{name}")
    assert (answer.status_code, answer.content) == (200, (folder / name).read_bytes())
    assert store.call("GET", f"/extension-assets/..%2f{name}").status_code == 404


def test_the_theme_editor_says_what_it_would_do(store: Store) -> None:
    told = page(store, "/admin/themes/current/editor?template=product&addAppBlockId=key/star_badge")
    assert "“star badge” added" in told and "“product”" in told
    hostile = page(store, "/admin/themes/current/editor?template=<script>&activateAppId=key/<b>")
    assert "<script>" not in hostile and "<b>" not in hostile
