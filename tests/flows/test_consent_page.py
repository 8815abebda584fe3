"""The page that tells who is written to says what the table says."""

from __future__ import annotations

from pathlib import Path

from flows.consent import TABLE, Cell, Ground, Kind, Region, State
from flows.holidays import _COUNTRIES

PAGE = (Path(__file__).parents[2] / "docs" / "consent.md").read_text("utf-8")
REGIONS = {
    Region.EUROPE: "Europe (EU, EEA, Switzerland)",
    Region.UNITED_KINGDOM: "United Kingdom",
    Region.UNITED_STATES: "United States",
    Region.CANADA: "Canada",
    Region.OCEANIA: "Australia and New Zealand",
    Region.ELSEWHERE: "Elsewhere",
}
KINDS = {Kind.REVIEW: "review request", Kind.TIPS: "tips", Kind.OFFERS: "offers"}
GROUNDS = {
    Ground.AGREED: "yes",
    Ground.SERVICE: "yes, service",
    Ground.CONSENT: "no",
    Ground.NOT_CONFIRMED: "no",
}
CHOICES = {
    "reviews_as_marketing": "service",
    "tips_as_marketing": "service",
    "told_at_checkout": "told at the checkout",
}
TOLD = (State.SUBSCRIBED, State.NOT_SUBSCRIBED, State.PENDING, State.UNKNOWN)


def cell_in_words(cell: Cell) -> str:
    return ", or ".join([GROUNDS[cell.ground], *(CHOICES[choice] for choice, _ in cell.opened_by)])


def test_the_page_has_every_row_of_the_table() -> None:
    for (region, kind), row in TABLE.items():
        if kind is not Kind.ORDER:
            cells = [REGIONS[region], KINDS[kind], *(cell_in_words(row[state]) for state in TOLD)]
            assert f"| {' | '.join(cells)} |" in PAGE
    assert PAGE.count("\n| ") == len(REGIONS) * len(KINDS) + 1


def test_the_page_names_every_country_whose_holidays_are_known() -> None:
    listed = PAGE.partition("whole country (")[2].partition(";")[0]
    assert set(listed.split()) == set(_COUNTRIES)
