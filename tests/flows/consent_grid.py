"""Who may be written to, in a grid of its own: written by hand from what the law says, for every choice of a
merchant; and people of every region and state, to ask the table about."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from itertools import product
from typing import Any

from flows.commerce import Address, ConsentState
from flows.consent import Ground, Kind, Permission, Region, State, permission
from flows.consent_choices import CAREFUL, ConsentChoices
from flows.facts import Facts, MailClass, Topic
from tests.flows.pictures import SHOP, T0, facts, order, picture

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
europe         review y - ? - u u x
europe         tips   y - ? - u u x
europe         offers y - ? - u u x
united_kingdom order  o o o o o o o
united_kingdom review y - ? - u u x
united_kingdom tips   y - ? - u u x
united_kingdom offers y - ? - u u x
united_states  order  o o o o o o o
united_states  review y s s s u u x
united_states  tips   y s s s u u x
united_states  offers y - ? - u u x
canada         order  o o o o o o o
canada         review y - ? - u u x
canada         tips   y - ? - u u x
canada         offers y - ? - u u x
oceania        order  o o o o o o o
oceania        review y - ? - u u x
oceania        tips   y - ? - u u x
oceania        offers y - ? - u u x
elsewhere      order  o o o o o o o
elsewhere      review y - ? - u u x
elsewhere      tips   y - ? - u u x
elsewhere      offers y - ? - u u x
"""
# What each choice of the merchant opens, and nothing else; what is service by one stays so beside another.
OPENED = {
    "told_at_checkout": """
europe         review y - ? c u u x
europe         tips   y - ? c u u x
europe         offers y - ? c u u x
united_kingdom review y - ? c u u x
united_kingdom tips   y - ? c u u x
united_kingdom offers y - ? c u u x
united_states  offers y - ? c u u x
canada         review y - ? l u u x
canada         tips   y - ? l u u x
canada         offers y - ? l u u x
oceania        review y - ? c u u x
oceania        tips   y - ? c u u x
oceania        offers y - ? c u u x
""",
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
    of = picture(order(shipping_address=Address(city="X", country=COUNTRY[region]), billing_address=None))
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
