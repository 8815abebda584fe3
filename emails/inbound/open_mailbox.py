"""Which mailbox an address in the settings means."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote, urlsplit

from emails.inbound.imap import ImapMailbox
from emails.inbound.mailbox import Mailbox, problem_with
from emails.inbound.maildir import FolderMailbox


def open_mailbox(url: str) -> Mailbox:
    """Not connected yet. Raises ValueError for an address that it does not understand."""
    if (problem := problem_with(url)) is not None:
        raise ValueError(problem)
    parts = urlsplit(url)
    if parts.scheme == "maildir":
        return FolderMailbox(Path(unquote(parts.path)))
    secure = parts.scheme == "imaps"
    return ImapMailbox(
        host=parts.hostname or "",
        port=parts.port or (993 if secure else 143),
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        folder=unquote(parts.path.strip("/")) or "INBOX",
        secure=secure,
    )
