"""A WooCommerce store of many orders: the pages of /wp-json/wc/v3/orders over HTTP, from a file.

`python -m benchmarks.woocommerce_server FILE` prints the port that it listens on. The file is one of
`benchmarks.uci_woocommerce`; it is answered for the fields that it was trimmed to, and no others.
"""

from __future__ import annotations

import mmap
import re
import sys
from bisect import bisect_left, bisect_right
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from benchmarks.answering import Answering
from connectors.woocommerce.trimmed import ORDER

DOMAIN = "gifts.example"
_PLACED = re.compile(rb'"date_created_gmt":"([^"]+)"')
_ID = re.compile(rb'^\{"id":(\d+)')


class Orders:
    """Where each order lies in the file, newest first."""

    def __init__(self, file: Path) -> None:
        with file.open("rb") as opened:
            self.data = mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ)
        self.places: list[tuple[int, int]] = []
        self.placed: list[str] = []
        self.ids: list[int] = []
        start = 0
        while start < len(self.data):
            end = self.data.find(b"\n", start)
            raw = self.data[start:end]
            placed, number = _PLACED.search(raw), _ID.search(raw)
            assert placed and number
            self.places.append((start, end))
            self.placed.append(placed[1].decode())
            self.ids.append(int(number[1]))
            start = end + 1
        self.rising = self.placed[::-1]

    def page(self, asked: dict[str, str]) -> tuple[bytes, int]:
        """The page's JSON, and how many orders there are in all. Both bounds are exclusive."""
        count = len(self.rising)
        first = bisect_right(self.rising, asked.get("after", ""))
        last = bisect_left(self.rising, asked["before"]) if "before" in asked else count
        found = range(count - last, count - first)
        size, number = int(asked["per_page"]), int(asked["page"])
        order = sorted(found, key=lambda at: self.ids[at]) if asked["orderby"] == "id" else found
        shown = order[(number - 1) * size : number * size]
        bodies = [self.data[slice(*self.places[at])] for at in shown]
        return b"[" + b",".join(bodies) + b"]", len(found)


REFUSED = b'{"code":"rest_invalid_param","message":"not that","data":{"status":400}}'
JSON = {"Content-Type": "application/json; charset=UTF-8"}


def handler_for(orders: Orders) -> type[BaseHTTPRequestHandler]:
    class Handler(Answering):
        protocol_version = "HTTP/1.1"
        wbufsize = 64 * 1024

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
            fits = asked.get("_fields") == ",".join(ORDER) and asked.get("dates_are_gmt") == "true"
            if not parts.path.endswith("/wc/v3/orders") or not fits:
                self.answer(400, REFUSED, JSON)
                return
            body, total = orders.page(asked)
            pages = -(-total // int(asked["per_page"]))
            self.answer(200, body, {**JSON, "X-WP-Total": str(total), "X-WP-TotalPages": str(pages)})

    return Handler


def main() -> None:
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler_for(Orders(Path(sys.argv[1]))))
    print(server.server_port, flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
