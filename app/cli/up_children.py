"""The processes of `doorstep up`: started, named in one log, started again when they fall, ended."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import click

from app.cli.processes import spawn, stop

_FALLS, _WITHIN = 5, 60.0  # so many ends within so many seconds are no accident


@dataclass
class Child:
    """`again` starts it anew; `falls`: when it ended by itself, monotonic."""

    name: str
    process: subprocess.Popen[bytes]
    again: Callable[[], subprocess.Popen[bytes]]
    end: Callable[[subprocess.Popen[bytes]], None]
    falls: deque[float] = field(default_factory=lambda: deque(maxlen=_FALLS))


class Children:
    """Servers, and our own processes that use them. Call from the main thread only: the kernel binds
    a child's life to the thread that started it."""

    def __init__(self, logs: Path) -> None:
        self.logs = logs
        self.servers: list[Child] = []
        self.own: list[Child] = []
        logs.mkdir(parents=True, exist_ok=True)

    def adopt(
        self,
        name: str,
        process: subprocess.Popen[bytes],
        again: Callable[[], subprocess.Popen[bytes]],
        end: Callable[[subprocess.Popen[bytes]], None],
    ) -> None:
        """A server that runs already."""
        self.servers.append(Child(name, process, again, end))

    def run(self, name: str, environ: Mapping[str, str], *arguments: str) -> None:
        """A process of ours, `python -m` with these arguments, its output in our log."""
        log = self.logs / f"{name}.log"
        log.unlink(missing_ok=True)

        def begin() -> subprocess.Popen[bytes]:
            process = spawn([sys.executable, "-m", *arguments], log=subprocess.PIPE, environ=environ)
            threading.Thread(target=_follow, args=(name, process, log), daemon=True).start()
            return process

        self.own.append(Child(name, begin(), begin, stop))

    def mend(self) -> None:
        """Starts what has ended by itself. Raises ClickException when that does not help."""
        for child in (*self.servers, *self.own):
            code = child.process.poll()
            if code is None:
                continue
            now = time.monotonic()
            child.falls.append(now)
            how = f"signal {-code}" if code < 0 else f"exit {code}"
            if len(child.falls) == _FALLS and now - child.falls[0] < _WITHIN:
                raise click.ClickException(
                    f"{child.name} ended {_FALLS} times within a minute (last: {how}). "
                    f"Why stands in {self.logs / child.name}.log"
                )
            click.echo(f"{child.name:>9} | ended ({how}), starting it again")
            child.process = child.again()

    def finish(self) -> None:
        """Our own all at once, then the servers, which they may need to the last."""
        for child in self.own:
            child.process.terminate()
        for child in (*self.own, *self.servers):
            child.end(child.process)


def _follow(name: str, process: subprocess.Popen[bytes], log: Path) -> None:
    assert process.stdout is not None
    with process.stdout as said, log.open("ab") as kept:
        for line in said:
            kept.write(line)
            kept.flush()
            click.echo(f"{name:>9} | {line.decode('utf-8', 'replace').rstrip()}")
