"""Who looks at a page of ours: the program they read with, and a visit that may be noted."""

from __future__ import annotations

from flask import request

from app.services.visits import record_visit
from app.web.guards import runtime


def reader() -> str:
    """What their browser calls itself."""
    return request.headers.get("User-Agent", "")[:200]


def note_visit(shop_id: int, order_id: str, page: str) -> None:
    """Whoever asks for the head alone reads nothing."""
    if request.method == "GET":
        at = runtime()
        record_visit(at.database, at.keys, shop_id, order_id, page, reader(), at.clock.now())
