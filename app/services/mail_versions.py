"""A merchant's own mail: a draft, versions that are published, and the way back to each.

What mails say stays in `texts` (see there): publishing writes it and the version in one transaction. A mail
that was never published here is what `texts` says, in the shipped order. Mails share sentences, and the
program before this one writes them without a version; so what is sent before a version is kept as one, where
it is none yet: there is always a way back.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import text

from app.db import Session, as_json, put_rows
from app.models.mail_version import mail_versions
from app.queries.brand import load_own_words
from app.queries.mail_versions import SHIPPED, OwnMail, Version, Words, versions_of
from app.services.changes import Stale
from app.services.texts import own_words_of, put_words
from emails.fields.field import Field

KEPT = 50
BEFORE = "As it was before."


@dataclass(frozen=True, slots=True)
class Mail:
    """Which mail of which shop: the step of a flow, and the sentences that it has."""

    shop_id: int
    flow_key: str
    step: str
    fields: Sequence[Field]

    @property
    def named(self) -> dict[str, Any]:
        return {"shop": self.shop_id, "flow": self.flow_key, "step": self.step}


@dataclass(frozen=True, slots=True)
class Content:
    """What a merchant makes of a mail."""

    words: Words
    mail: OwnMail = SHIPPED


@dataclass(frozen=True, slots=True)
class Standing:
    """What is sent, what is drafted, and the published versions, newest first. `number`: of the live one, 0
    where there is none."""

    live: Content
    number: int
    draft: Version | None
    published: tuple[Version, ...]

    @property
    def edited(self) -> Content:
        """What the editor opens with."""
        return self.live if self.draft is None else Content(self.draft.words, self.draft.mail)

    @property
    def seen(self) -> str:
        """Changes with everything that somebody else may have changed since."""
        drafted = None if self.draft is None else [self.draft.number, _plain(self.edited)]
        told = as_json([self.number, _plain(self.live), drafted])
        return hashlib.sha256(told.encode()).hexdigest()[:20]


def standing(session: Session, mail: Mail) -> Standing:
    versions = versions_of(session, mail.shop_id, mail.flow_key, mail.step)
    published = tuple(one for one in versions if one.published_at is not None)
    live = next((one for one in published if one.live), None)
    return Standing(
        live=Content(
            own_words_of(session, mail.shop_id, mail.fields), live.mail if live is not None else SHIPPED
        ),
        number=live.number if live is not None else 0,
        draft=next((one for one in versions if one.published_at is None), None),
        published=published,
    )


def words_of_shop(session: Session, mail: Mail, content: Content) -> Words:
    """All of the shop's own sentences, with those of this mail as they are to be."""
    stored = load_own_words(session, [mail.shop_id]).get(mail.shop_id, {})
    keys = {field.key for field in mail.fields}
    return {
        language: {
            **{key: said for key, said in stored.get(language, {}).items() if key not in keys},
            **content.words.get(language, {}),
        }
        for language in stored.keys() | content.words.keys()
    }


def keep_draft(session: Session, mail: Mail, wanted: Content, seen: str, who: str, now: datetime) -> bool:
    """Mails stay as they are. False: it is what is sent already, so that no draft is needed. Raises Stale."""
    found = _locked(session, mail, seen)
    _drop_draft(session, mail)
    if _same(wanted, found.live):
        return False
    _put(session, mail, _next_number(found), wanted, "", who, now)
    return True


def publish(
    session: Session, mail: Mail, wanted: Content, seen: str, who: str, now: datetime, note: str = ""
) -> int | None:
    """From the next hand-over on, mails are so. The new version's number; None: they are so already, and a
    draft beside that is dropped. Raises Stale."""
    found = _locked(session, mail, seen)
    _drop_draft(session, mail)
    if _same(wanted, found.live):
        return None
    number = _next_number(found)
    if not _is_kept(found):
        _put(session, mail, number, found.live, BEFORE, who, now, published=now)
        number += 1
    session.execute(_NOT_LIVE, mail.named)
    _put(session, mail, number, wanted, note, who, now, published=now, live=True)
    put_words(session, mail.shop_id, mail.fields, wanted.words, now)
    session.execute(_FORGET_OLD, {**mail.named, "oldest": number - KEPT})
    return number


def drop_draft(session: Session, mail: Mail, seen: str) -> bool:
    """Whether there was one. Raises Stale."""
    found = _locked(session, mail, seen)
    _drop_draft(session, mail)
    return found.draft is not None


def version_numbered(found: Standing, number: int) -> Version | None:
    return next((one for one in found.published if one.number == number), None)


def _locked(session: Session, mail: Mail, seen: str) -> Standing:
    """One editor a shop, since mails share sentences; waits for nobody who sends."""
    session.execute(_ONE_EDITOR, {"shop": f"own mails of {mail.shop_id}"})
    found = standing(session, mail)
    if seen != found.seen:
        raise Stale({"standing": found})
    return found


def _is_kept(found: Standing) -> bool:
    """Whether what is sent now is there as a version to come back to."""
    live = next((one for one in found.published if one.live), None)
    return live is not None and _same(Content(live.words, live.mail), found.live)


def _next_number(found: Standing) -> int:
    return 1 + max((one.number for one in found.published), default=0)


def _same(one: Content, other: Content) -> bool:
    return bool(_plain(one) == _plain(other))


def _plain(content: Content) -> Mapping[str, Any]:
    return {
        "words": {language: dict(said) for language, said in sorted(content.words.items()) if said},
        "arrangement": content.mail.arrangement,
        "own_html": content.mail.own_html,
    }


def _put(
    session: Session,
    mail: Mail,
    number: int,
    content: Content,
    note: str,
    who: str,
    now: datetime,
    *,
    published: datetime | None = None,
    live: bool = False,
) -> None:
    plain = _plain(content)
    row = {
        "shop_id": mail.shop_id,
        "flow_key": mail.flow_key,
        "step": mail.step,
        "number": number,
        "words": plain["words"],
        "arrangement": plain["arrangement"],
        "own_html": plain["own_html"],
        "note": note,
        "saved_by": who,
        "saved_at": now,
        "published_at": published,
        "live": live,
    }
    put_rows(session, mail_versions, [row])


def _drop_draft(session: Session, mail: Mail) -> None:
    session.execute(_DROP_DRAFT, mail.named)


_OF_MAIL = "shop_id = :shop AND flow_key = :flow AND step = :step"
_ONE_EDITOR = text("SELECT pg_advisory_xact_lock(hashtextextended(:shop, 0))")
_DROP_DRAFT = text(f"DELETE FROM mail_versions WHERE {_OF_MAIL} AND published_at IS NULL")
_NOT_LIVE = text(f"UPDATE mail_versions SET live = false WHERE {_OF_MAIL} AND live")
_FORGET_OLD = text(f"DELETE FROM mail_versions WHERE {_OF_MAIL} AND number <= :oldest AND NOT live")
