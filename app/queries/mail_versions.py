"""A merchant's own mails: what is sent of each, the draft of the next version, and those before."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import text

from app.db import Session

# Language -> key -> the merchant's own sentence.
Words = Mapping[str, Mapping[str, str]]
MailKey = tuple[int, str, str]


@dataclass(frozen=True, slots=True)
class OwnMail:
    """Beside its words, what a merchant made their own of a mail. `arrangement`: the names of its blocks in
    their order, None as it is shipped. `own_html`: the source of their own block, "" for none."""

    arrangement: tuple[str, ...] | None = None
    own_html: str = ""


SHIPPED = OwnMail()


@dataclass(frozen=True, slots=True)
class Version:
    """`published_at` None: a draft."""

    number: int
    words: Words
    mail: OwnMail
    note: str
    saved_by: str
    saved_at: datetime
    published_at: datetime | None
    live: bool = field(default=False)


def load_own_mails(session: Session, shop_ids: Collection[int]) -> dict[MailKey, OwnMail]:
    """By shop, flow and step; those alone that differ from what is shipped in more than words."""
    rows = session.execute(
        text(
            "SELECT shop_id, flow_key, step, arrangement, own_html FROM mail_versions"
            " WHERE live AND shop_id = any(:ids) AND (arrangement IS NOT NULL OR own_html <> '')"
        ),
        {"ids": list(shop_ids)},
    )
    return {(row.shop_id, row.flow_key, row.step): _mail(row) for row in rows}


def versions_of(session: Session, shop_id: int, flow_key: str, step: str) -> list[Version]:
    """The draft first, then the published ones, newest first."""
    rows = session.execute(
        text(
            f"SELECT {_COLUMNS} FROM mail_versions"
            " WHERE shop_id = :shop AND flow_key = :flow AND step = :step"
            " ORDER BY published_at IS NOT NULL, number DESC"
        ),
        {"shop": shop_id, "flow": flow_key, "step": step},
    )
    return [_version(row) for row in rows]


_COLUMNS = "number, words, arrangement, own_html, note, saved_by, saved_at, published_at, live"


def _version(row: Any) -> Version:
    return Version(
        number=row.number,
        words=row.words,
        mail=_mail(row),
        note=row.note,
        saved_by=row.saved_by,
        saved_at=row.saved_at,
        published_at=row.published_at,
        live=row.live,
    )


def _mail(row: Any) -> OwnMail:
    return OwnMail(None if row.arrangement is None else tuple(row.arrangement), row.own_html)
