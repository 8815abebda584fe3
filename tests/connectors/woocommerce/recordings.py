"""Requests and answers of a real store, as they were recorded."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from connectors.base import Delivery

FOLDER = Path(__file__).parents[2] / "payloads" / "woocommerce"
SECRET = "lab-secret-4f1c"


@dataclass(frozen=True)
class Recording:
    name: str
    delivery: Delivery

    @property
    def topic(self) -> str:
        return self.delivery.headers.get("x-wc-webhook-topic", "")

    @property
    def payload(self) -> Any:
        return json.loads(self.delivery.body)


def recording(name: str) -> Recording:
    return recorded(name)[0]


def recorded(name: str) -> list[Recording]:
    """The deliveries of one file: one, but for sequences."""
    told = json.loads((FOLDER / f"{name}.json").read_text())
    entries = told.get("deliveries", [told])
    return [Recording(name, _delivery(entry)) for entry in entries]


def signed_names() -> list[str]:
    """Every file with signed deliveries."""
    unsigned = {"ping", "wc_auth_callback"}
    return sorted(path.stem for path in FOLDER.glob("*.json") if path.stem not in unsigned)


def rest(name: str) -> Any:
    """A recorded answer of the REST API: request, status, headers, body."""
    return json.loads((FOLDER / "rest" / f"{name}.json").read_text())


def _delivery(entry: Any) -> Delivery:
    headers = {name.lower(): value for name, value in entry["headers"].items()}
    return Delivery(headers, base64.b64decode(entry["raw_body_base64"]))
