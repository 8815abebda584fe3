"""A shop's limits on mails; the usual ones where it has chosen none."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import text

from app.db import Session
from flows.limits import USUAL, Limits

_NAMES = ", ".join(Limits.__dataclass_fields__)


def load_limits(session: Session, shop_ids: Collection[int]) -> dict[int, Limits]:
    rows = session.execute(
        text(f"SELECT shop_id, {_NAMES} FROM mail_limits WHERE shop_id = any(:ids)"), {"ids": list(shop_ids)}
    )
    chosen = {
        row.shop_id: Limits(**{name: getattr(row, name) for name in Limits.__dataclass_fields__})
        for row in rows
    }
    return {shop_id: chosen.get(shop_id, USUAL) for shop_id in shop_ids}
