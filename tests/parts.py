"""`make test`: lint and all tests as runs side by side, because none of them alone keeps two cores busy.

One part talks to a whole running Doorstep from outside (a browser, the stories, the killed processes) and
mostly waits, and so does one that lives with a WooCommerce store and its plugin; one is the web, the
commands and what heals; one is lint; the rest is everything else, so whatever is new is in it by itself. The
parts are cut so that the four with tests end at about the same time: after the others one alone leaves a
core idle.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

OUTSIDE = ("tests/browser", "tests/chaos", "tests/stories")
STORE = ("tests/contract", "tests/plugin", "tests/quirks")
WEB = ("tests/app/cli", "tests/app/web", "tests/healing", "tests/security")
SAID = Path("var/reports")


def main() -> int:
    """0 if everything passed. The rest speaks at once, the other parts when it has ended."""
    began = time.monotonic()
    SAID.mkdir(parents=True, exist_ok=True)
    elsewhere = [word for place in (*OUTSIDE, *STORE, *WEB) for word in ("--ignore", place)]
    parts = {
        "outside": _begin("outside", _tests(*OUTSIDE)),
        "store": _begin("store", _tests(*STORE)),
        "web": _begin("web", _tests(*WEB)),
        "lint": _begin("lint", ["make", "--no-print-directory", "lint"]),
    }
    codes = {"rest": subprocess.call(_tests(*elsewhere), env=_environ())}
    for name, part in parts.items():
        codes[name] = part.wait()
        print(f"--- {name}\n{_said(name).read_text()}", end="")
    failed = [name for name, code in codes.items() if code]
    print(f"all parts: {time.monotonic() - began:.0f} s, failed: {', '.join(failed) or 'none'}")
    return 1 if failed else 0


def _tests(*arguments: str) -> list[str]:
    """The slowest are named: what all tests take together is paid at each change."""
    return [sys.executable, "-m", "pytest", "--durations=25", *arguments]


def _begin(name: str, command: Sequence[str]) -> subprocess.Popen[bytes]:
    with _said(name).open("w") as said:
        return subprocess.Popen(command, stdout=said, stderr=subprocess.STDOUT, env=_environ())


def _said(name: str) -> Path:
    return SAID / f"{name}.txt"


def _environ() -> Mapping[str, str]:
    """Tests start some hundred processes of ours: compiled once, each starts half a second sooner."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


if __name__ == "__main__":
    sys.exit(main())
