"""What is not sent but used at once: how to get at it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from flows.content import Content
from tests.flows.life import flows
from tests.flows.pictures import MUG, T0, order, picture
from tests.flows.way_life import COURSE, WayLife, run

DAY = timedelta(days=1)


def test_access_is_given_once_it_is_paid() -> None:
    told = WayLife(picture(order(COURSE, accepted_at=None)), T0, flows("digital_access"))
    told.other_facts = {"content": {"access": Content("Go to the page and use your address.")}}
    told.see(told.picture)
    assert run(told, DAY).sent == []
    told.see(picture(order(COURSE, paid_at=T0 + DAY, accepted_at=T0 + DAY)), T0 + DAY)
    assert run(told).steps_sent("digital_access") == [("access", T0 + DAY)]


@pytest.mark.parametrize(
    ("of", "content", "reason"),
    [
        (order(MUG, paid_at=T0), {"access": Content("x")}, "has_digital_line"),
        (order(COURSE, paid_at=T0), {}, "has_words"),
        (order(COURSE, paid_at=T0, is_renewal=True), {"access": Content("x")}, "not_a_renewal"),
    ],
)
def test_who_gets_no_access(of: Any, content: dict[str, Content], reason: str) -> None:
    told = WayLife(picture(of), T0, flows("digital_access"))
    told.other_facts = {"content": content}
    told.see(told.picture)
    assert run(told).sent == []
    assert told.journey("digital_access").end_reason == reason
