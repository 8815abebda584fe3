"""All mails as a file: what each was, to whom, how it went out, and what became of it."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Blueprint, Response, request
from sqlalchemy import Row

from app.db import Database
from app.queries.messages import GROUPS, Place, list_messages
from app.services import changes
from app.services.csv_lines import csv_lines
from app.web.admin.doors import Merchant, merchant
from app.web.admin.files import csv_file
from app.web.guards import runtime

blueprint = Blueprint("mail_file", __name__)

AREA = "messages"
AT_ONCE = 500
MOST = 20_000
COLUMNS = (
    *("message", "flow", "step", "variant", "channel", "order", "recipient", "subject"),
    *("state", "reason", "due_at", "sent_at"),
)


@blueprint.post("/messages/file")
@merchant
def mails(seen: Merchant) -> Response:
    """The newest first, MOST of them at the most, those of one state where it is named. A POST, because the
    list of changes tells of it."""
    at, group = runtime(), request.form.get("state", "")
    with at.database.shops(seen.shop_id) as session:
        words = "The list of mails was taken along."
        changes.record(session, seen.shop_id, at.clock.now(), seen.user, AREA, words)
    wanted = group if group in GROUPS else None
    lines = csv_lines(COLUMNS, _rows(at.database, seen.shop_id, wanted))
    return csv_file("mails", lines)


def _rows(database: Database, shop_id: int, group: str | None) -> Iterator[list[str]]:
    before: Place | None = None
    for _ in range(MOST // AT_ONCE):
        with database.shops(shop_id) as session:
            found = list_messages(session, shop_id, None, group, before, AT_ONCE)
        yield from map(_cells, found)
        if len(found) < AT_ONCE:
            return
        before = found[-1].due_at, found[-1].id


def _cells(row: Row[tuple[object, ...]]) -> list[str]:
    told = (
        *(row.id, row.flow_key, row.step, row.variant, row.channel, row.number, row.recipient, row.subject),
        *(row.state, row.reason, row.due_at.isoformat(), row.sent_at.isoformat() if row.sent_at else None),
    )
    return ["" if one is None else str(one) for one in told]
