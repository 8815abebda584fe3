"""Child processes that cannot outlive us."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

_PR_SET_PDEATHSIG = 1
# Loaded before any fork: a child between fork and exec must not open libraries.
_prctl = ctypes.CDLL(None, use_errno=True).prctl if sys.platform == "linux" else None


@dataclass(frozen=True, slots=True)
class User:
    """Whom a child runs as."""

    uid: int
    gid: int


def die_with_parent(parent: int, death: signal.Signals) -> None:
    """Called in a child: the kernel sends it `death` as soon as `parent`, the process that forked it,
    is gone in whatever way. Linux only; elsewhere nothing happens.

    The kernel forgets this on setuid, so it comes after; and it watches the forking thread, so
    children are started from the main thread.
    """
    if _prctl is None:
        return
    _prctl(_PR_SET_PDEATHSIG, int(death), 0, 0, 0)
    if os.getppid() != parent:  # it died before the kernel knew
        os.kill(os.getpid(), death)


def bind_forks(death: signal.Signals = signal.SIGKILL) -> None:
    """From here on, every fork of this process dies with it (RQ's work-horses and scheduler,
    gunicorn's workers)."""
    parents = [os.getpid()]

    def in_child() -> None:
        die_with_parent(parents[0], death)
        parents[0] = os.getpid()

    os.register_at_fork(after_in_child=in_child)


def spawn(
    command: Sequence[str | Path],
    *,
    log: int | IO[bytes],
    death: signal.Signals = signal.SIGTERM,
    environ: Mapping[str, str] | None = None,
    folder: Path | None = None,
    user: User | None = None,
) -> subprocess.Popen[bytes]:
    """Starts a child in the foreground with both outputs in `log`. In a group of its own: a Ctrl-C
    of the terminal reaches us alone, and we stop the children in order."""
    return subprocess.Popen(
        [str(part) for part in command],
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=subprocess.STDOUT,
        env=dict(environ) if environ is not None else None,
        cwd=folder,
        process_group=0,
        user=user.uid if user else None,
        group=user.gid if user else None,
        extra_groups=[] if user else None,
        preexec_fn=_bound(os.getpid(), death),
    )


def _bound(parent: int, death: signal.Signals) -> Callable[[], None]:
    return lambda: die_with_parent(parent, death)


def stop(
    process: subprocess.Popen[bytes], how: signal.Signals = signal.SIGTERM, within: float = 10.0
) -> None:
    """Asks a child to end, and after `within` seconds does not ask any more."""
    if process.poll() is not None:
        return
    process.send_signal(how)
    try:
        process.wait(within)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
