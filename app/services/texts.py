"""A merchant's own words for a mail: looked at, stored, and used from the next hand-over on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text

from app.db import Session, put_rows
from app.models.brand import texts
from app.services.changes import Stale
from emails.fields.field import Field
from emails.own_words import ours, problem_with, tidied


class Unfit(Exception):
    """Sentences that no mail may carry. `problems`: by key, in words."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__("sentences that cannot be sent")
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Wording:
    """One sentence of a mail: ours, and the merchant's own ("" where ours counts)."""

    field: Field
    ours: str
    own: str


def wordings(session: Session, shop_id: int, language: str, fields: Sequence[Field]) -> list[Wording]:
    stored = _stored(session, shop_id, language, fields)
    return [Wording(field, ours(language, field.key), stored.get(field.key, "")) for field in fields]


def reword(
    session: Session,
    shop_id: int,
    language: str,
    fields: Sequence[Field],
    given: Mapping[str, str],
    seen: Mapping[str, str],
    now: datetime,
) -> list[Field]:
    """Stores what changed and returns it; an empty sentence, or ours again, is ours from now on.

    `seen`: what stood there when the form was opened. Raises Unfit, Stale.
    """
    wanted = {field.key: _own(field, language, given.get(field.key, "")) for field in fields}
    problems = {
        field.key: problem
        for field in fields
        if (problem := problem_with(field, language, wanted[field.key])) is not None
    }
    if problems:
        raise Unfit(problems)
    present = _stored(session, shop_id, language, fields, lock=True)
    _refuse_stale(present, fields, wanted, seen)
    changed = [field for field in fields if wanted[field.key] != present.get(field.key, "")]
    words = {field.key: wanted[field.key] for field in changed}
    if not _store(session, shop_id, language, words, present, now):
        # Somebody wrote the same sentence for the first time, just now: it is there to be seen by now.
        present = _stored(session, shop_id, language, fields)
        raise Stale({key: present.get(key, "") for key in words if present.get(key, "") != seen.get(key, "")})
    return changed


def _refuse_stale(
    present: Mapping[str, str], fields: Sequence[Field], wanted: Mapping[str, str], seen: Mapping[str, str]
) -> None:
    moved = {
        field.key: present.get(field.key, "")
        for field in fields
        if present.get(field.key, "") not in (seen.get(field.key, ""), wanted[field.key])
    }
    if moved:
        raise Stale(moved)


def _own(field: Field, language: str, sentence: str) -> str:
    tidy = tidied(sentence)
    return "" if tidy == ours(language, field.key) else tidy


def _stored(
    session: Session, shop_id: int, language: str, fields: Sequence[Field], *, lock: bool = False
) -> dict[str, str]:
    """`lock`: nobody else rewords these until we are done."""
    rows = session.execute(
        text(
            "SELECT key, text FROM texts WHERE shop_id = :shop AND language = :language AND key = any(:keys)"
            + (" ORDER BY key FOR UPDATE" if lock else "")
        ),
        {"shop": shop_id, "language": language, "keys": [field.key for field in fields]},
    )
    return {row.key: row.text for row in rows}


def _store(
    session: Session,
    shop_id: int,
    language: str,
    words: Mapping[str, str],
    present: Mapping[str, str],
    now: datetime,
) -> bool:
    """Rows that are there are locked. False: one that was not there is there by now."""
    rows = [
        {"shop_id": shop_id, "language": language, "key": key, "text": sentence, "changed_at": now}
        for key, sentence in sorted(words.items())
        if sentence
    ]
    new = [row for row in rows if row["key"] not in present]
    if len(put_rows(session, texts, new, "ON CONFLICT DO NOTHING", "key")) < len(new):
        return False
    put_rows(
        session,
        texts,
        [row for row in rows if row["key"] in present],
        "ON CONFLICT (shop_id, language, key)"
        " DO UPDATE SET text = excluded.text, changed_at = excluded.changed_at",
    )
    gone = [key for key, sentence in words.items() if not sentence]
    if gone:
        session.execute(
            text("DELETE FROM texts WHERE shop_id = :shop AND language = :language AND key = any(:keys)"),
            {"shop": shop_id, "language": language, "keys": gone},
        )
    return True


def checked_words(fields: Sequence[Field], language: str, given: Mapping[str, str]) -> dict[str, str]:
    """The merchant's own sentences, by key; an empty one, or ours again, is ours. Raises Unfit."""
    wanted = {field.key: _own(field, language, given.get(field.key, "")) for field in fields}
    problems = {
        field.key: problem
        for field in fields
        if (problem := problem_with(field, language, wanted[field.key])) is not None
    }
    if problems:
        raise Unfit(problems)
    return {key: sentence for key, sentence in wanted.items() if sentence}


def own_words_of(session: Session, shop_id: int, fields: Sequence[Field]) -> Mapping[str, Mapping[str, str]]:
    """By language and key, what mails say now."""
    rows = session.execute(
        text(
            "SELECT language, key, text FROM texts WHERE shop_id = :shop AND key = any(:keys)"
            " ORDER BY language, key"
        ),
        {"shop": shop_id, "keys": [field.key for field in fields]},
    )
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for row in rows:
        found[row.language][row.key] = row.text
    return dict(found)


def put_words(
    session: Session,
    shop_id: int,
    fields: Sequence[Field],
    words: Mapping[str, Mapping[str, str]],
    now: datetime,
) -> None:
    """From the next hand-over on, the mail says these and no other own sentences of `fields`."""
    keys = [field.key for field in fields]
    rows = [
        {"shop_id": shop_id, "language": language, "key": key, "text": sentence, "changed_at": now}
        for language, sentences in sorted(words.items())
        for key, sentence in sorted(sentences.items())
        if key in keys
    ]
    session.execute(
        text(
            "DELETE FROM texts WHERE shop_id = :shop AND key = any(:keys) AND (language, key) NOT IN"
            " (SELECT * FROM unnest(CAST(:languages AS text[]), CAST(:kept AS text[])))"
        ),
        {
            "shop": shop_id,
            "keys": keys,
            "languages": [row["language"] for row in rows],
            "kept": [row["key"] for row in rows],
        },
    )
    put_rows(
        session,
        texts,
        rows,
        "ON CONFLICT (shop_id, language, key)"
        " DO UPDATE SET text = excluded.text, changed_at = excluded.changed_at"
        " WHERE texts.text <> excluded.text",
    )
