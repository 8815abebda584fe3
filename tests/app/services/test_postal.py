"""An offer names where its sender can be found, or waits until the merchant has written it down."""

from __future__ import annotations

from app.queries.brand import Choice
from app.services.brand import save
from app.services.postal import NO_ADDRESS
from tests.app.desk import Desk
from tests.app.services.offers import Box, open_shop, plan, run
from tests.app.services.test_desk import state_of


def test_offers_wait_and_all_else_leaves(desk: Desk) -> None:
    open_shop(desk, "mia@example.com")
    desk.rows("UPDATE shops SET address = ' ' RETURNING 1")
    offer = plan(desk, "win_back")
    plan(desk, "shipped"), plan(desk, "care_warranty")
    box = Box()
    assert sorted(run(desk, box)) == ["care_warranty", "shipped"]
    assert state_of(desk, offer) == ("due", NO_ADDRESS)
    with desk.database.shops(desk.shop_id) as session:
        save(session, desk.shop_id, 0, Choice(postal_address="Lindenweg 12\n10437 Berlin"), "Mia", desk.now)
    assert run(desk, box) == ["win_back"], "at once"
    assert "Lindenweg 12" in box.mails[-1].text


def test_the_store_s_own_address_is_enough(desk: Desk) -> None:
    open_shop(desk, "mia@example.com")
    plan(desk, "win_back")
    assert run(desk, Box()) == ["win_back"]
