"""Which sentences of a mail a merchant may put into their own words, and what such a sentence may hold."""

from __future__ import annotations

from collections.abc import Mapping

from emails.clean import single_spaced
from emails.fields import core, marketing, service, shipping
from emails.fields.field import Field
from emails.i18n import Sentence, gaps_of, second_of, sentences
from emails.placeholders import is_fillable, unknown_gap

EDITABLE: Mapping[str, tuple[Field, ...]] = {
    template: fields
    for family in (core, shipping, service, marketing)
    for template, fields in family.FIELDS.items()
}


def subjects_of(template: str) -> tuple[Field, ...]:
    """The mail's subject in each of its forms, the usual one first."""
    return tuple(field for field in EDITABLE.get(template, ()) if field.label.startswith("Subject"))


def ours(language: str, key: str) -> str:
    """Our own sentence; of several forms the one for many."""
    found: Sentence = sentences(language)[key]
    return found if isinstance(found, str) else found["other"]


def our_second(template: str, language: str) -> str:
    """Our second subject of the mail, in its usual form; "" for a mail without one."""
    usual = next(iter(subjects_of(template)), None)
    return ours(language, second_of(usual.key)) if usual is not None else ""


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
