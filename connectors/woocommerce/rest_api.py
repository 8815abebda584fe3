"""Calls to a shop's REST API, and what each bad answer means."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from woocommerce import API

from connectors.base import AccessLost, NotThere, Store, StoreBusy, StoreError, StoreRefused, StoreUnreachable
from wire.http import AddressRefused, Answer, WireError

# Creating a webhook waits for the shop's ping to us, which may take 5 s by itself.
TIMEOUT = 30.0
USUAL_WAIT = 30.0
LONGEST_WAIT = 3600.0


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

    def _API__request(
        self, method: str, endpoint: str, data: Any, params: Mapping[str, str] | None = None
    ) -> Answer:
        pair = f"{self.consumer_key}:{self.consumer_secret}".encode()
        headers = {"Accept": "application/json", "Authorization": f"Basic {base64.b64encode(pair).decode()}"}
        if data is not None:
            headers["Content-Type"] = "application/json;charset=utf-8"
        return self.http.request(
            method,
            self._API__get_url(endpoint),
            headers=headers,
            params=params,
            body=None if data is None else json.dumps(data).encode(),
            timeout=self.timeout,
            retry=method == "GET",
        )


def read(store: Store, endpoint: str, params: Mapping[str, str] | None = None) -> Any:
    """The JSON of a GET. Raises StoreError."""
    return _json(_call(store, "get", endpoint, params=dict(params or {})))


def read_list(store: Store, endpoint: str, params: Mapping[str, str]) -> tuple[list[Any], int | None]:
    """The JSON list of a GET, and how many pages there are if the answer says so. Raises StoreError."""
    answer = _call(store, "get", endpoint, params=dict(params))
    data = _json(answer)
    if not isinstance(data, list):
        raise StoreUnreachable("the shop answered with something else than the list asked for")
    pages = answer.headers.get("x-wp-totalpages", "")
    return data, int(pages) if pages.isdecimal() else None


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


def write_below(store: Store, namespace: str, endpoint: str, data: Mapping[str, Any], timeout: float) -> Any:
    """The JSON of a POST to a part of the API that a plugin brings. Raises StoreError."""
    return _json(_heard(lambda: RestApi(store, namespace, timeout).post(endpoint, dict(data))))


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
    except WireError as error:
        problem = StoreUnreachable(str(error))
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
    if not isinstance(data, dict) or status < 400:
        return StoreUnreachable(
            f"something else answered instead of the shop's API ({status}): a security plugin,"
            " a firewall or a maintenance page"
        )
    code = re.sub(r"[^a-z0-9_]", "", str(data.get("code", "")).lower())[:80]
    told = f"the shop answered {status} {code}".strip()
    if status == 403 and code.startswith("woocommerce_rest_cannot_"):
        return Denied(told)
    if status in (401, 403):
        return AccessLost(told)
    # Only the thing's own 404 says that it is gone; without its routes WooCommerce is switched off.
    if status == 404:
        return NotThere(told) if re.search(r"invalid_(?:\w+_)?id$", code) else NoRoute(told)
    return StoreUnreachable(told) if status >= 500 else Complaint(told, code)


def _wait(answer: Answer) -> float:
    """Seconds of Retry-After, kept between 0 and an hour."""
    try:
        seconds = float(answer.headers.get("retry-after", ""))
    except ValueError:
        return USUAL_WAIT
    return min(seconds, LONGEST_WAIT) if seconds >= 0 else USUAL_WAIT
