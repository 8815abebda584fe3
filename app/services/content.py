"""What a merchant writes for mails: looked at, stored, and used from the next hand-over on."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import text

from app.db import Session, put_rows
from app.models.content import CATEGORY, PRODUCT, SHOP, contents
from app.services.changes import Stale
from app.services.locks import lock_shop
from emails.clean import single_spaced, web_address
from flows.folded import folded

LONGEST_TITLE, LONGEST_BODY, LONGEST_URL, LONGEST_CATEGORY = 90, 4_000, 500, 120
MOST_LINES, MOST_ENTRIES = 60, 500
_BREAKS = re.compile("\r\n|\r|\u2028|\u2029|\x85|\x0b|\x0c")


class Unfit(Exception):
    """What no mail may carry. `problems`: by field, in words."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__("words that cannot be kept")
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Place:
    """What it is written for: the whole shop, a category or a product, in a slot."""

    slot: str
    scope: str
    scope_id: str = ""


def place_of(
    session: Session, shop_id: int, slot: str, scope: str, scope_id: str
) -> tuple[Place, str] | None:
    """The place as it is stored and what it is called; None: there is no such thing in the shop."""
    if scope == SHOP:
        return Place(slot, SHOP), "the whole shop"
    if scope == CATEGORY:
        name = single_spaced(scope_id.replace("\0", ""))
        key = folded(name)
        return (Place(slot, CATEGORY, key), name) if 0 < len(key) <= LONGEST_CATEGORY else None
    if scope != PRODUCT:
        return None
    title = session.execute(_TITLE, {"shop": shop_id, "id": scope_id.replace("\0", "")}).scalar()
    return None if title is None else (Place(slot, PRODUCT, scope_id), str(title))


def tidied(given: Mapping[str, str]) -> dict[str, str]:
    """Title and address on one line, the text with its lines, nothing that cannot be printed."""
    lines = [single_spaced(line) for line in _BREAKS.sub("\n", given.get("body", "")).split("\n")]
    return {
        "title": single_spaced(given.get("title", "")),
        "body": "\n".join(lines).strip("\n"),
        "url": given.get("url", "").strip(),
    }


def problems_of(words: Mapping[str, str]) -> dict[str, str]:
    """By field, in words; empty where a mail may carry it."""
    found = {}
    title, body, url = words["title"], words["body"], words["url"]
    if len(title) > LONGEST_TITLE:
        found["title"] = f"At most {LONGEST_TITLE} characters; this has {len(title)}."
    if len(body) > LONGEST_BODY:
        found["body"] = f"At most {LONGEST_BODY:,} characters; this has {len(body):,}."
    elif body.count("\n") >= MOST_LINES:
        found["body"] = f"At most {MOST_LINES} lines; this has {body.count(chr(10)) + 1}."
    elif not body and not url:
        found["body"] = "Write a few words, or give an address below."
    if url and (len(url) > LONGEST_URL or not url.startswith("https://") or web_address(url) is None):
        found["url"] = f"An address begins with https:// and has at most {LONGEST_URL} characters."
    return found


def put(
    session: Session, shop_id: int, place: Place, given: Mapping[str, str], seen: int, now: datetime
) -> bool:
    """Stores it; False: it stood there word by word. `seen`: the revision that the form was opened with, 0
    for a new entry. Raises Unfit, Stale."""
    words = tidied(given)
    lock_shop(session, shop_id)
    present = _present(session, shop_id, place)
    problems = problems_of(words)
    if not problems and present is None and _count(session, shop_id) >= MOST_ENTRIES:
        problems = {"body": f"A shop has {MOST_ENTRIES} entries at most. Write for a category instead."}
    if problems:
        raise Unfit(problems)
    if present is not None and {name: present[name] for name in words} == words:
        return False
    _refuse_stale(present, seen)
    row = {
        "shop_id": shop_id,
        "slot": place.slot,
        "scope": place.scope,
        "scope_id": place.scope_id,
        **words,
        "revision": (present["revision"] if present else 0) + 1,
        "changed_at": now,
    }
    renewed = ("title", "body", "url", "revision", "changed_at")
    put_rows(
        session,
        contents,
        [row],
        "ON CONFLICT (shop_id, slot, scope, scope_id) DO UPDATE SET "
        + ", ".join(f"{name} = excluded.{name}" for name in renewed),
    )
    return True


def remove(session: Session, shop_id: int, place: Place, seen: int) -> Mapping[str, Any] | None:
    """What stood there; None: nothing did. Mails that are on their way to be sent stay, and are skipped
    where they cannot do without. Raises Stale."""
    lock_shop(session, shop_id)
    present = _present(session, shop_id, place)
    if present is None:
        return None
    _refuse_stale(present, seen)
    session.execute(_REMOVE, _parameters(shop_id, place))
    return present


def _refuse_stale(present: Mapping[str, Any] | None, seen: int) -> None:
    if present is not None and present["revision"] != seen:
        raise Stale(dict(present))


def _present(session: Session, shop_id: int, place: Place) -> Mapping[str, Any] | None:
    row = session.execute(_PRESENT, _parameters(shop_id, place)).one_or_none()
    return None if row is None else dict(row._mapping)


def _count(session: Session, shop_id: int) -> int:
    return int(session.execute(_COUNT, {"shop": shop_id}).scalar_one())


def _parameters(shop_id: int, place: Place) -> dict[str, Any]:
    return {"shop": shop_id, "slot": place.slot, "scope": place.scope, "id": place.scope_id}


_AT = " WHERE shop_id = :shop AND slot = :slot AND scope = :scope AND scope_id = :id"
_PRESENT = text("SELECT title, body, url, revision FROM contents" + _AT)
_REMOVE = text("DELETE FROM contents" + _AT)
_COUNT = text("SELECT count(*) FROM contents WHERE shop_id = :shop")
_TITLE = text("SELECT body->>'title' FROM products WHERE shop_id = :shop AND id = :id")
