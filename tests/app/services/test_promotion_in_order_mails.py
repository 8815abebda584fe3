"""An order's mail goes to everybody; the products beside its matter only to whoever said yes to offers."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.queries.facts import load_fact_base
from app.services.ledger import claim
from app.services.letter import write_letter
from connectors.base import Reading
from emails.message import Coupon
from flows.commerce import Consent, ConsentState
from flows.offers import Gives
from tests.app.desk import Desk, a_product
from tests.app.sending import sender_of
from tests.app.services.offers import NOON, Box, open_shop, plan, run

BESIDE = "Goes with it"
CODE = Coupon("THANKS-7Q2M", Gives.PERCENT, 10, "EUR", 0, NOON + timedelta(days=14))


def mail_of(desk: Desk, flow: str, state: ConsentState | None) -> str:
    """The text of a mail whose template shows what goes with the order."""
    open_shop(desk, "mia@example.com")
    desk.read(
        Reading(
            products=(
                a_product(),
                a_product(id="p9", title=BESIDE, url="https://larkhus.example/p9", price=900),
            )
        )
    )
    desk.rows(
        "INSERT INTO product_picks (shop_id, product_id, pick_id, rank, why, support)"
        " SELECT :shop, l->>'product_id', 'p9', 1, 'together', 9"
        " FROM orders, jsonb_array_elements(body->'lines') l ON CONFLICT DO NOTHING RETURNING 1",
        shop=desk.shop_id,
    )
    if state is None:
        desk.rows("DELETE FROM consents RETURNING 1")
    else:
        desk.read(Reading(consents=(Consent("mia@example.com", state, NOON),)))
    plan(desk, flow)
    desk.rows("UPDATE messages SET template = 'cross_sell_series/related' RETURNING 1")
    box = Box()
    assert run(desk, box) == [flow], "the mail itself always goes"
    return box.mails[0].text


@pytest.mark.parametrize(
    ("state", "shown"),
    [
        (ConsentState.SUBSCRIBED, True),
        (ConsentState.NOT_SUBSCRIBED, False),
        (ConsentState.PENDING, False),
        (ConsentState.UNSUBSCRIBED, False),
        (None, False),
    ],
)
def test_an_order_s_mail(desk: Desk, state: ConsentState | None, shown: bool) -> None:
    assert (BESIDE in mail_of(desk, "shipped", state)) is shown


def test_an_offer_is_what_it_shows(desk: Desk) -> None:
    assert BESIDE in mail_of(desk, "win_back", ConsentState.SUBSCRIBED)


@pytest.mark.parametrize("state", [ConsentState.SUBSCRIBED, ConsentState.NOT_SUBSCRIBED])
def test_a_code_is_for_whoever_said_yes(desk: Desk, state: ConsentState) -> None:
    open_shop(desk, "mia@example.com")
    desk.read(Reading(consents=(Consent("mia@example.com", state, NOON),)))
    plan(desk, "shipped")
    desk.rows("UPDATE messages SET template = 'win_back/offer' RETURNING 1")
    (row,) = claim(desk.database, desk.now, desk.real, 10)
    key = (desk.shop_id, row.order_id)
    with desk.database.shops(desk.shop_id) as session:
        base = load_fact_base(session, [key], desk.keys)
    facts = base.facts(key, row.flow_key, None)
    letter = write_letter(sender_of(desk, Box()), base, row, facts, frozenset(), desk.now, CODE)
    assert (CODE.code in letter.text) is (state is ConsentState.SUBSCRIBED)
