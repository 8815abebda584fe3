"""A merchant's own words for a mail: looked at, and written to where sending reads them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text

from app.db import Session, put_rows
from app.models.brand import texts
from emails.fields.field import Field
from emails.own_words import ours, problem_with, tidied


class Unfit(Exception):
    """What no mail may carry. `problems`: by field, in words."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__("sentences that cannot be sent")
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Wording:
    """One sentence of a mail: ours, and the merchant's own ("" where ours counts)."""

    field: Field
    ours: str
    own: str


def wordings_of(
    fields: Sequence[Field], language: str, own: Mapping[str, Mapping[str, str]]
) -> list[Wording]:
    said = own.get(language, {})
    return [Wording(field, ours(language, field.key), said.get(field.key, "")) for field in fields]


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


def _own(field: Field, language: str, sentence: str) -> str:
    tidy = tidied(sentence)
    return "" if tidy == ours(language, field.key) else tidy


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
