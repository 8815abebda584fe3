"""Lists: filters, order, pages. Unknown parameters are ignored, as the real platform does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from flask import Response, request

from sandbox.woocommerce.rest.answers import COLLECTION, answer, bad_parameter
from sandbox.woocommerce.shop import Shop

Entry = dict[str, Any]
_BOUNDS = "per_page must be between 1 (inclusive) and 100 (inclusive)"
_TIMES = (("after", "created", 1), ("before", "created", -1),
          ("modified_after", "modified", 1), ("modified_before", "modified", -1))  # fmt: skip


def page(shop: Shop, path: str, entries: Sequence[Entry], orderings: Mapping[str, str]) -> Response:
    """One page of `entries`; `orderings`: what `orderby` may say -> the field; the first is the default.

    Raises RestError 400.
    """
    size = _number("per_page", 10)
    if not 1 <= size <= 100:
        raise bad_parameter("per_page", _BOUNDS)
    number = _number("page", 1)
    if number < 1:
        raise bad_parameter("page", "page must be greater than or equal to 1")
    ordered = _ordered(entries, orderings, number)
    pages = (len(ordered) + size - 1) // size
    response = answer(shop, ordered[(number - 1) * size : number * size], COLLECTION)
    response.headers["X-WP-Total"] = str(len(ordered))
    response.headers["X-WP-TotalPages"] = str(pages)
    if number > 1:
        response.headers.add("Link", _link(shop, path, min(number - 1, max(pages, 1)), "prev"))
    if number < pages:
        response.headers.add("Link", _link(shop, path, number + 1, "next"))
    return response


def by_time(shop: Shop, entries: Sequence[Entry]) -> list[Entry]:
    """`after`, `before`, `modified_after` and `modified_before`; the instant itself is outside."""
    kept = list(entries)
    for name, stamp, sign in _TIMES:
        given = request.args.get(name)
        if given is None:
            continue
        bound = _instant(shop, name, given)
        kept = [entry for entry in kept if (_moment(entry, stamp) - bound).total_seconds() * sign > 0]
    return kept


def by_ids(entries: Sequence[Entry]) -> list[Entry]:
    """`include` and `exclude`, comma lists of ids."""
    include, exclude = _ids("include"), _ids("exclude")
    return [
        entry for entry in entries if (not include or entry["id"] in include) and entry["id"] not in exclude
    ]


def asked_list(name: str) -> list[str]:
    """A parameter given as a comma list, or several times as `name[]`."""
    given = request.args.getlist(name) + request.args.getlist(f"{name}[]")
    return [part.strip() for text in given for part in text.split(",") if part.strip()]


def _ids(name: str) -> set[int]:
    parts = asked_list(name)
    if any(not part.isdecimal() for part in parts):
        raise bad_parameter(name, f"{name}[0] is not of type integer.")
    return {int(part) for part in parts}


def _number(name: str, default: int) -> int:
    text = request.args.get(name)
    if text is None:
        return default
    try:
        return int(text)
    except ValueError as error:
        raise bad_parameter(name, f"{name} is not of type integer.") from error


def _instant(shop: Shop, name: str, text: str) -> datetime:
    """Without an offset and without `dates_are_gmt` a date is in the shop's own time."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise bad_parameter(name, "Invalid date.") from error
    if moment.tzinfo is not None:
        return moment
    gmt = request.args.get("dates_are_gmt", "").lower() in ("true", "1")
    return moment.replace(tzinfo=UTC if gmt else shop.zone)


def _moment(entry: Entry, stamp: str) -> datetime:
    return datetime.fromisoformat(entry[f"date_{stamp}_gmt"]).replace(tzinfo=UTC)


def _ordered(entries: Sequence[Entry], orderings: Mapping[str, str], page: int) -> list[Entry]:
    """What changed in the same second comes in another order on every other page: nothing says in which, and
    databases differ from one question to the next."""
    first = next(iter(orderings))
    wanted = request.args.get("orderby", first)
    if wanted not in orderings:
        raise bad_parameter("orderby", f"orderby is not one of {', '.join(orderings)}.")
    order = request.args.get("order", "asc" if first == "name" else "desc")
    if order not in ("asc", "desc"):
        raise bad_parameter("order", "order is not one of asc, desc.")
    field = orderings[wanted]
    turned = -1 if wanted == "modified" and page % 2 == 0 else 1
    return sorted(
        entries, key=lambda entry: (entry[field] or "", turned * entry["id"]), reverse=order == "desc"
    )


def _link(shop: Shop, path: str, number: int, relation: str) -> str:
    secret = ("page", "consumer_key", "consumer_secret")
    rest = [(name, value) for name, value in request.args.items(multi=True) if name not in secret]
    query = urlencode([*rest, ("page", number)])
    return f'<{shop.api(path)}?{query}>; rel="{relation}"'
