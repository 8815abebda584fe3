"""One call to a shop's Admin API, with every way in which it can fail told apart."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from connectors.base import (
    AccessLost,
    Store,
    StoreBusy,
    StoreError,
    StoreFrozen,
    StoreGone,
    StoreRefused,
    StoreUnreachable,
)
from connectors.shopify.documents import document, is_mutation, may_repeat
from connectors.shopify.domain import shop_domain
from connectors.shopify.throttle import cost_wait, is_throttled
from connectors.shopify.version import API_VERSION, notice_version
from connectors.shopify.waiting import asked_wait
from wire.http import Answer, WireError

# A throttled call is tried this often, and only while each wait is short; then the caller gets
# StoreBusy and decides when to come back.
TRIES = 3
LONGEST_PAUSE = 10.0


class Complaint(StoreRefused):
    """What the store did not like of a write. `codes`: its own short words for it, where it has some."""

    def __init__(self, message: str, codes: frozenset[str]) -> None:
        super().__init__(message)
        self.codes = codes


class Denied(StoreRefused):
    """A right that this token does not have."""


def call(store: Store, operation: str, variables: Mapping[str, Any] | None = None) -> Mapping[str, Any]:
    """The `data` of the answer to one written operation. Raises StoreError.

    The store is named by every call; no session of any shop is kept anywhere.
    """
    wait = 0.0
    for attempt in range(1, TRIES + 1):
        answer = _object(_post(store, operation, variables or {}))
        errors = answer.get("errors")
        if not errors:
            return _data(answer, is_mutation(operation))
        if not is_throttled(errors):
            raise _refusal(errors)
        wait = cost_wait(answer)
        if attempt == TRIES or wait > LONGEST_PAUSE:
            break
        store.http.pause(wait)
    raise StoreBusy("the store counts too many calls", wait)


def _post(store: Store, operation: str, variables: Mapping[str, Any]) -> Answer:
    domain, token = shop_domain(store.domain), store.secrets.get("access_token", "")
    if domain is None or not token:
        raise AccessLost("no shop or no access token")
    try:
        answer = store.http.request(
            "POST",
            f"https://{domain}/admin/api/{API_VERSION}/graphql.json",
            headers={
                "Content-Type": "application/json",
                "Accept": "application/json",
                "X-Shopify-Access-Token": token,
            },
            body=json.dumps({"query": document(operation), "variables": dict(variables)}).encode(),
            retry=may_repeat(operation),
        )
    except WireError as error:
        raise StoreUnreachable(str(error)) from None
    if answer.status != 200:
        raise _failure(answer)
    notice_version(answer.headers.get("x-shopify-api-version", ""))
    return answer


def _failure(answer: Answer) -> StoreError:
    """What an HTTP status other than 200 means for the shop."""
    status = answer.status
    if status == 401:
        return AccessLost("the access token is not taken (401)")
    if status == 402:
        return StoreFrozen("the shop is frozen (402)")
    if status == 423:
        return StoreFrozen("the shop is locked (423)")
    if status == 404:
        return StoreGone("there is no such shop (404)")
    if status in (429, 430):
        return StoreBusy(f"the store counts too many calls ({status})", asked_wait(answer))
    if status >= 500:
        return StoreUnreachable(f"the store failed ({status})")
    return StoreRefused(f"the store refused the call ({status})")


def _object(answer: Answer) -> Mapping[str, Any]:
    try:
        data = answer.json()
    except WireError as error:
        raise StoreUnreachable(str(error)) from None
    if not isinstance(data, dict):
        raise StoreUnreachable("the answer is not an object")
    return data


def _data(answer: Mapping[str, Any], writes: bool) -> Mapping[str, Any]:
    """The data, unless a mutation reports what it did not like (with HTTP 200 as well)."""
    data = answer.get("data")
    if not isinstance(data, dict):
        raise StoreUnreachable("the answer holds no data")
    if not writes:
        return data
    for name, field in data.items():
        if not isinstance(field, dict):
            raise StoreUnreachable(f"the answer does not say what became of {name}")
        complaints = _complaints(field)
        if complaints:
            raise Complaint("; ".join(_messages(complaints)), frozenset(map(_short, complaints)) - {""})
    return data


def _complaints(field: Mapping[str, Any]) -> list[Any]:
    """Of `userErrors` and of every list that a mutation has in its place (`orderCancelUserErrors`)."""
    found: list[Any] = []
    for name, value in field.items():
        if name == "userErrors" or name.endswith("UserErrors"):
            if not isinstance(value, list):
                raise StoreUnreachable(f"{name} of the answer is no list")
            found += value
    return found


def _short(complaint: Any) -> str:
    code = complaint.get("code") if isinstance(complaint, dict) else None
    return code if isinstance(code, str) else ""


def _refusal(errors: Any) -> StoreError:
    """Errors inside a 200, other than throttling. A partial answer is never used: a missing right
    makes an order null, which must not look like a deleted one."""
    codes = {_code(error) for error in errors} if isinstance(errors, list) else set()
    message = "; ".join(_messages(errors)) or "error without text"
    if codes & {"INTERNAL_SERVER_ERROR", "TIMEOUT"}:
        return StoreUnreachable(message)
    if codes & {"SHOP_INACTIVE"}:
        return StoreFrozen(message)
    return (Denied if "ACCESS_DENIED" in codes else StoreRefused)(message)


def _code(error: Any) -> str:
    extensions = error.get("extensions") if isinstance(error, dict) else None
    return str(extensions.get("code", "")) if isinstance(extensions, dict) else ""


def _messages(errors: Any) -> list[str]:
    listed = errors if isinstance(errors, list) else [errors]
    return [str(error.get("message", error) if isinstance(error, dict) else error)[:200] for error in listed]
