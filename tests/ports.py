"""Ports for servers that tests start."""

from __future__ import annotations

import random
import socket
import sys
from collections import deque
from contextlib import ExitStack

IN_A_ROW = 4
HELD = 100  # choices that are held at once; whoever asked before the last hundred has long begun

# Between the choice and the server's start, and while a server is down to be started again, anybody could
# take a port: another run of tests, or the kernel for a connection, whose range may reach down here. On Linux
# a socket that is bound and does not listen keeps all off but servers that reuse addresses; ours do.
_held: deque[ExitStack] = deque()


def free_ports() -> int:
    """The first of four ports in a row that are nobody's."""
    while True:
        port = random.randrange(20_000, 32_000, IN_A_ROW)
        with ExitStack() as sockets:
            try:
                for number in range(port, port + IN_A_ROW):
                    sockets.enter_context(_bound(number))
            except OSError:
                continue
            if sys.platform == "linux":
                _held.append(sockets.pop_all())
        if len(_held) > HELD:
            _held.popleft().close()
        return port


def is_free(port: int) -> bool:
    """Whether nobody listens there."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


def _bound(port: int) -> socket.socket:
    """Reuse is allowed only once it is bound: not by us, but by the server that comes."""
    bound = socket.socket()
    try:
        bound.bind(("127.0.0.1", port))
    except OSError:
        bound.close()
        raise
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    return bound
