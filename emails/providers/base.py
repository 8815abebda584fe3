"""The door to a mail vendor."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import TracebackType
from typing import Protocol, Self, runtime_checkable

from emails.feedback import Feedback
from emails.message import Envelope
from wire.http import HttpClient


class Repeats(StrEnum):
    """What a vendor can say of a mail that it may have taken. `IDEMPOTENT`: it drops a second copy with the
    same key, for as long as it remembers keys. `QUERY`: it can be asked whether it has the mail. `NONE`:
    neither, so the mail stays in doubt."""

    IDEMPOTENT = "idempotent"
    QUERY = "query"
    NONE = "none"


REMEMBERED = timedelta(hours=20)
"""How old the first try may be for a second one with the same key: less than the 24 hours that keys last."""


class SendFailed(Exception):
    """`permanent`: this mail to this address will never be taken. `handed_over`: the final byte had
    left before the connection broke, so the vendor may have taken it (a mail becomes unknown).
    `reason` is a permanent name; `answer` are the vendor's own words. `retry_after`: for how many seconds
    the vendor wants to hear nothing, 0 where it does not say."""

    def __init__(
        self,
        reason: str,
        *,
        permanent: bool = False,
        handed_over: bool = False,
        code: int | None = None,
        answer: str = "",
        retry_after: float = 0.0,
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.permanent = permanent
        self.handed_over = handed_over
        self.code = code
        self.answer = answer
        self.retry_after = retry_after


@dataclass(frozen=True, slots=True)
class Receipt:
    """The vendor's word that it took the mail."""

    provider_id: str
    response: str


class Courier(Protocol):
    """An open connection to a vendor, used for many mails. Not for several threads.

    A transient failure of the connection before hand-over is healed by connecting again once.
    """

    def prepare(self, envelope: Envelope) -> None:
        """All that may be done before the mark: connect, build the bytes, MAIL FROM and RCPT TO
        where the protocol has them. Raises SendFailed (never with `handed_over`)."""
        ...

    def hand_over(self) -> Receipt:
        """The prepared mail's final byte. Raises SendFailed."""
        ...

    def drop(self) -> None:
        """Forgets the prepared mail (the mark failed); the connection stays usable."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...


class Provider(Protocol):
    """`idempotent`: the vendor drops a second copy with the same key, so a batch may be marked. `repeats`
    says the same and more."""

    @property
    def name(self) -> str: ...

    @property
    def idempotent(self) -> bool: ...

    @property
    def repeats(self) -> Repeats: ...

    def connect(self) -> Courier: ...


class Answerable(Protocol):
    """A vendor of the class QUERY."""

    def taken(self, message_id: str) -> Receipt | None:
        """Whether it has the mail with this Message-ID of ours; None: it does not know it. Raises SendFailed
        where it gives no answer."""
        ...


@runtime_checkable
class Checkable(Protocol):
    """A vendor's account that can be looked at without sending anything."""

    def check(self) -> None:
        """Raises SendFailed where the login is not taken, or nobody answers."""
        ...


class Unreadable(ValueError):
    """What came is not what the vendor's documentation has."""


class EventSource(Protocol):
    """What a vendor tells us of mails that it took, by a POST. Header names are lower-case.

    `secrets` are the vendor's: signing secrets, a password, or topics that may tell. Any of them will do.
    """

    def verify(
        self,
        headers: Mapping[str, str],
        body: bytes,
        secrets: Sequence[str],
        real: datetime,
        http: HttpClient,
    ) -> bool:
        """Whether the vendor wrote it, and just now where it says when. May ask the vendor for its
        certificate; never raises for what came from outside."""
        ...

    def parse_events(self, body: bytes) -> list[Feedback]:
        """Of a verified body. What is told of no mail is left out. Raises Unreadable."""
        ...

    def confirm(self, body: bytes, http: HttpClient) -> bool:
        """Of a verified body: True where it asked for a confirmation that we want to hear more, which is
        given; there is nothing else in it then. Raises WireError where that does not get through."""
        ...
