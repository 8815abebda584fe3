"""What the desk did is told: why, until when, for which other mails, and what would have changed it."""

from __future__ import annotations

from app.services.explain import explain_message
from app.words.values import Known, lines_of
from tests.app.desk import Desk
from tests.app.services.offers import FLOWS, NOON, Box, open_shop, plan, run


def test_a_mail_that_waits_for_a_place_says_for_whom_and_until_when(desk: Desk) -> None:
    open_shop(desk, "mia@example.com")
    poor = plan(desk, "surprise_delight")
    plan(desk, "replenishment")
    run(desk, Box())
    with desk.database.shops(desk.shop_id) as session:
        told = explain_message(session, desk.shop_id, poor, desk.keys, NOON, FLOWS)
    assert told is not None
    assert told.answer.whole == (
        "Held, because they have had enough mails lately."
        " It is looked at again on Saturday 7 November, 12:00."
    )
    lines = {line.label: line for line in lines_of(told.asked.limits, Known("UTC"))}
    near = lines["Far enough from their other mails"]
    assert not near.passed and near.value == "Running low (Tuesday 3 Nov, 12:00)"


def test_a_mail_that_was_dropped_says_what_would_have_let_it_go(desk: Desk) -> None:
    open_shop(desk, "mia@example.com")
    for _ in range(3):
        plan(desk, "care_warranty")
    run(desk, Box())
    late = plan(desk, "care_warranty")
    run(desk, Box())
    with desk.database.shops(desk.shop_id) as session:
        told = explain_message(session, desk.shop_id, late, desk.keys, NOON, FLOWS)
    assert told is not None
    assert told.answer.whole.startswith("Not sent, because they have had enough mails lately.")
    assert "if they had had fewer mails in seven days" in told.answer.changed
    (line,) = [one for one in lines_of(told.asked.limits, Known("UTC")) if not one.passed]
    assert line.label == "Room among their mails of seven days" and line.value.count("3 Nov, 12:00") == 3
