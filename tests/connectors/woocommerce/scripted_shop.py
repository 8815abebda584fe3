"""A shop that answers over a real connection with what a test puts into it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from connectors.base import Store

HOME = "https://larkhus.example"
KEYS = {"consumer_key": "ck_" + "a" * 40, "consumer_secret": "cs_" + "b" * 40}


@dataclass(frozen=True)
class Call:
    method: str
    path: str
    params: Mapping[str, str]
    headers: Mapping[str, str]
    body: Any


@dataclass
class Shop:
    """`answers` by "GET /wp-json/...": what is given in turn; the last one again and again. `date`: what its
    machine takes for the time, in the form of the header; "" for the true one."""

    store: Store
    answers: dict[str, list[tuple[int, bytes, Mapping[str, str]]]] = field(default_factory=dict)
    calls: list[Call] = field(default_factory=list)
    date: str = ""

    def will(self, what: str, body: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> None:
        """`what` is the method and the path below wc/v3; a text body is sent as it is."""
        method, _, path = what.partition(" ")
        full = path if path.startswith("/") else f"/wp-json/wc/v3/{path}"
        data = body.encode() if isinstance(body, str) else json.dumps(body).encode()
        self.answers.setdefault(f"{method} {full}", []).append((status, data, dict(headers or {})))

    def answer(self, call: Call) -> tuple[int, bytes, Mapping[str, str]]:
        self.calls.append(call)
        known = self.answers.get(f"{call.method} {call.path}")
        if not known:
            return 404, b'{"code":"rest_no_route","message":"No route","data":{"status":404}}', {}
        return known.pop(0) if len(known) > 1 else known[0]

    def asked(self) -> list[str]:
        return [f"{call.method} {call.path.removeprefix('/wp-json/wc/v3/')}" for call in self.calls]
