"""A shop whose bulk operation is done: its file over HTTP, by ranges, and the few answers around it.

`python -m benchmarks.bulk_server FILE ORDERS` prints the port that it listens on.
"""

from __future__ import annotations

import json
import re
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from benchmarks.answering import Answering

DOMAIN = "gifts.myshopify.com"
_OPERATION = "gid://shopify/BulkOperation/1"


def handler_for(file: Path, orders: int) -> type[BaseHTTPRequestHandler]:
    size = file.stat().st_size
    told = {
        "id": _OPERATION, "status": "COMPLETED", "errorCode": None, "createdAt": "2026-11-01T00:00:00Z",
        "query": "", "rootObjectCount": str(orders), "partialDataUrl": None,
        "url": f"https://{DOMAIN}/results.jsonl?signature=x",
    }  # fmt: skip

    class Handler(Answering):
        protocol_version = "HTTP/1.1"
        wbufsize = 64 * 1024

        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["query"]
            data: dict[str, Any] = {"bulkOperation": told}
            if "bulkOperations(" in asked:
                data = {"bulkOperations": {"nodes": []}}
            elif "bulkOperationRunQuery(" in asked:
                data = {"bulkOperationRunQuery": {"bulkOperation": told, "userErrors": []}}
            self.answer(200, json.dumps({"data": data}).encode(), {})

        def do_GET(self) -> None:
            first, last = map(int, re.findall(r"\d+", self.headers["Range"]))
            last = min(last, size - 1)
            with file.open("rb") as opened:
                opened.seek(first)
                body = opened.read(last - first + 1)
            self.answer(206, body, {"Content-Range": f"bytes {first}-{last}/{size}"})

    return Handler


def main() -> None:
    file, orders = Path(sys.argv[1]), int(sys.argv[2])
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler_for(file, orders))
    print(server.server_port, flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
