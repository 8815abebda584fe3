"""What the ways of connecting a WooCommerce shop share: one look, how often they may be tried, and the memory
of an attempt that came to nothing."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from urllib.parse import urlsplit

from flask import Response, make_response, render_template, request
from redis import RedisError

from app.keys import BadLink
from app.limits import Limit, within
from app.services.install import attempt_failure
from app.web.front import Front
from app.web.guards import runtime
from app.words.connect_words import told
from connectors.woocommerce.findings import MOVED, Finding, from_row

COOKIE = "doorstep_connect"
REMEMBERED = timedelta(hours=1)
MOST_OF_AN_ADDRESS = 60
KEYS_PAGE = "/wp-admin/admin.php?page=wc-settings&tab=advanced&section=keys"
TOO_OFTEN = "This was started many times within a minute. Please wait a little and start again."
BUSY = "Many shops are being connected at this moment. Please try again in a minute."

# Each look holds one of the web server's threads until a stranger's server answers; most stay free.
_LOOKS = threading.BoundedSemaphore(3)
_WAIT_FOR_A_LOOK = 5.0


class Full(Exception):
    """As many looks as may be are going on."""


@contextmanager
def one_look() -> Iterator[None]:
    """Raises Full."""
    if not _LOOKS.acquire(timeout=_WAIT_FOR_A_LOOK):
        raise Full
    try:
        yield
    finally:
        _LOOKS.release()


def page(template: str, status: int, **values: object) -> Response:
    """In the look of the pages that everybody may read. Never kept: it may tell of a shop."""
    config = runtime().config
    text = render_template(
        f"connect/{template}.html",
        page="",
        host=urlsplit(config.address).hostname,
        contact=config.support_email,
        **values,
    )
    response = make_response(text, status)
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def findings_page(address: str, findings: Sequence[Finding], status: int = 422) -> Response:
    """What is in the way, and what can be done: try again, another address, or go on all the same."""
    moved = next((one.facts["to"] for one in findings if one.key == MOVED and "to" in one.facts), "")
    return page(
        "findings",
        status,
        shop=address,
        shown=address.removeprefix("https://"),
        told=[told(one) for one in findings],
        moved=moved,
        may_go_on=all(one.may_go_on for one in findings),
    )


def refused(title: str, detail: str, status: int) -> Response:
    return make_response(render_template("error.html", title=title, detail=detail), status)


def may_try(name: str, address: str, most: int, seconds: int) -> bool:
    """By visitor, and by the shop that gets called for it. Without Redis nobody counts."""
    at = runtime()
    visitor = Front(0).visitor(at.config.trusted_proxies)
    limits = (
        Limit(f"{name}-visitor", at.keys.address_hash(0, f"visitor {visitor}")[:32], most, seconds),
        Limit(f"{name}-address", at.keys.address_hash(0, f"shop {address}")[:32], MOST_OF_AN_ADDRESS, 60),
    )
    try:
        return within(at.queue.redis, limits, at.clock.real())
    except RedisError:
        return True


def remember(answer: Response, reference: str) -> None:
    """A store that refuses our answer shows a page of its own, which leads nowhere. Whoever comes back with
    this is told what was wrong; it opens nothing."""
    at = runtime()
    answer.set_cookie(
        COOKIE,
        at.keys.sign("connect", reference),
        max_age=int(REMEMBERED.total_seconds()),
        path="/woocommerce",
        httponly=True,
        secure=at.config.address.startswith("https://"),
        samesite="Lax",
    )


def remembered() -> tuple[str, tuple[Finding, ...]]:
    """The address of this browser's last attempt and what was in its way; nothing where it went well."""
    at = runtime()
    try:
        reference = at.keys.read("connect", request.cookies.get(COOKIE, ""))
    except BadLink:
        return "", ()
    address, rows = attempt_failure(at.database, at.keys, str(reference))
    return address, tuple(from_row(row) for row in rows)
