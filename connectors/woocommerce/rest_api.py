"""Calls to a shop's REST API, and what each bad answer means."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from woocommerce import API

from connectors.base import AccessLost, NotThere, Store, StoreBusy, StoreError, StoreRefused, StoreUnreachable
from connectors.woocommerce.machine_time import machine_time
from connectors.woocommerce.showing import shown
from wire.http import AddressRefused, Answer, TooLarge, TooSlow, WireError

# Creating a webhook waits for the shop's ping to us, which may take 5 s by itself.
TIMEOUT = 30.0
USUAL_WAIT = 30.0
LONGEST_WAIT = 3600.0
# A store that counts wrongly must not keep us for ever.
MOST_PAGES = 50
# PHP ran out of memory or time, or whoever stands before it had no patience.
_OVERWHELMED = frozenset({500, 502, 504, 520, 522, 524})

Params = Mapping[str, str | Sequence[str]]


class TooMuch(StoreUnreachable):
    """The store may have been asked for more at once than it can do: no answer in time, too large a one, or
    it broke down over it."""


class Unheard(StoreUnreachable):
    """No connection, or it was lost: whatever else is asked for will fare no better."""


class NoRoute(StoreUnreachable):
    """The shop is there, but not this part of its API: an old version, or a feature that is off."""


class Complaint(StoreRefused):
    """The shop understood and said no; `code` is its word for why."""

    def __init__(self, told: str, code: str) -> None:
        super().__init__(told)
        self.code = code


class Denied(AccessLost):
    """The key opens the shop, but whoever it belongs to may not do this there."""


class RestApi(API):  # type: ignore[misc]  # the package ships no types
    """The official package builds the addresses; the calls go through the wire, because the package's
    own follow redirects, honour the environment and repeat secrets in their errors."""

    def __init__(self, store: Store, namespace: str = "wc/v3", timeout: float = TIMEOUT) -> None:
        key, secret = store.secrets.get("consumer_key", ""), store.secrets.get("consumer_secret", "")
        super().__init__(store.base_url, key, secret, version=namespace, timeout=timeout)
        self.http = store.http
        self.showing = shown(store.secrets)

    def _API__request(
        self, method: str, endpoint: str, data: Any, params: Mapping[str, str] | None = None
    ) -> Answer:
        key_in_headers, key_in_params = self.showing
        headers = {"Accept": "application/json", **key_in_headers}
        if data is not None:
            headers["Content-Type"] = "application/json;charset=utf-8"
        return self.http.request(
            method,
            self._API__get_url(endpoint),
            headers=headers,
            params={**(params or {}), **key_in_params},
            body=None if data is None else json.dumps(data).encode(),
            timeout=self.timeout,
            retry=method == "GET",
        )


@dataclass(frozen=True, slots=True)
class Listed:
    """One page of a listing. `pages` and `total`: how many there are, if the answer says so; `seconds`: how
    long it took; `clock`: what the shop's machine took for the time."""

    items: list[Any]
    pages: int | None
    total: int | None
    seconds: float
    clock: datetime | None = None


def read(store: Store, endpoint: str, params: Params | None = None) -> Any:
    """The JSON of a GET. Raises StoreError."""
    return _json(_call(store, "get", endpoint, params=_joined(params or {})))


def list_page(store: Store, endpoint: str, params: Params) -> Listed:
    """One page of the JSON list of a GET. Raises StoreError, also where nothing is listed of what is
    counted: it would pass for the end."""
    answer = _call(store, "get", endpoint, params=_joined(params))
    data = _json(answer)
    if not isinstance(data, list):
        raise StoreUnreachable("the shop answered with something else than the list asked for")
    total, pages = _count(answer, "x-wp-total"), _count(answer, "x-wp-totalpages")
    page, size = (int(str(params.get(name, usual))) for name, usual in (("page", 1), ("per_page", 10)))
    if not data and (total or 0) > (page - 1) * size:
        raise StoreUnreachable(f"the shop counts {total} entries and lists none of them")
    return Listed(data, pages, total, answer.seconds, machine_time(answer))


def read_list(store: Store, endpoint: str, params: Params) -> tuple[list[Any], int | None]:
    """The JSON list of a GET, and how many pages there are if the answer says so. Raises StoreError."""
    listed = list_page(store, endpoint, params)
    return listed.items, listed.pages


