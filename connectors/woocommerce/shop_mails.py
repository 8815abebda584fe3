"""What our plugin notes on an order of the shop's own mails: each by its name, with our time."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from flows.shop_mails import HeldMail

HELD = "_doorstep_held"
WROTE = "_doorstep_wrote"
# No order has more mails than this; what else stands there is no note of ours.
MOST = 50

_NAME = re.compile(r"[a-z0-9_]{1,64}")
_FROM, _UNTIL = 1_600_000_000, 4_102_444_800


def shop_held(values: Mapping[str, Any]) -> tuple[HeldMail, ...]:
    """Those that were held back and not sent since."""
    return tuple(HeldMail(mail, datetime.fromtimestamp(at, UTC)) for mail, at in _noted(values.get(HELD)))


def shop_wrote(values: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(mail for mail, _ in _noted(values.get(WROTE)))


def _noted(value: Any) -> Iterator[tuple[str, int]]:
    """Anybody with a key to the shop can write here: what is no name and no time is passed over."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            return
    if not isinstance(value, Mapping):
        return
    for mail, at in sorted(value.items(), key=lambda one: str(one[0]))[:MOST]:
        if isinstance(mail, str) and _NAME.fullmatch(mail) and _is_time(at):
            yield mail, at


def _is_time(at: Any) -> bool:
    return isinstance(at, int) and not isinstance(at, bool) and _FROM < at < _UNTIL
