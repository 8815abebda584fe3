"""Reading `meta_data`, where plugins keep what WooCommerce has no field for."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from connectors.fields import Body, clean

_GIFT = re.compile(
    r"_*(?:is_|order_is_|this_is_|billing_|wc_|customer_)?(?:a_)?gift(?:_(?!card|certificate|coupon|voucher).*)?"
)
NO = frozenset({"", "0", "no", "false", "none", "off"})


def metas(parent: Body) -> dict[str, Any]:
    """Value by key; the last of a repeated key. What is no meta entry is skipped: plugins write here."""
    held = parent.data.get("meta_data")
    if not held:
        return {}
    return {entry["key"]: entry.get("value") for entry in entries(held) if isinstance(entry.get("key"), str)}


def word(values: Mapping[str, Any], *keys: str) -> str:
    """The first of the keys that holds something, as text of one line; "" where none does."""
    for key in keys:
        value = values.get(key)
        if isinstance(value, bool):
            value = "yes" if value else ""
        if isinstance(value, int):
            return str(value)
        if isinstance(value, str) and (found := " ".join(clean(value).split())):
            return found
    return ""


def entries(value: Any) -> Sequence[Mapping[str, Any]]:
    """The objects in a list, also one with keys of its own or written as JSON text; the rest is skipped."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            return ()
    if isinstance(value, Mapping):
        value = list(value.values())
    return [entry for entry in value if isinstance(entry, Mapping)] if isinstance(value, list) else ()


def says_gift(values: Mapping[str, Any]) -> bool:
    """Whether somebody else will unpack it, as gift plugins note it ("gift_message", "_is_gift").

    WooCommerce has no field for this. Gift cards and a fee for wrapping do not count.
    """
    return any(_is_gift_key(key) and word(values, key).lower() not in NO for key in values)


def _is_gift_key(key: str) -> bool:
    # Fields that a shop adds to the block checkout are kept as "_wc_other/<whose>/<field>".
    field = key.rpartition("/")[2].lower()
    return _GIFT.fullmatch(re.sub(r"[^a-z]", "_", field)) is not None
