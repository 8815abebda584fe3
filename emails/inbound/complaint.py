"""Complaints (RFC 5965), and the older reports that look like a forwarded mail."""

from __future__ import annotations

import re
from collections.abc import Sequence

from emails.feedback import Told
from emails.inbound.parts import Part, headers_in, plain_words
from emails.inbound.status_report import OfRecipient

# RFC 5965 7.3 and RFC 6430; what is not in it says nothing about the reader.
KINDS = {
    "abuse": Told.COMPLAINED,
    "fraud": Told.COMPLAINED,
    "other": Told.COMPLAINED,
    "virus": Told.COMPLAINED,
    "miscategorized": Told.COMPLAINED,
    "complaint": Told.COMPLAINED,
    "opt-out": Told.UNSUBSCRIBED,
    "opt-out-list": Told.UNSUBSCRIBED,
    "not-spam": Told.REPLIED,
    "auth-failure": Told.REPLIED,
}
_ADDRESS = re.compile(r"[^\s<>;\"]{1,200}@[^\s<>;\"]{1,253}")
_OLD_SUBJECT = re.compile(
    r"^(?:complaint about message from|email feedback report|abuse report|spam report|jmr complaint)",
    re.IGNORECASE,
)
_READER = ("x-hmxmroriginalrecipient", "x-original-rcpt-to", "x-apparently-to")


def complaints(parts: Sequence[Part], told: str) -> list[OfRecipient]:
    """One for each reader that the report names; one without a name where it names none (many remove it)."""
    report = next((part for part in parts if part.kind == "message/feedback-report"), None)
    fields = headers_in(report.text.lstrip("\n")) if report else {}
    if report is None and not _looks_like_one(parts):
        return []
    named = next(iter(fields.get("feedback-type", ("abuse",))), "abuse").split(";")[0].strip().lower()
    kind = KINDS.get(named, Told.COMPLAINED)
    readers = [_address(value) for value in fields.get("original-rcpt-to", ())] or [
        _address(part.first(name)) for part in parts for name in _READER if part.first(name)
    ]
    readers = list(dict.fromkeys(filter(None, readers))) or [""]
    return [OfRecipient(reader, kind, "", f"{named}: {told.strip()}"[:300]) for reader in readers[:100]]


def _looks_like_one(parts: Sequence[Part]) -> bool:
    """Microsoft's report is the mail itself, attached, with one header more; AOL's and others' name
    themselves as a feedback report though the part is missing or of another type."""
    mail = parts[0]
    if any("x-hmxmroriginalrecipient" in part.headers for part in parts):
        return True
    report_type = mail.first("content-type").lower().replace('"', "").replace(" ", "")
    if "report-type=feedback-report" in report_type:
        return True
    subject = plain_words(mail.first("subject"))
    return bool(_OLD_SUBJECT.match(subject)) and any(part.returned for part in parts)


def _address(value: str) -> str:
    found = _ADDRESS.search(value)
    return found[0] if found else ""
