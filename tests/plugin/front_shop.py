"""A shop's front with the plugin in it, served by PHP, and a stand-in for Doorstep that notes every byte that
it is asked and answers what a test wants."""

from __future__ import annotations

import http.client
import json
import os
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from tests.plugin.php import ROOT, php

WORDPRESS = ROOT / "tests" / "plugin" / "wordpress"
SECRET = "5a" * 32
APP = "https://app.example"
SETTINGS = {
    "secret": SECRET, "app": APP, "door": f"{APP}/woocommerce/plugin/token-of-shop", "shop": "shop.example",
    "pages": "/apps/doorstep", "mails_off": [], "script": True, "offset": 0, "received_at": 1, "since": 1,
    "told_at": 1, "key_ids": [],
}  # fmt: skip
FRAGMENT = {
    "Content-Type": "text/html; charset=utf-8",
    "X-Doorstep-Fragment": "1",
    "Cache-Control": "no-store",
}


@dataclass
class Asked:
    method: str
    path: str
    query: str
    headers: list[tuple[str, str]]
    body: bytes

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """As our web server reads them."""
        return parse_qsl(self.query, keep_blank_values=True, errors="werkzeug.url_quote")

    def header(self, name: str) -> list[str]:
        return [value for key, value in self.headers if key.lower() == name.lower()]


@dataclass
class Reply:
    status: int = 200
    body: bytes = b'{"fine": true}'
    headers: Mapping[str, str] = field(default_factory=lambda: {"Content-Type": "application/json"})
    wait: float = 0.0


class StandIn:
    """Doorstep as the shop's server meets it."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.reply = Reply()
        told = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def _take(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                path, _, query = self.path.partition("?")
                told.asked.append(Asked(self.command, path, query, list(self.headers.items()), body))
                reply = told.reply
                time.sleep(reply.wait)
                try:
                    self.send_response(reply.status)
                    for name, value in reply.headers.items():
                        self.send_header(name, value)
                    self.send_header("Content-Length", str(len(reply.body)))
                    self.end_headers()
                    self.wfile.write(reply.body)
                except OSError:  # whoever asked did not wait
                    self.close_connection = True

            do_GET = do_POST = do_HEAD = do_PUT = do_DELETE = do_PATCH = _take

            def log_message(self, *said: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.origin = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def says(
        self,
        status: int = 200,
        body: str | bytes = "",
        headers: Mapping[str, str] | None = None,
        wait: float = 0.0,
    ) -> None:
        data = body.encode() if isinstance(body, str) else body
        self.reply = Reply(status, data, dict(FRAGMENT if headers is None else headers), wait)
        self.asked.clear()

    @property
    def last(self) -> Asked:
        return self.asked[-1]

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@dataclass
class Answer:
    status: int
    headers: list[tuple[str, str]]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    def header(self, name: str) -> str | None:
        found = [value for key, value in self.headers if key.lower() == name.lower()]
        assert len(found) < 2, f"{name} comes twice: {found}"
        return found[0] if found else None


class FrontShop:
    """`ask` sends what it is given as it is: no path is tidied, no header added."""

    def __init__(self, port: int, state: Path, environ: Mapping[str, str]) -> None:
        self.port, self.state, self._environ = port, state, environ

    def ask(
        self, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.putrequest(method, path, skip_accept_encoding=True)
            for name, value in (headers or {}).items():
                connection.putheader(name, value)
            if body is not None:
                connection.putheader("Content-Length", str(len(body)))
            connection.endheaders(body)
            got = connection.getresponse()
            return Answer(got.status, got.getheaders(), got.read())
        finally:
            connection.close()

    def get(self, path: str, **headers: str) -> Answer:
        return self.ask(
            "GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()}
        )

    def run(self, code: str) -> str:
        """PHP inside the same shop; what it prints."""
        script = f'require "{WORDPRESS}/load.php"; boot_wordpress(); {code}'
        done = subprocess.run(
            [php(), "-r", script], env=self._environ, capture_output=True, text=True, timeout=30, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def options(self, **values: Any) -> None:
        kept = json.loads(self.state.read_text())
        for name, value in values.items():
            kept["options"][name] = {"value": value, "autoload": "on"}
        self.state.write_text(json.dumps(kept))

    def option(self, name: str, otherwise: Any = None) -> Any:
        return json.loads(self.state.read_text())["options"].get(name, {}).get("value", otherwise)

    def connect(self, **other: Any) -> None:
        self.options(doorstep_state={**SETTINGS, **other})

    def cookie_of(self, user: int) -> str:
        return f"wordpress_logged_in_test={self.run(f'echo rawurlencode( login_cookie( {user} ) );')}"


@contextmanager
def front_shop(folder: Path, app: StandIn, **environ: str) -> Iterator[FrontShop]:
    """Connected, with pretty addresses and a classic theme."""
    state = folder / "wordpress.json"
    whole = {
        **os.environ,
        "WORDPRESS_STATE": str(state),
        "WORDPRESS_HOME": "https://shop.example",
        "WORDPRESS_ORIGINS": json.dumps({APP: app.origin}),
        **environ,
    }
    said = folder / "php.txt"
    with said.open("w") as out:
        process = subprocess.Popen(
            [php(), "-S", "127.0.0.1:0", str(WORDPRESS / "serve.php")], env=whole, stdout=out, stderr=out
        )
    try:
        shop = FrontShop(_port_of(process, said), state, whole)
        shop.run("")
        shop.connect()
        shop.run("")  # the rules are written for these settings
        yield shop
    finally:
        process.terminate()
        process.wait(10)


def _port_of(process: subprocess.Popen[bytes], said: Path) -> int:
    until = time.monotonic() + 20
    while time.monotonic() < until:
        for word in said.read_text().split():
            if word.startswith("(http://127.0.0.1:"):
                return int(word.rpartition(":")[2].rstrip(")"))
        assert process.poll() is None, said.read_text()
        time.sleep(0.02)
    raise AssertionError(said.read_text())
