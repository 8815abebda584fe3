"""Where a long reading stands: the small text that is kept between two pages, and all that is."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """`operation`: the bulk operation whose file is read, from byte `at` on; `done` entries of it are
    through, the last one made at `last`. `looks`: how often we looked while it ran, `shut`: how often its
    file did not open, `begun`: how many operations were begun. `listed` (the cursor of a listing, "" for its
    beginning): the file is not to be had, entries are listed instead."""

    operation: str = ""
    at: int = 0
    done: int = 0
    last: str = ""
    looks: int = 0
    begun: int = 0
    shut: int = 0
    listed: str | None = None

    def __str__(self) -> str:
        kept = {name: value for name, value in asdict(self).items() if value not in ("", 0, None)}
        return json.dumps(kept if self.listed is None else {**kept, "listed": self.listed})


def place_in(cursor: str | None) -> Place:
    """None is the beginning. A cursor that is no place of ours is one of a plain listing."""
    if cursor is None:
        return Place()
    try:
        return Place(**json.loads(cursor))
    except (ValueError, TypeError):
        return Place(listed=cursor)
