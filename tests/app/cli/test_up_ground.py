"""What a start prepares: one at a time, free ports, kept secrets, an environment of its own."""

from __future__ import annotations

import json
import socket
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from app.cli.servers import Postgres, Valkey
from app.cli.settings import environment_file
from app.cli.up_ground import claim_ports, keep_secrets, only_one, write_addresses, write_environment
from app.config import Config
from tests.ports import free_ports


@pytest.fixture
def servers() -> Iterator[tuple[Postgres, Valkey]]:
    """Addresses only: nothing runs behind them."""
    with subprocess.Popen(["true"]) as process:
        yield (
            Postgres(process, Path("postgres"), Path("socket")),
            Valkey(process, Path("valkey"), "unix:///valkey.sock"),
        )


def test_a_second_start_in_the_same_folder_is_refused_with_the_way_out(tmp_path: Path) -> None:
    with only_one(tmp_path), pytest.raises(click.ClickException) as refused, only_one(tmp_path):
        pass
    assert str(tmp_path) in refused.value.message
    assert "PORT=" in refused.value.message
    with only_one(tmp_path):
        pass


def test_a_busy_port_is_named_with_the_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    port = free_ports()
    claim_ports(port)
    monkeypatch.setattr("app.cli.up_ground.PATIENCE", 0.3)
    with socket.create_server(("127.0.0.1", port + 2)), pytest.raises(click.ClickException) as refused:
        claim_ports(port)
    assert f"Port {port + 2} " in refused.value.message
    assert "PORT=8000 make run" in refused.value.message


@pytest.mark.parametrize("port", [0, 65533, 70000])
def test_a_port_that_cannot_be_is_refused(port: int) -> None:
    with pytest.raises(click.ClickException, match="PORT"):
        claim_ports(port)


def test_secrets_are_made_once_and_are_private(tmp_path: Path) -> None:
    made = keep_secrets(tmp_path)
    assert keep_secrets(tmp_path) == made
    assert stat.S_IMODE((tmp_path / "secrets.json").stat().st_mode) == 0o600
    (tmp_path / "other").mkdir()
    assert set(keep_secrets(tmp_path / "other").values()).isdisjoint(made.values())


def test_the_environment_is_whole_and_its_own(
    tmp_path: Path, servers: tuple[Postgres, Valkey], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://live@production/doorstep")
    monkeypatch.setenv("SHOPIFY_API_SECRET_OLD", "live")
    monkeypatch.setenv("WEB_CONCURRENCY", "3")
    sandbox = write_addresses(tmp_path, 9000)
    environ = write_environment(tmp_path, 9000, keep_secrets(tmp_path), sandbox, *servers)
    config = Config.from_environ(environ)
    assert config.database_url == servers[0].app_url
    assert config.migration_database_url == servers[0].owner_url
    assert config.address == "http://127.0.0.1:9000"
    assert config.smtp_url == "smtp://127.0.0.1:9003"
    assert config.origins["https://hollow-pine.myshopify.com"] == "http://127.0.0.1:9001"
    assert config.origins["https://larkhus.example"] == "http://127.0.0.1:9002"
    assert config.origins["https://doorstep.example"] == "http://127.0.0.1:9000"
    assert "live" not in " ".join(environ.values())
    assert environ["WEB_CONCURRENCY"] == "3"
    file = environment_file(tmp_path)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert Config.from_environ(json.loads(file.read_text())) == config
