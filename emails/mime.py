"""An envelope as the bytes that travel: RFC 5322, two alternative parts, quoted-printable, CRLF."""

from __future__ import annotations

import binascii
import hashlib
import re
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy
from typing import Any

from emails.address import valid_address
from emails.clean import single_spaced
from emails.message import Envelope
from emails.providers.base import SendFailed

_BARE_BREAK = re.compile(rb"(?<!\r)\n|\r(?!\n)")
_TOKENS = re.compile(r"[!-~]{1,900}|<[!-;=?-~]{1,900}>(?:, <[!-;=?-~]{1,900}>){1,3}")


class _UnbrokenTokens(EmailPolicy):
    """The standard policy writes a long address without blanks as encoded words, which no mail program
    reads as an address (List-Unsubscribe, Message-ID). Such a value stays whole on its line; of several in
    angle brackets each has its own."""

    def fold_binary(self, name: str, value: Any) -> bytes:
        if _TOKENS.fullmatch(str(value)):
            return f"{name}: {value}\r\n".replace(">, <", ">,\r\n <").encode("ascii")
        return super().fold_binary(name, value)


_POLICY = _UnbrokenTokens(linesep=SMTP.linesep, max_line_length=SMTP.max_line_length)


def mail_bytes(envelope: Envelope) -> bytes:
    """The same envelope always gives the same bytes.

    Raises SendFailed("invalid_email", permanent) for a recipient, SendFailed("invalid_sender") for a
    sender that is no address.
    """
    message = EmailMessage(policy=_POLICY)
    message["From"] = _sender(envelope)
    message["To"] = _mailbox(envelope.recipient, SendFailed("invalid_email", permanent=True))
    if envelope.reply_to:
        message["Reply-To"] = _mailbox(envelope.reply_to, SendFailed("invalid_sender"))
    message["Subject"] = single_spaced(envelope.subject)
    message["Message-ID"] = single_spaced(envelope.message_id)
    for name, value in envelope.headers.items():
        message[name] = single_spaced(value)
    message["MIME-Version"] = "1.0"
    message["Content-Type"] = "multipart/alternative"
    message.set_payload([_part(envelope.text, "plain"), _part(envelope.html, "html")])
    message.set_boundary("=_" + hashlib.sha256(envelope.message_id.encode()).hexdigest()[:40])
    written = message.as_bytes()
    if _BARE_BREAK.search(written):
        # A server that takes a bare LF for a line end could be made to see a second mail in this one.
        raise ValueError("a line end that is not CRLF")
    return written


def _part(text: str, subtype: str) -> EmailMessage:
    """One alternative. The standard builder encodes quoted-printable in Python, letter by letter, which
    costs more than the rest of a mail together; this encoder is the same in C."""
    part = EmailMessage(policy=_POLICY)
    part["Content-Type"] = f'text/{subtype}; charset="utf-8"'
    part["Content-Transfer-Encoding"] = "quoted-printable"
    lines = "\n".join(text.splitlines()) + "\n"
    part.set_payload(binascii.b2a_qp(lines.encode()).decode("ascii"))
    return part


def _sender(envelope: Envelope) -> Address:
    found = valid_address(envelope.sender)
    if found is None:
        raise SendFailed("invalid_sender")
    return Address(single_spaced(envelope.sender_name), addr_spec=found)


def _mailbox(text: str, failure: SendFailed) -> Address:
    found = valid_address(text)
    if found is None:
        raise failure
    return Address(addr_spec=found)
