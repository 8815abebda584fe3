"""The product's own command line, run as anybody would run it."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import threading
from dataclasses import dataclass

PATIENCE = 20.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """`code` None: it is still at work and goes on after this answer."""

    code: int | None
    output: str


def doorstep(*arguments: str, patience: float = PATIENCE) -> Outcome:
    """`doorstep ARGUMENTS` with this process's environment; waits at most `patience` seconds."""
    program = "import sys; from app.cli.main import main; sys.exit(main())"
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(
            [sys.executable, "-c", program, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            code: int | None = process.wait(patience)
        except subprocess.TimeoutExpired:
            code = None
            # Somebody has to take note of its end.
            threading.Thread(target=process.wait, daemon=True).start()
        output.seek(0)
        return Outcome(code, output.read().decode("utf-8", "replace"))
