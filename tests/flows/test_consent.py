"""Who may be written to: every cell of the table, for every choice of a merchant, against a grid of its own.

The grid is written by hand from what the law says; a cell of the table that is changed or taken out must
make exactly its own comparison fail.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from functools import cache
from itertools import product
from typing import Any

import pytest

from flows import consent
from flows.commerce import Address, ConsentState
from flows.consent import ALLOWS, TABLE, Cell, Ground, Kind, Permission, Region, State, permission, region_of
from flows.consent_choices import CAREFUL, ConsentChoices, choices_from, choices_to
from flows.facts import Facts, MailClass, Topic
from flows.flow import Flow
from flows.guards import rule_on
from flows.journey import Verdict
from flows.steps import Send
from tests.flows.pictures import SHOP, T0, facts, order, picture
from tests.flows.test_flow import flow as a_flow

YEAR = timedelta(days=365)
STATES = (
    State.SUBSCRIBED,
    State.NOT_SUBSCRIBED,
    State.PENDING,
    State.UNKNOWN,
    State.UNSUBSCRIBED,
    State.REDACTED,
    State.INVALID,
)
WORDS = {
    "o": Ground.ORDER,
    "y": Ground.AGREED,
    "s": Ground.SERVICE,
    "c": Ground.CUSTOMER,
    "l": Ground.LATELY,
    "-": Ground.CONSENT,
    "?": Ground.NOT_CONFIRMED,
    "u": Ground.LEFT,
    "x": Ground.BAD_ADDRESS,
}
# In the order of STATES: said yes, did not, has yet to confirm, never asked, left, erased, bad address.
GRID = """
europe         order  o o o o o o o
europe         review y - ? c u u x
europe         tips   y - ? c u u x
europe         offers y - ? - u u x
united_kingdom order  o o o o o o o
united_kingdom review y - ? c u u x
united_kingdom tips   y - ? c u u x
united_kingdom offers y - ? - u u x
united_states  order  o o o o o o o
united_states  review y s s s u u x
united_states  tips   y s s s u u x
united_states  offers y - ? - u u x
canada         order  o o o o o o o
canada         review y - ? l u u x
canada         tips   y - ? l u u x
canada         offers y - ? - u u x
oceania        order  o o o o o o o
oceania        review y - ? c u u x
oceania        tips   y - ? c u u x
oceania        offers y - ? - u u x
elsewhere      order  o o o o o o o
elsewhere      review y - ? - u u x
elsewhere      tips   y - ? - u u x
elsewhere      offers y - ? - u u x
"""
# What each choice of the merchant opens, and nothing else.
OPENED = {
    "reviews_as_marketing": """
europe         review y s s s u u x
united_kingdom review y s s s u u x
canada         review y s s s u u x
oceania        review y s s s u u x
""",
    "tips_as_marketing": """
europe         tips   y s s s u u x
united_kingdom tips   y s s s u u x
canada         tips   y s s s u u x
oceania        tips   y s s s u u x
""",
    "told_at_checkout": """
