"""The stars of a product."""

from __future__ import annotations

import json

import pytest

from connectors import writes
from connectors.base import StoreRefused
from tests.sandbox.shopify.writes.writing import (
    Shop,
)

STARS = """query($id: ID!) { product(id: $id) {
  rating: metafield(namespace: "reviews", key: "rating") { value type }
  count: metafield(namespace: "reviews", key: "rating_count") { value type } }
  metafieldDefinitions(first: 10, ownerType: PRODUCT, namespace: "reviews") { nodes { key } } }"""


def test_stars_stand_in_the_two_fields_that_themes_read(shop: Shop) -> None:
    id = shop.read("{ products(first: 1) { nodes { id } } }")["products"]["nodes"][0]["id"]
    number = id.rpartition("/")[2]
    shop.twice(writes.SetRating(number, 4.25, 4), "metafieldsSet")
    found = shop.read(STARS, id=id)
    assert json.loads(found["product"]["rating"]["value"]) == {
        "value": "4.25", "scale_min": "1.0", "scale_max": "5.0",
    }  # fmt: skip
    assert found["product"]["count"] == {"value": "4", "type": "number_integer"}
    assert {node["key"] for node in found["metafieldDefinitions"]["nodes"]} == {"rating", "rating_count"}
    assert shop.told("products/update")["admin_graphql_api_id"] == id
    assert not shop.write(writes.SetRating(number, 4.0, 5)).already
    shop.write(writes.SetRating(number, 0.0, 0))
    gone = shop.read(STARS, id=id)["product"]
    assert (gone["rating"], gone["count"]["value"]) == (None, "0")
    assert shop.write(writes.SetRating(number, 0.0, 0)).already
    with pytest.raises(StoreRefused):
        shop.write(writes.SetRating(number, 5.5, 1))
