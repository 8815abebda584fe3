"""What the audit of a shop's decisions says in words, beside its table."""

from __future__ import annotations

from collections.abc import Mapping

from app.queries.review_audit import FIVES, Audit

LOW, HIGH = (1, 2), (4, 5)


def rows(audit: Audit) -> list[tuple[int, int, int, int]]:
    """Five stars first: published, kept back unseen, taken down after publication."""
    return [
        (star, audit.published[star], audit.kept_back[star], audit.taken_down[star])
        for star in (5, 4, 3, 2, 1)
    ]


def sentences(audit: Audit) -> list[str]:
    if not (sum(audit.published.values()) or audit.kept_in_all or sum(audit.taken_down.values())):
        return ["Nothing is decided yet."]
    return [said for said in (_kept(audit), _down(audit)) if said]


def _kept(audit: Audit) -> str:
    told = sum(audit.kept_back.values())
    said = f"Kept back before anybody saw the stars: {audit.kept_in_all}"
    if told == audit.kept_in_all:
        return f"{said}{f', of them {_split(audit.kept_back)}' if told else ''}."
    return (
        f"{said}, in the table {told or 'none yet'}. They are added {FIVES} at a time,"
        " or each would tell its own stars."
    )


def _down(audit: Audit) -> str:
    if not sum(audit.taken_down.values()):
        return ""
    said = f"Taken down after publication: {_split(audit.taken_down)}."
    return f"{said} They lean to low stars{_beside(audit.published)}." if leans_low(audit) else said


def leans_low(audit: Audit) -> bool:
    """Whether low ratings make up more of what was taken down than of what is public (half, where nothing
    is)."""
    return _low_share(audit.taken_down, 0) > _low_share(audit.published, 0.5)


def _low_share(counts: Mapping[int, int], of_none: float) -> float:
    low, high = _sum(counts, LOW), _sum(counts, HIGH)
    return low / (low + high) if low + high else of_none


def _split(counts: Mapping[int, int]) -> str:
    return f"{_sum(counts, LOW)} with 1 or 2 stars, {counts[3]} with 3, {_sum(counts, HIGH)} with 4 or 5"


def _beside(counts: Mapping[int, int]) -> str:
    low, high = _sum(counts, LOW), _sum(counts, HIGH)
    return f"; published are {low} with 1 or 2 and {high} with 4 or 5" if low + high else ""


def _sum(counts: Mapping[int, int], stars: tuple[int, ...]) -> int:
    return sum(counts[star] for star in stars)
