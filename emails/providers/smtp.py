"""Mail over any SMTP server: one connection for many mails, every failure named."""

from __future__ import annotations

import re
import smtplib
import socket
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from emails.dkim import signed
from emails.message import Envelope
from emails.mime import mail_bytes
from emails.providers.base import Receipt, Repeats, SendFailed
from emails.providers.smtp_answers import CLOSING, UNREADABLE, Stage, broken, readable, refusal
from emails.providers.smtp_dial import be_patient, dial
from emails.providers.smtp_url import SmtpServer, server_of

_QUEUE_ID = re.compile(r"queued as (\S+)|\bid=(\S+)", re.IGNORECASE)
_LINE_WITH_DOT = re.compile(rb"^\.", re.MULTILINE)
_FINAL_DOT = b".\r\n"


@dataclass(frozen=True, slots=True)
class SmtpProvider:
    server: SmtpServer
    name: str = "smtp"
    idempotent: bool = False
    repeats: Repeats = Repeats.NONE

    def connect(self) -> SmtpCourier:
        return SmtpCourier(self.server)

    def check(self) -> None:
        """As far as the login. Raises SendFailed."""
        with SmtpCourier(self.server) as courier:
            courier.greet()


def smtp_provider(url: str) -> SmtpProvider:
    return SmtpProvider(server_of(url))


class SmtpCourier:
    """Dials at the first mail and again after a broken connection. Not for several threads."""

    def __init__(self, server: SmtpServer) -> None:
        self._server = server
        self._client: smtplib.SMTP | None = None
        self._prepared: tuple[bytes, str] | None = None

    def greet(self) -> smtplib.SMTP:
        """The connection, logged in."""
        if self._client is None:
            self._client = dial(self._server)
        return self._client

    @property
    def line(self) -> socket.socket | None:
        """What it talks through, if it does."""
        return self._client.sock if self._client is not None else None

    def prepare(self, envelope: Envelope) -> None:
        self.drop()
        body = signed(mail_bytes(envelope), envelope.dkim)
        had_connection = self._client is not None
        try:
            self._open_transaction(envelope, len(body))
        except SendFailed:
            # Servers hang up on idle connections and after so many mails: that is not this mail's fault.
            if not had_connection or self._client is not None:
                raise
            self._open_transaction(envelope, len(body))
        self._prepared = (body, envelope.message_id)

    def hand_over(self) -> Receipt:
        if self._prepared is None or self._client is None:
            raise RuntimeError("nothing is prepared")
        body, message_id = self._prepared
        self._prepared = None
        self._say(self._client, "DATA", Stage.DATA, wanted=3)
        self._send_body(self._client, _LINE_WITH_DOT.sub(b"..", body))
        code, text = self._end_and_answer(self._client)
        if not 200 <= code <= 299:
            raise self._refused(Stage.CONTENT, code, text)
        answer = readable(text)
        queued = _QUEUE_ID.search(answer)
        return Receipt((queued[1] or queued[2]) if queued else message_id, f"{code} {answer}")

    def drop(self) -> None:
        if self._prepared is not None:
            self._prepared = None
            self._reset()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._client is None:
            return
        try:
            self._client.quit()
        except (OSError, smtplib.SMTPException):
            pass
        finally:
            self._hang_up()

    def leave(self) -> None:
        """Says that it goes, and waits for no answer."""
        client = self._client
        if client is None:
            return
        with suppress(OSError, smtplib.SMTPException):
            client.putcmd("quit")
        self._hang_up()

    def _open_transaction(self, envelope: Envelope, size: int) -> None:
        client = self.greet()
        announced = f" SIZE={size}" if client.has_extn("size") else ""
        self._say(
            client,
            f"MAIL FROM:<{envelope.return_path or envelope.sender}>{announced}",
            Stage.SENDER,
            wanted=2,
        )
        self._say(client, f"RCPT TO:<{envelope.recipient}>", Stage.RECIPIENT, wanted=2)

    def _say(self, client: smtplib.SMTP, command: str, stage: Stage, *, wanted: int) -> None:
        try:
            code, text = client.docmd(command)
        except smtplib.SMTPResponseException as endless_line:
            self._hang_up()
            raise refusal(stage, UNREADABLE, endless_line.smtp_error) from endless_line
        except (OSError, smtplib.SMTPException) as error:
            self._hang_up()
            raise broken(stage) from error
        if code // 100 != wanted:
            raise self._refused(stage, code, text)

    def _send_body(self, client: smtplib.SMTP, stuffed: bytes) -> None:
        """All but the final dot: until that has left, no server may take the mail."""
        try:
            client.send(stuffed)
        except (OSError, smtplib.SMTPException) as error:
            self._hang_up()
            raise broken(Stage.DATA) from error

    def _end_and_answer(self, client: smtplib.SMTP) -> tuple[int, bytes]:
        try:
            be_patient(client, self._server.answer_seconds)
            client.send(_FINAL_DOT)
            answer = client.getreply()
            be_patient(client, self._server.command_seconds)
        except (OSError, smtplib.SMTPException) as error:
            self._hang_up()
            raise broken(Stage.CONTENT) from error
        return answer

    def _refused(self, stage: Stage, code: int, text: bytes) -> SendFailed:
        """The failure; the connection is left as the next mail needs it."""
        if code == CLOSING or not 400 <= code <= 599:
            self._hang_up()
        elif stage is not Stage.CONTENT:
            self._reset()
        return refusal(stage, code, text)

    def _reset(self) -> None:
        if self._client is None:
            return
        try:
            code, _ = self._client.rset()
        except (OSError, smtplib.SMTPException):
            code = UNREADABLE
        if code != 250:
            self._hang_up()

    def _hang_up(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            client.close()
