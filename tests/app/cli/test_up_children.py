"""What falls is started again; what cannot stand is given up, with the place where the reason is."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from app.cli.processes import stop
from app.cli.up_children import Children

SLEEPER = """
import os, signal, sys, time
print('here', os.getpid(), flush=True)
time.sleep(60)
"""


@pytest.fixture
def module(tmp_path: Path) -> Iterator[Path]:
    (tmp_path / "sleeper.py").write_text(SLEEPER)
    (tmp_path / "faller.py").write_text("raise SystemExit('no such luck')")
    yield tmp_path


def environ(folder: Path) -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "PYTHONPATH": str(folder)}


def until(seen: Path, words: str, times: int = 1) -> None:
    end = time.monotonic() + 20
    while not seen.exists() or seen.read_text().count(words) < times:
        assert time.monotonic() < end
        time.sleep(0.02)


def test_a_killed_child_is_started_again_and_said(module: Path, capsys: pytest.CaptureFixture[str]) -> None:
    children = Children(module / "log")
    children.run("worker", environ(module), "sleeper")
    until(module / "log" / "worker.log", "here")
    first = children.own[0].process
    first.kill()
    first.wait()
    children.mend()
    until(module / "log" / "worker.log", "here", times=2)
    assert children.own[0].process.pid != first.pid
    children.finish()
    assert children.own[0].process.returncode == -signal.SIGTERM
    out = capsys.readouterr().out
    assert "worker | ended (signal 9), starting it again" in out
    assert f"worker | here {first.pid}" in out


def test_a_child_that_cannot_stand_is_given_up(module: Path) -> None:
    children = Children(module / "log")
    children.run("sweep", environ(module), "faller")
    with pytest.raises(click.ClickException) as given_up:
        for _ in range(5):
            children.own[0].process.wait()
            children.mend()
    assert str(module / "log" / "sweep.log") in given_up.value.message
    until(module / "log" / "sweep.log", "no such luck", times=5)


def test_our_own_end_before_the_servers_that_they_use(module: Path) -> None:
    children = Children(module / "log")
    children.run("worker", environ(module), "sleeper")
    still_there: list[bool] = []

    def end(process: subprocess.Popen[bytes]) -> None:
        still_there.append(children.own[0].process.poll() is None)
        stop(process)

    server = subprocess.Popen(["sleep", "60"])
    children.adopt("postgres", server, lambda: server, end)
    children.finish()
    assert still_there == [False]
    assert server.returncode == -signal.SIGTERM
