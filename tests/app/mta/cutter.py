"""Stands between us and a mail server and cuts the line at one point of the first mail's way, as told."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from enum import StrEnum
from typing import BinaryIO


class Point(StrEnum):
    """Each after what it is named after; DOT: the server has the whole mail and answers into nothing;
    ANSWER: its answer has come through."""

    CONNECT = "connect"
    GREETING = "greeting"
    EHLO = "EHLO"
    MAIL = "MAIL"
    RCPT = "RCPT"
    DATA = "DATA"
    TEXT = "text"
    DOT = "dot"
    ANSWER = "answer"


@dataclass
class Cutter:
    """Cuts once; later connections go through."""

    point: Point
    server: int
    port: int = 0
    cut: bool = False
    stop: threading.Event = field(default_factory=threading.Event)

    def carry(self, client: socket.socket) -> None:
        if self._is(Point.CONNECT):
            return
        with closing(socket.create_connection(("127.0.0.1", self.server), timeout=20)) as far:
            near, back = client.makefile("rb"), far.makefile("rb")
            with near, back:
                client.sendall(_answer(back))
                if self._is(Point.GREETING):
                    return
                while command := near.readline():
                    far.sendall(command)
                    verb = command[:4].decode("latin-1").upper()
                    answer = _answer(back)
                    client.sendall(answer)
                    if verb in set(Point) and self._is(Point(verb)):
                        return
                    if (
                        verb == "DATA"
                        and answer.startswith(b"354")
                        and not self._text(client, near, far, back)
                    ):
                        return

    def _text(self, client: socket.socket, near: BinaryIO, far: socket.socket, back: BinaryIO) -> bool:
        first = True
        while (line := near.readline()) != b".\r\n":
            if not line or (not first and self._is(Point.TEXT)):
                return False
            far.sendall(line)
            first = False
        far.sendall(line)
        answer = _answer(back)
        if self._is(Point.DOT):
            return False
        client.sendall(answer)
        return not self._is(Point.ANSWER)

    def _is(self, point: Point) -> bool:
        if self.cut or point is not self.point:
            return False
        self.cut = True
        return True


def _answer(back: BinaryIO) -> bytes:
    lines = []
    while line := back.readline():
        lines.append(line)
        if line[3:4] != b"-":
            break
    return b"".join(lines)


@contextmanager
def cutting(point: Point, server: int) -> Iterator[Cutter]:
    made = Cutter(point, server)
    with socket.create_server(("127.0.0.1", 0)) as door:
        made.port = door.getsockname()[1]
        door.settimeout(0.1)
        thread = threading.Thread(target=_serve, args=(made, door))
        thread.start()
        try:
            yield made
        finally:
            made.stop.set()
            thread.join(30)


def _serve(made: Cutter, door: socket.socket) -> None:
    while not made.stop.is_set():
        with suppress(TimeoutError):
            client, _ = door.accept()
            client.settimeout(20)
            with closing(client), suppress(OSError):
                made.carry(client)
