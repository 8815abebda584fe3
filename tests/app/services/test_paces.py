"""How often a person wants to hear from a shop counts at the next hand-over, whoever is weighing a mail."""

from __future__ import annotations

from datetime import timedelta

from app.services.paces import choose_pace
from flows.desk import READER_PACE
from flows.pace import Pace
from tests.app.desk import KEYS, Desk
from tests.app.services.offers import NOON, Box, open_shop, plan, run
from tests.app.services.test_desk import state_of

DAY = timedelta(days=1)


def choose(desk: Desk, pace: Pace, message: int, address: str = "mia@example.com") -> None:
    hashed = KEYS.address_hash(desk.shop_id, address)
    choose_pace(desk.database, desk.shop_id, message, hashed, pace, desk.now)


def test_an_offer_waits_for_the_day_that_its_reader_chose(desk: Desk) -> None:
    open_shop(desk, "mia@example.com")
    box = Box()
    first = plan(desk, "replenishment")
    assert run(desk, box) == ["replenishment"]
    choose(desk, Pace(14), first)
    desk.now = NOON + 10 * DAY
    second = plan(desk, "surprise_delight")
    assert run(desk, box) == []
    assert state_of(desk, second) == ("due", READER_PACE)
    choose(desk, Pace(0), second)
    assert run(desk, box) == ["surprise_delight"], "who wants more gets what waits, at once"


def test_a_break_holds_what_is_weighed_already(desk: Desk) -> None:
    """The mail was weighed by the old pace: its mark fails, and it is weighed anew."""
    open_shop(desk, "mia@example.com", "nora@example.com")
    mail, other = plan(desk, "replenishment"), plan(desk, "replenishment", "1")
    box = Box()
    box.before_mark = lambda: choose(desk, Pace(0, desk.now + 30 * DAY), mail)
    assert run(desk, box) == ["replenishment"]
    assert state_of(desk, other) == ("sent", None), "somebody else takes no break"
    assert state_of(desk, mail) == ("skipped", READER_PACE), "nothing waits for a month"
