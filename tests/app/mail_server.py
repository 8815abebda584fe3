"""A real SMTP server in a thread, and what it took."""

from __future__ import annotations

from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any


@dataclass
class Mailbox:
    """What an SMTP server took; `answer` is what it says at the end of a mail."""

    answer: str = "250 OK"
    refused: str = ""
    mails: list[EmailMessage] = field(default_factory=list)
    before_answer: Any = None

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        if address == self.refused:
            return "550 5.1.1 no such user"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if self.answer.startswith("250"):
            self.mails.append(message_from_bytes(envelope.content, policy=default))
        if self.before_answer:
            self.before_answer()
        return self.answer
