"""A mailbox at an IMAP server (RFC 3501), over TLS."""

from __future__ import annotations

import imaplib
import ssl
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Self

from emails.inbound.mailbox import MailboxAway
from emails.inbound.parts import MOST_BYTES

ASIDE = ("Other", "INBOX.Other", "INBOX/Other")
"""The first that the server takes: some keep all folders below the inbox (RFC 2342)."""
PATIENCE = 20.0
"""Seconds that each answer may take."""


@dataclass(slots=True)
class ImapMailbox:
    host: str
    port: int
    user: str = field(repr=False)
    password: str = field(repr=False)
    folder: str = "INBOX"
    secure: bool = True
    context: ssl.SSLContext | None = None
    _server: imaplib.IMAP4 | None = field(default=None, repr=False)

    def waiting(self, limit: int) -> Iterator[tuple[str, bytes]]:
        found = self._ask("search", None, "UNDELETED")
        for uid in b" ".join(one for one in found if isinstance(one, bytes)).split()[:limit]:
            name = uid.decode("ascii", "replace")
            # PEEK: a mail that a person is to see is not marked as read.
            held = self._ask("fetch", name, f"(BODY.PEEK[]<0.{MOST_BYTES}>)")
            for one in held:
                if isinstance(one, tuple) and len(one) == 2 and isinstance(one[1], bytes):
                    yield name, one[1]
                    break

    def drop(self, name: str) -> None:
        self._ask("store", name, "+FLAGS.SILENT", "(\\Deleted)")

    def put_aside(self, name: str) -> None:
        if not any(self._copied(name, _quoted(folder)) for folder in ASIDE):
            raise MailboxAway("the mail server has no folder for other mails")
        self.drop(name)

    def __enter__(self) -> Self:
        self._server = self._called(self._connect)
        try:
            self._call(lambda server: server.login(_quoted(self.user), self.password))
            state, _ = self._call(lambda server: server.select(_quoted(self.folder)))
            if state != "OK":
                raise MailboxAway("the mailbox has no such folder")
        except MailboxAway:
            self._server.shutdown()
            self._server = None
            raise
        return self

    def __exit__(self, *_: object) -> None:
        server, self._server = self._server, None
        if server is None:
            return
        try:
            server.close()  # removes what is marked as deleted
            server.logout()
        except (imaplib.IMAP4.error, OSError):
            server.shutdown()

    def _connect(self) -> imaplib.IMAP4:
        if not self.secure:
            return imaplib.IMAP4(self.host, self.port, timeout=PATIENCE)
        context = self.context or ssl.create_default_context()
        return imaplib.IMAP4_SSL(self.host, self.port, ssl_context=context, timeout=PATIENCE)

    def _copied(self, name: str, folder: str) -> bool:
        self._call(lambda server: server.create(folder))  # refused where it is there
        state, _ = self._call(lambda server: server.uid("copy", name, folder))
        return bool(state == "OK")

    def _ask(self, command: str, *told: str | None) -> list[Any]:
        # imaplib leaves out what is None; its types know strings alone.
        state, data = self._call(lambda server: server.uid(command, *told))  # type: ignore[arg-type]
        if state != "OK":
            raise MailboxAway(f"the mail server refused {command.upper()}")
        return list(data)

    def _call(self, what: Callable[[imaplib.IMAP4], Any]) -> Any:
        server = self._server
        if server is None:
            raise MailboxAway("the mailbox is not open")
        return self._called(lambda: what(server))

    def _called(self, what: Callable[[], Any]) -> Any:
        """The server's words are left out: some repeat the login."""
        try:
            return what()
        except (imaplib.IMAP4.error, OSError, ValueError, EOFError) as error:
            raise MailboxAway(f"the mail server cannot be read: {type(error).__name__}") from error


def _quoted(text: str) -> str:
    """imaplib quotes passwords alone."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
