"""The same pages over the fake Shopify: its own brand, its own ids, its own actions."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from sandbox.schema import write_schema
from tests.sandbox.shopify.running import ROOT, Store, serving, settings_in


@pytest.fixture(scope="module")
def shopify(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    folder = tmp_path_factory.mktemp("shopify")
    schema = folder / "schema.json.gz"
    write_schema(ROOT / "node_modules/@shopify/dev-mcp/dist/data/admin_2026-10.json.gz", schema)
    with serving(settings_in(folder / "data", schema)) as store:
        yield store


def test_buying_shipping_and_the_last_mile(shopify: Store) -> None:
    window = shopify.call("GET", "/").text
    assert '<body class="hollow-pine">' in window
    slug = re.findall(r'class="card" href="(/product/[^"]+)"', window)[0]
    sku = re.findall(r'name="sku" value="([^"]+)"', shopify.call("GET", slug).text)[0]
    form = {"sku": sku, "quantity": "1", "name": "Ida Berg", "email": "ida@example.com", "consent": "1"}
    bought = shopify.call("POST", slug, data=form)
    assert bought.status_code == 303
    assert "ida@example.com" in shopify.call("GET", bought.headers["Location"]).text
    order_id = shopify.get("/sandbox/orders")[0]["id"]
    for pressed in ("ship", "out-for-delivery", "deliver"):
        answer = shopify.call("POST", "/merchant", data={"order": order_id, "do": pressed})
        assert answer.headers["Location"].endswith("is+done.#bench"), answer.headers["Location"]
    after = shopify.get(f"/sandbox/orders/{order_id}")
    assert after["email"] == "ida@example.com"
    assert [line["shipped"] for line in after["lines"]] == [1]
    assert ["delivered" in parcel["status"] for parcel in after["parcels"]] == [True]
