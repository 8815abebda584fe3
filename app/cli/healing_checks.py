"""What the doctor says of healing: whether the sweep lives, and what shops had not told us."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, text

from app.cli.role import Finding
from app.services.outage import SILENCE, SWEEP


def healing(connection: Connection, real: datetime) -> list[Finding]:
    """Nothing where the tables are not there yet."""
    if not connection.execute(text("SELECT to_regclass('public.heartbeats')")).scalar_one():
        return []
    connection.execute(text("SELECT set_config('doorstep.crossing', 'on', true)"))
    last = connection.execute(text("SELECT at FROM heartbeats WHERE name = :name"), {"name": SWEEP}).scalar()
    healed, shops, failing = connection.execute(_HEALED).one()
    return [
        _sweep(last, real),
        Finding("Healed", f"{healed:,} orders of {shops:,} shops that no message had told of"),
        Finding("Questions to shops", f"{failing:,} not answered just now" if failing else "all answered"),
    ]


def _sweep(last: datetime | None, real: datetime) -> Finding:
    if last is None:
        return Finding("Sweep", "has not run yet")
    silent = real - last
    wrong = "Start `doorstep sweep`: nothing is found to be due without it." if silent > SILENCE else None
    return Finding("Sweep", f"last alive {max(0, int(silent.total_seconds())):,} s ago", wrong)


_HEALED = text("""
SELECT coalesce(sum(healed), 0)::bigint, count(DISTINCT shop_id) FILTER (WHERE healed > 0),
    count(*) FILTER (WHERE error IS NOT NULL)
FROM polls
""")
