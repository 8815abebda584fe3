"""Months of a shop through every flow: what a shopper gets, and what nobody ever gets."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from random import Random

from flows.memory import Past
from flows.rehearsal import rehearse
from flows.rehearsed import Rehearsed
from tests.app.desk import START
from tests.flows.past_orders import RULES, people
from tests.proof import Count, Figure
from tests.replays.promises import keep, per_week

UNTIL = START + timedelta(days=200)
Lived = tuple[list[Past], list[Rehearsed]]


def test_months_of_every_flow_keep_every_promise(count: Count, figure: Figure) -> None:
    weeks: Counter[int] = Counter()
    flows: Counter[str] = Counter()
    total = 0
    for theirs, mails in lives(count(400, 20_000)):
        sent = [mail for mail in mails if mail.sent_at is not None]
        total += len(sent)
        flows.update(mail.flow for mail in sent)
        keep(theirs, mails)
        weeks.update(per_week(sent, START).values())
    assert len(flows) >= 17, flows
    figure("mails", total)
    for number, people_weeks in sorted(weeks.items()):
        figure(f"weeks of a person with {number} mails", people_weeks)


def test_the_same_past_is_the_same_future() -> None:
    assert [mails for _, mails in lives(40)] == [mails for _, mails in lives(40)]


def lives(orders: int, seed: int = 11) -> Iterator[Lived]:
    for theirs in people(Random(seed), orders):
        yield theirs, rehearse(RULES, theirs, UNTIL).mails
