"""Whoever is killed takes its children along, however it was killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil

from app.cli.processes import spawn, stop

# A family of three generations: this parent, a child that forks, and a grandchild.
PARENT = """
import sys, time
from app.cli.processes import spawn
child = spawn([sys.executable, "-c", sys.argv[1]], log=open(sys.argv[2], "wb"))
print(child.pid, flush=True)
time.sleep(60)
"""
CHILD = """
import os, time
from app.cli.processes import bind_forks
bind_forks()
if os.fork() == 0:
    if os.fork() == 0:
        print("family", os.getppid(), os.getpid(), flush=True)
        time.sleep(60)
    time.sleep(60)
time.sleep(60)
"""


def family(log: Path) -> tuple[subprocess.Popen[bytes], list[int]]:
    parent = subprocess.Popen([sys.executable, "-c", PARENT, CHILD, str(log)], stdout=subprocess.PIPE)
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    parent.stdout.close()
    end = time.monotonic() + 20
    while not (words := log.read_text().split()):
        assert time.monotonic() < end
        time.sleep(0.02)
    return parent, [child, int(words[1]), int(words[2])]


def gone(pids: list[int], within: float = 5.0) -> bool:
    end = time.monotonic() + within
    while time.monotonic() < end:
        if not any(lives(pid) for pid in pids):
            return True
        time.sleep(0.02)
    return False


def lives(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def test_kill_9_of_the_parent_ends_three_generations(tmp_path: Path) -> None:
    parent, pids = family(tmp_path / "log")
    assert all(map(lives, pids))
    parent.kill()
    parent.wait()
    assert gone(pids)


def test_kill_9_of_the_child_ends_its_forks(tmp_path: Path) -> None:
    parent, pids = family(tmp_path / "log")
    os.kill(pids[0], signal.SIGKILL)
    assert gone(pids)
    parent.kill()
    parent.wait()


def test_a_child_that_does_not_listen_is_killed(tmp_path: Path) -> None:
    deaf = (
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
        "print(1, flush=True); time.sleep(60)"
    )
    with (tmp_path / "log").open("wb") as log:
        child = spawn([sys.executable, "-c", deaf], log=log)
    while not (tmp_path / "log").read_text():
        time.sleep(0.02)
    stop(child, within=0.3)
    assert child.returncode == -signal.SIGKILL


def test_a_ctrl_c_of_the_terminal_does_not_reach_the_children(tmp_path: Path) -> None:
    with (tmp_path / "log").open("wb") as log:
        child = spawn([sys.executable, "-c", "import time; time.sleep(60)"], log=log)
    assert os.getpgid(child.pid) != os.getpgid(0)
    stop(child)
