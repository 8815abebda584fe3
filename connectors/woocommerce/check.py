"""Looks whether a shop can be connected, and whether it still is: first at its address, as anybody may,
then with keys. Nothing is written in the shop."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from connectors.base import Store
from connectors.woocommerce import findings as found
from connectors.woocommerce.findings import Finding
from connectors.woocommerce.showing import BY_QUERY, in_header, shown, shown_by_query
from connectors.woocommerce.symptoms import (
    code_of,
    is_index,
    of_silence,
    of_the_clock,
    of_the_index,
    of_the_way,
    of_versions,
    said,
)
from wire.http import Answer, HttpClient, WireError

# A shop that takes longer is too slow for an approval that is waited for.
PATIENCE = 10.0
# All looks at an address together.
LONGEST = 20.0
# No such topic can be: whoever may write is told so, and nothing is made.
IMPOSSIBLE = {"topic": "doorstep.may-we-write"}

_INDEX = {"_fields": "name,home,namespaces"}
_CANNOT_VIEW = "woocommerce_rest_cannot_view"
_WRITES = ("woocommerce_rest_cannot_create", "woocommerce_rest_cannot_edit")


@dataclass(frozen=True, slots=True)
class Look:
    """`store_id`: the store's own name for itself, "" where it has none or was not seen. `kept`: what is to
    be kept with the keys, so that calls show them in the way that works."""

    findings: tuple[Finding, ...] = ()
    store_id: str = ""
    kept: Mapping[str, str] = field(default_factory=dict)

    @property
    def opens(self) -> bool:
        """Whether the keys read and write."""
        return not any(one.blocks for one in self.findings)


def look_at_address(
    address: str, http: HttpClient, real: datetime, longest: float = LONGEST
) -> tuple[Finding, ...]:
    """Without keys. `address` as `shop_address` gives it. The first thing that is wrong is the one to mend;
    what comes behind it cannot be seen."""
    until = time.monotonic() + longest
    answer = _ask(http, "GET", f"{address}/wp-json/", min(PATIENCE, longest), params=_INDEX)
    if isinstance(answer, Finding):
        return (answer,)
    wrong = of_the_way(address, answer)
    if wrong is not None and wrong.key in (found.MOVED, found.HTML_ANSWER):
        left = until - time.monotonic()
        if left > 1 and _answers_by_query(http, address, min(PATIENCE, left)):
            wrong = Finding(found.PLAIN_PERMALINKS)
        elif answer.status == 404:
            wrong = Finding(found.NO_WOOCOMMERCE)
    wrong = wrong or of_the_index(address, answer)
    return tuple(one for one in (wrong, of_the_clock(answer, real) if wrong is None else None) if one)


def look_with_keys(store: Store, *, fresh: bool, patience: float = PATIENCE) -> Look:
    """Whether the store's keys read what only its managers may read, and may write. `fresh`: the shop itself
    has handed them over just now, so they cannot be wrong."""
    store = replace(store, secrets=in_header(store.secrets))
    answer = _status(store, patience)
    if _unseen(answer):
        # Nobody looked at the key: it is unknown there, or did not arrive.
        by_query = replace(store, secrets={**store.secrets, **BY_QUERY})
        again = _status(by_query, patience)
        if isinstance(again, Answer) and again.status == 200:
            store, answer = by_query, again
    if isinstance(answer, Finding):
        return Look((answer,))
    wrong = of_the_way(store.base_url, answer) or _not_let_in(answer, fresh=fresh)
    if wrong is not None:
        return Look((wrong,))
    told = said(answer)
    environment = told.get("environment") if isinstance(told, Mapping) else None
    if not isinstance(environment, Mapping):
        return Look((Finding(found.BROKEN_ANSWER),))
    store_id, by_address = environment.get("store_id"), shown_by_query(store.secrets)
    header_lost = Finding(found.HEADER_LOST) if by_address else None
    return Look(
        tuple(one for one in (_may_write(store, patience), of_versions(environment), header_lost) if one),
        store_id[:100] if isinstance(store_id, str) else "",
        BY_QUERY if by_address else {},
    )


def look_again(store: Store, real: datetime) -> Look:
    """At a shop that is connected. What is wrong at its address explains more than that keys fail."""
    look = look_with_keys(store, fresh=False)
    address = look_at_address(store.base_url, store.http, real)
    cause = tuple(one for one in address if one.blocks and not one.may_go_on)
    if not look.opens and cause:
        return replace(look, findings=cause)
    known = {one.key for one in look.findings}
    return replace(look, findings=(*look.findings, *(one for one in address if one.key not in known)))


def _status(store: Store, patience: float) -> Answer | Finding:
    headers, key = shown(store.secrets)
    url = f"{store.base_url}/wp-json/wc/v3/system_status"
    return _ask(store.http, "GET", url, patience, params={"_fields": "environment", **key}, headers=headers)


def _unseen(answer: Answer | Finding) -> bool:
    return isinstance(answer, Answer) and answer.status == 401 and code_of(answer) == _CANNOT_VIEW


def _not_let_in(answer: Answer, *, fresh: bool) -> Finding | None:
    if answer.status == 200:
        return None
    if answer.status == 404:
        return Finding(found.NO_WOOCOMMERCE, {"wordpress": "yes"})
    if answer.status == 403:
        return Finding(found.LOST_RIGHTS)
    if _unseen(answer):
        return Finding(found.PROXY_TLS if fresh else found.KEYS_REFUSED)
    if answer.status == 401 and code_of(answer).startswith("rest_"):
        return Finding(found.REST_BLOCKED, {"status": "401"})
    return Finding(found.KEYS_REFUSED)


def _may_write(store: Store, patience: float) -> Finding | None:
    """Asks for something that cannot be: a key that may write is told what is wrong with it."""
    url = f"{store.base_url}/wp-json/wc/v3/webhooks"
    headers, key = shown(store.secrets)
    headers["Content-Type"] = "application/json;charset=utf-8"
    body = json.dumps(IMPOSSIBLE).encode()
    answer = _ask(store.http, "POST", url, patience, params=key, headers=headers, body=body)
    if isinstance(answer, Finding):
        return answer
    wrong = of_the_way(store.base_url, answer)
    if wrong is not None:
        return Finding(wrong.key, {**wrong.facts, "writing": "yes"})
    if answer.status == 400:
        return None
    if answer.status == 403 and code_of(answer) in _WRITES:
        return Finding(found.LOST_RIGHTS)
    return Finding(found.READ_ONLY)


def _answers_by_query(http: HttpClient, address: str, patience: float) -> bool:
    answer = _ask(http, "GET", f"{address}/", patience, params={"rest_route": "/", **_INDEX})
    return isinstance(answer, Answer) and is_index(answer)


def _ask(
    http: HttpClient,
    method: str,
    url: str,
    patience: float,
    *,
    params: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
    body: bytes | None = None,
) -> Answer | Finding:
    asked = {"Accept": "application/json", **(headers or {})}
    try:
        hasty = replace(http, longest=patience)
        return hasty.request(method, url, headers=asked, params=params, body=body, timeout=patience)
    except WireError as error:
        return of_silence(error)
