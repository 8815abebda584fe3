"""A mail as the standard builder writes it: what ours is compared with."""

from __future__ import annotations

import hashlib
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP

from emails.clean import single_spaced
from emails.message import Envelope


def usual_bytes(envelope: Envelope) -> bytes:
    message = EmailMessage(policy=SMTP)
    message["From"] = Address(single_spaced(envelope.sender_name), addr_spec=envelope.sender)
    message["To"] = Address(addr_spec=envelope.recipient)
    if envelope.reply_to:
        message["Reply-To"] = Address(addr_spec=envelope.reply_to)
    message["Subject"] = single_spaced(envelope.subject)
    message["Message-ID"] = single_spaced(envelope.message_id)
    for name, value in envelope.headers.items():
        message[name] = single_spaced(value)
    message.set_content("\n".join(envelope.text.splitlines()) + "\n")
    message.add_alternative("\n".join(envelope.html.splitlines()) + "\n", subtype="html")
    message.set_boundary("=_" + hashlib.sha256(envelope.message_id.encode()).hexdigest()[:40])
    return message.as_bytes()
