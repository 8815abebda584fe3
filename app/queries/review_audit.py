"""How a shop decided, by stars: whoever keeps reviews back by their rating shows here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import text

from app.db import Session
from app.queries.reviews import by_star

# Decisions on reviews that nobody has seen are told by stars in whole fives only: one at a time, the
# table would tell the stars of the review that was just kept back and can be published after all.
FIVES = 5


@dataclass(frozen=True, slots=True)
class Audit:
    """`published`: what is public now. `kept_back` and `taken_down`: decisions, also where the review was
    published later or rewritten, each under the stars of its time. `kept_back` lacks the youngest, up to
    the next whole five; `kept_in_all` counts them too."""

    published: Mapping[int, int]
    kept_back: Mapping[int, int]
    kept_in_all: int
    taken_down: Mapping[int, int]


def load_audit(session: Session, shop_id: int) -> Audit:
    published = session.execute(
        text(
            "SELECT stars, count(*) AS n FROM reviews WHERE shop_id = :shop AND state = 'published'"
            " GROUP BY stars"
        ),
        {"shop": shop_id},
    )
    decided = session.execute(
        text(
            "SELECT decision, stars, count(*) AS n, count(*) FILTER (WHERE place <= whole - whole % :fives)"
            " AS told FROM (SELECT decision, stars, row_number() OVER (PARTITION BY decision ORDER BY id)"
            " AS place, count(*) OVER (PARTITION BY decision) AS whole FROM review_decisions"
            " WHERE shop_id = :shop AND decision IN ('kept_back', 'taken_down')) d GROUP BY decision, stars"
        ),
        {"shop": shop_id, "fives": FIVES},
    ).all()
    kept = [row for row in decided if row.decision == "kept_back"]
    down = [row for row in decided if row.decision == "taken_down"]
    return Audit(
        published=by_star((row.stars, row.n) for row in published),
        kept_back=by_star((row.stars, row.told) for row in kept),
        kept_in_all=sum(row.n for row in kept),
        taken_down=by_star((row.stars, row.n) for row in down),
    )
