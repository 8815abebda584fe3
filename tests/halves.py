"""`make test`: all tests as two runs side by side, because one of them mostly waits.

One half talks to a whole running Doorstep from outside (a browser, the stories, the killed processes);
the other half is everything else. Whatever is new belongs to the second half by itself.
"""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

OUTSIDE = ("tests/browser", "tests/chaos", "tests/stories")
SAID = Path("var/reports/outside.txt")


def main() -> int:
    """0 if both halves passed. The second half's words follow those of the first."""
    began = time.monotonic()
    SAID.parent.mkdir(parents=True, exist_ok=True)
    inside = [part for place in OUTSIDE for part in ("--ignore", place)]
    with SAID.open("w") as said:
        outside = subprocess.Popen(
            [sys.executable, "-m", "pytest", *OUTSIDE], stdout=said, stderr=subprocess.STDOUT
        )
        codes = [subprocess.call([sys.executable, "-m", "pytest", *inside]), outside.wait()]
    print(SAID.read_text(), end="")
    print(f"both halves: {time.monotonic() - began:.0f} s")
    return max(map(abs, codes))


if __name__ == "__main__":
    sys.exit(main())
