"""The file of a bulk operation, piece by piece, from a server that gives ranges."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from typing import Any

import pytest

from connectors.base import StoreUnreachable
from connectors.shopify.bulk import LONGEST_WAIT, MOST_LOOKS, history
from connectors.shopify.bulk_file import Entry, FileGone, entries, read_piece
from connectors.shopify.bulk_orders import bulk_order
from connectors.shopify.bulk_place import Place, place_in
from connectors.shopify.documents import document
from flows.commerce import Platform
from tests.connectors.shopify.shop_server import Call, Reply, ShopServer, shop_server
from tests.proof import Count
from wire.http import HttpClient

ADDRESS = "https://files.example/results.jsonl?signature=x"
STORE = ShopServer("http://127.0.0.1:1", [], []).store


@dataclass
class Files:
    """`body` behind one address. `ranges` False: it gives all or nothing. `asked`: the Range headers."""

    body: bytes
    status: int | None = None
    ranges: bool = True
    off: int = 0
    asked: list[tuple[str, str]] = field(default_factory=list)
    origin: str = ""

    @property
    def http(self) -> HttpClient:
        return HttpClient({"https://files.example": self.origin}, pause=lambda seconds: None)


@contextmanager
def serving(files: Files) -> Iterator[Files]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = 64 * 1024  # in one packet: the client waits 40 ms for the second of two small ones

        def do_GET(self) -> None:
            wanted = self.headers["Range"]
            files.asked.append((wanted, self.headers["Accept-Encoding"]))
            first, last = map(int, re.findall(r"\d+", wanted))
            part = files.body[first : last + 1]
            status = files.status or (416 if first >= len(files.body) else 206 if files.ranges else 200)
            body = {206: part, 200: files.body}.get(status, b"")
            self.send_response(status)
            if status == 206:
                first += files.off
                told = f"bytes {first}-{first + len(part) - 1}/{len(files.body)}"
                self.send_header("Content-Range", told)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *words: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    files.origin = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield files
    server.shutdown()
    thread.join()
    server.server_close()


def file_of(*groups: tuple[int, int]) -> bytes:
    """Orders by (number, lines)."""
    lines = []
    for number, children in groups:
        gid = f"gid://shopify/Order/{number}"
        lines.append({"id": gid, "note": f'№ {number}, "__parentId" in a note'})
        lines += [{"id": f"gid://shopify/LineItem/{n}", "__parentId": gid} for n in range(children)]
    return b"".join(json.dumps(line, ensure_ascii=False).encode() + b"\n" for line in lines)


def read_all(files: Files, size: int) -> list[Entry]:
    found: list[Entry] = []
    at = 0
    while True:
        piece = read_piece(files.http, ADDRESS, at, size)
        found += entries(piece)
        at = found[-1].end if found else at
        if piece.last:
            return found


def shape(found: list[Entry]) -> list[tuple[str, int]]:
    return [(str(one.node and one.node["id"]).rsplit("/")[-1], len(one.children)) for one in found]


@pytest.mark.parametrize("ranges", [True, False])
def test_pieces_of_any_size_give_the_same_entries(ranges: bool, count: Count) -> None:
    groups = [(number, number % 4) for number in range(1, 30)] + [(30, 40)]
    body = file_of(*groups)
    with serving(Files(body, ranges=ranges)) as files:
        for size in range(40, 40 + 97 * count(8, 60), 97):
            found = read_all(files, size)
            assert shape(found) == [(str(number), lines) for number, lines in groups]
            assert found[-1].end == len(body)
            assert not any(one.unread or one.orphans for one in found)
    assert {packed for _, packed in files.asked} == {"identity"}


def test_reading_begins_at_any_entry() -> None:
    with serving(Files(file_of((1, 2), (2, 0), (3, 3)))) as files:
        whole = read_all(files, 10_000)
        for before, after in pairwise(whole):
            piece = read_piece(files.http, ADDRESS, before.end)
            assert shape(list(entries(piece)))[0] == shape([after])[0]
        assert list(entries(read_piece(files.http, ADDRESS, whole[-1].end))) == []


def test_a_line_that_is_broken_costs_its_own_entry_only() -> None:
    body = file_of((1, 1)) + b'{"id": "gid://shopify/Order/2", "na\n' + file_of((2, 1)).split(b"\n")[1]
    with serving(Files(body + b"\n[1]\n" + file_of((3, 0)))) as files:
        found = read_all(files, 10_000)
    assert shape(found) == [("1", 1), ("None", 0), ("None", 0), ("3", 0)]
    assert [len(one.unread) for one in found] == [0, 1, 1, 0]
    assert found[1].orphans == {"gid://shopify/Order/2"}


@pytest.mark.parametrize("status", [400, 403, 404, 410])
def test_an_address_that_aged_is_told_apart(status: int) -> None:
    with serving(Files(b"", status)) as files, pytest.raises(FileGone):
        read_piece(files.http, ADDRESS, 0)


def test_a_file_that_was_long_in_the_making_is_asked_for_as_often_as_any_other() -> None:
    """Its address may be slow to open; listing a whole shop instead takes days."""

    def answer(call: Call) -> Reply:
        told = {"status": "COMPLETED", "url": ADDRESS, "rootObjectCount": "1"}
        return Reply(body={"data": {"bulkOperation": told}})

    with shop_server(answer) as shop, serving(Files(b"", 404)) as files:
        http = HttpClient({**shop.http.origins, **files.http.origins}, pause=lambda seconds: None)
        place = Place("gid://shopify/BulkOperation/1", looks=900)
        for _ in range(MOST_LOOKS):
            page = history(replace(shop.store, http=http), str(place))
            place = place_in(page.cursor)
            assert place.listed is None
        files.status, files.body = None, file_of((1, 0))
        assert history(replace(shop.store, http=http), str(place)).cursor is None


def test_an_operation_that_runs_for_days_is_looked_at_once_a_minute() -> None:
    running = Reply(body={"data": {"bulkOperation": {"status": "RUNNING", "rootObjectCount": "1"}}})
    with shop_server(lambda call: running) as shop:
        page = history(shop.store, str(Place("gid://shopify/BulkOperation/1", looks=9000)))
    assert (page.wait, place_in(page.cursor).looks) == (LONGEST_WAIT, 9001)


def test_another_part_than_was_asked_for_is_no_answer() -> None:
    with serving(Files(file_of((1, 1)), off=3)) as files, pytest.raises(StoreUnreachable):
        read_piece(files.http, ADDRESS, 0)


def test_a_place_is_a_small_text() -> None:
    place = Place("gid://shopify/BulkOperation/1", 70_000_000_000, 400_000, "2026-11-01T00:00:00Z", 3, 1)
    assert place_in(str(place)) == place
    assert place_in(str(Place(listed=""))) == Place(listed="")
    assert place_in(None) == Place()
    assert place_in("eyJsYXN0X2lkIjo") == Place(listed="eyJsYXN0X2lkIjo")


def node(**changes: Any) -> dict[str, Any]:
    return {
        "id": "gid://shopify/Order/7",
        "createdAt": "2026-11-01T00:00:00Z",
        "updatedAt": "2026-11-02T00:00:00Z",
        "currencyCode": "USD",
        "displayFinancialStatus": "PAID",
        "totalPriceSet": {"shopMoney": {"amount": "20.00"}},
        "fulfillments": [],
        "refunds": [],
        **changes,
    }


LINE = {
    "id": "gid://shopify/LineItem/1",
    "title": "Cup",
    "quantity": 2,
    "currentQuantity": 0,
    "originalUnitPriceSet": {"shopMoney": {"amount": "10.00"}},
}
REFUND = {
    "id": "gid://shopify/Refund/1",
    "createdAt": "2026-11-02T00:00:00Z",
    "totalRefundedSet": {"shopMoney": {"amount": "10.00"}},
}
PARCEL = {
    "id": "gid://shopify/Fulfillment/1",
    "status": "SUCCESS",
    "displayStatus": "IN_TRANSIT",
    "createdAt": "2026-11-02T00:00:00Z",
    "updatedAt": "2026-11-02T00:00:00Z",
    "requiresShipping": True,
}


def test_what_the_file_cannot_tell_is_wished_for_while_it_matters() -> None:
    part = node(refunds=[REFUND], displayFinancialStatus="PARTIALLY_REFUNDED")
    soon, late = "2026-11-20T00:00:00Z", "2027-02-01T00:00:00Z"

    def wished(order: dict[str, Any], made_at: str) -> list[str]:
        return [wish.id for wish in bulk_order(order, [LINE], made_at, STORE).wishes]

    assert wished(part, soon) == ["7"] and wished(part, late) == []
    assert wished(node(fulfillments=[PARCEL]), soon) == ["7"]
    assert wished(node(fulfillments=[{**PARCEL, "displayStatus": "DELIVERED"}]), soon) == []
    assert wished(node(), soon) == []


def test_a_refund_without_its_lines_takes_none_away() -> None:
    reading = bulk_order(node(refunds=[REFUND]), [LINE], "", STORE)
    assert [line.quantity for line in reading.orders[0].lines] == [2]
    assert [(one.detailed, one.amount) for one in reading.refunds] == [(False, 1000)]
    assert bulk_order(node(), [LINE], "", STORE).orders[0].lines == ()


def test_what_is_not_shipped_is_no_parcel() -> None:
    download = {**PARCEL, "requiresShipping": False}
    assert bulk_order(node(fulfillments=[download]), [LINE], "", STORE).parcels == ()
    assert len(bulk_order(node(fulfillments=[PARCEL]), [LINE], "", STORE).parcels) == 1
    assert STORE.platform is Platform.SHOPIFY


def leaves(text: str) -> set[str]:
    """Names of all fields in a document, without those that only page or wrap."""
    wraps = {
        "query",
        "on",
        "edges",
        "node",
        "nodes",
        "pageInfo",
        "hasNextPage",
        "endCursor",
        "first",
        "after",
    }
    names = re.findall(
        r"\b([a-z]\w+)\b(?!\s*:)", re.sub(r"\([^)]*\)|@\w+|\.\.\.\w+|fragment \w+ on \w+", "", text)
    )
    return set(names) - wraps


def test_a_file_tells_what_a_listing_tells_but_for_what_it_cannot() -> None:
    """A field that is added to the listing is added here, or named."""
    listed = leaves(document("orders").split("{", 2)[2])
    missing = listed - leaves(document("bulk_orders"))
    parts = "fulfillmentLineItems events happenedAt message refundLineItems subtotalSet lineItem"
    # A right that not every shop has given; a young order that is read by itself brings them.
    told_later = (
        "returns decline note reason returnLineItems customerNote returnReasonNote fulfillmentLineItem"
        " exchangeLineItems"
    )
    cannot, returns = set(parts.split()), set(told_later.split())
    assert missing <= cannot | returns, missing - cannot - returns
    same = leaves(document("products").split("{", 2)[2]) ^ leaves(document("bulk_products"))
    assert same <= {"products"}
    assert leaves(document("customers")) ^ leaves(document("bulk_customers")) == set()
