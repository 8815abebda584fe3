"""The embedded servers: on no port, under no superuser, gone with whoever started them."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest
import redis
from sqlalchemy import create_engine, text

from app.cli.places import server_user, short_folder
from app.cli.servers import Postgres, ServerError, Valkey, start_postgres, start_valkey

STARTER = """
import sys, time
from pathlib import Path
from app.cli.servers import start_postgres, start_valkey
data = Path(sys.argv[1])
postgres, valkey = start_postgres(data), start_valkey(data)
print(postgres.process.pid, valkey.process.pid, flush=True)
time.sleep(60)
"""


@pytest.fixture
def data() -> Iterator[Path]:
    """A folder that every user may walk to; pytest's own is closed to others."""
    folder = Path(tempfile.mkdtemp(prefix="doorstep-data-"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)
    shutil.rmtree(short_folder(folder), ignore_errors=True)


def one(url: str, question: str) -> object:
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            return connection.execute(text(question)).scalar()
    finally:
        engine.dispose()


def open_ports(pid: int) -> list[object]:
    found = psutil.Process(pid)
    return [
        connection
        for process in (found, *found.children(recursive=True))
        for connection in process.net_connections("inet")
        if connection.status == psutil.CONN_LISTEN
    ]


def gone(pids: list[int], within: float = 15.0) -> bool:
    end = time.monotonic() + within
    while time.monotonic() < end:
        if not any(psutil.pid_exists(pid) for pid in pids):
            return True
        time.sleep(0.05)
    return False


def test_neither_server_opens_a_port(postgres: Postgres, valkey_server: Valkey) -> None:
    assert open_ports(postgres.process.pid) == []
    assert open_ports(valkey_server.process.pid) == []


def test_both_roles_are_bound_by_row_level_security(postgres: Postgres) -> None:
    for url in (postgres.app_url, postgres.owner_url):
        free = "select rolsuper or rolbypassrls from pg_roles where rolname = current_user"
        assert one(url, free) is False
    owner = "select pg_get_userbyid(datdba) from pg_database where datname = current_database()"
    assert one(postgres.app_url, owner) == "doorstep_owner"


def test_text_is_utf_8_and_sorts_the_same_everywhere(postgres: Postgres) -> None:
    assert one(postgres.app_url, "show server_encoding") == "UTF8"
    provider = "select datlocprovider::text || datlocale from pg_database where datname = current_database()"
    assert one(postgres.app_url, provider) == "bC.UTF-8"
    assert one(postgres.app_url, "select lower('ÅNGSTRÖM')") == "ångström"


def test_valkey_forgets_nothing_by_itself(data: Path) -> None:
    server = start_valkey(data)
    with redis.Redis.from_url(server.url) as client:
        settings = client.config_get("*")
        client.set("kept", "yes")
    assert settings["maxmemory-policy"] == "noeviction"
    assert settings["appendonly"] == "yes"
    assert settings["appendfsync"] == "everysec"
    assert settings["port"] == "0"
    server.process.kill()
    server.process.wait()
    again = start_valkey(data)
    with redis.Redis.from_url(again.url) as client:
        assert client.get("kept") == b"yes"
    again.stop()


def test_kill_9_of_the_starter_ends_both_servers(data: Path) -> None:
    starter = subprocess.Popen([sys.executable, "-c", STARTER, str(data)], stdout=subprocess.PIPE)
    assert starter.stdout is not None
    pids = [int(word) for word in starter.stdout.readline().split()]
    starter.stdout.close()
    below = [child.pid for pid in pids for child in psutil.Process(pid).children(recursive=True)]
    assert len(below) > 3
    if os.geteuid() == 0:
        assert psutil.Process(pids[0]).username() == "nobody"
    starter.kill()
    starter.wait()
    assert gone(pids + below)


def test_what_was_committed_outlives_kill_9_of_the_server(data: Path) -> None:
    server = start_postgres(data)
    with psycopg.connect(server.owner_url.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute("create table kept as select 1 as one")
    os.kill(server.process.pid, signal.SIGKILL)
    server.process.wait()
    again = start_postgres(data)
    assert one(again.owner_url, "select one from kept") == 1
    again.stop()


def test_a_server_that_was_left_behind_is_replaced(data: Path) -> None:
    left_postgres, left_valkey = start_postgres(data), start_valkey(data)
    postgres, valkey = start_postgres(data), start_valkey(data)
    assert left_postgres.process.wait(5) == 0
    assert left_valkey.process.wait(5) == 0
    assert one(postgres.app_url, "select 1") == 1
    postgres.stop()
    valkey.stop()


def test_a_deep_folder_still_has_a_short_socket(data: Path) -> None:
    deep = data.joinpath(*["a-long-name-of-a-folder"] * 5)
    deep.mkdir(parents=True)
    server = start_postgres(deep)
    valkey = start_valkey(deep)
    assert len(str(server.socket)) < 80
    assert server.folder.is_relative_to(deep)
    assert one(server.app_url, "select 1") == 1
    with redis.Redis.from_url(valkey.url) as client:
        assert client.ping()
    server.stop()
    valkey.stop()
    shutil.rmtree(short_folder(server.folder))
    shutil.rmtree(short_folder(valkey.folder))


def test_folders_of_others_are_left_as_they_are(data: Path) -> None:
    """A folder that the server's user may not walk through is not opened for it."""
    data.chmod(0o700)
    below = data / "project"
    below.mkdir()
    server = start_postgres(below)
    assert data.stat().st_mode & 0o777 == 0o700
    if server_user() is None:
        assert server.folder.is_relative_to(below)
    else:
        assert server.folder.is_relative_to(short_folder(below))
        assert list(below.iterdir()) == []
    assert one(server.app_url, "select 1") == 1
    server.stop()
    shutil.rmtree(short_folder(below))


def test_a_server_that_cannot_start_says_why(data: Path) -> None:
    start_postgres(data).stop()
    (data / "postgres" / "cluster" / "postgresql.conf").write_text("no_such_setting = 1\n")
    with pytest.raises(ServerError, match="no_such_setting"):
        start_postgres(data)
