"""Two who change a shop's brand in the same moment."""

from __future__ import annotations

from functools import partial

from app.queries.brand import Choice, Kit, load_kits
from app.services.brand import Stale, save
from app.services.brand_logo import set_logo
from app.services.logo import Logo
from tests.app.desk import Desk
from tests.app.services.at_once import at_once


def kit(desk: Desk) -> Kit:
    with desk.database.shops(desk.shop_id) as session:
        return load_kits(session, [desk.shop_id]).get(desk.shop_id, Kit())


def choose(desk: Desk, revision: int, name: str) -> str:
    with desk.database.shops(desk.shop_id) as session:
        try:
            save(session, desk.shop_id, revision, Choice(sender_name=name), name, desk.now)
        except Stale as stale:
            return f"hears of {stale.kit.sender_name}"
        return "saved"


def draw(desk: Desk, hash: str) -> str:
    with desk.database.shops(desk.shop_id) as session:
        set_logo(session, desk.shop_id, Logo(hash, b"png", 10, 10), hash, desk.now)
    return "drawn"


def test_one_saves_and_the_other_hears_of_it(desk: Desk) -> None:
    for turn in range(8):
        told = at_once(desk, *(partial(choose, desk, turn, f"{name}{turn}") for name in "ab"))
        stored = kit(desk)
        assert stored.revision == turn + 1
        assert sorted(told) == [f"hears of {stored.sender_name}", "saved"]
    assert len(desk.rows("SELECT * FROM admin_changes")) == 8


def test_the_same_choice_twice_is_one_change(desk: Desk) -> None:
    for turn in range(5):
        assert at_once(desk, *(partial(choose, desk, turn, f"n{turn}") for _ in "ab")) == ["saved"] * 2
    assert len(desk.rows("SELECT * FROM admin_changes")) == 5


def test_a_logo_and_a_choice_leave_each_other_alone(desk: Desk) -> None:
    for turn in range(8):
        at_once(desk, partial(choose, desk, turn, f"n{turn}"), partial(draw, desk, f"h{turn}"))
        stored = kit(desk)
        assert (stored.revision, stored.sender_name, stored.logo_hash) == (turn + 1, f"n{turn}", f"h{turn}")
