"""The mailbox that our return paths lead to, wherever it is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol, Self
from urllib.parse import unquote, urlsplit


class MailboxAway(Exception):
    """It cannot be read just now; what is in it stays."""


class Mailbox(Protocol):
    """Mails stay until somebody says what becomes of them; another reader at the same time sees them, too."""

    def waiting(self, limit: int) -> Iterator[tuple[str, bytes]]:
        """(its name here, its bytes; of a huge one the first megabyte). Raises MailboxAway."""
        ...

    def drop(self, name: str) -> None:
        """It was understood and stored. Raises MailboxAway."""
        ...

    def put_aside(self, name: str) -> None:
        """It told nothing of a mail of ours: into a folder of its own, for a person. Raises MailboxAway."""
        ...

    def __enter__(self) -> Self:
        """Raises MailboxAway."""
        ...

    def __exit__(self, *_: object) -> None: ...


def problem_with(url: str) -> str | None:
    """What is wrong with an address in the settings, without a word of what may be secret in it."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return "it is no address"
    if parts.scheme == "maildir":
        return None if parts.path not in ("", "/") and not parts.netloc else "it must be maildir:///a/folder"
    if parts.scheme not in ("imaps", "imap"):
        return "it must start with imaps:// or maildir://"
    if parts.scheme == "imap" and parts.hostname not in ("127.0.0.1", "::1", "localhost"):
        return "it must start with imaps://: a password would travel in the open"
    if not parts.hostname or not parts.username or parts.password is None or port == 0:
        return "it must be imaps://user:password@host/INBOX"
    named = unquote(f"{parts.username}{parts.password}{parts.path}")
    return None if named.isprintable() else "it holds signs that no mailbox has"
