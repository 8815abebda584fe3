"""The list of a shop's orders as wc/v3 gives it, over the scripted shop's connection."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from tests.connectors.woocommerce.recordings import recording
from tests.connectors.woocommerce.scripted_shop import Call

Answer = tuple[int, bytes, dict[str, str]]


def order(number: int, placed: datetime, changed: datetime | None = None) -> dict[str, Any]:
    payload: dict[str, Any] = recording("order.created.guest_onhold").payload
    times = {
        "date_created_gmt": placed.isoformat()[:19],
        "date_modified_gmt": (changed or placed).isoformat()[:19],
    }
    return payload | {"id": number, "number": str(number)} | times


@dataclass
class OrderList:
    """`before_each` may change what there is, `instead` answer in its stead; both are told the call's
    number. `shown`: what the last page held."""

    orders: list[dict[str, Any]]
    before_each: Callable[[int], None] = lambda number: None
    instead: Callable[[int, Call], Answer | None] = lambda number, call: None
    chance: random.Random = field(default_factory=lambda: random.Random(5))
    calls: list[Call] = field(default_factory=list)
    shown: list[dict[str, Any]] = field(default_factory=list)

    def answer(self, call: Call) -> Answer:
        number = len(self.calls)
        self.calls.append(call)
        self.before_each(number)
        if (given := self.instead(number, call)) is not None:
            return given
        found = [one for one in self.orders if _fits(one, call)]
        self.chance.shuffle(found)  # what is equal comes in any order
        field_name = {"date": "date_created_gmt", "modified": "date_modified_gmt", "id": "id"}
        found.sort(
            key=lambda one: one[field_name[call.params["orderby"]]], reverse=call.params["order"] == "desc"
        )
        size, page = int(call.params["per_page"]), int(call.params["page"])
        self.shown = found[(page - 1) * size : page * size]
        fields = call.params["_fields"].split(",")
        trimmed = [{name: one[name] for name in fields if name in one} for one in self.shown]
        headers = {"X-WP-Total": str(len(found)), "X-WP-TotalPages": str(-(-len(found) // size))}
        return 200, json.dumps(trimmed).encode(), headers


def _fits(one: dict[str, Any], call: Call) -> bool:
    """Both bounds are exclusive, and meant as UTC only where that is said."""
    assert call.params["dates_are_gmt"] == "true"
    return all(
        (after is None or moment > _at(after)) and (before is None or moment < _at(before))
        for moment, after, before in (
            (_at(one["date_created_gmt"]), call.params.get("after"), call.params.get("before")),
            (
                _at(one["date_modified_gmt"]),
                call.params.get("modified_after"),
                call.params.get("modified_before"),
            ),
        )
    )


def _at(written: str) -> datetime:
    return datetime.fromisoformat(written).replace(tzinfo=UTC)
