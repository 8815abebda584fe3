"""The door to a mail vendor."""

from __future__ import annotations

from dataclasses import dataclass
from types import TracebackType
from typing import Protocol, Self

from emails.message import Envelope


class SendFailed(Exception):
    """`permanent`: this mail to this address will never be taken. `handed_over`: the final byte had
    left before the connection broke, so the vendor may have taken it (a mail becomes unknown).
    `reason` is a permanent name; `answer` are the vendor's own words."""

    def __init__(
        self,
        reason: str,
        *,
        permanent: bool = False,
        handed_over: bool = False,
        code: int | None = None,
        answer: str = "",
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.permanent = permanent
        self.handed_over = handed_over
        self.code = code
        self.answer = answer


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
    """`idempotent`: the vendor drops a second copy with the same key, so a batch may be marked."""

    @property
    def name(self) -> str: ...

    @property
    def idempotent(self) -> bool: ...

    def connect(self) -> Courier: ...
