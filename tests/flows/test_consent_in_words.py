"""What the law says, sentence by sentence, of every cell and every choice; and whose law it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise, product

import pytest

from flows.commerce import Address
from flows.consent import STRICTER, Ground, Kind, Permission, Region, State, permission, region_of
from flows.consent_choices import CAREFUL, ConsentChoices, choices_from, choices_to
from tests.flows.consent_grid import ALL_CHOICES, CLASS, GRID, Key, ask, grid, person
from tests.flows.pictures import SHOP, T0, facts, order, picture

YEAR = timedelta(days=365)


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


def test_who_was_never_asked_hears_nothing_but_of_the_order_where_nobody_told_them_how_to_say_no() -> None:
    for region, kind in product(Region, (Kind.REVIEW, Kind.TIPS, Kind.OFFERS)):
        free = region is Region.UNITED_STATES and kind is not Kind.OFFERS
        assert ask((region, kind, State.UNKNOWN)).allowed is free
        told = ask((region, kind, State.UNKNOWN), ConsentChoices(told_at_checkout=True))
        assert told.allowed is (region is not Region.ELSEWHERE)
        assert not told.allowed or told.ground is not Ground.SERVICE or free


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
    told = ConsentChoices(told_at_checkout=True)
    for kind in (Kind.REVIEW, Kind.TIPS, Kind.OFFERS):
        seen = person(Region.CANADA, State.UNKNOWN, told)
        assert permission(*CLASS[kind], seen, T0 + 2 * YEAR).allowed
        assert permission(*CLASS[kind], seen, T0 + 2 * YEAR + timedelta(seconds=1)).ground is Ground.LAPSED
        assert permission(*CLASS[kind], person(Region.CANADA, State.SUBSCRIBED), T0 + 9 * YEAR).allowed
        assert permission(*CLASS[kind], person(Region.EUROPE, State.UNKNOWN, told), T0 + 9 * YEAR).allowed


HERE, THERE, NOWHERE = Address(country="DE"), Address(country="us"), Address(city="X")


@pytest.mark.parametrize(
    ("shipping", "billing", "wanted"),
    [
        (HERE, THERE, Region.EUROPE),
        (THERE, HERE, Region.EUROPE),
        (HERE, None, Region.EUROPE),
        (NOWHERE, THERE, Region.UNITED_STATES),
        (THERE, NOWHERE, Region.UNITED_STATES),
        (None, THERE, Region.UNITED_STATES),
        (Address(country=" ca "), THERE, Region.CANADA),
        (Address(country="Atlantis"), THERE, Region.ELSEWHERE),
        (Address(country="GG"), None, Region.UNITED_KINGDOM),
        (Address(country="CH"), THERE, Region.EUROPE),
        (Address(country="RU"), HERE, Region.ELSEWHERE),
        (None, None, Region.ELSEWHERE),
        (NOWHERE, Address(country=" "), Region.ELSEWHERE),
    ],
)
@pytest.mark.parametrize("gift", [False, True])
@pytest.mark.parametrize("shop", ["US", "DE", ""])
def test_whose_law_it_is(
    shipping: Address | None, billing: Address | None, wanted: Region, gift: bool, shop: str
) -> None:
    """The stricter of both addresses; the shop's own country tells nothing of who buys there."""
    of = order(shipping_address=shipping, billing_address=billing, is_gift=gift)
    assert region_of(facts(picture(of), shop=replace(SHOP, country=shop))) is wanted


def test_a_stricter_region_lets_nothing_go_that_another_stops() -> None:
    assert set(STRICTER) == set(Region)
    for (looser, stricter), kind, state in product(pairwise(STRICTER), Kind, State):
        for choices in ALL_CHOICES:
            if ask((stricter, kind, state), choices).allowed:
                assert ask((looser, kind, state), choices).allowed


def test_choices_are_kept_where_they_differ_from_the_careful_side() -> None:
    assert choices_to(CAREFUL) == {}
    for choices in ALL_CHOICES:
        assert choices_from(choices_to(choices)) == choices
    broken = {"double_opt_in": "yes", "told_at_checkout": None, "other": True}
    assert choices_from(broken) == CAREFUL
