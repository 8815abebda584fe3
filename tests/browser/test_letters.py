"""The mails of the past, as the browser tests find them."""

from __future__ import annotations

import pytest

from tests.browser.letters import letter, link, links, target
from tests.browser.past import Past
from tests.stories.conftest import STORES, Road


@pytest.mark.parametrize("shop", list(STORES))
def test_links_are_found_by_their_words_and_by_where_they_lead(road: Road, past: Past, shop: str) -> None:
    mail = letter(road, past.arrived[shop].email, "order_confirmation/confirmation")
    assert len(links(mail)) >= 3
    assert "/t/" in target(link(mail, "/t/"))


@pytest.mark.parametrize("shop", list(STORES))
def test_everything_of_the_four_flows_was_mailed(road: Road, past: Past, shop: str) -> None:
    told = road.steps(past.arrived[shop].email)
    assert told[:3] == ["order_confirmation/confirmation", "shipped/parcel", "delivered/arrived"]
    assert set(told[3:]) >= {"review_request/ask", "review_request/last"}
