"""Messages to a shop's own tool, as Standard Webhooks: one id for ever, a time, and a signature of all of it.

Whoever receives them drops what has an id that they know. So a call that broke off may be made again.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from types import TracebackType
from typing import Self

from emails.message import Envelope
from emails.providers.base import Receipt, SendFailed
from wire.errors import NotReached, NotTrusted
from wire.http import AddressRefused, Answer, HttpClient, WireError

NAME = "webhook"
PREFIX = "whsec_"
TYPE = "message.due"
GONE = "webhook_gone"
SECONDS = 12.0
"""The most that one call takes; less than what is left of a lease when a message is marked."""


class WebhookCourier:
    """`secrets`: as they are told, the newest first; each of them signs."""

    def __init__(
        self, http: HttpClient, url: str, secrets: Sequence[str], real: Callable[[], datetime]
    ) -> None:
        self._http = replace(http, longest=SECONDS)
        self._url = url
        self._secrets = tuple(secrets)
        self._real = real
        self._prepared: tuple[str, bytes] | None = None

    def prepare(self, envelope: Envelope) -> None:
        self._prepared = webhook_id(envelope.message_id), body_of(envelope)

    def hand_over(self) -> Receipt:
        if self._prepared is None:
            raise RuntimeError("nothing is prepared")
        (named, body), self._prepared = self._prepared, None
        seconds = str(int(self._real().timestamp()))
        headers = {
            "Content-Type": "application/json",
            "webhook-id": named,
            "webhook-timestamp": seconds,
            "webhook-signature": signatures(self._secrets, named, seconds, body),
        }
        try:
            answer = self._http.request("POST", self._url, headers=headers, body=body, timeout=SECONDS)
        except AddressRefused as refused:
            raise SendFailed("webhook_address", answer=str(refused)) from refused
        except WireError as error:
            heard = not isinstance(error, NotReached | NotTrusted)
            raise SendFailed("webhook_unreachable", handed_over=heard, answer=str(error)) from error
        return _received(answer, named)

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


def webhook_id(message_id: str) -> str:
    """The Message-ID without its domain: no full stop may stand in it, because stops part what is signed."""
    return f"msg_{message_id.strip('<>').partition('@')[0]}"


def body_of(envelope: Envelope) -> bytes:
    told = {"type": TYPE, "timestamp": envelope.data.get("due_at", ""), "data": dict(envelope.data)}
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


def signatures(secrets: Sequence[str], named: str, seconds: str, body: bytes) -> str:
    signed = f"{named}.{seconds}.".encode() + body
    return " ".join(f"v1,{_signature(secret, signed)}" for secret in secrets)


def _signature(secret: str, signed: bytes) -> str:
    key = base64.b64decode(secret.removeprefix(PREFIX))
    return base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def _received(answer: Answer, named: str) -> Receipt:
    """Every answer but 2xx is a failure; 410 says that nobody wants to hear any more."""
    if 200 <= answer.status <= 299:
        return Receipt(named, str(answer.status))
    reason = GONE if answer.status == 410 else "webhook_refused"
    raise SendFailed(reason, code=answer.status, answer=_readable(answer.body))


def _readable(body: bytes) -> str:
    return " ".join(body[:300].decode("utf-8", "replace").split())
