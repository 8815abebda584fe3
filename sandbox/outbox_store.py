"""Every mail that the sink took, kept in one SQLite file that the outbox pages read."""

from __future__ import annotations

import json
import sqlite3
import zlib
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from email.header import decode_header, make_header
from email.parser import BytesHeaderParser
from email.utils import parsedate_to_datetime
from pathlib import Path

SCHEMA = """
create table if not exists mails (
    id integer primary key, shop text not null, flow text not null, step text not null, row text not null,
    message_id text not null, sender text not null, recipient text not null, subject text not null,
    sent_at text, accepted_at text not null, status text not null, raw blob not null
);
create index if not exists mails_by_recipient on mails (recipient);
create index if not exists mails_by_shop on mails (shop);
"""
COLUMNS = "id, shop, flow, step, row, message_id, sender, recipient, subject, sent_at, accepted_at, status"
FILTER = "(?1 = '' or shop = ?1 collate nocase) and (?2 = '' or recipient = ?2 collate nocase)"
ACCEPTED = "accepted"
ANSWER_LOST = "answer_lost"


@dataclass(frozen=True, slots=True)
class Mail:
    """One kept mail without its bytes. `sent_at` is the Date header as ISO UTC, None without one.

    `row`: the ledger row it was sent for. `status`: "accepted", or "answer_lost" where the sink kept
    the mail and hung up without saying so.
    """

    id: int
    shop: str
    flow: str
    step: str
    row: str
    message_id: str
    sender: str
    recipient: str
    subject: str
    sent_at: str | None
    accepted_at: str
    status: str

    def record_line(self) -> str:
        """The line of the record file: what the receiver swears to have got."""
        return json.dumps(
            {
                "id": self.id,
                "message_id": self.message_id,
                "to": self.recipient,
                "shop": self.shop,
                "flow": self.flow,
                "step": self.step,
                "row": self.row,
                "accepted_at": self.accepted_at,
            }
        )


def outbox_path(folder: Path) -> Path:
    """`folder` is the sandbox's own (`var/sandbox`)."""
    return folder / "outbox" / "mails.sqlite"


def open_outbox(path: Path) -> sqlite3.Connection:
    """Opened for writing; readers of other processes go on meanwhile."""
    path.parent.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(path, timeout=30, isolation_level=None)
    connection.execute("pragma journal_mode = wal")
    connection.execute("pragma synchronous = off")
    connection.executescript(SCHEMA)
    return connection


def keep(
    connection: sqlite3.Connection, raw: bytes, sender: str, recipient: str, now: datetime, status: str
) -> Mail:
    """Stores the bytes as they came. `now`: virtual time of the sandbox."""
    headers = BytesHeaderParser().parsebytes(raw)

    def header(name: str) -> str:
        return str(headers.get(name, "")).strip()

    values = (
        header("X-Doorstep-Shop"),
        header("X-Doorstep-Flow"),
        header("X-Doorstep-Step"),
        header("X-Doorstep-Row"),
        header("Message-ID"),
        sender,
        recipient,
        _decoded(header("Subject")),
        _instant(header("Date")),
        now.isoformat(),
        status,
    )
    cursor = connection.execute(
        "insert into mails (shop, flow, step, row, message_id, sender, recipient, subject, sent_at,"
        " accepted_at, status, raw) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (*values, zlib.compress(raw, 1)),
    )
    return Mail(cursor.lastrowid or 0, *values)


def listing(
    path: Path, shop: str = "", to: str = "", limit: int | None = None, before: int | None = None
) -> list[Mail]:
    """Newest first. Empty filters match all; addresses and domains in any case."""
    if not path.exists():
        return []
    with closing(_reader(path)) as connection:
        rows = connection.execute(
            f"select {COLUMNS} from mails where {FILTER} and (?3 is null or id < ?3)"
            " order by id desc limit ?4",
            (shop, to, before, -1 if limit is None else limit),
        )
        return [Mail(*row) for row in rows]


def count(path: Path, shop: str = "", to: str = "") -> int:
    if not path.exists():
        return 0
    with closing(_reader(path)) as connection:
        row = connection.execute(f"select count(*) from mails where {FILTER}", (shop, to)).fetchone()
        return int(row[0])


def find(path: Path, mail_id: int) -> tuple[Mail, bytes] | None:
    """The mail and its bytes as they came over the wire."""
    if not path.exists():
        return None
    with closing(_reader(path)) as connection:
        row = connection.execute(f"select {COLUMNS}, raw from mails where id = ?", (mail_id,)).fetchone()
    return None if row is None else (Mail(*row[:-1]), zlib.decompress(row[-1]))


def shops(path: Path) -> list[str]:
    if not path.exists():
        return []
    with closing(_reader(path)) as connection:
        return [row[0] for row in connection.execute("select distinct shop from mails order by shop")]


def _reader(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=30)


def _decoded(text: str) -> str:
    try:
        return " ".join(str(make_header(decode_header(text))).split())
    except (LookupError, ValueError):
        return text


def _instant(text: str) -> str | None:
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC).isoformat()
