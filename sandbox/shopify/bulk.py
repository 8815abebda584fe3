"""Bulk operations: a query over everything, worked on in the background, its answer a file to fetch.

The answer is made at once and handed out as if it took the quirk `bulk_seconds`. `bulk_error` makes
operations fail (a word of the platform: TIMEOUT, INTERNAL_SERVER_ERROR, ACCESS_DENIED, CANCELED,
EXPIRED); `bulk_partial` is the share of the file that a failed one saves; `bulk_url_seconds` is how long
the address of a file is good.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sandbox.clock import real_now
from sandbox.shopify.shop import Shop

AT_ONCE = 5
SECONDS = 0.4
URL_SECONDS = 7 * 24 * 3600
_CREATED = 0.05
_ENDED_OTHERWISE = ("CANCELED", "EXPIRED")

Operation = dict[str, Any]


def begin(shop: Shop, query: str, lines: Sequence[str], roots: int, error: str | None) -> Operation:
    """`roots`: how many of the lines are parents. `error`: the word with which it will fail."""
    quirks = shop.quirks()
    number = str(shop.documents.next_number("bulk_operation") + 3_600_000_000)
    operation = {
        "id": number,
        "query": query,
        "created_at": shop.local(shop.clock.now()),
        "begun": real_now().timestamp(),
        "seconds": float(quirks.get("bulk_seconds", SECONDS)),
        "objects": len(lines),
        "roots": roots,
        "error": error or quirks.get("bulk_error") or None,
        "partial": float(quirks.get("bulk_partial", 0.0)),
        "cancelled": False,
        "secret": hashlib.sha256(f"{shop.domain}/{number}/{real_now().timestamp()}".encode()).hexdigest(),
    }
    with shop.documents.transaction():
        shop.write("bulk_operation", operation)
        shop.write("bulk_file", {"text": "".join(f"{line}\n" for line in lines)}, number)
    return operation


def running(shop: Shop) -> list[Operation]:
    return [one for one in shop.all("bulk_operation") if status(one) in ("CREATED", "RUNNING")]


def cancel(shop: Shop, number: str) -> Operation | None:
    operation = shop.read("bulk_operation", number)
    if operation is not None and status(operation) in ("CREATED", "RUNNING"):
        operation["cancelled"] = True
        shop.write("bulk_operation", operation)
    return operation


def status(operation: Operation) -> str:
    passed = real_now().timestamp() - operation["begun"]
    if operation["cancelled"]:
        return "CANCELED"
    if passed < operation["seconds"]:
        return "CREATED" if passed < min(_CREATED, operation["seconds"] / 2) else "RUNNING"
    return final_status(operation)


def final_status(operation: Operation) -> str:
    error = operation["error"]
    if error in _ENDED_OTHERWISE:
        return str(error)
    return "FAILED" if error else "COMPLETED"


def counted(operation: Operation, of: str) -> int:
    """Of `objects` or `roots`, growing while it runs."""
    passed = real_now().timestamp() - operation["begun"]
    share = 1.0 if operation["seconds"] == 0 else min(1.0, max(0.0, passed / operation["seconds"]))
    return int(operation[of] * share)


def text_of(shop: Shop, operation: Operation) -> str:
    """Of a failed operation, only the part that was saved: cut anywhere, as a break-down cuts."""
    file = shop.read("bulk_file", operation["id"])
    text = str(file["text"]) if file else ""
    if final_status(operation) == "COMPLETED":
        return text
    lines = text.splitlines(keepends=True)
    return "".join(lines[: int(len(lines) * operation["partial"])])


def address(shop: Shop, operation: Operation) -> str:
    """Signed, good for a while, on the shop's own https name."""
    quirks = shop.quirks()
    until = real_now().timestamp() + float(quirks.get("bulk_url_seconds", URL_SECONDS))
    signed = f"expires={until:.3f}&signature={_signature(operation, f'{until:.3f}')}"
    return f"https://{shop.domain}/bulk-results/{operation['id']}.jsonl?{signed}"


def opens(operation: Operation, expires: str, signature: str) -> bool:
    try:
        moment = datetime.fromtimestamp(float(expires), real_now().tzinfo)
    except (ValueError, OverflowError, OSError):
        return False
    return hmac.compare_digest(_signature(operation, expires), signature) and moment > real_now()


def _signature(operation: Operation, expires: str) -> str:
    return hmac.new(operation["secret"].encode(), expires.encode(), "sha256").hexdigest()
