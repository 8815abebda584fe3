from __future__ import annotations

import json
import signal
import smtplib
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path

import psutil
import pytest

from sandbox.settings import Settings, SettingsError
from tests.ports import free_ports

SINK = [sys.executable, "-m", "sandbox.sink"]


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    port = free_ports()
    table = {
        "origins": {"https://larkhus.example": f"http://127.0.0.1:{port + 2}"},
        "clock_file": str(tmp_path / "clock"),
        "record_file": str(tmp_path / "sink.jsonl"),
        "port": port,
    }
    (tmp_path / "sandbox.json").write_text(json.dumps(table))
    return {
        "DOORSTEP_DATA": str(tmp_path),
        "DOORSTEP_SANDBOX": str(tmp_path / "sandbox.json"),
        "DOORSTEP_ADDRESS": f"http://127.0.0.1:{port}/",
        "SHOPIFY_API_KEY": "key",
        "SHOPIFY_API_SECRET": "secret",
    }


def connect(port: int) -> smtplib.SMTP:
    end = time.monotonic() + 30
    while True:
        try:
            return smtplib.SMTP("127.0.0.1", port)
        except ConnectionRefusedError:
            assert time.monotonic() < end
            time.sleep(0.05)


def test_the_sink_by_itself_keeps_mail_and_stops_when_told(
    environ: dict[str, str], mail: Callable[..., EmailMessage]
) -> None:
    settings = Settings.from_environ(environ)
    with subprocess.Popen(SINK, env=environ) as process, connect(settings.sink_port) as client:
        client.send_message(mail())
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
    assert len(settings.record_file.read_text().splitlines()) == 1


def test_the_sink_ends_with_its_parent(environ: dict[str, str]) -> None:
    starter = f"import subprocess, time; print(subprocess.Popen({SINK!r}).pid, flush=True); time.sleep(60)"
    command = [sys.executable, "-c", starter]
    with subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        sink = psutil.Process(int(parent.stdout.readline()))
        connect(Settings.from_environ(environ).sink_port).close()
        parent.kill()
    end = time.monotonic() + 10
    while sink.is_running() and sink.status() != psutil.STATUS_ZOMBIE:
        assert time.monotonic() < end
        time.sleep(0.05)


def test_settings_come_from_the_environment_and_the_sandbox_file(
    environ: dict[str, str], tmp_path: Path
) -> None:
    settings = Settings.from_environ(environ)
    port = settings.port
    assert settings.app_address == f"http://127.0.0.1:{port}"
    assert (settings.shopify_port, settings.woocommerce_port, settings.sink_port) == (
        port + 1,
        port + 2,
        port + 3,
    )
    assert settings.origins == {"https://larkhus.example": f"http://127.0.0.1:{port + 2}"}
    assert (settings.folder, settings.clock_file) == (tmp_path / "sandbox", tmp_path / "clock")
    assert "secret" not in repr(settings)


@pytest.mark.parametrize("missing", ["DOORSTEP_SANDBOX", "DOORSTEP_ADDRESS", "SHOPIFY_API_KEY"])
def test_a_missing_setting_is_named(environ: dict[str, str], missing: str) -> None:
    del environ[missing]
    with pytest.raises(SettingsError, match=missing):
        Settings.from_environ(environ)


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"port": "x"}'])
def test_a_broken_sandbox_file_is_named(environ: dict[str, str], text: str) -> None:
    Path(environ["DOORSTEP_SANDBOX"]).write_text(text)
    with pytest.raises(SettingsError, match=r"sandbox\.json"):
        Settings.from_environ(environ)


def test_a_busy_port_ends_the_sink_with_a_reason(environ: dict[str, str]) -> None:
    with socket.create_server(("127.0.0.1", Settings.from_environ(environ).sink_port)):
        ended = subprocess.run(SINK, env=environ, capture_output=True, text=True, timeout=60)
    assert ended.returncode == 1
    assert "sink:" in ended.stderr
    assert "Traceback" not in ended.stderr
