"""What an inbox shows before the mail is opened, and how large the whole is."""

from __future__ import annotations

from collections.abc import Iterator

from emails.columns import COLUMNS, width
from emails.linting.finding import Finding
from emails.linting.page import excerpt, spaced
from emails.linting.seen import Seen

LARGEST_HTML = 102_000  # Gmail cuts off what is longer
# Both in columns: a letter of China, Japan or Korea takes two.
LONGEST_SUBJECT = 78
PREHEADER = range(40, 91)
_TELLING = 12


def of_heads(seen: Seen) -> Iterator[Finding]:
    subject, preheader = seen.mail.subject, seen.mail.preheader
    if not subject.strip():
        yield Finding("subject", "The mail has no subject.")
    elif width(subject) > LONGEST_SUBJECT:
        yield Finding(
            "subject", f"The subject has {width(subject)} characters; {LONGEST_SUBJECT} fit.", subject
        )
    if width(preheader) not in PREHEADER:
        yield Finding(
            "preheader",
            f"The preview line has {width(preheader)} characters; {PREHEADER[0]} to {PREHEADER[-1]} fit.",
            preheader,
        )
    if _repeats(subject, preheader):
        yield Finding("preheader_repeats", "The preview line says what the subject says already.", preheader)


def of_size(seen: Seen) -> Iterator[Finding]:
    size = len(seen.mail.html.encode("utf-8", "replace"))
    if size > LARGEST_HTML:
        yield Finding("size", f"The mail has {size / 1000:.0f} kB; Gmail cuts off what is over 102.")


def of_text(seen: Seen) -> Iterator[Finding]:
    if len(spaced(seen.mail.text)) < 20:
        yield Finding("text_part", "The mail has no plain text for readers without HTML.")
    for line in seen.mail.text.splitlines():
        if width(line) > COLUMNS and "://" not in line:
            yield Finding(
                "text_lines",
                f"A line of the plain text has {width(line)} columns; {COLUMNS} fit.",
                excerpt(line),
            )


def _repeats(subject: str, preheader: str) -> bool:
    one, other = (spaced(text).rstrip(".?").casefold() for text in (subject, preheader))
    return (len(one) >= _TELLING and one in other) or one == other
