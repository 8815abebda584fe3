"""Which key seals what is stored of shops (their secrets, exports of personal data), and sealing it anew
under the newest one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import text

from app.db import Database, Session
from app.keys import BadSeal, Keys
from app.queries.shops import all_shops

BATCH = 100
UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Resealed:
    """`lost`: domains of shops whose secrets none of the keys opens; they have to connect again."""

    sealed: int
    already: int
    lost: tuple[str, ...]


def seals(database: Database, keys: Keys) -> Counter[str]:
    """How many entries each key seals, by the key's id; UNKNOWN: none of ours."""
    held: Counter[str] = Counter()
    for shops in _batches(database):
        with database.shops(*shops) as session:
            rows = session.execute(
                text("SELECT shop_id, sealed, sealed_with FROM shop_secrets WHERE shop_id = any(:ids)"),
                {"ids": list(shops)},
            ).all()
            exports = session.execute(_EXPORTS, {"ids": list(shops)}).all()
            others = [row for one in _OTHERS for row in session.execute(one, {"ids": list(shops)}).all()]
        held.update(row.sealed_with or _found(keys, row.shop_id, bytes(row.sealed)) for row in rows)
        held.update(_found(keys, row.shop_id, bytes(row.export)) for row in exports)
        held.update(_found(keys, row.shop_id, bytes(row.sealed)) for row in others)
    return held


def reseal(database: Database, keys: Keys) -> Iterator[Resealed]:
    """Seals every row under the newest key, batch by batch, each in its own commit; whatever happens between
    two of them, the next run goes on. Each row is locked, so that a token that is renewed meanwhile stays."""
    for shops in _batches(database):
        sealed, already = 0, 0
        lost: list[str] = []
        with database.shops(*shops) as session:
            rows = session.execute(
                text(
                    "SELECT shop_id, sealed, sealed_with FROM shop_secrets WHERE shop_id = any(:ids)"
                    " ORDER BY shop_id FOR UPDATE"
                ),
                {"ids": list(shops)},
            ).all()
            for row in rows:
                if row.sealed_with == keys.ids[0]:
                    already += 1
                    continue
                try:
                    values = keys.unseal(row.shop_id, bytes(row.sealed))
                except BadSeal:
                    lost.append(shops[row.shop_id])
                    continue
                session.execute(
                    text("UPDATE shop_secrets SET sealed = :sealed, sealed_with = :with WHERE shop_id = :id"),
                    {"sealed": keys.seal(row.shop_id, values), "with": keys.ids[0], "id": row.shop_id},
                )
                sealed += 1
            sealed += _reseal_exports(session, keys, list(shops)) + _reseal_others(session, keys, list(shops))
        yield Resealed(sealed, already, tuple(lost))


def _reseal_exports(session: Session, keys: Keys, shop_ids: Sequence[int]) -> int:
    """They live for some weeks; one that cannot be opened is made anew on demand."""
    done = 0
    for row in session.execute(_EXPORTS, {"ids": shop_ids}).all():
        if _found(keys, row.shop_id, bytes(row.export)) in keys.ids[1:]:
            anew = keys.seal(row.shop_id, keys.unseal(row.shop_id, bytes(row.export)))
            session.execute(
                text(
                    "UPDATE privacy_requests SET export = :anew"
                    " WHERE id = :id AND shop_id = :shop AND export = :export"
                ),
                {"anew": anew, "id": row.id, "shop": row.shop_id, "export": row.export},
            )
            done += 1
    return done


def _reseal_others(session: Session, keys: Keys, shop_ids: Sequence[int]) -> int:
    """What one key has sealed that nothing opens is left: its page says what to do."""
    done = 0
    for sealed, update in _OTHERS.items():
        for row in session.execute(sealed, {"ids": shop_ids}).all():
            if _found(keys, row.shop_id, bytes(row.sealed)) in keys.ids[1:]:
                anew = keys.seal(row.shop_id, keys.unseal(row.shop_id, bytes(row.sealed)))
                session.execute(update, {"anew": anew, "shop": row.shop_id, "sealed": row.sealed})
                done += 1
    return done


def unneeded(keys: Keys, held: Counter[str]) -> Sequence[str]:
    """Ids of older keys that no row needs any more."""
    return [] if held[UNKNOWN] else [one for one in keys.ids[1:] if not held[one]]


def _batches(database: Database) -> Iterator[dict[int, str]]:
    with database.nobody() as session:
        shops = {row.id: row.domain for row in all_shops(session)}
    ids = list(shops)
    for start in range(0, len(ids), BATCH):
        yield {one: shops[one] for one in ids[start : start + BATCH]}


def _found(keys: Keys, shop_id: int, sealed: bytes) -> str:
    """Of a row from before keys had names."""
    for name, key in zip(keys.ids, keys.encryption, strict=True):
        try:
            replace(keys, encryption=(key,)).unseal(shop_id, sealed)
        except BadSeal:
            continue
        return name
    return UNKNOWN


_EXPORTS = text(
    "SELECT id, shop_id, export FROM privacy_requests WHERE shop_id = any(:ids) AND export IS NOT NULL"
)
# One sealed value a shop: how it is read, and how it is sealed anew if nobody else did meanwhile.
_OTHERS = {
    text("SELECT shop_id, sealed_key AS sealed FROM sending_domains WHERE shop_id = any(:ids)"): text(
        "UPDATE sending_domains SET sealed_key = :anew WHERE shop_id = :shop AND sealed_key = :sealed"
    ),
    text("SELECT shop_id, sealed FROM mail_accounts WHERE shop_id = any(:ids)"): text(
        "UPDATE mail_accounts SET sealed = :anew WHERE shop_id = :shop AND sealed = :sealed"
    ),
}
