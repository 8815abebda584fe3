"""One end for a whole call. Time-outs of sockets begin anew with every byte that comes, so a server that
gives a header letter by letter would hold us for hours; here its connection is cut."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

_here = threading.local()


class Watch:
    """`over`: the time was up, and the connection that was open then has been cut. `asked`: of a call over
    HTTP, all that it asks had been written."""

    def __init__(self) -> None:
        self.over = self.asked = False
        self._open: socket.socket | None = None
        self._lock = threading.Lock()

    def see(self, connection: socket.socket | None) -> None:
        """What the call is talking through from now on."""
        with self._lock:
            self._open = connection
            if self.over:
                _cut(connection)

    def end(self) -> None:
        with self._lock:
            self.over = True
            _cut(self._open)


@contextmanager
def at_most(seconds: float) -> Iterator[Watch]:
    """Whatever this thread calls meanwhile has ended when the time is up."""
    watch = Watch()
    timer = threading.Timer(seconds, watch.end)
    timer.daemon = True
    timer.start()
    _here.watch = watch
    try:
        yield watch
    finally:
        _here.watch = None
        timer.cancel()


def _cut(connection: socket.socket | None) -> None:
    if connection is not None:
        with suppress(OSError):
            # Not the method of a TLS socket: that one takes the session from the thread that reads.
            socket.socket.shutdown(connection, socket.SHUT_RDWR)


def talking_through(connection: socket.socket | None) -> None:
    """Told by whoever opens a connection, so that it can be cut when the time of this thread is up."""
    watch: Watch | None = getattr(_here, "watch", None)
    if watch is not None:
        watch.see(connection)


def _asked(connection: socket.socket | None) -> None:
    watch: Watch | None = getattr(_here, "watch", None)
    if watch is not None:
        watch.asked = True
        watch.see(connection)


class _Plain(HTTPConnection):
    def getresponse(self) -> Any:
        _asked(self.sock)
        return super().getresponse()


class _Secure(HTTPSConnection):
    def getresponse(self) -> Any:
        _asked(self.sock)
        return super().getresponse()


class PlainPool(HTTPConnectionPool):
    ConnectionCls = _Plain


class SecurePool(HTTPSConnectionPool):
    ConnectionCls = _Secure


POOLS = {"http": PlainPool, "https": SecurePool}
