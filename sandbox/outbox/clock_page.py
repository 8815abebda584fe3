"""The time of the sandbox: what it is, and the way to move it forward."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, abort, jsonify, redirect, render_template, request
from werkzeug import Response

from sandbox.clock import Clock
from sandbox.outbox.command import Outcome
from sandbox.settings import HOST, Settings

SPAN = re.compile(r"[1-9]\d{0,2}[mhd]")
Run = Callable[..., Outcome]


def clock_page(settings: Settings, run: Run) -> Blueprint:
    """`run` is the command line (`doorstep`)."""
    page = Blueprint("clock", __name__)

    @page.get("/clock")
    def show() -> Response:
        return jsonify(time_now(settings))

    @page.post("/clock")
    def advance() -> Response | tuple[str, int]:
        if not _is_ours(request.headers.get("Origin"), settings):
            abort(403, "Time is moved from the sandbox's own pages only.")
        wish: Any = request.get_json(silent=True) if request.is_json else request.form
        span = str((wish or {}).get("advance", ""))
        if not SPAN.fullmatch(span):
            abort(400, "advance: a number and m, h or d, like 1h or 14d.")
        outcome = run("clock", "advance", span)
        if outcome.code:
            return render_template("failed.html.j2", span=span, output=outcome.output), 502
        if request.is_json:
            return jsonify(time_now(settings) | {"moving": outcome.code is None})
        return redirect(way_back(wish.get("back") or request.headers.get("Referer"), settings), 303)

    return page


def time_now(settings: Settings) -> dict[str, Any]:
    """`now`: virtual, ISO UTC; `offset`: seconds ahead of real time."""
    clock = Clock(settings.clock_file)
    return {"now": clock.now().isoformat(), "offset": clock.offset()}


def way_back(wanted: str | None, settings: Settings) -> str:
    """`wanted` if it is a path here or a page of the sandbox's stores, else the outbox."""
    home = "/dev/outbox"
    if not wanted or "\\" in wanted or any(character < " " for character in wanted):
        return home
    try:
        parts = urlsplit(wanted)
        ours = _is_ours(f"{parts.scheme}://{parts.netloc}", settings)
    except ValueError:
        return home
    if ours or (not parts.scheme and not parts.netloc and wanted.startswith("/")):
        return wanted
    return home


def _is_ours(origin: str | None, settings: Settings) -> bool:
    """Without an Origin header the caller is no web page."""
    if origin is None:
        return True
    ports = (settings.port, settings.shopify_port, settings.woocommerce_port)
    return origin in {f"http://{host}:{port}" for host in (HOST, "localhost") for port in ports}
