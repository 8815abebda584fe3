"""What we owe a store and what it has taken, in numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import text

from app.db import Session


@dataclass(frozen=True, slots=True)
class Tally:
    """By kind of write. `waits`: not done yet. `refused`: given up; `why` is the last reason."""

    done: int
    waits: int
    refused: int
    why: str


def tallies(session: Session, shop_id: int) -> Mapping[str, Tally]:
    rows = session.execute(
        text(
            "SELECT kind, count(*) FILTER (WHERE state = 'done') AS done,"
            " count(*) FILTER (WHERE state = 'open') AS waits,"
            " count(*) FILTER (WHERE state = 'given_up') AS refused,"
            " coalesce((array_agg(error ORDER BY asked_at DESC) FILTER (WHERE state = 'given_up'))[1], '')"
            " AS why FROM store_writes WHERE shop_id = :shop GROUP BY kind"
        ),
        {"shop": shop_id},
    )
    return {row.kind: Tally(row.done, row.waits, row.refused, row.why) for row in rows}
