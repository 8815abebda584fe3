"""`python -m tests.security.checks [CHECK ...]`: takes out each guarded line and sees its test fail.
`--table` prints the rows of docs/shopify.md."""

from __future__ import annotations

import sys
import time

from tests.security.checks.guarded import GUARDED
from tests.security.checks.removing import copy, row_of


def main(asked: list[str]) -> int:
    """0 if every test passes with its line and fails without."""
    if asked == ["--table"]:
        print("\n".join(map(row_of, sorted(GUARDED))))
        return 0
    checks, wrong = asked or sorted(GUARDED), 0
    with copy() as at:
        whole = at.run(checks)
        print(f"with every line: {whole.said}")
        for check in checks:
            began = time.monotonic()
            try:
                with at.without([GUARDED[check]]):
                    seen = at.run([check])
            except AssertionError as error:
                print(f"{check}: {error}")
                wrong += 1
                continue
            good = f"test_{check.lower()}" in seen.failed
            wrong += not good
            told = "seen to fail" if good else "DOES NOT FAIL"
            print(f"{check:40} {told} without its line ({time.monotonic() - began:.0f} s)", flush=True)
    print(f"{len(checks) - wrong} of {len(checks)} seen to fail")
    return 1 if wrong or whole.failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
