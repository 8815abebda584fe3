from __future__ import annotations

from dataclasses import replace

from flows.commerce import ParcelStatus
from tests.flows.pictures import BEANS, MUG, T0, line, order, parcel, picture, refund


def test_a_line_is_kept_while_one_piece_of_it_is() -> None:
    three = line("mug", 3)
    seen = picture(order(three, BEANS), refunds=(refund((three, 2), at=T0),))
    assert seen.kept_lines() == (three, BEANS)
    seen = replace(seen, refunds=(*seen.refunds, refund((three, 1), at=T0, name="r2")))
    assert seen.kept_lines() == (BEANS,)
    assert seen.refunded_quantity("mug") == 3
    assert seen.refunded_quantity("beans") == 0


def test_a_line_without_a_quantity_is_not_kept() -> None:
    assert picture(order(line("mug", 0))).kept_lines() == ()


def test_gift_cards_and_free_text_lines_cannot_be_reviewed() -> None:
    card = line("card", gift_card=True)
    text = line("engraving", product_id=None)
    assert picture(order(MUG, card, text)).reviewable_lines() == (MUG,)
    assert picture(order(MUG, card, text)).kept_lines() == (MUG, card, text)


def test_the_larger_of_two_refund_figures_counts() -> None:
    assert picture(order(refunded=700), refunds=(refund(at=T0, amount=300),)).refunded_total() == 700
    assert picture(order(refunded=100), refunds=(refund(at=T0, amount=300),)).refunded_total() == 300


def test_a_cancelled_parcel_is_not_under_way() -> None:
    gone = parcel("8", status=ParcelStatus.CANCELLED)
    assert picture(parcels=(gone, parcel())).live_parcels() == (parcel(),)
