"""What a vendor or a mailbox tells of a mail that left."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Told(StrEnum):
    """`DELAYED`: a server keeps trying. `FAILED`: the vendor gave it up before anybody was asked (its own
    suppression list, a template refused). `REPLIED`: somebody's machine answered, which says nothing."""

    DELIVERED = "delivered"
    DELAYED = "delayed"
    SOFT_BOUNCED = "soft_bounced"
    HARD_BOUNCED = "hard_bounced"
    COMPLAINED = "complained"
    UNSUBSCRIBED = "unsubscribed"
    OPENED = "opened"
    CLICKED = "clicked"
    FAILED = "failed"
    REPLIED = "replied"


@dataclass(frozen=True, slots=True)
class Feedback:
    """One thing that was told, once. `key`: unique among all that this vendor tells. `message_id`: ours, in
    angle brackets, and `provider_id`: the vendor's; at least one of them finds the mail, "" where it is not
    told. `recipient`: whom it is about, "" where it is not told. `status`: an enhanced code (RFC 3463) or
    "". `detail`: the vendor's own words, at most 300 characters. `machine`: opened or followed by a scanner
    or a privacy proxy."""

    key: str
    kind: Told
    at: datetime
    message_id: str = ""
    provider_id: str = ""
    recipient: str = ""
    status: str = ""
    detail: str = ""
    machine: bool = False
