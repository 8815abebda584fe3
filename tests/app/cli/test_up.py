"""`doorstep up` for real: from nothing to two connected stores, and away again without a trace."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
import requests

from app.cli.up_install import AS_SERVICE
from flows.presets import PRESETS, STARTER
from tests.ports import free_ports
from tests.proof import Figure
from tests.running import Start, begin, data, nothing_left

# `data` is a fixture.
__all__ = ["Start", "begin", "data", "nothing_left"]

pytestmark = pytest.mark.timeout(300)


def kill_role(start: Start, role: str) -> None:
    """Kills one of the processes with -9 and waits until what it forked is gone too."""
    children = psutil.Process(start.process.pid).children()
    master = next(child for child in children if child.cmdline()[-1] == role)
    forks = master.children(recursive=True)
    assert forks
    master.kill()
    assert psutil.wait_procs(forks, timeout=20)[1] == []


def is_healthy(start: Start) -> bool:
    try:
        return start.get(0, "/healthz").status_code == 200
    except requests.ConnectionError:
        return False


def test_from_nothing_to_two_connected_stores_and_again(data: Path, figure: Figure) -> None:
    first = begin(data)
    figure("first_start_seconds", round(first.until("Doorstep is up"), 1))
    assert first.get(0, "/healthz").status_code == 200
    for offset, path in ((1, "/"), (2, "/"), (0, "/dev/outbox")):
        assert first.get(offset, path).status_code == 200
    shops = {row["domain"]: row for row in json.loads(first.command("shops", "--json"))}
    assert {(row["platform"], row["state"]) for row in shops.values()} == {
        ("shopify", "connected"),
        ("woocommerce", "connected"),
    }
    begins_with = {*STARTER, "order_confirmation", "shipped"}
    for domain in shops:
        flows = first.command("flows", "--shop", domain).splitlines()
        assert {flow.split()[0] for flow in flows if " on since " in flow} == begins_with
        assert len(flows) == len(PRESETS)
    chosen = {shop: first.command("consent", "--shop", shop).splitlines() for shop in shops}
    assert {
        shop: {row.split()[0] for row in rows if row.split()[1] == "on"} for shop, rows in chosen.items()
    } == {
        "hollow-pine.myshopify.com": set(),
        "larkhus.example": set(AS_SERVICE),
    }
    first.command("flows", "--shop", "larkhus.example", "--off=delivered")
    assert "All is well." in first.command("doctor")
    first.process.send_signal(signal.SIGINT)
    assert first.process.wait(60) == 0
    assert "Everything has ended." in first.said.read_text()
    nothing_left(first)

    second = begin(data)
    figure("second_start_seconds", round(second.until("Doorstep is up"), 1))
    assert "connecting" not in second.said.read_text()
    rows = second.command("flows", "--shop", "larkhus.example").splitlines()
    assert {row.split()[0] for row in rows if " on since " in row} == begins_with - {"delivered"}

    for name, role in (("web", "serve"), ("worker", "work")):
        kill_role(second, role)
        second.until(f"{name} | ended (signal 9), starting it again")
    end = time.monotonic() + 60
    while not is_healthy(second):
        assert time.monotonic() < end
        time.sleep(0.2)

    other = begin(data)
    assert other.process.wait(30) == 1
    assert f"process {second.process.pid}" in other.said.read_text()
    second.process.kill()
    second.process.wait()
    nothing_left(second)


def test_kill_9_while_it_starts_leaves_nothing(data: Path) -> None:
    start = begin(data)
    while len(psutil.Process(start.process.pid).children()) < 4:
        time.sleep(0.02)
    start.process.kill()
    start.process.wait()
    nothing_left(start)


def test_tied_it_ends_with_whoever_started_it(data: Path) -> None:
    code = "import subprocess, sys, time; subprocess.Popen(sys.argv[1:]); time.sleep(60)"
    command = [sys.executable, "-m", "app.cli.main", "up", "--tied"]
    environ = {**os.environ, "DOORSTEP_DATA": str(data), "PORT": str(free_ports())}
    parent = subprocess.Popen([sys.executable, "-c", code, *command], env=environ, stdout=subprocess.DEVNULL)
    end = time.monotonic() + 60
    while len(psutil.Process(parent.pid).children(recursive=True)) < 5:
        assert time.monotonic() < end
        time.sleep(0.05)
    parent.kill()
    parent.wait()
    # It is only waited for, which a Popen of bytes does as well.
    nothing_left(Start(parent, data, int(environ["PORT"]), data / "said"))  # type: ignore[arg-type]
