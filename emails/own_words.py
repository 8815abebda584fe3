"""Which sentences of a mail a merchant may put into their own words, and what such a sentence may hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from emails.clean import single_spaced
from emails.i18n import Sentence, gaps_of, sentences
from emails.placeholders import is_fillable, unknown_gap

_SUBJECT, _PREHEADER, _HEADLINE, _BUTTON, _PARAGRAPH = 78, 90, 110, 40, 400


@dataclass(frozen=True, slots=True)
class Field:
    """One sentence. `limit`: how many characters it may have."""

    label: str
    key: str
    limit: int


def _review(step: str) -> tuple[Field, ...]:
    return (
        Field("Subject", f"review.{step}.subject", _SUBJECT),
        Field("Preview line", f"review.{step}.preheader", _PREHEADER),
        Field("Headline, name known", f"review.{step}.headline.named", _HEADLINE),
        Field("Headline, no name", f"review.{step}.headline", _HEADLINE),
        Field("Note beneath the stars", f"review.{step}.note", _PARAGRAPH),
    )


EDITABLE: Mapping[str, tuple[Field, ...]] = {
    "order_confirmation/confirmation": (
        Field("Subject", "confirmation.subject", _SUBJECT),
        Field("Preview line", "confirmation.preheader", _PREHEADER),
        Field("Preview line, nothing to ship", "confirmation.preheader.digital", _PREHEADER),
        Field("Headline, name known", "confirmation.headline.named", _HEADLINE),
        Field("Headline, no name", "confirmation.headline", _HEADLINE),
        Field("First sentence, paid", "confirmation.lead.ships", _PARAGRAPH),
        Field("First sentence, paid, nothing to ship", "confirmation.lead", _PARAGRAPH),
        Field("First sentence, payment open", "confirmation.lead.open", _PARAGRAPH),
        Field("First sentence, payment open and its method known", "confirmation.lead.open.by", _PARAGRAPH),
        Field("Button", "confirmation.button", _BUTTON),
        Field("Note beneath the button", "confirmation.button.note", _PARAGRAPH),
    ),
    "shipped/parcel": (
        Field("Subject, day known", "shipped.subject.likely", _SUBJECT),
        Field("Subject, day not known", "shipped.subject", _SUBJECT),
        Field("Subject, one of several parcels", "shipped.subject.position", _SUBJECT),
        Field("Subject, a part of the order", "shipped.subject.part", _SUBJECT),
        Field("Preview line", "shipped.preheader", _PREHEADER),
        Field("Preview line, a part of the order", "shipped.preheader.rest", _PREHEADER),
        Field("Headline, name known", "shipped.headline.named", _HEADLINE),
        Field("Headline, no name", "shipped.headline", _HEADLINE),
        Field("Headline of a part, name known", "shipped.headline.part.named", _HEADLINE),
        Field("Headline of a part, no name", "shipped.headline.part", _HEADLINE),
        Field("First sentence, day known", "shipped.likely", _PARAGRAPH),
        Field("First sentence, carrier known", "shipped.left.by", _PARAGRAPH),
        Field("First sentence, carrier not known", "shipped.left", _PARAGRAPH),
        Field("Why the rest follows", "shipped.rest", _PARAGRAPH),
        Field("Button", "shipped.button", _BUTTON),
        Field("Button, several parcels", "shipped.button.several", _BUTTON),
    ),
    "delivered/arrived": (
        Field("Subject", "delivered.subject", _SUBJECT),
        Field("Subject, one of several parcels", "delivered.subject.position", _SUBJECT),
        Field("Subject, a part of the order", "delivered.subject.part", _SUBJECT),
        Field("Preview line, day known", "delivered.preheader.day", _PREHEADER),
        Field("Preview line, day not known", "delivered.preheader", _PREHEADER),
        Field("Headline, name known", "delivered.headline.named", _HEADLINE),
        Field("Headline, no name", "delivered.headline", _HEADLINE),
        Field("Headline of a part, name known", "delivered.headline.part.named", _HEADLINE),
        Field("Headline of a part, no name", "delivered.headline.part", _HEADLINE),
        Field("First sentence, day known", "delivered.lead.day", _PARAGRAPH),
        Field("First sentence, day not known", "delivered.lead", _PARAGRAPH),
        Field("Button", "delivered.button", _BUTTON),
        Field("If it is not there: heading", "delivered.missing.heading", _HEADLINE),
        Field("If it is not there", "delivered.missing", _PARAGRAPH),
        Field("If it is not right: heading", "delivered.wrong.heading", _HEADLINE),
        Field("If it is not right", "delivered.wrong", _PARAGRAPH),
    ),
    "review_request/ask": _review("ask"),
    "review_request/nudge": _review("nudge"),
    "review_request/last": _review("last"),
}


def ours(language: str, key: str) -> str:
    """Our own sentence; of several forms the one for many."""
    found: Sentence = sentences(language)[key]
    return found if isinstance(found, str) else found["other"]


def tidied(sentence: str) -> str:
    """As it is stored: on one line, nothing that cannot be printed."""
    return single_spaced(sentence)


def problem_with(field: Field, language: str, sentence: str) -> str | None:
    """What is wrong with a merchant's sentence, in words; None: it may be sent."""
    if len(sentence) > field.limit:
        return f"This has {len(sentence)} characters, {field.limit} fit."
    allowed = gaps_of(language, field.key)
    known = _listed(allowed)
    strange = unknown_gap(sentence, allowed)
    if strange is not None:
        return f"{strange[:40]} cannot be filled in here. {known}"
    if not is_fillable(sentence, allowed):
        return f"A brace is left over. {known}"
    return None


def _listed(allowed: frozenset[str]) -> str:
    if not allowed:
        return "This sentence has no placeholders."
    return "You can use " + ", ".join(f"{{{name}}}" for name in sorted(allowed)) + "."
