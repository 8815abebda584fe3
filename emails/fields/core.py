"""Confirmation, parcels and review requests."""

from __future__ import annotations

from collections.abc import Mapping

from emails.fields.field import BUTTON, HEADLINE, PARAGRAPH, PREHEADER, SUBJECT, Field, heads


def _review(step: str) -> tuple[Field, ...]:
    return (
        *heads(f"review.{step}"),
        Field("Note beneath the stars", f"review.{step}.note", PARAGRAPH),
    )


FIELDS: Mapping[str, tuple[Field, ...]] = {
    "order_confirmation/confirmation": (
        Field("Subject", "confirmation.subject", SUBJECT),
        Field("Preview line", "confirmation.preheader", PREHEADER),
        Field("Preview line, nothing to ship", "confirmation.preheader.digital", PREHEADER),
        Field("Headline, name known", "confirmation.headline.named", HEADLINE),
        Field("Headline, no name", "confirmation.headline", HEADLINE),
        Field("First sentence, paid", "confirmation.lead.ships", PARAGRAPH),
        Field("First sentence, paid, nothing to ship", "confirmation.lead", PARAGRAPH),
        Field("First sentence, payment open", "confirmation.lead.open", PARAGRAPH),
        Field("First sentence, payment open and its method known", "confirmation.lead.open.by", PARAGRAPH),
        Field("Button", "confirmation.button", BUTTON),
        Field("Note beneath the button", "confirmation.button.note", PARAGRAPH),
    ),
    "shipped/parcel": (
        Field("Subject, day known", "shipped.subject.likely", SUBJECT),
        Field("Subject, day not known", "shipped.subject", SUBJECT),
        Field("Subject, one of several parcels", "shipped.subject.position", SUBJECT),
        Field("Subject, a part of the order", "shipped.subject.part", SUBJECT),
        Field("Preview line", "shipped.preheader", PREHEADER),
        Field("Preview line, a part of the order", "shipped.preheader.rest", PREHEADER),
        Field("Headline, name known", "shipped.headline.named", HEADLINE),
        Field("Headline, no name", "shipped.headline", HEADLINE),
        Field("Headline of a part, name known", "shipped.headline.part.named", HEADLINE),
        Field("Headline of a part, no name", "shipped.headline.part", HEADLINE),
        Field("First sentence, day known", "shipped.likely", PARAGRAPH),
        Field("First sentence, carrier known", "shipped.left.by", PARAGRAPH),
        Field("First sentence, carrier not known", "shipped.left", PARAGRAPH),
        Field("Why the rest follows", "shipped.rest", PARAGRAPH),
        Field("Button", "shipped.button", BUTTON),
        Field("Button, several parcels", "shipped.button.several", BUTTON),
    ),
    "delivered/arrived": (
        Field("Subject", "delivered.subject", SUBJECT),
        Field("Subject, one of several parcels", "delivered.subject.position", SUBJECT),
        Field("Subject, a part of the order", "delivered.subject.part", SUBJECT),
        Field("Preview line, day known", "delivered.preheader.day", PREHEADER),
        Field("Preview line, day not known", "delivered.preheader", PREHEADER),
        Field("Headline, name known", "delivered.headline.named", HEADLINE),
        Field("Headline, no name", "delivered.headline", HEADLINE),
        Field("Headline of a part, name known", "delivered.headline.part.named", HEADLINE),
        Field("Headline of a part, no name", "delivered.headline.part", HEADLINE),
        Field("First sentence, day known", "delivered.lead.day", PARAGRAPH),
        Field("First sentence, day not known", "delivered.lead", PARAGRAPH),
        Field("Button", "delivered.button", BUTTON),
        Field("If it is not there: heading", "delivered.missing.heading", HEADLINE),
        Field("If it is not there", "delivered.missing", PARAGRAPH),
        Field("If it is not right: heading", "delivered.wrong.heading", HEADLINE),
        Field("If it is not right", "delivered.wrong", PARAGRAPH),
    ),
    "review_request/ask": _review("ask"),
    "review_request/nudge": _review("nudge"),
    "review_request/last": _review("last"),
}
