"""How gunicorn runs the web processes."""

from __future__ import annotations

import gc
import os
import signal
from collections.abc import Mapping
from typing import Any

from app.cli.processes import die_with_parent
from app.config import Config, ConfigError, is_loopback


def settings(config: Config) -> Mapping[str, Any]:
    """Raises ConfigError."""
    workers = os.environ.get("WEB_CONCURRENCY") or "2"
    if not workers.isdecimal() or int(workers) == 0:
        raise ConfigError([f"WEB_CONCURRENCY={workers} is not a number of processes."])
    host = "127.0.0.1" if is_loopback(config.address) else "0.0.0.0"
    return {
        "bind": f"{host}:{config.port}",
        "workers": int(workers),
        "worker_class": "gthread",
        "threads": 8,
        # Loaded once, in the master: its pages of memory are shared until somebody writes to them.
        "preload_app": True,
        "timeout": 60,
        "graceful_timeout": 20,
        # A control socket would be written into the home folder.
        "control_socket_disable": True,
        "pre_fork": _before_fork,
        "post_fork": _after_fork,
    }


def _before_fork(server: Any, worker: Any) -> None:
    gc.freeze()  # what was loaded before the fork is never collected, so its pages stay shared


def _after_fork(server: Any, worker: Any) -> None:
    die_with_parent(server.pid, signal.SIGTERM)
