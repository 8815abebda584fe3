"""What is printed adds up, whether the store tells the subtotal before or after its discounts."""

from __future__ import annotations

import re
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from emails.totals import Totals, totals_of
from emails.voice import voice_for
from flows.commerce import Order, Refund
from flows.picture import OrderPicture
from tests.emails.samples import PLACED, coffee

AMOUNT = st.integers(0, 500_000)


def sums(order: Order, *refunds: Refund) -> Totals:
    context = coffee()
    return totals_of(OrderPicture(order, refunds=refunds), voice_for(context, "en-US"))


def printed(text: str) -> int:
    if text == "Free":
        return 0
    sign = -1 if text.startswith("\u2212") else 1
    return sign * int(re.sub(r"\D", "", text))


def labels(totals: Totals) -> list[str]:
    return [row.label for row in totals.rows]


ORDER = coffee().picture.order


@settings(deadline=None)
@given(AMOUNT, AMOUNT, AMOUNT, AMOUNT, AMOUNT, st.booleans(), st.integers(-500_000, 500_000))
def test_rows_add_up_to_the_total(
    subtotal: int, discount: int, shipping: int, fees: int, tax: int, included: bool, total: int
) -> None:
    order = replace(
        ORDER,
        subtotal=subtotal,
        discount=discount,
        shipping=shipping,
        fees=fees,
        tax=tax,
        tax_included=included,
        total=total,
    )
    totals = sums(order)
    counted = [row for row in totals.rows if "already taken off" not in row.label]
    assert sum(printed(row.amount) for row in counted) == printed(totals.total.amount) == total


def test_a_subtotal_before_discounts() -> None:
    totals = sums(ORDER)
    assert labels(totals) == ["Subtotal", "Discount (HELLO5)", "Shipping", "Tax"]
    assert totals.notes == ("Paid with Visa ending in 4242.",)


def test_a_subtotal_after_discounts() -> None:
    totals = sums(replace(ORDER, subtotal=8800))
    assert labels(totals) == ["Subtotal", "Discount, already taken off (HELLO5)", "Shipping", "Tax"]


def test_what_does_not_add_up_is_named() -> None:
    totals = sums(replace(ORDER, total=ORDER.total + 250))
    assert [(row.label, row.amount) for row in totals.rows][-1] == ("Other charges and credits", "$2.50")


def test_included_tax_is_a_note_and_no_row() -> None:
    totals = sums(replace(ORDER, tax_included=True, total=8800))
    assert "Tax" not in labels(totals)
    assert totals.notes[0] == "Includes $1.46 of tax."


def test_a_refund_follows_the_total() -> None:
    totals = sums(ORDER, Refund("r", ORDER.id, PLACED, 2200))
    assert [(row.label, row.amount) for row in totals.after] == [
        ("Refunded", "\u2212$22.00"),
        ("Total after refund", "$67.46"),
    ]


def test_payment_in_words() -> None:
    open_order = replace(ORDER, paid_at=None)
    assert sums(open_order).notes == ("Payment: Visa ending in 4242, still open.",)
    assert sums(replace(open_order, payment_method="")).notes == ("Payment is still open.",)
    assert sums(replace(ORDER, payment_method="shopify_payments")).notes == ("Paid in full.",)
    assert sums(replace(ORDER, total=0)).notes == ()


def test_many_codes_are_shortened() -> None:
    codes = tuple(f"CODE{number:03}" for number in range(40))
    label = labels(sums(replace(ORDER, discount_codes=codes)))[1]
    assert label.startswith("Discount (CODE000, CODE001")
    assert len(label) < 60