europe         offers y - ? c u u x
united_kingdom offers y - ? c u u x
united_states  offers y - ? c u u x
canada         offers y - ? l u u x
oceania        offers y - ? c u u x
""",
}
COUNTRY = {
    Region.EUROPE: "DE",
    Region.UNITED_KINGDOM: "GB",
    Region.UNITED_STATES: "US",
    Region.CANADA: "CA",
    Region.OCEANIA: "NZ",
    Region.ELSEWHERE: "BR",
}
CLASS = {
    Kind.ORDER: (MailClass.TRANSACTIONAL, None),
    Kind.REVIEW: (MailClass.SERVICE, Topic.REVIEWS),
    Kind.TIPS: (MailClass.SERVICE, Topic.TIPS),
    Kind.OFFERS: (MailClass.MARKETING, Topic.OFFERS),
}
Key = tuple[Region, Kind, State]


@cache
def grid(text: str) -> dict[Key, Ground]:
    found = {}
    for line in text.split("\n"):
        if line.strip():
            region, kind, *letters = line.split()
            assert len(letters) == len(STATES)
            for state, letter in zip(STATES, letters, strict=True):
                found[Region(region), Kind(kind), state] = WORDS[letter]
    return found


@cache
def expected(choices: ConsentChoices) -> dict[Key, Ground]:
    found = dict(grid(GRID))
    for choice, text in OPENED.items():
        if getattr(choices, choice) is not getattr(CAREFUL, choice):
            found |= grid(text)
    return found


def person(region: Region, state: State, choices: ConsentChoices = CAREFUL, **other: Any) -> Facts:
    of = picture(order(shipping_address=Address(city="X", country=COUNTRY[region])))
    known = None if state is State.UNKNOWN else ConsentState(state.value)
    values: dict[str, Any] = {"shop": replace(SHOP, consent_choices=choices), "consent": known}
    return facts(of, **{**values, **other})


PEOPLE = cache(person)


def ask(key: Key, choices: ConsentChoices = CAREFUL) -> Permission:
    region, kind, state = key
    return permission(*CLASS[kind], PEOPLE(region, state, choices), T0)


def differences(choices: ConsentChoices = CAREFUL, within: Region | None = None) -> set[Key]:
    """Cells that answer otherwise than the grid, or not at all."""
    wrong = set()
    for key, ground in expected(choices).items():
        if within not in (None, key[0]):
            continue
        try:
            agrees = ask(key, choices).ground is ground
        except KeyError:
            agrees = False
        if not agrees:
            wrong.add(key)
    return wrong


ALL_CHOICES = [
    ConsentChoices(reviews_as_marketing=reviews, tips_as_marketing=tips, told_at_checkout=told)
    for reviews, tips, told in product((True, False), repeat=3)
]


@pytest.mark.parametrize("choices", ALL_CHOICES, ids=str)
def test_every_cell_is_as_the_law_says(choices: ConsentChoices) -> None:
    assert differences(choices) == set()


def test_the_grid_has_every_cell() -> None:
    assert set(grid(GRID)) == set(product(Region, Kind, State))
    assert len(grid(GRID)) == 168
    assert set(TABLE) == set(product(Region, Kind))
    for row in TABLE.values():
        assert set(row) == set(State)


def _tables_without(key: Key) -> Iterator[Mapping[tuple[Region, Kind], Mapping[State, Cell]]]:
    """The table with one cell taken out, turned the other way round, or no longer open to a choice."""
    region, kind, state = key
    row = TABLE[region, kind]
    cell = row[state]
    other = Ground.CONSENT if cell.ground in ALLOWS else Ground.AGREED
    for changed in (None, replace(cell, ground=other), replace(cell, opened_by=None)):
        if changed == cell:
            continue
        cells = {one: held for one, held in row.items() if one is not state}
        yield {**TABLE, (region, kind): cells if changed is None else {**cells, state: changed}}


def test_a_cell_that_is_changed_fails_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    changes = 0
    for key in grid(GRID):
        for table in _tables_without(key):
            monkeypatch.setattr(consent, "TABLE", table)
            assert set().union(*(differences(choices, key[0]) for choices in ALL_CHOICES)) == {key}
            changes += 1
    assert changes > 168 * 2


def test_a_row_that_is_taken_out_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    for row in TABLE:
        monkeypatch.setattr(consent, "TABLE", {key: held for key, held in TABLE.items() if key != row})
        assert differences() == {(*row, state) for state in State}


def probe(kind: Kind) -> Flow:
    mail_class, topic = CLASS[kind]
    return replace(a_flow(Send("ask", "hello/ask", late_hours=12)), mail_class=mail_class, topic=topic)


@pytest.mark.parametrize("choices", ALL_CHOICES, ids=str)
def test_the_guards_go_by_the_table(choices: ConsentChoices) -> None:
    for key, ground in expected(choices).items():
        region, kind, state = key
        ruling = rule_on(probe(kind), "ask", T0, T0 + YEAR, person(region, state, choices), T0)
        assert (ruling.verdict is Verdict.ALLOW) is (ground in ALLOWS), key
        assert ruling.reason == (None if ground in ALLOWS else ground.value), key


# What the law's paper says, sentence by sentence, of every cell and choice.


def cells() -> Iterator[tuple[Key, ConsentChoices, Permission]]:
    for choices in ALL_CHOICES:
        for key in grid(GRID):
            yield key, choices, ask(key, choices)


def test_a_mail_about_the_order_needs_no_consent() -> None:
    assert all(given.allowed for (_, kind, _), _, given in cells() if kind is Kind.ORDER)


def test_only_a_yes_passes_for_marketing_but_on_terms_that_were_told() -> None:
    for (_, kind, state), choices, given in cells():
        if kind is Kind.OFFERS and given.allowed:
            assert state is State.SUBSCRIBED or (state is State.UNKNOWN and choices.told_at_checkout)


def test_unfinished_double_opt_in_is_a_no_and_leaving_beats_everything() -> None:
    for (_, kind, state), _, given in cells():
        if kind is Kind.OFFERS:
            assert not (state is State.PENDING and given.allowed)
        if kind is not Kind.ORDER and state in (State.UNSUBSCRIBED, State.REDACTED):
            assert given.ground is Ground.LEFT


def test_service_that_asks_is_marketing_in_europe_the_united_kingdom_and_canada() -> None:
    for region, kind in product(
        (Region.EUROPE, Region.UNITED_KINGDOM, Region.CANADA), (Kind.REVIEW, Kind.TIPS)
    ):
        assert not ask((region, kind, State.NOT_SUBSCRIBED)).allowed
        assert ask((region, kind, State.SUBSCRIBED)).allowed


def test_of_an_unknown_region_the_strictest_counts() -> None:
    for kind, state in product(Kind, State):
        if ask((Region.ELSEWHERE, kind, state)).allowed:
            assert all(ask((region, kind, state)).allowed for region in Region)


def test_a_choice_opens_and_never_closes() -> None:
    for key, _, given in cells():
        assert given.allowed or not ask(key).allowed


def test_where_a_yes_must_be_confirmed_one_that_was_not_is_pending() -> None:
    strict = ConsentChoices(double_opt_in=True)
    for region, kind in product(Region, Kind):
        unsure = person(region, State.SUBSCRIBED, strict)
        sure = person(region, State.SUBSCRIBED, strict, consent_confirmed=True)
        given = permission(*CLASS[kind], unsure, T0)
        assert given.ground is ask((region, kind, State.PENDING)).ground
        assert permission(*CLASS[kind], sure, T0).allowed
    assert permission(*CLASS[Kind.OFFERS], person(Region.EUROPE, State.SUBSCRIBED), T0).allowed


def test_a_purchase_stands_for_consent_in_canada_for_two_years() -> None:
    for kind in (Kind.REVIEW, Kind.TIPS):
        seen = person(Region.CANADA, State.UNKNOWN)
        assert permission(*CLASS[kind], seen, T0 + 2 * YEAR).allowed
        assert permission(*CLASS[kind], seen, T0 + 2 * YEAR + timedelta(seconds=1)).ground is Ground.LAPSED
        assert permission(*CLASS[kind], person(Region.CANADA, State.SUBSCRIBED), T0 + 9 * YEAR).allowed
        assert permission(*CLASS[kind], person(Region.EUROPE, State.UNKNOWN), T0 + 9 * YEAR).allowed


HERE, THERE, NOWHERE = Address(country="DE"), Address(country="us"), Address(city="X")


@pytest.mark.parametrize(
    ("shipping", "billing", "gift", "shop", "wanted"),
    [
        (HERE, THERE, False, "CA", Region.EUROPE),
        (HERE, THERE, True, "CA", Region.UNITED_STATES),
        (HERE, None, True, "CA", Region.EUROPE),
        (NOWHERE, THERE, False, "CA", Region.UNITED_STATES),
        (None, THERE, False, "CA", Region.UNITED_STATES),
        (None, None, False, "CA", Region.CANADA),
        (NOWHERE, NOWHERE, False, " ca ", Region.CANADA),
        (None, None, False, "", Region.ELSEWHERE),
        (Address(country="Atlantis"), None, False, "US", Region.ELSEWHERE),
        (Address(country="GG"), None, False, "US", Region.UNITED_KINGDOM),
        (Address(country="CH"), None, False, "US", Region.EUROPE),
        (Address(country="RU"), None, False, "US", Region.ELSEWHERE),
    ],
)
def test_whose_law_it_is(
    shipping: Address | None, billing: Address | None, gift: bool, shop: str, wanted: Region
) -> None:
    of = order(shipping_address=shipping, billing_address=billing, is_gift=gift)
    assert region_of(facts(picture(of), shop=replace(SHOP, country=shop))) is wanted


def test_choices_are_kept_where_they_differ_from_the_careful_side() -> None:
    assert choices_to(CAREFUL) == {}
    for choices in ALL_CHOICES:
        assert choices_from(choices_to(choices)) == choices
    broken = {"double_opt_in": "yes", "told_at_checkout": None, "other": True}
    assert choices_from(broken) == CAREFUL
