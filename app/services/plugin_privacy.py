"""Demands by law that come through WordPress's own tools for them.

Who asks what is held of them is answered at once, and the demand is met like any other besides: what came in
from the store as it came is gathered by the job, because that takes its time. A person to be forgotten is a
demand like any other, too.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from app.db import Database
from app.keys import Keys
from app.services.export import gather
from app.services.privacy import hear
from connectors.news import PrivacyAsk, PrivacyKind

Named = dict[str, str]
Group = dict[str, Any]

# Bytes; the plugin reads no more than a million.
LARGEST = 900_000
# Under these headings `gather` says what the whole thing is; all others hold what we know of the person.
_ABOUT = ("about", "shop", "made_at", "what this is")
_REST = {
    "title": "the rest",
    "items": [
        [
            {
                "name": "where",
                "value": "Everything, with what the shop's platform sent as it came, is on the page"
                " Privacy of Doorstep within minutes, for 30 days.",
            }
        ]
    ],
}


def tell_person(
    database: Database, keys: Keys, shop_id: int, email: str, ask_key: str, real: datetime
) -> list[Group]:
    """What we hold, as WordPress's exporter takes it; nothing where there is nothing. `ask_key` names this
    demand, so that a repeat is no second."""
    ask = PrivacyAsk(PrivacyKind.EXPORT, ask_key, email=email)
    with database.shops(shop_id) as session:
        told = json.loads(gather(session, keys, shop_id, ask, real, deliveries=False))
        hear(session, [(shop_id, ask)], real)
    return groups_of(told)


def ask_to_forget(database: Database, keys: Keys, shop_id: int, email: str, real: datetime) -> None:
    """Asking twice before it is done is one demand. The key tells of nobody."""
    key = f"wordpress:{keys.address_hash(shop_id, f'forget {email}')}"
    with database.shops(shop_id) as session:
        hear(session, [(shop_id, PrivacyAsk(PrivacyKind.FORGET_PERSON, key, email=email))], real)


def groups_of(told: Mapping[str, Any]) -> list[Group]:
    """One group a heading; one item a row, its values by their names."""
    found = {heading: rows for heading, rows in told.items() if heading not in _ABOUT}
    if not found:
        return []
    about = {name: told[name] for name in _ABOUT if name in told}
    groups = [
        {"title": heading, "items": [list(_named(row)) for row in rows]}
        for heading, rows in [("what this is", [about]), *found.items()]
    ]
    return [*_that_fit(groups), _REST]


def _that_fit(groups: Sequence[Group]) -> Iterator[Group]:
    room = LARGEST
    for group in groups:
        room -= len(json.dumps(group))
        if room < 0:
            return
        yield group


def _named(value: Any, name: str = "") -> Iterator[Named]:
    """Every value within, with the path that leads to it as its name; what is empty is left out."""
    if isinstance(value, Mapping):
        for key, one in value.items():
            yield from _named(one, f"{name}, {_plain(key)}" if name else _plain(key))
    elif isinstance(value, list) and any(isinstance(one, Mapping | list) for one in value):
        for number, one in enumerate(value, 1):
            yield from _named(one, f"{name} {number}")
    elif isinstance(value, list):
        if value:
            yield {"name": name, "value": ", ".join(map(_said, value))}
    elif value is not None and value != "":
        yield {"name": name, "value": _said(value)}


def _plain(key: Any) -> str:
    return str(key).replace("_", " ")


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)
