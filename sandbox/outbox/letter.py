"""A kept mail taken apart: its two texts and its headers."""

from __future__ import annotations

import email
from collections.abc import Mapping
from dataclasses import dataclass
from email import policy
from email.message import EmailMessage
from functools import lru_cache
from pathlib import Path
from typing import Any

from sandbox.outbox_store import Mail, find


@dataclass(frozen=True, slots=True)
class Letter:
    """`headers`: decoded, in the order of the mail; `source`: the mail as it travelled."""

    html: str
    text: str
    headers: tuple[tuple[str, str], ...]
    source: str


@lru_cache(maxsize=1000)
def letter_of(path: Path, mail: Mail) -> Letter:
    """A kept mail never changes, so it is taken apart once."""
    found = find(path, mail.id)
    return take_apart(found[1] if found else b"")


def take_apart(raw: bytes) -> Letter:
    message = email.message_from_bytes(raw, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return Letter(
        html=_body(message, "html"),
        text=_body(message, "plain"),
        headers=tuple((name, str(value)) for name, value in message.items()),
        source=raw.decode("utf-8", "replace"),
    )


def as_json(mail: Mail, letter: Letter) -> dict[str, Any]:
    """One entry of outbox.json. A header that occurs twice has its values on two lines."""
    headers: dict[str, str] = {}
    for name, value in letter.headers:
        headers[name] = f"{headers[name]}\n{value}" if name in headers else value
    return {
        "id": mail.id,
        "shop": mail.shop,
        "flow": mail.flow,
        "step": mail.step,
        "to": mail.recipient,
        "subject": mail.subject,
        "text": letter.text,
        "html": letter.html,
        "headers": headers,
        "status": mail.status,
        "sent_at": mail.sent_at,
    }


def for_frame(html: str) -> str:
    """The HTML with one addition: its links open in a tab of their own."""
    base = '<base target="_blank">'
    head, found, rest = html.partition("<head>")
    return f"{head}{found}{base}{rest}" if found else base + html


def _body(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    return "" if part is None else str(part.get_content())


FRAME_HEADERS: Mapping[str, str] = {
    # The mail may show pictures and its own styles; it may not run, frame or send anything.
    "Content-Security-Policy": (
        "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none';"
        " img-src http: https: data:; style-src 'unsafe-inline'"
    )
}
