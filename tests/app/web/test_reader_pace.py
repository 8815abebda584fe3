"""How often offers come, and breaks: chosen on the page of preferences, at once."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest

from flows.commerce import ConsentState
from tests.app.web.conftest import Site
from tests.app.web.test_preferences import mails, subscribe

HOUR = timedelta(hours=1)


def paces(site: Site) -> list[tuple[int, Any]]:
    return [(row.offer_days, row.break_until) for row in site.rows("SELECT * FROM reader_paces")]


def test_how_often_offers_come_is_chosen_at_once(site: Site) -> None:
    page = mails(site)
    subscribe(site, ConsentState.SUBSCRIBED)
    shown = site.client.get(page).text
    assert 'value="14" aria-pressed="false"' in shown and 'value="0" aria-pressed="true"' in shown
    answer = site.client.post(page, data={"offer_days": "14"})
    assert answer.status_code == 200
    assert "From now on one offer in two weeks at most." in answer.text
    assert 'value="14" aria-pressed="true"' in answer.text
    assert paces(site) == [(14, None)]
    assert site.client.post(page, data={"offer_days": "0"}).status_code == 200
    assert paces(site) == [(0, None)]


def test_a_break_has_a_day_and_an_end(site: Site) -> None:
    page = mails(site)
    answer = site.client.post(page, data={"break_days": "30"})
    said = answer.text.replace("\u00a0", " ")
    assert re.search(r"You have a break until \w+day, \w+ \w+\.", said)
    ((days, until),) = paces(site)
    assert days == 0 and timedelta(0) <= site.runtime.clock.now() + timedelta(days=30) - until < HOUR
    assert "End the break" in site.client.get(page).text
    over = site.client.post(page, data={"break_days": "0"})
    assert "The break is over." in over.text
    assert paces(site) == [(0, None)]
    assert "Need a break?" in over.text


@pytest.mark.parametrize(
    "given", [{"offer_days": "7"}, {"offer_days": ""}, {"break_days": "9999"}, {"break_days": "-30"}]
)
def test_a_pace_that_nobody_offers_is_refused(site: Site, given: dict[str, str]) -> None:
    assert site.client.post(mails(site), data=given).status_code == 400
    assert paces(site) == []


def test_looking_at_the_page_chooses_nothing(site: Site) -> None:
    page = mails(site)
    for query in ("?offer_days=30", "?break_days=30"):
        assert site.client.get(page + query).status_code == 200
    assert paces(site) == []
