"""Real orders through every flow: two years of a gift shop, and a marketplace's with real days of arrival.

`make proof` alone, with DOORSTEP_OLIST and DOORSTEP_UCI naming the folders (as `benchmarks.real_rows` reads
them). Where one names none, nothing is proven and the test fails.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from benchmarks.real_rows import folder_named
from flows.memory import Past
from flows.rehearsal import rehearse
from tests.proof import Figure
from tests.replays import olist, uci
from tests.replays.promises import at, keep, per_week
from tests.replays.shoppers import rules

LATER = timedelta(days=400)
"""After the last order: by then every flow has had its say."""


def silent(people: Iterable[list[Past]]) -> Iterator[list[Past]]:
    """Nobody writes a review by themselves, so everybody is asked all three times."""
    for theirs in people:
        yield [replace(past, told=(), facts=replace(past.facts, reviewed_products={})) for past in theirs]


def replayed(people: Iterable[list[Past]], since: datetime, figure: Figure) -> Counter[str]:
    """Every promise is kept to everybody. Returns the mails by flow."""
    flows: Counter[str] = Counter()
    weeks: Counter[int] = Counter()
    orders = shoppers = 0
    for theirs in people:
        until = max(past.facts.picture.order.placed_at for past in theirs) + LATER
        mails = rehearse(rules(since), theirs, until).mails
        keep(theirs, mails)
        sent = [mail for mail in mails if mail.sent_at is not None]
        assert all(at(mail) >= since for mail in sent)
        flows.update(mail.flow for mail in sent)
        weeks.update(per_week(sent, since).values())
        orders, shoppers = orders + len(theirs), shoppers + 1
    figure("orders", orders)
    figure("shoppers", shoppers)
    for flow, number in flows.most_common():
        figure(flow, number)
    for number, of in sorted(weeks.items()):
        figure(f"weeks of a shopper with {number} mails", of)
    return flows


Shop = tuple[str, Callable[[Path], Iterator[list[Past]]], datetime]
SHOPS: dict[str, Shop] = {
    "olist": ("DOORSTEP_OLIST", olist.people, olist.SINCE),
    "olist, nobody answers": ("DOORSTEP_OLIST", lambda folder: silent(olist.people(folder)), olist.SINCE),
    "uci": ("DOORSTEP_UCI", uci.people, uci.SINCE),
}


@pytest.mark.proof
@pytest.mark.parametrize("shop", SHOPS)
@pytest.mark.timeout(3600)
def test_every_promise_is_kept_to_real_people(shop: str, figure: Figure) -> None:
    variable, people, since = SHOPS[shop]
    flows = replayed(people(folder_named(variable)), since, figure)
    assert len(flows) >= 15, flows
