"""The gate finds nothing in any mail that we ship: every language, every kind of order, both subjects."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest

from emails.i18n import languages
from emails.linting.findings import findings
from emails.render import render, template_names
from tests.emails import cases
from tests.emails.linting.mails import CLASS_OF, ORDERS, to_whoever_may_leave
from tests.proof import FULL, Count

TEMPLATES = tuple(cases.STATES)
SUBJECTS = (False, True)
Chosen = tuple[int, str, bool]


def chosen_for(template: str, language: str) -> list[Chosen]:
    """States, orders and subjects. All of them in proof; else each state once, with an order and a subject
    that go round, so that over the languages each mail meets each order and each subject."""
    states = range(len(cases.STATES[template]))
    if FULL:
        return list(product(states, ORDERS, SUBJECTS))
    turn = TEMPLATES.index(template) + languages().index(language)
    orders = tuple(ORDERS)
    return [
        (state, orders[(turn + state) % len(orders)], bool((turn + state) % len(SUBJECTS)))
        for state in states
    ]


@pytest.mark.parametrize("template", TEMPLATES)
def test_nothing_is_found(template: str, count: Count) -> None:
    states, mail_class = cases.STATES[template], CLASS_OF[template]
    chosen = [(language, one) for language in languages() for one in chosen_for(template, language)]
    each = len(states) * len(languages())
    assert len(chosen) == count(each, each * len(ORDERS) * len(SUBJECTS))
    for language, (state, order, second) in chosen:
        context = to_whoever_may_leave(states[state](ORDERS[order]()), mail_class)
        mail = render(template, replace(context, second_subject=second), language)
        found = findings(mail, language=language, mail_class=mail_class)
        assert found == (), (language, state, order, second)


def test_every_mail_is_looked_at() -> None:
    assert set(template_names()) == set(TEMPLATES) == set(CLASS_OF)
    if len(languages()) >= len(ORDERS):
        for template in TEMPLATES:
            met = {order for language in languages() for _, order, _ in chosen_for(template, language)}
            assert met == set(ORDERS)
