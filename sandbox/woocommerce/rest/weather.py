"""What stands between a caller and a real shop's API: firewalls, redirects, busy hosts, caches."""

from __future__ import annotations

import time
from email.utils import format_datetime

from flask import Blueprint, Response, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from sandbox.woocommerce.rest.shops import CurrentShop
from sandbox.woocommerce.shop import Shop

_READS = ("GET", "HEAD", "OPTIONS")
_MAINTENANCE = (
    "<!doctype html><html><head><title>Be right back</title></head>"
    "<body><h1>We are polishing the shop</h1><p>Please come back in a few minutes.</p></body></html>"
)
_FIREWALL = (
    "<!doctype html><html><head><title>403 Forbidden</title></head><body><h1>Access denied</h1>"
    "<p>A security plugin of this site has blocked your request.</p></body></html>"
)
# What was answered, by shop and address: when, and the whole answer.
_Kept = dict[tuple[str, str], tuple[float, Response]]


def bad_weather(door: Blueprint, shop_of: CurrentShop) -> None:
    """Every call below `door` meets the shop's quirks first."""
    kept: _Kept = {}

    @door.before_request
    def before() -> BaseResponse | None:
        shop = shop_of()
        request.get_data()  # or it would be taken for the next request of a connection that stays open
        time.sleep(shop.quirks()["slow_seconds"])
        if shop.quirks()["plain_permalinks"]:
            return redirect(f"{shop.home}/", 301)
        return obstacle(shop) or _cached(kept, shop)

    @door.after_request
    def after(response: Response) -> Response:
        shop = shop_of()
        quirks = shop.quirks()
        if quirks["garbage"] and response.mimetype == "application/json":
            whole = response.get_data()
            response.set_data(whole[: max(1, len(whole) // 2)])
        if request.method in _READS and quirks["cache_seconds"] and response.status_code == 200:
            kept.setdefault(_address(shop), (time.monotonic(), response))
        response.headers["Date"] = format_datetime(shop.machine_time(), usegmt=True)
        return response


def obstacle(shop: Shop) -> BaseResponse | None:
    """What answers in WordPress's place, whichever way its API is asked."""
    return next((met for one in (_moved, _page, _wait) if (met := one(shop)) is not None), None)


def _moved(shop: Shop) -> BaseResponse | None:
    quirks, there = shop.quirks(), f"https://www.{shop.domain}{request.full_path.rstrip('?')}"
    if request.host.startswith("www."):
        return None
    writes = request.method not in _READS
    return redirect(there, 301) if quirks["redirect"] or (quirks["redirect_writes"] and writes) else None


def _page(shop: Shop) -> Response | None:
    quirks = shop.quirks()
    if quirks["html_403"]:
        return Response(_FIREWALL, 403, content_type="text/html; charset=UTF-8")
    if quirks["html_200"]:
        return Response(_MAINTENANCE, 200, content_type="text/html; charset=UTF-8")
    return None


def _wait(shop: Shop) -> Response | None:
    """Hosts say it in words of their own, in front of WordPress."""
    quirks = shop.quirks()
    for name, status in (("busy_seconds", 429), ("away_seconds", 503)):
        if quirks[name]:
            after = {"Retry-After": str(int(quirks[name]) or 1)}
            return Response("Please slow down.\n", status, after, content_type="text/plain")
    return None


def _cached(kept: _Kept, shop: Shop) -> Response | None:
    """The answer of some seconds ago, whatever was written since."""
    seconds = shop.quirks()["cache_seconds"]
    found = kept.get(_address(shop)) if seconds and request.method in _READS else None
    if found is None:
        return None
    if time.monotonic() - found[0] > seconds:
        del kept[_address(shop)]
        return None
    return found[1]


def _address(shop: Shop) -> tuple[str, str]:
    return shop.domain, request.full_path
