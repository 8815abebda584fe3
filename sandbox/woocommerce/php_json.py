"""JSON as the real store's language writes it: receivers must verify the bytes, not a second spelling."""

from __future__ import annotations

import json
from typing import Any


def encode(value: Any) -> bytes:
    """No spaces, slashes escaped, everything outside ASCII as \\u, 19.0 written as 19."""
    text = json.dumps(_plain(value), ensure_ascii=True, separators=(",", ":"))
    # A slash can only stand inside a string, so this cannot touch the structure.
    return text.replace("/", "\\/").encode("ascii")


def _plain(value: Any) -> Any:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, dict):
        return {key: _plain(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_plain(part) for part in value]
    return value
