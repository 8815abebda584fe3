"""The mails of the parcel's way."""

from __future__ import annotations

from collections.abc import Mapping

from emails.fields.field import BUTTON, PARAGRAPH, PREHEADER, SUBJECT, Field, heads


def _update(mail: str, *more: Field) -> tuple[Field, ...]:
    return (
        *heads(mail),
        Field("First sentence, carrier known", f"{mail}.lead.by", PARAGRAPH),
        Field("First sentence, carrier not known", f"{mail}.lead", PARAGRAPH),
        *more,
    )


FIELDS: Mapping[str, tuple[Field, ...]] = {
    "digital_access/access": (
        *heads(
            "access",
            Field("Subject, product known", "access.subject", SUBJECT),
            Field("Subject, product not known", "access.subject.plain", SUBJECT),
        ),
        Field("First sentence", "access.lead", PARAGRAPH),
        Field("Button", "access.link", BUTTON),
        Field("Note beneath", "access.keep", PARAGRAPH),
    ),
    "order_progress/preparing": (
        *heads("progress.wait"),
        Field("First sentence", "progress.wait.lead", PARAGRAPH),
        Field("Button", "progress.wait.button", BUTTON),
    ),
    "order_progress/later": (
        *heads("progress.later"),
        Field("First sentence, day known", "progress.later.day", PARAGRAPH),
        Field("First sentence, day not known", "progress.later.lead", PARAGRAPH),
        Field("Second sentence", "progress.later.what", PARAGRAPH),
    ),
    "delivery_updates/pickup": _update(
        "update.pickup", Field("What to bring", "update.pickup.what", PARAGRAPH)
    ),
    "delivery_updates/failed": _update(
        "update.failed", Field("What happens next", "update.failed.what", PARAGRAPH)
    ),
    "delivery_updates/delayed": _update(
        "update.delayed", Field("Second sentence, day known", "update.delayed.day", PARAGRAPH)
    ),
    "delivery_updates/stalled": _update(
        "update.stalled", Field("What happens next", "update.stalled.what", PARAGRAPH)
    ),
    "delivery_updates/out": _update("update.out", Field("If nobody is in", "update.out.what", PARAGRAPH)),
    "arrival_check/asked": (
        *heads(
            "arrival",
            Field("Subject", "arrival.subject", SUBJECT),
            Field("Subject, one of several parcels", "arrival.subject.position", SUBJECT),
        ),
        Field("First sentence", "arrival.lead", PARAGRAPH),
        Field("Button, it is there", "arrival.yes", BUTTON),
        Field("Button, it is not", "arrival.no", BUTTON),
        Field("Note beneath the buttons", "arrival.note", PARAGRAPH),
        Field("Where to look", "arrival.missing", PARAGRAPH),
    ),
    "cancel_refund_exchange/cancelled": (
        *heads("cancelled"),
        Field("Preview line, money given back", "cancelled.preheader.refund", PREHEADER),
        Field("First sentence", "cancelled.lead", PARAGRAPH),
        Field("Money given back", "cancelled.refund", PARAGRAPH),
        Field("Money given back, method known", "cancelled.refund.by", PARAGRAPH),
        Field("Paid, and not given back yet", "cancelled.paid", PARAGRAPH),
        Field("Not paid", "cancelled.unpaid", PARAGRAPH),
    ),
    "cancel_refund_exchange/refunded": (
        *heads("refunded"),
        Field("First sentence", "refunded.lead", PARAGRAPH),
        Field("First sentence, method known", "refunded.lead.by", PARAGRAPH),
        Field("When it is there", "refunded.when", PARAGRAPH),
        Field("Button", "refunded.button", BUTTON),
    ),
}
