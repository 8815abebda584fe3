"""A visit is kept of who agreed to offers, once a day, and of nobody else; facts tell the last one."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.queries.facts import load_fact_base
from app.services.consent_rules import choose
from app.services.unsubscribe import suppress
from app.services.visits import ACCOUNT, TRACKING, record_visit
from connectors.base import Reading
from flows.commerce import Consent, ConsentState
from flows.conditions import Named
from flows.person import Person
from tests.app.desk import START, Desk, an_order

PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 Safari/604.1"
DAY = timedelta(days=1)


def buy(desk: Desk, *ids: str, state: ConsentState | None = ConsentState.SUBSCRIBED) -> None:
    orders = tuple(an_order(id=one, number=one, email="Mia@Example.com") for one in ids)
    consents = (Consent("mia@example.com", state, START),) if state is not None else ()
    desk.read(Reading(orders=orders, consents=consents))


def visit(desk: Desk, order: str = "13", page: str = TRACKING, agent: str = PHONE, days: int = 1) -> None:
    record_visit(desk.database, desk.keys, desk.shop_id, order, page, agent, START + days * DAY)


def person(desk: Desk, order: str = "13") -> Person:
    key = (desk.shop_id, order)
    with desk.database.shops(desk.shop_id) as session:
        return load_fact_base(session, [key], desk.keys).facts(key, "win_back", None).person


def test_the_last_one_of_all_their_orders_counts(desk: Desk) -> None:
    buy(desk, "13", "14")
    assert person(desk).visited_at is None
    visit(desk, "14", days=3)
    visit(desk, "13", ACCOUNT, days=2)
    visit(desk, "13", days=1)
    assert person(desk).visited_at == person(desk, "14").visited_at == START + 3 * DAY
    assert person(desk).clicked_at is None


def test_the_rule_asks_for_it(desk: Desk) -> None:
    buy(desk, "13")
    visit(desk)
    key = (desk.shop_id, "13")
    with desk.database.shops(desk.shop_id) as session:
        facts = load_fact_base(session, [key], desk.keys).facts(key, "win_back", None)
    within = Named("visited_within", (("days", 30),))
    assert within.check(facts, START + 31 * DAY).passed
    assert not within.check(facts, START + 32 * DAY).passed


def test_once_a_day_for_each_page(desk: Desk) -> None:
    buy(desk, "13")
    for page in (TRACKING, TRACKING, ACCOUNT):
        visit(desk, page=page)
    visit(desk, days=2)
    assert len(desk.rows("SELECT 1 FROM visits")) == 3


@pytest.mark.parametrize(
    "state", [None, *(one for one in ConsentState if one is not ConsentState.SUBSCRIBED)]
)
def test_nobody_who_did_not_agree(desk: Desk, state: ConsentState | None) -> None:
    buy(desk, "13", state=state)
    visit(desk)
    assert desk.rows("SELECT 1 FROM visits") == []


@pytest.mark.parametrize(("scope", "kept"), [("M", 0), ("offers", 0), ("*", 0), ("S", 1), ("tips", 1)])
def test_nobody_who_left_offers_through_us(desk: Desk, scope: str, kept: int) -> None:
    buy(desk, "13")
    hashed = desk.keys.address_hash(desk.shop_id, "mia@example.com")
    suppress(desk.database, desk.shop_id, hashed, scope, "unsubscribed", START)
    visit(desk)
    assert len(desk.rows("SELECT 1 FROM visits")) == kept


@pytest.mark.parametrize(("level", "kept"), [("single_opt_in", 0), ("confirmed_opt_in", 1)])
def test_nobody_whose_yes_is_not_confirmed_where_the_shop_wants_that(
    desk: Desk, level: str, kept: int
) -> None:
    yes = Consent("mia@example.com", ConsentState.SUBSCRIBED, START, None, level)
    desk.read(Reading(orders=(an_order(),), consents=(yes,)))
    with desk.database.shops(desk.shop_id) as session:
        choose(session, desk.shop_id, "double_opt_in", True, "Mia", START)
    visit(desk)
    assert len(desk.rows("SELECT 1 FROM visits")) == kept


@pytest.mark.parametrize("agent", ["", "Googlebot/2.1", "curl/8.5", "Slackbot-LinkExpanding 1.0"])
def test_a_machine_visits_nothing(desk: Desk, agent: str) -> None:
    buy(desk, "13")
    visit(desk, agent=agent)
    assert desk.rows("SELECT 1 FROM visits") == []


def test_an_order_that_is_not_there_has_no_visits(desk: Desk) -> None:
    visit(desk, "99")
    assert desk.rows("SELECT 1 FROM visits") == []
