"""What a mail says of money that was given back, and of what."""

from __future__ import annotations

from dataclasses import dataclass

from emails.message import MailContext
from emails.order_lines import Listing, packed
from emails.voice import Voice
from flows.commerce import Refund


@dataclass(frozen=True, slots=True)
class RefundView:
    """`sum` is what this refund gives back, `total` everything up to now; `any`: something was. `lines`:
    what it is for, None where the store does not say. `all_lines`: the order as it was."""

    any: bool
    sum: str
    total: str
    given_on: str
    lines: Listing | None
    all_lines: Listing


def refund_view(context: MailContext, voice: Voice) -> RefundView:
    picture, refund = context.picture, context.refund
    total = picture.refunded_total()
    return RefundView(
        any=total > 0,
        sum=voice.money(refund.amount if refund is not None and refund.amount else total),
        total=voice.money(total),
        given_on=voice.day(refund.created_at) if refund is not None else "",
        lines=_given_back(context, refund, voice) if refund is not None else None,
        all_lines=packed([(line, line.quantity) for line in picture.order.lines], context, voice),
    )


def _given_back(context: MailContext, refund: Refund, voice: Voice) -> Listing | None:
    lines = {line.id: line for line in context.picture.order.lines}
    pairs = [(lines[part.line_id], part.quantity) for part in refund.lines if part.line_id in lines]
    return packed([pair for pair in pairs if pair[1] > 0], context, voice) if pairs else None
