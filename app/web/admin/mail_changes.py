"""What a version of a mail says otherwise than the one before it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from babel import Locale

from app.queries.mail_versions import OwnMail, Version, Words
from emails.compiling.blocks import OWN, blocks_of
from emails.fields.field import Field
from emails.own_words import ours

OWN_LABEL = "Your own block"


@dataclass(frozen=True, slots=True)
class Difference:
    """`before` and `after` are "" where a sentence alone tells it."""

    title: str
    before: str = ""
    after: str = ""


def differences(
    template: str, fields: Sequence[Field], before: Version | None, after: Version
) -> list[Difference]:
    """`before` None: our own mail, as it is shipped."""
    words, mail = (before.words, before.mail) if before is not None else ({}, OwnMail())
    return [*_of_words(fields, words, after.words), *_of_blocks(template, mail, after.mail)]


def language_named(language: str) -> str:
    return Locale.parse(language).get_display_name("en") or language


def _of_words(fields: Sequence[Field], before: Words, after: Words) -> list[Difference]:
    found = []
    for language in sorted(before.keys() | after.keys()):
        old, new = before.get(language, {}), after.get(language, {})
        for field in fields:
            said, says = old.get(field.key), new.get(field.key)
            if said != says:
                usual = ours(language, field.key)
                title = f"{field.label} ({language_named(language)})"
                found.append(Difference(title, said or usual, says or usual))
    return found


def _of_blocks(template: str, before: OwnMail, after: OwnMail) -> list[Difference]:
    labels = {block.name: block.label for block in blocks_of(template)} | {OWN: OWN_LABEL}
    shipped = tuple(block.name for block in blocks_of(template))
    old, new = before.arrangement or shipped, after.arrangement or shipped
    found = [Difference(f"{labels[name]} switched off") for name in old if name in labels and name not in new]
    found += [Difference(f"{labels[name]} put in") for name in new if name in labels and name not in old]
    stayed, stays = [one for one in old if one in new], [one for one in new if one in old]
    if stayed != stays:
        named = ", ".join(labels[name] for name in stays if name in labels)
        found.append(Difference("Blocks in another order", "", named))
    if before.own_html and after.own_html and before.own_html != after.own_html:
        found.append(Difference(f"{OWN_LABEL} changed", before.own_html, after.own_html))
    return found
