from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest
from werkzeug.test import Client

import sandbox.wsgi
from app.config import ConfigError
from sandbox.outbox.command import doorstep


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    table = {
        "origins": {},
        "clock_file": str(tmp_path / "clock"),
        "record_file": str(tmp_path / "sink.jsonl"),
        "port": 8000,
    }
    (tmp_path / "sandbox.json").write_text(json.dumps(table))
    nowhere = tmp_path / "nowhere"
    return {
        "DOORSTEP_ADDRESS": "http://127.0.0.1:8000",
        "DOORSTEP_DATA": str(tmp_path),
        "DOORSTEP_SANDBOX": str(tmp_path / "sandbox.json"),
        "DOORSTEP_SECRET": "s" * 40,
        "DOORSTEP_ENCRYPTION_KEYS": base64.urlsafe_b64encode(bytes(32)).decode(),
        "DATABASE_URL": f"postgresql://doorstep_app@/doorstep?host={nowhere}",
        "REDIS_URL": f"unix://{nowhere}",
        "SMTP_URL": "smtp://127.0.0.1:8003",
        "MAIL_FROM_DOMAIN": "mail.example.com",
        "SHOPIFY_API_KEY": "key",
        "SHOPIFY_API_SECRET": "secret",
    }


def test_one_address_serves_the_app_and_the_outbox(environ: dict[str, str]) -> None:
    client = Client(sandbox.wsgi.build(environ))
    assert "No mail yet" in client.get("/dev/outbox", headers={"Host": "127.0.0.1:8000"}).get_data(
        as_text=True
    )
    away = client.get("/healthz", headers={"Host": "127.0.0.1:8000"})
    assert away.status_code == 503  # the app itself, which finds no database here


def test_the_outbox_is_no_part_of_an_app_outside_the_sandbox(environ: dict[str, str]) -> None:
    del environ["DOORSTEP_SANDBOX"]
    with pytest.raises(Exception, match="DOORSTEP_SANDBOX"):
        sandbox.wsgi.build(environ)
    environ["DOORSTEP_ADDRESS"] = "https://mail.example.com"
    with pytest.raises(Exception, match="DOORSTEP_SANDBOX"):
        sandbox.wsgi.build(environ)


def test_a_sandbox_is_refused_on_a_public_address(environ: dict[str, str]) -> None:
    environ["DOORSTEP_ADDRESS"] = "https://mail.example.com"
    with pytest.raises(ConfigError, match="not on this machine"):
        sandbox.wsgi.build(environ)


def test_the_server_finds_the_application_by_its_name(
    environ: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    assert Client(sandbox.wsgi.application).get("/dev/clock").status_code == 200
    with pytest.raises(AttributeError):
        sandbox.wsgi.something_else  # noqa: B018


def test_the_command_line_is_the_real_one() -> None:
    helped = doorstep("clock", "--help")
    assert helped.code == 0
    assert "advance" in helped.output
    assert doorstep("no-such-command").code != 0


def test_a_command_that_takes_long_goes_on_without_us() -> None:
    assert doorstep("--help", patience=0.0).code is None
