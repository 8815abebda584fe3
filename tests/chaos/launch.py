"""Starts one of the app's own commands bound to the harness: it dies when the harness does.

`launch.py LEASE COMMAND...`: LEASE "-" leaves the app's lease as it is; a number of seconds shortens
it, so that a run sees many leases lapse. Nothing else of the app is touched.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from datetime import timedelta

PR_SET_PDEATHSIG = 1


def main() -> None:
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() == 1:
        sys.exit("the harness is gone")
    lease, *command = sys.argv[1:]
    if lease != "-":
        from app.services import ledger

        ledger.LEASE = timedelta(seconds=float(lease))
        ledger.MARGIN = ledger.LEASE / 3
    from app.cli.main import main as doorstep

    sys.argv = ["doorstep", *command]
    doorstep()


main()
