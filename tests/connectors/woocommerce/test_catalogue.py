from __future__ import annotations

import json
from typing import Any

import pytest

from connectors.base import Noun, Reading, StoreUnreachable, pages
from connectors.fields import body
from connectors.woocommerce.connector import WooCommerceConnector
from connectors.woocommerce.products import product_reading
from connectors.woocommerce.trimmed import PRODUCT
from tests.connectors.woocommerce.recordings import recording, rest
from tests.connectors.woocommerce.scripted_shop import Call, Shop

CONNECTOR = WooCommerceConnector()


def test_the_catalogue_with_its_variations(shop: Shop) -> None:
    tee = recording("product.created").payload | {
        "id": 24,
        "name": "Tee",
        "type": "variable",
        "variations": [25],
    }
    tee["categories"] = [{"name": "Clothes"}]
    below = {
        "id": 25,
        "date_modified_gmt": "2026-11-21T20:43:10",
        "permalink": "https://larkhus.example/product/tee/?attribute_size=M",
        "status": "publish",
        "price": "19",
        "image": {"src": "https://larkhus.example/m.jpg"},
        "attributes": [{"name": "Size", "option": "M"}, {"name": "Colour", "option": "Red"}],
    }
    shop.will("GET products", [rest("product")["body"], tee], headers=totals(53, 2))
    shop.will("GET products", [rest("product")["body"]], headers=totals(53, 2))
    shop.will("GET products/24/variations", [below], headers=only_page())
    readings = list(pages(lambda cursor: CONNECTOR.catalogue(shop.store, cursor)))
    assert [[found.id for found in reading.products] for reading in readings] == [["10", "24", "25"], ["10"]]
    variation = readings[0].products[2]
    assert (variation.title, variation.parent_id, variation.price) == ("Tee - M, Red", "24", 1900)
    assert variation.image_url == "https://larkhus.example/m.jpg"
    assert shop.asked() == ["GET products", "GET products/24/variations", "GET products"]
    assert [call.params.get("page") for call in shop.calls] == ["1", None, "2"], (
        "though the first is not full"
    )


def test_deleted_products_let_no_other_slip_through(shop: Shop, monkeypatch: Any) -> None:
    """A hundred and twenty; ten of those that were read go between two pages."""
    held = [recording("product.created").payload | {"id": number} for number in range(1, 121)]

    def listed(call: Call) -> tuple[int, bytes, dict[str, str]]:
        size, number = int(call.params["per_page"]), int(call.params["page"])
        answer = json.dumps(held[(number - 1) * size : number * size]).encode()
        told = 200, answer, totals(len(held), -(-len(held) // size))
        if number == 1:
            del held[20:30]
        return told

    monkeypatch.setattr(shop, "answer", listed)
    seen: set[str] = set()
    for reading in pages(lambda cursor: CONNECTOR.catalogue(shop.store, cursor)):
        seen |= {found.id for found in reading.products}
    assert seen >= {str(number) for number in (*range(1, 21), *range(31, 121))}


@pytest.mark.parametrize("always", [False, True])
def test_a_product_over_which_every_listing_breaks_down_holds_up_no_other(
    shop: Shop, monkeypatch: Any, always: bool
) -> None:
    """`always`: also where no more than its name is asked for."""
    held = [recording("product.created").payload | {"id": number} for number in range(1, 13)]

    def listed(call: Call) -> tuple[int, bytes, dict[str, str]]:
        size, number = int(call.params["per_page"]), int(call.params["page"])
        shown = held[(number - 1) * size : number * size]
        if any(one["id"] == 5 for one in shown) and (always or "price" in call.params["_fields"]):
            return 500, b'{"code":"internal_server_error"}', {}
        return 200, json.dumps(shown).encode(), totals(len(held), -(-len(held) // size))

    monkeypatch.setattr(shop, "answer", listed)
    seen: set[str] = set()
    asked: list[tuple[Noun, str]] = []
    unread: list[str] = []
    cursor: str | None = None
    for _ in range(40):
        try:
            page = CONNECTOR.catalogue(shop.store, cursor)
        except StoreUnreachable as error:
            assert error.cursor is not None
            cursor = error.cursor
            continue
        seen |= {found.id for found in page.reading.products}
        asked += [(wish.noun, wish.id) for wish in page.reading.wishes]
        unread += page.unread
        if (cursor := page.cursor) is None:
            break
    assert cursor is None and seen == {str(number) for number in range(1, 13) if number != 5}
    assert (bool(asked), bool(unread)) == (not always, always) and {*asked} <= {(Noun.PRODUCT, "5")}


@pytest.mark.parametrize("most", [25, 10])
def test_a_store_that_breaks_down_is_asked_for_less(shop: Shop, monkeypatch: Any, most: int) -> None:
    held = [recording("product.created").payload | {"id": number} for number in range(1, 112)]
    sizes: list[int] = []

    def listed(call: Call) -> tuple[int, bytes, dict[str, str]]:
        size, number = int(call.params["per_page"]), int(call.params["page"])
        sizes.append(size)
        if size > most:
            return 504, b"<h1>Gateway timeout</h1>", {}
        chosen = held[(number - 1) * size : number * size]
        return 200, json.dumps(chosen).encode(), totals(len(held), -(-len(held) // size))

    monkeypatch.setattr(shop, "answer", listed)
    cursor: str | None = None
    seen: list[str] = []
    while True:
        try:
            page = CONNECTOR.catalogue(shop.store, cursor)
        except StoreUnreachable as error:
            cursor = error.cursor
            assert cursor is not None
            continue
        seen += [found.id for found in page.reading.products]
        if (cursor := page.cursor) is None:
            break
    assert seen == [str(number) for number in range(1, 112)]
    assert sizes[-1] == most and page.done == page.total == 111


@pytest.mark.parametrize("name", ["product.created", "product.updated"])
def test_a_product_reads_the_same_trimmed(shop: Shop, name: str) -> None:
    whole = recording(name).payload
    trimmed = {key: whole[key] for key in PRODUCT if key in whole}

    def reading(payload: Any) -> Reading:
        return product_reading(body(payload, Noun.PRODUCT), shop.store)

    assert reading(trimmed) == reading(whole)


def totals(total: int, pages: int) -> dict[str, str]:
    return {"X-WP-Total": str(total), "X-WP-TotalPages": str(pages)}


def only_page() -> dict[str, str]:
    return {"X-WP-TotalPages": "1"}
