"""A real SMTP server on a socket that misbehaves exactly as told."""

from __future__ import annotations

import socket
import ssl
import struct
import threading
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

HANG_UP = b"(hangs up)"
RESET = b"(resets the connection)"
SILENCE = b"(says nothing more)"
KEEP_AND_HANG_UP = b"(keeps the mail, hangs up)"
HALF_CLOSE = b"(closes its half and listens on)"
# Before an answer: what is done with it.
THEN_RESET = b"(then resets the connection) "
LATE = b"(after a while) "

GOOD: Mapping[str, bytes] = {
    "connect": b"220 mx.example ready",
    "ehlo": b"250-mx.example\r\n250 SIZE 10000000",
    "helo": b"250 mx.example",
    "mail": b"250 2.1.0 ok",
    "rcpt": b"250 2.1.5 ok",
    "data": b"354 go on",
    "body": b"",
    "end": b"250 2.0.0 queued as Q%d",
    "rset": b"250 2.0.0 ok",
    "auth": b"235 2.7.0 welcome",
    "starttls": b"220 go ahead",
    "quit": b"221 bye",
}


class Gone(Exception):
    """The script ended this connection, or the client left."""


@dataclass
class Server:
    """`script`: per stage what to answer the first, second, ... time; afterwards all is well."""

    script: Mapping[str, Sequence[bytes]]
    tls: ssl.SSLContext | None = None
    tls_at_once: bool = False
    port: int = 0
    connections: int = 0
    commands: list[str] = field(default_factory=list)
    mails: list[bytes] = field(default_factory=list)
    seen: Counter[str] = field(default_factory=Counter)
    stop: threading.Event = field(default_factory=threading.Event)

    def answer(self, stage: str) -> bytes:
        told = self.script.get(stage, ())
        index = self.seen[stage]
        self.seen[stage] += 1
        return told[index] if index < len(told) else GOOD.get(stage, b"500 unknown command")


@contextmanager
def serving(
    script: Mapping[str, Sequence[bytes]] | None = None,
    tls: ssl.SSLContext | None = None,
    *,
    tls_at_once: bool = False,
) -> Iterator[Server]:
    server = Server(script or {}, tls, tls_at_once)
    with socket.create_server(("127.0.0.1", 0)) as door:
        server.port = door.getsockname()[1]
        threads = [threading.Thread(target=_welcome, args=(server, door))]
        threads[0].start()
        try:
            yield server
        finally:
            server.stop.set()
            door.shutdown(socket.SHUT_RDWR)
            threads[0].join(5)


def _welcome(server: Server, door: socket.socket) -> None:
    visitors = []
    while not server.stop.is_set():
        try:
            line, _ = door.accept()
        except OSError:
            break
        server.connections += 1
        visitor = threading.Thread(target=_talk, args=(server, line))
        visitor.start()
        visitors.append(visitor)
    for visitor in visitors:
        visitor.join(5)


def _talk(server: Server, line: socket.socket) -> None:
    session = None
    try:
        if server.tls_at_once and server.tls:
            line = server.tls.wrap_socket(line, server_side=True)
        session = _Session(server, line)
        session.run()
    except (Gone, OSError):
        pass
    finally:
        line.close()
        if session is not None:
            session.reader.close()
            session.line.close()


class _Session:
    def __init__(self, server: Server, line: socket.socket) -> None:
        self.server, self.line = server, line
        self.reader = line.makefile("rb")
        self.in_transaction = False

    def run(self) -> None:
        self.say("connect")
        while True:
            command = self.reader.readline()
            if not command:
                raise Gone
            text = command.decode("latin-1").strip()
            self.server.commands.append(text)
            verb = text.split(" ")[0].lower()
            if verb == "mail" and self.in_transaction:
                self.act(b"503 5.5.1 one mail at a time")
                continue
            told = self.say(verb)
            self.in_transaction = {"mail": told.startswith(b"2"), "rset": False}.get(
                verb, self.in_transaction
            )
            if verb == "data" and told.startswith(b"354"):
                self.take_mail()
            elif verb == "starttls" and told.startswith(b"220") and self.server.tls:
                self.reader.close()
                self.line = self.server.tls.wrap_socket(self.line, server_side=True)
                self.reader = self.line.makefile("rb")
            elif verb == "quit":
                raise Gone

    def take_mail(self) -> None:
        self.in_transaction = False
        if self.server.answer("body"):
            self.act(RESET)
        lines = []
        while (text := self.reader.readline()) != b".\r\n":
            if not text:
                raise Gone
            lines.append(text.removeprefix(b"."))
        answer = self.server.answer("end")
        if answer.removeprefix(LATE).removeprefix(THEN_RESET).startswith(b"2") or answer == KEEP_AND_HANG_UP:
            self.server.mails.append(b"".join(lines))
        self.act(answer.replace(b"%d", str(len(self.server.mails)).encode()))

    def say(self, stage: str) -> bytes:
        answer = self.server.answer(stage)
        self.act(answer)
        return answer

    def act(self, answer: bytes) -> None:
        if answer == RESET:
            self.line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.reader.close()
        if answer in (HANG_UP, KEEP_AND_HANG_UP, RESET):
            raise Gone
        if answer.startswith(LATE):
            self.server.stop.wait(0.25)
            answer = answer.removeprefix(LATE)
        if answer.startswith(THEN_RESET):
            self.line.sendall(answer.removeprefix(THEN_RESET) + b"\r\n")
            self.act(RESET)
        if answer == HALF_CLOSE:
            self.line.shutdown(socket.SHUT_WR)
            self.reader.readline()
            raise Gone
        if answer == SILENCE:
            self.server.stop.wait(5)
            raise Gone
        self.line.sendall(answer + b"\r\n")
        if answer.startswith(b"421"):
            raise Gone
