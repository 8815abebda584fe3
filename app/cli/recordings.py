"""Recorded deliveries on disk: WooCommerce ones with their headers, Shopify ones as bare bodies."""

from __future__ import annotations

import base64
import csv
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

_INSTANT = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d+)?(Z|[+-]\d\d:\d\d)?")
_LAST = datetime.max.replace(tzinfo=UTC)

# What ends a connection, takes its rights or erases people: replayed last, to a shop that is there for it.
DESTRUCTIVE = (
    "app/scopes_update",
    "app/uninstalled",
    "customers/data_request",
    "customers/redact",
    "shop/redact",
)
# Shops that the documentation's bodies name, by their keys; of a body about a shop, its own id.
_SHOP_IDS = ("shop_id", "admin_graphql_api_shop_id")
_SHOP_DOMAINS = ("shop_domain", "myshopify_domain")
_ABOUT_SHOPS = ("shop/update", "app/uninstalled")


@dataclass(frozen=True, slots=True)
class Recording:
    """One delivery. `raw` is what is signed; `body` is it parsed, None where it is no JSON object."""

    file: Path
    topic: str
    raw: bytes
    body: Any

    @property
    def order_id(self) -> str | None:
        """The order that it is about, as far as the body says."""
        if not isinstance(self.body, dict):
            return None
        named = self.body.get("order_id")
        if named is None and self.topic.startswith(("order.", "orders/")) and "status" not in self.body:
            edit = self.body.get("order_edit")
            named = edit.get("order_id") if isinstance(edit, dict) else self.body.get("id")
        if named is None and self.topic.startswith("order."):
            named = self.body.get("id")
        return None if named is None else str(named)

    @property
    def created_at(self) -> datetime | None:
        return self._date("date_created_gmt", "created_at", "happened_at")

    @property
    def changed_at(self) -> datetime | None:
        return self._date("date_modified_gmt", "updated_at", "created_at", "happened_at")

    def _date(self, *names: str) -> datetime | None:
        values = (self.body.get(name) for name in names) if isinstance(self.body, dict) else ()
        text = next((value for value in values if isinstance(value, str)), None)
        if text is None:
            return None
        instant = datetime.fromisoformat(text)
        return instant if instant.tzinfo else instant.replace(tzinfo=UTC)


def read_recordings(files: Iterable[Path]) -> list[Recording]:
    """In recorded order, whatever the order of `files`. Raises ValueError for what is no recording."""
    found = [recording for file in files for recording in _read(file)]
    return sorted(found, key=_place)


def expected_outcomes(file: Path) -> str | None:
    """What `expected.tsv` beside the file says of it: alternatives joined by " or "."""
    table = file.with_name("expected.tsv")
    if not table.exists():
        return None
    lines = (line for line in table.read_text("utf-8").splitlines() if not line.startswith("#"))
    rows = {row["file"]: row["outcome"] for row in csv.DictReader(lines, delimiter="\t")}
    return rows.get(file.name)


def moved_to(recordings: Sequence[Recording], now: datetime) -> list[Recording]:
    """Every order on its own in time: created now, all gaps within it kept."""
    born: dict[str, datetime] = {}
    for one in recordings:
        if one.order_id and one.created_at:
            born[one.order_id] = min(one.created_at, born.get(one.order_id, one.created_at))
    return [_moved(one, now - born[one.order_id]) if one.order_id in born else one for one in recordings]


def named_for(recording: Recording, domain: str, platform_id: str) -> Recording:
    """A Shopify body with this shop in it instead of the documentation's. Others name no shop."""
    if "/" not in recording.topic or not isinstance(recording.body, dict):
        return recording
    own = ("id",) if recording.topic in _ABOUT_SHOPS else ()
    body = {**recording.body, **_named(recording.body, (*_SHOP_IDS, *own), domain, platform_id)}
    return replace(recording, raw=json.dumps(body).encode(), body=body)


def _named(body: dict[str, Any], ids: Sequence[str], domain: str, platform_id: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in body.items():
        if key in _SHOP_DOMAINS and value:
            found[key] = domain
        elif key in ids and platform_id:
            found[key] = f"gid://shopify/Shop/{platform_id}" if isinstance(value, str) else int(platform_id)
        elif isinstance(value, dict):
            found[key] = {**value, **_named(value, _SHOP_IDS, domain, platform_id)}
    return found


def _read(file: Path) -> list[Recording]:
    data = json.loads(file.read_text("utf-8"))
    if isinstance(data, dict) and "deliveries" in data:
        return [_recorded(file, one) for one in data["deliveries"]]
    if isinstance(data, dict) and "raw_body_base64" in data:
        return [_recorded(file, data)]
    if "__" not in file.stem:
        raise ValueError(f"{file}: neither a recorded delivery nor a body named after its topic")
    body = json.dumps(data, separators=(",", ":")).encode()
    return [Recording(file, file.stem.replace("__", "/"), body, data)]


def _recorded(file: Path, data: dict[str, Any]) -> Recording:
    headers = {name.lower(): value for name, value in data["headers"].items()}
    raw = base64.b64decode(data["raw_body_base64"])
    body = data["body"] if isinstance(data["body"], dict) else None
    return Recording(file, headers.get("x-wc-webhook-topic", ""), raw, body)


def _place(recording: Recording) -> tuple[bool, datetime, int, str]:
    changed = recording.changed_at or _LAST
    created_first = 0 if recording.topic.endswith(("created", "create")) else 1
    return (recording.topic in DESTRUCTIVE, changed, created_first, recording.file.name)


def _moved(recording: Recording, by: timedelta) -> Recording:
    whole = timedelta(seconds=int(by.total_seconds()))
    body = _shift(recording.body, whole)
    text = json.dumps(body)
    # WooCommerce signs PHP's JSON, which escapes slashes.
    raw = text.replace("/", "\\/") if "." in recording.topic else text
    return replace(recording, raw=raw.encode(), body=body)


def _shift(value: Any, by: timedelta) -> Any:
    if isinstance(value, dict):
        return {key: _shift(item, by) for key, item in value.items()}
    if isinstance(value, list):
        return [_shift(item, by) for item in value]
    if isinstance(value, str) and (found := _INSTANT.fullmatch(value)):
        moved = datetime.fromisoformat(found[1]) + by
        return f"{moved.isoformat()}{found[2] or ''}{found[3] or ''}"
    return value
