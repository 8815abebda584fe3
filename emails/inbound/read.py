"""Any mail that came to our return path, as what it tells of mails that we sent. Never raises for what a mail
holds; a person's letter tells nothing."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from emails.feedback import Feedback, Told
from emails.inbound.complaint import complaints
from emails.inbound.parts import Part, parts_of, plain_words
from emails.inbound.replies import is_automatic, wants_to_leave
from emails.inbound.status_report import OfRecipient, reported
from emails.inbound.verdict import certain, status_in, verdict, waits
from emails.inbound.words import addresses_in, before_copy, blocks, copy_within, said_to_data

MOST_DETAIL = 300

_TEXTS = ("text/plain", "text/html", "text/enriched")
_PLACES = ("to", "delivered-to", "x-original-to", "envelope-to", "x-delivered-to", "cc")
_MESSAGE_ID = re.compile(
    r"^[ \t>]{0,9}Message-Id[ \t]{0,9}:[ \t]{0,9}(<[^<>\s]{1,250}>)", re.IGNORECASE | re.M
)
# As `Keys.message_id` writes it: nobody else's looks like it.
_OURS = re.compile(r"<[0-9a-f]{32}@[A-Za-z0-9.-]{1,253}>")
_BRACKETED = re.compile(r"<[^<>\s]{1,250}>")
_TAGS = re.compile(r"<[^<>]{1,500}>")
_MACHINE = re.compile(
    r"mailer-daemon|post_?master|mail delivery|mail system|<>|mdaemon|mail administrator|delivery subsystem"
    r"|delivery system|system administrator|mail router|listserv|no-?reply|emailgateway|mailmaster|autoreply"
    r"|mailserver|smtp|antispam|scan|notification",
    re.IGNORECASE,
)
_RETURNED_SUBJECT = re.compile(
    r"undeliver|deliver(?:y|ed)|returned mail|returned to sender|failure|failed|bounce|mail error|rejected"
    r"|non remis|unzustellbar|zustell|warning: |could not|cannot send|user unknown|host unknown|mail system"
    r"|are not (?:a )?member|loop alert|nondeliverable|not delivered|no entregad|届けられ|配信不能|配送"
    r"|エラー|不達|未送達|退信|无法投递|반송",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Incoming:
    """`places`: every address that the mail names as its own destination; our return path among them tells
    which mail came back even where nothing else does."""

    told: tuple[Feedback, ...]
    places: tuple[str, ...]


def read_mail(raw: bytes, now: datetime) -> Incoming:
    """`now` stands where the mail has no date that can be (a later one cannot)."""
    parts = parts_of(raw)
    mail = parts[0]
    text = "\n".join(_for_people(part) for part in parts if part.kind in _TEXTS and not part.returned)
    places = _places(mail)
    found = _told(parts, mail, text, places)
    key = hashlib.blake2b(raw, digest_size=16).hexdigest()
    at, ours = _at(mail, now), _which(parts, mail, text)
    return Incoming(
        tuple(
            Feedback(
                key=f"{key}:{place}",
                kind=one.kind,
                at=at,
                message_id=ours,
                recipient=one.recipient,
                status=one.status,
                detail=" ".join(one.words.split())[:MOST_DETAIL],
            )
            for place, one in enumerate(found)
        ),
        places,
    )


def _told(parts: Sequence[Part], mail: Part, text: str, places: tuple[str, ...]) -> list[OfRecipient]:
    """The plainest form first: a report in fields, then one who leaves, then words."""
    own = before_copy(text)
    if told := complaints(parts, own):
        return told
    if told := reported(parts, own):
        return told
    if wants_to_leave(mail, places):
        return [OfRecipient(_sender(mail), Told.UNSUBSCRIBED, "", plain_words(mail.first("subject")))]
    if _came_back(mail, parts, text, own):
        return _in_words(own, parts, mail)
    if is_automatic(mail):
        return [OfRecipient(_sender(mail), Told.REPLIED, "", plain_words(mail.first("subject")))]
    return []


def _in_words(own: str, parts: Sequence[Part], mail: Part) -> list[OfRecipient]:
    """Where several addresses are named, each by what is said of it; else the whole text speaks of one."""
    subject = plain_words(mail.first("subject"))
    each = [
        OfRecipient(address, _said(words, own), status_in(words), words)
        for address, words in blocks(own)
        if certain(words)
    ]
    if each:
        return each
    whole = own if certain(own) else f"{subject}\n{own}"
    named = _failed_of(mail) or addresses_in(own) or [_to_of_copy(parts)]
    return [OfRecipient(named[0], _said(whole, own), status_in(whole), whole)]


def _said(words: str, own: str) -> Told:
    kind = verdict(words, to_data=said_to_data(own))
    return Told.DELAYED if kind is Told.SOFT_BOUNCED and waits(own) else kind


def _failed_of(mail: Part) -> list[str]:
    """Exim and others name whom it did not reach in a header."""
    return addresses_in(mail.first("x-failed-recipients"))


def _to_of_copy(parts: Sequence[Part]) -> str:
    for part in parts:
        if part.returned and part.first("to"):
            return next(iter(addresses_in(part.first("to"))), "")
    return ""


def _came_back(mail: Part, parts: Sequence[Part], text: str, own: str) -> bool:
    """A bounce without fields: a machine's or a subject's word for it. Automatic answers of people carry the
    empty return path, too, and so do the marks of a bounce: what they say decides."""
    if mail.first("x-failed-recipients"):
        return True
    subject = bool(_RETURNED_SUBJECT.search(plain_words(mail.first("subject"))))
    machine = bool(_MACHINE.search(plain_words(" ".join(mail.headers.get("from", ())))))
    if is_automatic(mail):
        return subject and (machine or certain(own))
    return subject or machine or (_has_copy(parts, text) and certain(own))


def _has_copy(parts: Sequence[Part], text: str) -> bool:
    return any(part.returned for part in parts) or bool(copy_within(text))


def _which(parts: Sequence[Part], mail: Part, text: str) -> str:
    """Our Message-ID: of the mail that came back, or of the one that was answered."""
    told = [value for part in parts[1:] if part.returned for value in part.headers.get("message-id", ())]
    told += _MESSAGE_ID.findall(copy_within(text))
    for name in ("in-reply-to", "references", "x-original-message-id", "original-message-id"):
        told += mail.headers.get(name, ())
    ids = [found if "<" in found else f"<{found.strip()}>" for value in told for found in _ids(value)]
    ours = [one for one in ids if _OURS.fullmatch(one)]
    if ours:
        return ours[0]
    anywhere = _OURS.search(text) or next((f for p in parts if (f := _OURS.search(p.text))), None)
    return anywhere[0] if anywhere else (ids[0] if ids else "")


def _ids(value: str) -> list[str]:
    return _BRACKETED.findall(value[:4_000]) or [word[:250] for word in value.split()[:1]]


def _places(mail: Part) -> tuple[str, ...]:
    found = [one for name in _PLACES for value in mail.headers.get(name, ()) for one in addresses_in(value)]
    return tuple(dict.fromkeys(found))


def _sender(mail: Part) -> str:
    return next(iter(addresses_in(mail.first("from")) or addresses_in(mail.first("reply-to"))), "")


def _for_people(part: Part) -> str:
    return _TAGS.sub("\n", part.text) if part.kind == "text/html" else part.text


def _at(mail: Part, now: datetime) -> datetime:
    try:
        told = parsedate_to_datetime(mail.first("date"))
        # An offset of nearly a day is none for PostgreSQL.
        at = told.astimezone(UTC) if told.tzinfo is not None else now
    except (TypeError, ValueError, OverflowError, IndexError):
        return now
    return min(at, now)
