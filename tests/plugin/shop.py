"""A shop whose PHP really runs: the plugin on the small WordPress beside this file, as a web server and by
single lines of PHP."""

from __future__ import annotations

import json
import os
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests

from tests.plugin.php import php
from tests.ports import is_free

WORDPRESS = Path(__file__).with_name("wordpress")
# Of the merchant, of a customer, of an editor: as the first state of the stub has them.
KEYS = {user: (f"ck_{str(user) * 40}", f"cs_{str(user) * 40}") for user in (1, 2, 3)}
MERCHANT, CUSTOMER, EDITOR = 1, 2, 3


@dataclass
class PhpShop:
    """`ahead`: seconds by which its clock is ahead. `app`: where the plugin's Doorstep answers."""

    folder: Path
    port: int
    app: str
    domain: str = "larkhus.example"
    ahead: int = 0
    process: subprocess.Popen[bytes] | None = None
    told: dict[str, str] = field(default_factory=dict)

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def state(self) -> dict[str, Any]:
        """What WordPress's database holds."""
        text = (self.folder / "state.json").read_text("utf-8")
        return dict(json.loads(text))

    @property
    def kept(self) -> dict[str, Any]:
        """What the plugin keeps; nothing while it is not connected."""
        return dict(self.state["options"].get("doorstep_state", {}).get("value", {}))

    def environ(self) -> Mapping[str, str]:
        return {
            **os.environ,
            "WORDPRESS_STATE": str(self.folder / "state.json"),
            "WORDPRESS_HOME": f"https://{self.domain}",
            "WORDPRESS_CLOCK": str(self.ahead),
            "DOORSTEP_APP": self.app,
            **self.told,
        }

    def start(self) -> None:
        with (self.folder / "said").open("ab") as said:
            self.process = subprocess.Popen(
                [php(), "-S", f"127.0.0.1:{self.port}", "-t", str(self.folder), str(WORDPRESS / "serve.php")],
                env=self.environ(),
                stdout=said,
                stderr=said,
            )
        end = time.monotonic() + 10
        while is_free(self.port):
            assert self.process.poll() is None and time.monotonic() < end, self.said()
            time.sleep(0.01)
        assert self.call("GET", "/test/ready").status_code == 200, self.said()

    def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()
            self.process.wait()
            self.process = None

    def again(self, ahead: int) -> None:
        """The same shop, by another clock."""
        self.stop()
        self.ahead = ahead
        self.start()

    def said(self) -> str:
        return (self.folder / "said").read_text("utf-8", "replace")

    def call(self, method: str, path: str, **options: Any) -> requests.Response:
        """What a browser or another server sends to the shop."""
        headers = {"Host": self.domain, **options.pop("headers", {})}
        with requests.Session() as session:
            session.trust_env = False
            return session.request(
                method, self.origin + path, headers=headers, allow_redirects=False, timeout=30, **options
            )

    def test(self, what: str, **given: Any) -> Any:
        """Something happens in the shop."""
        answer = self.call("POST", f"/test/{what}", json=given)
        assert answer.status_code == 200, f"{answer.text}\n{self.said()}"
        return answer.json()

    def logged_in(self, user: int = MERCHANT) -> dict[str, str]:
        """The browser of a user: its cookie."""
        answer = self.call("POST", "/wp-login.php", data={"user": user})
        return {"Cookie": answer.headers["Set-Cookie"].partition(";")[0]}

    def run(self, code: str) -> Any:
        """What a line of PHP gives back, in the plugin's own namespace: `return page_token( ... );`."""
        script = (
            f"namespace Doorstep; require {json.dumps(str(WORDPRESS / 'load.php'))}; \\boot_wordpress();"
            f" echo \\json_encode( ( static function () {{ {code} }} )(), JSON_THROW_ON_ERROR );"
        )
        done = subprocess.run(
            [php(), "-r", script], env=self.environ(), capture_output=True, text=True, timeout=60, check=False
        )
        assert done.returncode == 0, f"{done.stdout}{done.stderr}"
        return json.loads(done.stdout)
