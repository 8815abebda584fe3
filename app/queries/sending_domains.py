"""Which domain a shop's mails come from, and whether it may be used."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Row, text

from app.db import Session
from app.models.sending_domain import VERIFIED


@dataclass(frozen=True, slots=True)
class SendingDomain:
    """`record`: the public half of the key, as DNS is to have it; `sealed_key`: the private one. `found`: by
    record, what the last look found. `verified_at`: business time, None before the first time.
    `unsure_since`: since when DNS did not say enough for a look to be sure."""

    shop_id: int
    domain: str
    local: str
    selector: str
    record: str
    state: str
    found: Mapping[str, Mapping[str, str]]
    made_at: datetime
    asked_at: datetime | None
    looked_at: datetime | None
    verified_at: datetime | None
    failing_since: datetime | None
    unsure_since: datetime | None
    warm_day: int
    warm_taken: int
    sealed_key: bytes = field(repr=False)

    @property
    def verified(self) -> bool:
        return self.state == VERIFIED

    @property
    def address(self) -> str:
        return f"{self.local}@{self.domain}"


def load_sending_domains(session: Session, shop_ids: Collection[int]) -> dict[int, SendingDomain]:
    """Of the shops that chose one; one statement."""
    rows = session.execute(
        text(f"SELECT {_COLUMNS} FROM sending_domains WHERE shop_id = any(:ids)"), {"ids": list(shop_ids)}
    )
    return {row.shop_id: _of(row) for row in rows}


def due_to_be_looked_at(session: Session, real: datetime, limit: int) -> list[int]:
    """Shops whose domain has its turn. In a session that crosses shops."""
    rows = session.execute(
        text("SELECT shop_id FROM sending_domains WHERE look_at <= :real ORDER BY look_at LIMIT :limit"),
        {"real": real, "limit": limit},
    )
    return [row.shop_id for row in rows]


_NAMES = tuple(SendingDomain.__dataclass_fields__)
_COLUMNS = ", ".join(_NAMES)


def _of(row: Row[tuple[object, ...]]) -> SendingDomain:
    values = {name: getattr(row, name) for name in _NAMES}
    return SendingDomain(**{**values, "sealed_key": bytes(row.sealed_key)})
