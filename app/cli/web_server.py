"""How gunicorn runs the web processes (`doorstep serve` names this file to it)."""

from __future__ import annotations

import gc
import os
import signal
from typing import Any

from app.cli.processes import die_with_parent
from app.config import is_loopback

_HOST = "127.0.0.1" if is_loopback(os.environ.get("DOORSTEP_ADDRESS", "")) else "0.0.0.0"

bind = f"{_HOST}:{os.environ.get('PORT', '8000')}"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
worker_class = "gthread"
threads = 8
# The app is loaded once, in the master; its pages of memory are shared until somebody writes to them.
preload_app = True
timeout = 60
graceful_timeout = 20
keepalive = 5
# A control socket would be written into the home folder.
control_socket_disable = True


def pre_fork(server: Any, worker: Any) -> None:
    gc.freeze()  # what was loaded before the fork is never collected, so its pages stay shared


def post_fork(server: Any, worker: Any) -> None:
    die_with_parent(server.pid, signal.SIGTERM)
