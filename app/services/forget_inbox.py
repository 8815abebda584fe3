"""A person in the deliveries as they came in: done, waiting or set aside, however they are spelt.

The database only narrows down: rows that hold one of the person's numbers, an address, or any escaped
letter. Whether such a body is about the person is decided on the parsed body, so neither `\\u0040` nor
`\\/` hides anybody and an order 13 is not found in a price of 13.00.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import text

from app.db import Database, Session
from app.services.person import Person

BATCH = 500
FORGOTTEN = "forgotten"

# An id is given out before its row can be seen: so many may still come in below the last one that was.
ON_THEIR_WAY = 1_000

_GID = re.compile(r"gid://shopify/(Order|Customer|Return)/(\d+)")
_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})")
_KINDS = {"Order": "order", "Customer": "customer", "Return": "return"}
_KEYS = {"order_id": "order", "customer_id": "customer"}
_OBJECTS = {"order": "order", "customer": "customer"}


def empty_old_bodies(database: Database, shop_id: int, person: Person) -> int:
    """All that is there now, some hundred rows a transaction. Returns the last row that was looked at."""
    after = 0
    while True:
        with database.shops(shop_id) as session:
            last = _empty_batch(session, shop_id, person, after)
        if last is None:
            return after
        after = last


def empty_bodies(session: Session, shop_id: int, person: Person, after: int = 0) -> None:
    """The rows that came later than `after`, or just before it, in the caller's transaction."""
    last: int | None = max(0, after - ON_THEIR_WAY)
    while last is not None:
        last = _empty_batch(session, shop_id, person, last)


def bodies_about(session: Session, shop_id: int, person: Person) -> Iterator[Mapping[str, Any]]:
    """What came in about the person and is still held, oldest first, for whoever asks for it. Nobody is
    told of others who share a name, a street or a phone number."""
    after: int | None = 0
    while after is not None:
        after, found = _about(session, shop_id, person, after, surely=True)
        for row in found:
            yield {"topic": row.topic, "received_at": row.received_at, "body": _told(bytes(row.body))}


def _empty_batch(session: Session, shop_id: int, person: Person, after: int) -> int | None:
    """The last row that was looked at; None: there was none. What waits is not worked through any more."""
    last, found = _about(session, shop_id, person, after)
    session.execute(
        text(
            "UPDATE inbox SET body = '', error = NULL, processed_at = coalesce(processed_at, received_at),"
            " outcome = CASE WHEN state = 'done' THEN outcome ELSE :forgotten END, state = 'done'"
            " WHERE shop_id = :shop AND id = any(:ids)"
        ),
        {"shop": shop_id, "ids": [row.id for row in found], "forgotten": FORGOTTEN},
    )
    return last


def _about(
    session: Session, shop_id: int, person: Person, after: int, *, surely: bool = False
) -> tuple[int | None, list[Any]]:
    """The next candidates, and those of them that are about the person."""
    rows = session.execute(
        _CANDIDATES,
        {
            "shop": shop_id,
            "after": after,
            "limit": BATCH,
            "words": [_escaped(word) for word in (*person.numbers, *person.words)],
        },
    ).all()
    found = [
        row
        for row in rows
        if is_about(row.topic, bytes(row.body), person, surely=surely or row.state != "done")
    ]
    return (rows[-1].id if rows else None), found


def _escaped(word: str) -> str:
    """As it stands in a body that "escape" has written: bytes beyond ASCII as numbers, so that any body is
    text there, and backslashes doubled, so that an escaped letter begins with two."""
    return "".join(chr(byte).lower() if byte < 128 else f"\\{byte:03o}" for byte in word.encode())


_CANDIDATES = text("""
SELECT id, topic, state, received_at, body FROM inbox, LATERAL (
    SELECT lower(encode(body, 'escape')) AS told) AS spelt
WHERE shop_id = :shop AND id > :after AND body <> ''
    AND (position('\\\\u' IN told) > 0 OR EXISTS (
        SELECT FROM unnest(CAST(:words AS text[])) AS w(word) WHERE position(w.word IN told) > 0))
ORDER BY id LIMIT :limit
""")


def is_about(topic: str, raw: bytes, person: Person, *, surely: bool) -> bool:
    """By number or address. A name, a street or a phone number counts too, and an address that is only
    part of another, unless it must be `surely` the person: of what waits nobody else's message is thrown
    away for what two people share or one of them made up."""
    body = _parsed(raw)
    if body is None:
        told = _unescaped(raw)
        numbers = person.numbers
        return _holds(told, person.words) or any(re.search(rf"(?<!\d){one}(?!\d)", told) for one in numbers)
    if _names(body, _kind_of(topic), person):
        return True
    if surely:
        return any(_addresses(one, person.addresses) for one in _texts(body))
    return any(_holds(one, person.words) for one in _texts(body))


def _kind_of(topic: str) -> str:
    """What a body of this topic is, by whose `id` it can be known."""
    noun = re.split(r"[/.]", topic, maxsplit=1)[0].removesuffix("s")
    return noun if noun in _KINDS.values() else ""


def _names(value: Any, kind: str, person: Person) -> bool:
    """Whether the body names one of the person's numbers as what it is."""
    numbers = {
        "order": person.order_ids,
        "customer": person.customer_ids,
        "return": person.return_ids,
    }
    if isinstance(value, list):
        return any(_names(one, kind, person) for one in value)
    if not isinstance(value, dict):
        return False
    for key, one in value.items():
        of = kind if key == "id" else _KEYS.get(key, "")
        if of and str(one) in numbers[of]:
            return True
        gid = _GID.fullmatch(one) if isinstance(one, str) else None
        if gid and gid[2] in numbers[_KINDS[gid[1]]]:
            return True
        if _names(one, _OBJECTS.get(key, ""), person):
            return True
    return False


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)
    elif isinstance(value, dict):
        for key, one in value.items():
            yield key
            yield from _texts(one)


def _holds(told: str, words: tuple[str, ...]) -> bool:
    folded = told.casefold()
    return any(word.casefold() in folded for word in words)


def _addresses(told: str, emails: tuple[str, ...]) -> bool:
    """Whether one of the addresses is there, whole: n@example.com is not in anna@example.com."""
    folded = told.casefold()
    found = (one for one in map(str.casefold, emails) if one in folded)
    return any(re.search(rf"(?<![\w.%+-]){re.escape(one)}(?![\w-]|\.\w)", folded) for one in found)


def _parsed(raw: bytes) -> Any:
    """None where it is no JSON."""
    try:
        return json.loads(raw)
    except (ValueError, RecursionError):
        return None


def _unescaped(raw: bytes) -> str:
    told = raw.decode("utf-8", "replace")
    return _ESCAPE.sub(lambda found: chr(int(found[1], 16)), told).replace("\\/", "/")


def _told(raw: bytes) -> Any:
    body = _parsed(raw)
    return raw.decode("utf-8", "replace") if body is None else body
