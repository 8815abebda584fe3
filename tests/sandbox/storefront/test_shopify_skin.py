"""The same pages over the fake Shopify: its own brand, its own ids, its own actions."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from sandbox.schema import write_schema
from tests.sandbox.shopify.running import ROOT, Store, serving, settings_in
from tests.sandbox.storefront.visiting import Visitor


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
    page = shopify.call("GET", slug).text
    sku = re.findall(r'name="sku" value="([^"]+)"', page)[0]
    visitor = Visitor(shopify)
    visitor.post("/basket", sku=sku, quantity="1")
    bought = visitor.check_out(state="WI", city="Madison", postcode="53703", consent="1")
    assert bought.status_code == 303
    thanks = visitor.get(bought.headers["Location"]).text
    assert "ida@example.com" in thanks
    assert "Madison, WI 53703" in thanks
    order_id = shopify.get("/sandbox/orders")[0]["id"]
    for pressed in ("ship", "out-for-delivery", "deliver"):
        answer = shopify.call("POST", "/merchant", data={"order": order_id, "do": pressed})
        assert answer.headers["Location"].endswith("is+done.#bench"), answer.headers["Location"]
    after = shopify.get(f"/sandbox/orders/{order_id}")
    assert after["email"] == "ida@example.com"
    assert [line["shipped"] for line in after["lines"]] == [1]
    assert ["delivered" in parcel["status"] for parcel in after["parcels"]] == [True]


def test_the_widgets_know_the_product_by_its_number(shopify: Store) -> None:
    page = shopify.call("GET", "/product/early-ferry").text
    assert (
        len(set(re.findall(r'<doorstep-(?:stars|reviews) product="(\d{13})" base="/apps/doorstep"', page)))
        == 1
    )


def test_a_state_is_chosen_from_those_that_are_offered(shopify: Store) -> None:
    visitor = Visitor(shopify)
    visitor.post("/basket", sku="HP-KETTLE", quantity="1")
    answer = visitor.check_out(state="XX")
    assert answer.status_code == 400
    assert 'id="state-problem"' in answer.text
    assert visitor.check_out(state="IL").status_code == 303
    assert shopify.get("/sandbox/orders")[0]["tax_minor"] == 556  # 6.25 % of 89 dollars


def test_every_picture_of_the_window_is_there(shopify: Store) -> None:
    pictures = re.findall(r'<img src="([^"]+)"', shopify.call("GET", "/").text)
    assert len(pictures) == 11
    for address in pictures:
        answer = shopify.call("GET", address.removeprefix(shopify.address))
        assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/png"), address
