"""The one MetaData, and the column types that tables share."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, Column, DateTime, MetaData
from sqlalchemy.dialects.postgresql import JSONB

metadata = MetaData()

Instant = DateTime(timezone=True)
Json = JSONB()


def shop_id(*, primary_key: bool = False) -> Column[Any]:
    """The column that row-level security goes by; every tenant table has it."""
    return Column("shop_id", BigInteger, nullable=False, primary_key=primary_key)
