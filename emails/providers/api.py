"""Mail over a vendor's HTTP interface: one call for a mail, every failure named.

What an answer means is the vendor's own table; what is the same for all of them stands here:

                                       what becomes of the mail
address refused, nobody there, no TLS  later: nothing was said
silence, a broken connection           may be taken: the body may have arrived
500, 502, 504, any other 5xx           may be taken: vendors do not say how far they came
503                                    later: not working, says whoever answers so
2xx that cannot be read                may be taken
any 4xx that the vendor does not list  later: it says nothing of this one mail
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from email.headerregistry import Address
from types import TracebackType
from typing import Any, Protocol, Self

from emails.address import valid_address
from emails.clean import single_spaced
from emails.message import Envelope
from emails.providers.base import Receipt, SendFailed
from emails.providers.told import words
from wire.errors import NotReached, NotTrusted
from wire.http import AddressRefused, Answer, HttpClient, WireError

SECONDS = 15.0
"""The most that one call takes; less than what is left of a lease when a message is marked."""
LONGEST_WISH = 3600.0
"""Seconds: what a vendor's Retry-After counts for at most."""


@dataclass(frozen=True, slots=True)
class Reach:
    """How a vendor is called: with which client, and what time it is in the real world (signatures)."""

    http: HttpClient
    real: Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Call:
    method: str
    url: str
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(default=b"", repr=False)
    params: Mapping[str, str] = field(default_factory=dict)


class Dialect(Protocol):
    """A vendor's way of saying it."""

    def letter(self, envelope: Envelope) -> Call:
        """The whole call but for what has to be fresh. Raises SendFailed for an address that is none."""
        ...

    def signed(self, call: Call, real: datetime) -> Call:
        """With what has to be fresh."""
        ...

    def receipt(self, answer: Answer) -> Receipt:
        """Of a 2xx. Raises SendFailed, or ValueError for what cannot be read."""
        ...

    def refusal(self, answer: Answer) -> SendFailed | None:
        """Of anything else; None where the vendor says nothing that it is known for."""
        ...


class ApiCourier:
    """Nothing is said before the hand-over: there is no half of a call."""

    def __init__(self, dialect: Dialect, reach: Reach) -> None:
        self._dialect, self._reach = dialect, reach
        self._prepared: Call | None = None

    def prepare(self, envelope: Envelope) -> None:
        self._prepared = self._dialect.letter(envelope)

    def hand_over(self) -> Receipt:
        if self._prepared is None:
            raise RuntimeError("nothing is prepared")
        call, self._prepared = self._prepared, None
        answer = called(self._dialect, call, self._reach)
        if not 200 <= answer.status <= 299:
            raise refused(self._dialect, answer)
        try:
            return self._dialect.receipt(answer)
        except ValueError as error:
            raise SendFailed("unreadable_answer", handed_over=True, answer=readable(answer.body)) from error

    def drop(self) -> None:
        self._prepared = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.drop()


def called(dialect: Dialect, call: Call, reach: Reach) -> Answer:
    """Raises SendFailed where no answer came."""
    fresh = dialect.signed(call, reach.real())
    http = replace(reach.http, longest=SECONDS)
    try:
        return http.request(
            fresh.method,
            fresh.url,
            headers=fresh.headers,
            params=fresh.params or None,
            body=fresh.body or None,
            timeout=SECONDS,
        )
    except (AddressRefused, NotReached, NotTrusted) as error:
        raise SendFailed("no_connection", answer=str(error)) from error
    except WireError as error:
        raise SendFailed("answer_lost", handed_over=True, answer=str(error)) from error


def refused(dialect: Dialect, answer: Answer) -> SendFailed:
    """The failure that an answer other than 2xx stands for."""
    known = dialect.refusal(answer)
    if known is not None:
        return known
    if answer.status == 429:
        return failure(answer, "vendor_busy")
    if answer.status in (401, 403):
        return failure(answer, "login_refused")
    if answer.status == 503:
        return failure(answer, "vendor_away")
    if answer.status >= 500:
        return failure(answer, "vendor_trouble", handed_over=True)
    return failure(answer, "not_understood")


def failure(answer: Answer, reason: str, *, permanent: bool = False, handed_over: bool = False) -> SendFailed:
    return SendFailed(
        reason,
        permanent=permanent,
        handed_over=handed_over,
        code=answer.status,
        answer=_said(answer),
        retry_after=_wish(answer),
    )


def told_in(answer: Answer) -> Mapping[str, Any]:
    """The answer's JSON object; empty where it is none."""
    try:
        told = answer.json()
    except WireError:
        return {}
    return told if isinstance(told, dict) else {}


def sender(envelope: Envelope) -> str:
    """Raises SendFailed("invalid_sender")."""
    found = valid_address(envelope.sender)
    if found is None:
        raise SendFailed("invalid_sender")
    return str(Address(single_spaced(envelope.sender_name), addr_spec=found))


def recipient(envelope: Envelope) -> str:
    """Raises SendFailed("invalid_email", permanent)."""
    found = valid_address(envelope.recipient)
    if found is None:
        raise SendFailed("invalid_email", permanent=True)
    return found


def id_in(answer: Answer, name: str) -> str:
    """Raises ValueError for an answer without it."""
    found = words(told_in(answer), name)
    if not found:
        raise ValueError("an answer without an id")
    return found


def readable(body: bytes) -> str:
    return " ".join(body[:300].decode("utf-8", "replace").replace("\x00", "").split())


def _said(answer: Answer) -> str:
    """The vendor's sentence; all of it where there is none."""
    told = told_in(answer)
    return words(told, "message") or words(told, "Message") or readable(answer.body)


def _wish(answer: Answer) -> float:
    """Seconds of a Retry-After; one that gives a date or nonsense counts as none."""
    told = answer.headers.get("retry-after", "").strip()
    return min(float(told), LONGEST_WISH) if told.isascii() and told.isdecimal() and len(told) < 9 else 0.0
