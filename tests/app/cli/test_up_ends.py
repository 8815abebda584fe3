"""A signal that falls into what swallows exceptions is said again."""

from __future__ import annotations

import subprocess
import sys

_CODE = """
import os, signal, time
from app.cli import up

class Swallows:
    def __del__(self):
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(0.05)

for number in up._ENDING:
    signal.signal(number, up._end)
try:
    Swallows()
    print("swallowed")
    time.sleep(10)
except KeyboardInterrupt:
    up._heard()
    os.kill(os.getpid(), signal.SIGTERM)
    print("heard")
"""


def test_it_ends_though_a_finalizer_swallowed_the_signal() -> None:
    told = subprocess.run([sys.executable, "-c", _CODE], capture_output=True, text=True, timeout=60)
    assert told.stdout.split() == ["swallowed", "heard"], told.stderr
