"""What one answer of a shop, or none, is a sign of. Pure: reads answers, calls nothing."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urljoin, urlsplit

from connectors.base import Refused
from connectors.fields import clean
from connectors.woocommerce import findings as found
from connectors.woocommerce.auth import shop_address
from connectors.woocommerce.findings import Finding
from connectors.woocommerce.machine_time import machine_time
from connectors.woocommerce.places import is_same_place
from wire.errors import TooLarge
from wire.http import AddressRefused, Answer, NoName, NotTrusted, TooSlow, WireError

CLOCK_MAY_BE_OFF = timedelta(minutes=5)
NAMESPACE = "wc/v3"


def of_silence(error: WireError) -> Finding:
    """Why there was no answer at all."""
    if isinstance(error, AddressRefused):
        return Finding(found.PRIVATE_ADDRESS)
    if isinstance(error, NotTrusted):
        return Finding(found.CERTIFICATE)
    if isinstance(error, TooSlow):
        return Finding(found.SLOW)
    if isinstance(error, TooLarge):
        return Finding(found.BROKEN_ANSWER)
    return Finding(found.UNREACHABLE, {"name": "unknown"} if isinstance(error, NoName) else {})


def of_the_way(asked: str, answer: Answer) -> Finding | None:
    """What any call may meet before it reaches WordPress. `asked`: the shop's address."""
    if 300 <= answer.status < 400:
        return _sent_on(asked, answer.headers.get("location", ""))
    if answer.status == 401 and "basic" in answer.headers.get("www-authenticate", "").lower():
        return Finding(found.PASSWORD)
    if answer.status == 429:
        return Finding(found.BUSY)
    if answer.status >= 500:
        return Finding(found.MAINTENANCE, {"status": str(answer.status)})
    if said(answer) is None:
        if answer.status < 400 and _is_called_json(answer):
            return Finding(found.BROKEN_ANSWER)
        return Finding(found.HTML_ANSWER, {"status": str(answer.status)})
    return None


def of_the_index(asked: str, answer: Answer) -> Finding | None:
    """What the shop's open index says of it, once it is JSON."""
    index = said(answer)
    if answer.status in (401, 403):
        return Finding(found.REST_BLOCKED, {"status": str(answer.status)})
    if not isinstance(index, Mapping) or not is_index(answer):
        return Finding(found.NO_WOOCOMMERCE)
    if NAMESPACE not in index["namespaces"]:
        return Finding(found.NO_WOOCOMMERCE, {"wordpress": "yes"})
    return _elsewhere(asked, index.get("home"))


def of_the_clock(answer: Answer, real: datetime) -> Finding | None:
    told = machine_time(answer)
    if told is None:
        return None
    ahead = told - real
    if abs(ahead) <= CLOCK_MAY_BE_OFF:
        return None
    minutes = round(abs(ahead).total_seconds() / 60)
    return Finding(
        found.CLOCK_OFF, {"off": _long(minutes), "way": "ahead" if ahead > timedelta() else "behind"}
    )


def of_versions(environment: Any) -> Finding | None:
    """What the status of the system says: both versions must be ones that we promise to work with."""
    if not isinstance(environment, Mapping):
        return None
    pairs = (("version", found.OLDEST_WOOCOMMERCE), ("wp_version", found.OLDEST_WORDPRESS))
    told = {name: str(environment.get(name) or "") for name, _ in pairs}
    if not any(told[name] and _parts(told[name]) < _parts(oldest) for name, oldest in pairs):
        return None
    shown = {name: clean(value)[:20] for name, value in told.items()}
    return Finding(found.OLD_VERSION, {"woocommerce": shown["version"], "wordpress": shown["wp_version"]})


def said(answer: Answer) -> Any:
    """The JSON of an answer; None where it is none."""
    try:
        return answer.json()
    except WireError:
        return None


def code_of(answer: Answer) -> str:
    """WordPress's own word for what is wrong."""
    told = said(answer)
    return str(told.get("code", "")) if isinstance(told, Mapping) else ""


def is_index(answer: Answer) -> bool:
    told = said(answer)
    return answer.status == 200 and isinstance(told, Mapping) and isinstance(told.get("namespaces"), list)


def _sent_on(asked: str, location: str) -> Finding:
    """Where a redirect leads; the address there is offered only if it could be a shop's."""
    there = urljoin(f"{asked}/wp-json/", location)
    parts = urlsplit(there)
    if parts.scheme == "http" and parts.hostname == urlsplit(asked).hostname:
        return Finding(found.HTTP_ONLY)
    try:
        address = shop_address(f"{parts.scheme}://{parts.netloc}{parts.path.partition('/wp-json')[0]}")
    except Refused:
        return Finding(found.MOVED)
    # To itself: a login, a page of consent, a loop.
    return (
        Finding(found.MOVED, {"to": address})
        if address != asked
        else Finding(found.HTML_ANSWER, {"status": "302"})
    )


def _elsewhere(asked: str, home: Any) -> Finding | None:
    """Another name, or another folder, than the one that was asked: approval and webhooks go by the shop's
    own."""
    try:
        address = shop_address(home) if isinstance(home, str) else asked
    except Refused:
        return None
    if urlsplit(address).hostname == urlsplit(asked).hostname and is_same_place(address, asked):
        return None
    return Finding(found.MOVED, {"to": address})


def _is_called_json(answer: Answer) -> bool:
    return "json" in answer.headers.get("content-type", "").lower()


def _parts(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version)[:2])


def _long(minutes: int) -> str:
    if minutes < 120:
        return f"{minutes} minutes"
    return f"{round(minutes / 60)} hours" if minutes < 48 * 60 else f"{round(minutes / (24 * 60))} days"
