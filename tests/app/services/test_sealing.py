"""Whatever is kept as bytes is sealed, and known to whoever seals it anew; or it is told here why not."""

from __future__ import annotations

from pathlib import Path

from app.services import sealing
from tests.app.desk import Desk

# Pictures, and deliveries as they came.
PLAIN = {"brand_logos.png", "inbox.body"}


def test_everything_sealed_is_sealed_anew_with_a_newer_key(desk: Desk) -> None:
    """What is forgotten here is lost once the older key is taken out, which nothing seems to need."""
    found = desk.rows(
        "SELECT table_name, column_name FROM information_schema.columns"
        " WHERE table_schema = 'public' AND data_type = 'bytea'"
    )
    kept = {f"{row.table_name}.{row.column_name}" for row in found} - PLAIN
    assert len(kept) >= 4
    told = Path(sealing.__file__).read_text("utf-8")
    assert [one for one in sorted(kept) if f"UPDATE {one.partition('.')[0]} SET " not in told] == []
