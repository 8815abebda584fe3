"""Birthdays as plugins keep them."""

from __future__ import annotations

from typing import Any

import pytest

from connectors.woocommerce.birthdays import birthday


@pytest.mark.parametrize(
    ("values", "day"),
    [
        ({"birthday": "1990-03-31"}, "03-31"),
        ({"_billing_birth_date": "1990-03-31T00:00:00"}, "03-31"),
        ({"dob": "19900331"}, "03-31"),
        ({"automatewoo_birthday_full": "2000-02-29"}, "02-29"),
        ({"date_of_birth": "--12-24"}, "12-24"),
        ({"birthday": "12-24"}, "12-24"),
        ({"birthday": "", "dob": "1990-03-31"}, "03-31"),
        ({"birthday": "03/04/1990"}, None),
        ({"birthday": "1990-13-31"}, None),
        ({"birthday": "1990-02-30"}, None),
        ({"birthday": ["1990-03-31"]}, None),
        ({"gift": "1990-03-31"}, None),
        ({}, None),
    ],
)
def test_month_and_day(values: dict[str, Any], day: str | None) -> None:
    assert birthday(values) == day