def every_entry(store: Store, endpoint: str, params: Params) -> Iterator[Any]:
    """All pages of a short listing, one after the other. Raises StoreError."""
    for page in range(1, MOST_PAGES + 1):
        listed = list_page(store, endpoint, {**params, "per_page": "100", "page": str(page)})
        yield from listed.items
        if page >= (listed.pages or 1):
            return


def read_index(store: Store) -> Any:
    """What the site tells everybody of itself, among it its time zone. Raises StoreError."""
    address = f"{store.base_url.rstrip('/')}/wp-json/"
    fields = {"_fields": "name,home,timezone_string,gmt_offset"}
    return _json(
        _heard(lambda: store.http.request("GET", address, params=fields, timeout=TIMEOUT, retry=True))
    )


def write(store: Store, method: str, endpoint: str, data: Mapping[str, Any]) -> Any:
    """The JSON of a "post" or "put". Raises StoreError."""
    return _json(_call(store, method, endpoint, data=dict(data)))


def write_below(
    store: Store, namespace: str, endpoint: str, data: Mapping[str, Any] | None, timeout: float
) -> Any:
    """The JSON of a POST to a part of the API that a plugin brings, without data of a DELETE. Raises
    StoreError."""
    api = RestApi(store, namespace, timeout)
    return _json(_heard(lambda: api.delete(endpoint) if data is None else api.post(endpoint, dict(data))))


def remove(store: Store, endpoint: str) -> None:
    """A DELETE that does not stop at the trash. Raises StoreError."""
    _json(_call(store, "delete", endpoint, params={"force": "true"}))


def _call(store: Store, method: str, endpoint: str, **arguments: Any) -> Answer:
    return _heard(lambda: getattr(RestApi(store), method)(endpoint, **arguments))


def _heard(call: Callable[[], Answer]) -> Answer:
    problem: StoreError
    try:
        return call()
    except AddressRefused as error:
        problem = StoreRefused(str(error))
    except (TooSlow, TooLarge) as error:
        problem = TooMuch(str(error))
    except WireError as error:
        problem = Unheard(str(error))
    raise problem


def _json(answer: Answer) -> Any:
    if answer.status in (429, 503):
        raise StoreBusy(f"the shop asks us to wait ({answer.status})", _wait(answer))
    if 300 <= answer.status < 400:
        raise StoreUnreachable("the shop answers from another address: connect it with that one")
    try:
        data = answer.json()
    except WireError:
        data = None
    if answer.status < 300 and data is not None:
        return data
    raise _problem(answer.status, data)


def _problem(status: int, data: Any) -> StoreError:
    kind = TooMuch if status in _OVERWHELMED else StoreUnreachable
    # Only WordPress itself names its errors; a firewall that writes JSON knows nothing of our keys.
    if not isinstance(data, dict) or status < 400 or not isinstance(data.get("code", ""), str):
        return kind(
            f"something else answered instead of the shop's API ({status}): a security plugin,"
            " a firewall or a maintenance page"
        )
    code = re.sub(r"[^a-z0-9_]", "", str(data.get("code", "")).lower())[:80]
    told = f"the shop answered {status} {code}".strip()
    if status == 403 and code.startswith("woocommerce_rest_cannot_"):
        return Denied(told)
    # Only the thing's own 404 says that it is gone; without its routes WooCommerce is switched off.
    if status == 404:
        return NotThere(told) if re.search(r"invalid_(?:\w+_)?id$", code) else NoRoute(told)
    if status >= 500 or not code:
        return kind(told)
    return AccessLost(told) if status in (401, 403) else Complaint(told, code)


def _joined(params: Params) -> dict[str, str]:
    """Lists with commas: the form that the shop takes under every way to sign a call."""
    return {name: value if isinstance(value, str) else ",".join(value) for name, value in params.items()}


def _count(answer: Answer, name: str) -> int | None:
    told = answer.headers.get(name, "")
    return int(told) if told.isascii() and told.isdecimal() and len(told) < 10 else None


def _wait(answer: Answer) -> float:
    """Seconds of Retry-After, kept between 0 and an hour."""
    try:
        seconds = float(answer.headers.get("retry-after", ""))
    except ValueError:
        return USUAL_WAIT
    return min(seconds, LONGEST_WAIT) if seconds >= 0 else USUAL_WAIT
