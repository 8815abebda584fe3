"""Demands by law: those of one shop for its page, and how many of all are open for the operator."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, text

from app.db import Session

LISTED = 100


@dataclass(frozen=True, slots=True)
class OpenDemands:
    """`failing`: tried and put off, with a reason; `overdue`: past what the law allows; `set_aside`: came
    in, could not be read, and so is none of the others."""

    open: int
    failing: int
    overdue: int
    set_aside: int


def open_demands(session: Session, real: datetime, topics: Collection[str]) -> OpenDemands:
    """`topics`: by which stores pass them on."""
    row = session.execute(
        text(
            "SELECT count(*) AS open, count(*) FILTER (WHERE error IS NOT NULL) AS failing,"
            " count(*) FILTER (WHERE due_at < :real) AS overdue, (SELECT count(*) FROM inbox"
            "  WHERE state = 'quarantined' AND body <> '' AND topic = any(:topics)) AS set_aside"
            " FROM privacy_requests WHERE done_at IS NULL"
        ),
        {"real": real, "topics": list(topics)},
    ).one()
    return OpenDemands(**row._mapping)


def demands_of(session: Session, shop_id: int) -> list[Row[Any]]:
    """The newest first. What was gathered comes along sealed, as it is."""
    return list(
        session.execute(
            text(
                "SELECT id, kind, body->>'customer_id' AS customer, received_at, due_at, done_at, error,"
                " attempts, export, export_until FROM privacy_requests WHERE shop_id = :shop"
                " ORDER BY received_at DESC, id DESC LIMIT :limit"
            ),
            {"shop": shop_id, "limit": LISTED},
        )
    )


def gathered(session: Session, shop_id: int, demand_id: int) -> bytes | None:
    """What was gathered for a demand of this shop, sealed, while it is kept."""
    found = session.execute(
        text("SELECT export FROM privacy_requests WHERE shop_id = :shop AND id = :id"),
        {"shop": shop_id, "id": demand_id},
    ).scalar_one_or_none()
    return None if found is None else bytes(found)
