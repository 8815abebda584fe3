"""What rows of the inbox say: each body read by its connector, with the outcome to store."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import Row

from connectors.base import Connector, Malformed, Mark, Reading, ShipmentWords, Store
from flows.commerce import Platform
from wire.http import HttpClient

# The outcome of a message beside which a newer one says the whole of it.
SUPERSEDED = "superseded"


class Connectors(Protocol):
    def __call__(self, platform: Platform) -> Connector: ...


@dataclass(frozen=True, slots=True)
class Sorted:
    """One inbox row after reading: what it says and the outcome to store."""

    row_id: int
    shop_id: int
    reading: Reading
    outcome: str
    triggered_at: datetime | None = None
    quarantined: str | None = None


def read_rows(
    connectors: Connectors, rows: Sequence[Row[Any]], words: Mapping[int, ShipmentWords]
) -> list[Sorted]:
    """In the order in which they came. A thing that is told again and again is read once, as it was last; if
    that cannot be read, as it was before."""
    told: dict[tuple[int, str], list[tuple[str, int, Row[Any]]]] = {}
    found: list[Sorted] = []
    for row in rows:
        again = connectors(Platform(row.platform)).restated(row.topic, row.body)
        if again is None:
            found.append(_sort(connectors, row, words.get(row.shop_id, ShipmentWords())))
        else:
            told.setdefault((row.shop_id, again[0]), []).append((again[1], row.id, row))
    for states in told.values():
        states.sort(key=lambda state: state[:2], reverse=True)
        known = False
        for _, row_id, row in states:
            if known:
                found.append(Sorted(row_id, row.shop_id, Reading(ignored=SUPERSEDED), SUPERSEDED))
                continue
            one = _sort(connectors, row, words.get(row.shop_id, ShipmentWords()))
            found.append(one)
            known = one.quarantined is None
    return sorted(found, key=lambda one: one.row_id)


def _sort(connectors: Connectors, row: Row[Any], words: ShipmentWords) -> Sorted:
    """Reads one body; one that is broken is set aside at once, whatever its neighbours are."""

    def sorted_as(reading: Reading, outcome: str, quarantined: str | None = None) -> Sorted:
        return Sorted(row.id, row.shop_id, reading, outcome, row.triggered_at, quarantined)

    try:
        payload = json.loads(row.body)
        reading = connectors(Platform(row.platform)).normalise(row.topic, payload, _store(row, words))
    except (Malformed, ValueError, RecursionError) as error:
        reason = f"{type(error).__name__}: {error}"[:2000]
        return sorted_as(Reading(ignored="malformed"), "quarantined", reason)
    if reading.ignored is not None:
        return sorted_as(reading, f"ignored:{reading.ignored}")
    if reading.mark is Mark.NEEDS_RECONNECT:
        return sorted_as(reading, "needs_reconnect")
    bare = replace(reading, wishes=(), stamp=None) == Reading()
    return sorted_as(reading, "hint:reread" if bare and reading.wishes else "processed")


def _store(row: Row[Any], words: ShipmentWords) -> Store:
    """What a body may leave unsaid: the currency of a price, the front page, what the merchant's statuses
    mean. Nothing is called with it."""
    return Store(
        Platform(row.platform),
        row.domain,
        row.base_url,
        HttpClient(),
        currency=row.currency,
        front_url=row.url,
        platform_id=row.platform_id,
        words=words,
    )
