"""An address whose domain has letters beyond English ones is one address, whichever way it is written."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.queries.facts import load_fact_base
from app.queries.preferences import preferences_of
from app.services.person import find_person
from app.services.unsubscribe import ALL_OPTIONAL, unsubscribe
from connectors.base import Reading
from connectors.news import PrivacyAsk, PrivacyKind
from flows.commerce import Consent, ConsentState
from flows.facts import Facts
from tests.app.desk import START, Desk, an_order

PLAIN, CODED = "Mia@müller.example", "mia@xn--mller-kva.example"
SPELLINGS = [(PLAIN, PLAIN), (PLAIN, CODED), (CODED, PLAIN)]
LEFT = ConsentState.UNSUBSCRIBED


def bought(desk: Desk, email: str, told: str) -> Facts:
    desk.read(Reading(orders=(an_order(email=email),), consents=(Consent(told, LEFT, START),)))
    key = (desk.shop_id, "13")
    with desk.database.shops(desk.shop_id) as session:
        return load_fact_base(session, [key], desk.keys).facts(key, "review_request", None)


@pytest.mark.parametrize(("email", "told"), SPELLINGS)
def test_what_the_store_says_of_it_counts(desk: Desk, email: str, told: str) -> None:
    facts = bought(desk, email, told)
    assert facts.consent is LEFT
    (mail,) = desk.rows("SELECT id FROM messages WHERE flow_key = 'order_confirmation'")
    hashed = desk.keys.address_hash(desk.shop_id, facts.recipient or "")
    with desk.database.shops(desk.shop_id) as session:
        assert preferences_of(session, desk.shop_id, mail.id, hashed).consent == LEFT
    assert desk.keys.address_hash(desk.shop_id, email) == desk.keys.address_hash(desk.shop_id, told) == hashed


@pytest.mark.parametrize("email", [PLAIN, CODED])
def test_leaving_ends_the_journeys_of_their_orders(desk: Desk, email: str) -> None:
    desk.read(Reading(orders=(an_order(email=email),)))
    desk.now = START + timedelta(days=1)
    desk.read(Reading(orders=(an_order(id="14", number="14", email=email, at=desk.now),)))
    waits = "SELECT 1 FROM journeys WHERE flow_key = 'win_back' AND order_id = '14' AND status = 'active'"
    assert desk.rows(waits)
    (mail,) = desk.rows("SELECT id FROM messages WHERE flow_key = 'order_confirmation' AND order_id = '13'")
    hashed = desk.keys.address_hash(desk.shop_id, email)
    unsubscribe(desk.database, desk.shop_id, mail.id, ALL_OPTIONAL, hashed, desk.now)
    assert not desk.rows(waits)


@pytest.mark.parametrize(("email", "told"), SPELLINGS)
def test_a_demand_finds_what_is_kept_under_either(desk: Desk, email: str, told: str) -> None:
    bought(desk, email, told)
    desk.rows("UPDATE messages SET recipient = NULL RETURNING 1")
    with desk.database.shops(desk.shop_id) as session:
        ask = PrivacyAsk(PrivacyKind.FORGET_PERSON, "one", email=email)
        person = find_person(session, desk.keys, desk.shop_id, ask)
    (kept,) = desk.rows("SELECT email FROM consents")
    assert kept.email in person.emails and person.order_ids == ("13",)
