"""What the doctor says of healing: whether the sweep lives, what shops had not told us, and what fails each
time that it is due."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, text

from app.cli.role import Finding
from app.services.outage import SILENCE, SWEEP


def healing(connection: Connection, real: datetime) -> list[Finding]:
    """Nothing where the tables are not there yet, as they are now."""
    if not connection.execute(_IS_THERE).scalar_one():
        return []
    connection.execute(text("SELECT set_config('doorstep.crossing', 'on', true)"))
    last = connection.execute(text("SELECT at FROM heartbeats WHERE name = :name"), {"name": SWEEP}).scalar()
    healed, shops, failing = connection.execute(_HEALED).one()
    return [
        _sweep(last, real),
        Finding("Healed", f"{healed:,} orders of {shops:,} shops that no message had told of"),
        Finding("Questions to shops", f"{failing:,} not answered just now" if failing else "all answered"),
        _failing(connection.execute(_FAILING).all()),
    ]


def _sweep(last: datetime | None, real: datetime) -> Finding:
    if last is None:
        return Finding("Sweep", "has not run yet")
    silent = real - last
    wrong = "Start `doorstep sweep`: nothing is found to be due without it." if silent > SILENCE else None
    return Finding("Sweep", f"last alive {max(0, int(silent.total_seconds())):,} s ago", wrong)


def _failing(rows: Sequence[Row[Any]]) -> Finding:
    """Journeys and orders of which one failed by itself: they are tried on, and stand still meanwhile."""
    seen = ", ".join(f"{row.failing:,} {row.what} ({row.error})" for row in rows)
    wrong = "They are tried every few minutes; the worker's log and `error` of both tables say why."
    return Finding("Timers and watches", seen or "none fails", wrong if rows else None)


_IS_THERE = text(
    "SELECT count(*) FROM information_schema.columns WHERE table_name = 'watches' AND column_name = 'error'"
)
_FAILING = text("""
SELECT what, error, count(*) AS failing FROM (
    SELECT 'timers' AS what, error FROM timers WHERE error IS NOT NULL
    UNION ALL SELECT 'watches', error FROM watches WHERE error IS NOT NULL
) f GROUP BY what, error ORDER BY what, error
""")
_HEALED = text("""
SELECT coalesce(sum(healed), 0)::bigint, count(DISTINCT shop_id) FILTER (WHERE healed > 0),
    count(*) FILTER (WHERE error IS NOT NULL)
FROM polls
""")
