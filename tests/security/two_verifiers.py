"""Two verifiers of one signature: ours, and Shopify's own package, over generated requests.

Each case says beforehand what both must answer. Where that differs, the difference is one of the list in
`oracle.py`, and it is asserted like everything else: none is left out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.proof import Figure
from tests.security import oracle
from tests.security.oracle import DIFFERENCES, NEW, OLD

WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)


# The new secret, the old one of a rotation, a stranger's, none at all.
SECRETS = st.sampled_from([NEW, NEW, NEW, OLD, OLD, "shpss" + "_" + "2" * 32, "key-1"])


GOOD = (NEW, OLD)


FOREIGN = "evil.example"


def mostly(plain: str, changes: Iterable[str]) -> st.SearchStrategy[str]:
    """Three times of four without a change, so that enough requests are good ones."""
    others = sorted(changes)
    return st.sampled_from([plain] * 3 * len(others) + others)


Case = Mapping[str, Any]


@dataclass
class Tally:
    """What was asked so far: cases, those that passed, and every listed difference by name."""

    cases: int = 0
    passed: int = 0
    different: Counter[str] | None = None

    def check(self, what: str, ours: bool, theirs: bool, said: tuple[bool, bool], difference: str) -> None:
        """`ours` and `theirs` are what the case demands; `said` is what the two verifiers answered."""
        seen = self.different = self.different if self.different is not None else Counter()
        assert said == (ours, theirs), f"{what}: ours {said[0]}, the package {said[1]}"
        if ours != theirs:
            assert difference in DIFFERENCES, f"{what}: not in the list"
            seen[difference] += 1
        self.cases += 1
        self.passed += ours

    def tell(self, figure: Figure, prefix: str) -> None:
        assert self.different is not None
        figure("cases", self.cases)
        figure("passed", self.passed)
        figure("listed_differences", sum(self.different.values()))
        assert 0 < self.passed < self.cases
        listed = {name for name in DIFFERENCES if name.startswith(prefix)}
        missing = listed - set(self.different)
        assert not missing, f"listed, but met in no case: {missing}"


def run(
    plain: Case,
    strategies: Mapping[str, Any],
    changes: Mapping[str, Iterable[str]],
    times: int,
    ask: Callable[[Case], None],
) -> None:
    """`plain` with each of `changes` alone (by the field of a case), then generated cases. `derandomize`: the
    same cases in every run, so that a red one is red for everybody."""

    @settings(
        max_examples=times,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=[HealthCheck.too_slow],
    )
    @given(st.fixed_dictionaries(dict(strategies)))
    def one(case: Case) -> None:
        ask(case)

    with oracle.held_still():
        for field, values in changes.items():
            for value in values:
                ask({**plain, field: value})
        one()
