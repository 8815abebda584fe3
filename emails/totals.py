"""The sums under an order's lines. What is printed adds up to the total, whatever a store sent."""

from __future__ import annotations

from dataclasses import dataclass

from emails.clean import one_line
from emails.i18n import Texts
from emails.voice import Voice, method_name
from flows.commerce import Order
from flows.picture import OrderPicture


@dataclass(frozen=True, slots=True)
class Row:
    label: str
    amount: str


@dataclass(frozen=True, slots=True)
class Totals:
    """`rows` add up to `total`; `after` follows it (what was given back). `notes` are sentences."""

    rows: tuple[Row, ...]
    total: Row
    after: tuple[Row, ...]
    notes: tuple[str, ...]


def totals_of(picture: OrderPicture, voice: Voice) -> Totals:
    order, words = picture.order, voice.words
    return Totals(
        rows=_rows(order, voice),
        total=Row(words("totals.total"), voice.money(order.total)),
        after=_given_back(picture, voice),
        notes=(*_tax_note(order, voice), *_payment_note(order, voice)),
    )


def _rows(order: Order, voice: Voice) -> tuple[Row, ...]:
    words = voice.words
    added_tax = 0 if order.tax_included else order.tax
    subtotal = order.subtotal or sum(line.total for line in order.lines)
    # Stores tell the subtotal before or after discounts; only one of them leads to the total.
    already_off = subtotal + order.shipping + order.fees + added_tax == order.total
    discount = 0 if already_off else order.discount
    rest = order.total - (subtotal - discount + order.shipping + order.fees + added_tax)
    rows = [Row(words("totals.subtotal"), voice.money(subtotal))]
    if order.discount:
        label = "totals.discount_included" if already_off else "totals.discount"
        rows.append(Row(_with_codes(words(label), order, words), voice.money(-order.discount)))
    if order.shipping or any(line.ships for line in order.lines):
        rows.append(Row(words("totals.shipping"), _or_free(order.shipping, voice)))
    if order.fees:
        rows.append(Row(words("totals.fees"), voice.money(order.fees)))
    if added_tax:
        rows.append(Row(words("totals.tax"), voice.money(added_tax)))
    if rest:
        rows.append(Row(words("totals.other"), voice.money(rest)))
    return tuple(rows)


def _given_back(picture: OrderPicture, voice: Voice) -> tuple[Row, ...]:
    refunded = picture.refunded_total()
    if not refunded:
        return ()
    return (
        Row(voice.words("totals.refunded"), voice.money(-refunded)),
        Row(voice.words("totals.after_refund"), voice.money(picture.order.total - refunded)),
    )


def _tax_note(order: Order, voice: Voice) -> tuple[str, ...]:
    if not order.tax_included or not order.tax:
        return ()
    return (voice.words("totals.tax_included", tax=voice.money(order.tax)),)


def _payment_note(order: Order, voice: Voice) -> tuple[str, ...]:
    if order.total <= 0:
        return ()
    method = method_name(order.payment_method)
    key = "payment.paid" if order.paid_at else "payment.open"
    return (voice.words(f"{key}.by", method=method) if method else voice.words(key),)


def _with_codes(label: str, order: Order, words: Texts) -> str:
    codes = one_line(", ".join(order.discount_codes), 40)
    return f"{label} ({words.apart(codes)})" if codes else label


def _or_free(amount: int, voice: Voice) -> str:
    return voice.money(amount) if amount else voice.words("totals.free")
