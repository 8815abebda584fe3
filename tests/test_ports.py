from __future__ import annotations

import socket
import subprocess
import sys

import pytest

from tests.ports import IN_A_ROW, free_ports, is_free

LOOKS = """
from itertools import count
from tests import ports
places = count({first}, 4)
ports.random.randrange = lambda *_: next(places)
print(ports.free_ports())
"""


def test_a_chosen_port_is_kept_from_others_and_open_to_its_server() -> None:
    for port in range(first := free_ports(), first + IN_A_ROW):
        with socket.socket() as other, pytest.raises(OSError, match="in use"):
            other.bind(("127.0.0.1", port))
        assert is_free(port)
        for _ in range(2):  # started, and started again
            with socket.create_server(("127.0.0.1", port)) as server:
                assert not is_free(port)
                server.accept()[0].close()


def test_another_run_that_looks_at_the_same_place_goes_on() -> None:
    ours = free_ports()
    looks = [sys.executable, "-c", LOOKS.format(first=ours)]
    theirs = int(subprocess.run(looks, capture_output=True, text=True, check=True).stdout)
    assert theirs > ours
