"""What a bounce says in its text to people, where no fields tell it: of whom, and why."""

from __future__ import annotations

import re
from collections.abc import Iterator

MOST_WORDS = 32 * 1024
MOST_BLOCKS = 50

_RETURNED = re.compile(
    r"^[ \t>*|+=_-]{0,80}(?:below (?:this|the next) line is|this is a copy of|the header of the original"
    r"|original message|returned message|message headers? follow|unsent message follows|message text follows"
    r"|headers of the original|original headers|the message contents|message body follows"
    r"|included is a copy|here is a copy|a copy of the (?:message|original)|forwarded message"
    r"|message header follows|start of (?:the )?(?:returned|original)|your original message"
    r"|the attachment contains the original|原文)",
    re.IGNORECASE | re.MULTILINE,
)
_HEADERS = re.compile(
    r"^[ \t>]{0,9}(?:Received|Return-Path|DKIM-Signature|X-Received|ARC-Seal|MIME-Version):[ \t]",
    re.IGNORECASE | re.MULTILINE,
)
_OTHER = re.compile(r"[2-5][0-9]{2}[ -]|>>>|While talking to", re.IGNORECASE)
_TO_DATA = re.compile(
    r">>> DATA[ \t]{0,9}\n<<< 5|after end of data|in reply to (?:end of )?DATA command|response to DATA",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"[A-Za-z0-9._%+=/!#$&'*{}|~-]{1,64}@[A-Za-z0-9.-]{1,253}")
# A line that opens what is said of an address: "<a@b.example>:", "  a@b.example", "* a@b.example",
# "Recipient: <a@b.example>", "a@b.example [User unknown]".
_OPENS = re.compile(
    r"^[ \t>*\"'-]{0,12}(?:[45][0-9]{2}[ -]{1,3})?"
    r"(?:(?:recipient|to|address|failed recipient|rcpt to)[ \t]{0,4}:[ \t]{0,4})?"
    r"[<\"'\[(]{0,3}([A-Za-z0-9._%+=/!#$&'*{}|~-]{1,64}@[A-Za-z0-9.-]{1,253})",
    re.IGNORECASE,
)


def before_copy(text: str) -> str:
    """What the machine itself says, without the mail that it sends back."""
    text = text[: MOST_WORDS * 2]
    ends = [found.start() for found in (_RETURNED.search(text), _HEADERS.search(text)) if found]
    return text[: min(ends)] if ends and min(ends) > 0 else text


def copy_within(text: str) -> str:
    """The mail that was sent back, where it stands in the text."""
    text = text[: MOST_WORDS * 8]
    found = _HEADERS.search(text) or _RETURNED.search(text)
    return text[found.start() :] if found else ""


def blocks(text: str) -> Iterator[tuple[str, str]]:
    """(address, what is said of it), for each address that a line begins with; one address is told once."""
    found: dict[str, list[str]] = {}
    current: list[str] | None = None
    for line in text[:MOST_WORDS].split("\n"):
        opens = _OPENS.match(line)
        if _OTHER.match(line):  # of a transcript each line stands for itself
            current = None
        if opens and (opens[1].lower() in found or len(found) < MOST_BLOCKS):
            current = found.setdefault(opens[1].lower().rstrip("."), [])
        if current is not None:
            current.append(line)
    for address, lines in found.items():
        yield address, "\n".join(lines)


def lines_about(text: str, address: str) -> str:
    """What is said of this address, or, where nothing is, all that is said."""
    if address:
        for named, said in blocks(text):
            if named == address.lower():
                return said
    return text[:MOST_WORDS]


def addresses_in(text: str) -> list[str]:
    return [found.rstrip(".") for found in _ADDRESS.findall(text[:MOST_WORDS])]


def said_to_data(text: str) -> bool:
    return bool(_TO_DATA.search(text[:MOST_WORDS]))
