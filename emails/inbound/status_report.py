"""Delivery status notifications (RFC 3464): what is told of each recipient, in fields."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from emails.feedback import Told
from emails.inbound.parts import Part, headers_in
from emails.inbound.verdict import certain, status_in, verdict, waits
from emails.inbound.words import lines_about, said_to_data

KINDS = ("message/delivery-status", "message/global-delivery-status")
MOST_RECIPIENTS = 100

_FIELD = re.compile(
    r"^[ \t>]{0,9}(?:final-recipient|original-recipient|diagnostic-code|action)[ \t]{0,9}:",
    re.IGNORECASE | re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class OfRecipient:
    """What a mail says of one address. `words`: the server's own."""

    recipient: str
    kind: Told
    status: str
    words: str


def reported(parts: Sequence[Part], told: str) -> list[OfRecipient]:
    """`told`: the mail's text for people, which says what the fields leave out. Empty where there is no
    such report."""
    # A report within the mail that came back is about another mail.
    fields = [part.text for part in parts if part.kind in KINDS and not part.returned]
    if not fields and len(_FIELD.findall(told)) >= 2:
        fields = [_from_first_field(told)]  # some write the fields into their text
    found: list[OfRecipient] = []
    for text in fields:
        for group in _groups(text):
            one = _read(group, told)
            if not any(one.recipient == other.recipient for other in found):
                found.append(one)
            if len(found) >= MOST_RECIPIENTS:
                return found
    return found


def _from_first_field(told: str) -> str:
    start = _FIELD.search(told)
    return told[start.start() :] if start else told


def _groups(text: str) -> Iterator[Mapping[str, tuple[str, ...]]]:
    """One for each recipient. They are parted by empty lines, where nobody forgot them; fields of a group
    that names nobody and comes after another belong to that one."""
    told: list[dict[str, tuple[str, ...]]] = []
    for block in re.split(r"\n[ \t]{0,80}\n", text):
        for fields in _at_each_recipient(headers_in(block.lstrip("\n"))):
            named = "final-recipient" in fields or "original-recipient" in fields
            if named:
                told.append(dict(fields))
            elif told and any(name in fields for name in ("diagnostic-code", "status", "action")):
                told[-1] = {**fields, **told[-1]}
            elif any(name in fields for name in ("diagnostic-code", "action")):
                told.append(dict(fields))
    yield from told


def _at_each_recipient(fields: Mapping[str, tuple[str, ...]]) -> Iterator[Mapping[str, tuple[str, ...]]]:
    """A block that lists several recipients without an empty line between them."""
    several = len(fields.get("final-recipient", ()))
    if several < 2:
        yield fields
        return
    for place in range(several):
        yield {
            name: (values[place],) if len(values) == several else values[:1]
            for name, values in fields.items()
        }


def _read(fields: Mapping[str, tuple[str, ...]], told: str) -> OfRecipient:
    recipient = _address(_first(fields, "final-recipient") or _first(fields, "original-recipient"))
    action = _first(fields, "action").split(" ")[0].strip("();").lower()
    status = status_in(_first(fields, "status"))
    words = " ".join(fields.get("diagnostic-code", ()))
    said = words.partition(";")[2] or words
    if not certain(said):  # "smtp; 550" or nothing: people are told more
        said = f"{said} {lines_about(told, recipient)}"
    kind = verdict(said, status, action, to_data=said_to_data(told))
    if kind is Told.SOFT_BOUNCED and action == "" and waits(told):
        kind = Told.DELAYED
    return OfRecipient(recipient, kind, status_in(said) or status, said.strip())


def _first(fields: Mapping[str, tuple[str, ...]], name: str) -> str:
    return next(iter(fields.get(name, ())), "")


def _address(value: str) -> str:
    """`rfc822; somebody@example.com` without what is around it; "" where no address is in it."""
    found = re.search(r"[^\s<>;\"]{1,200}@[^\s<>;\"]{1,253}", value)
    return found[0] if found else ""
