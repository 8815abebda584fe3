"""Our own rules over the plugin's sources: nothing is found there, and every planted fault is, by the rule
that it is for and by no other."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from tests.plugin.php import ROOT, lint, plugin_files
from tests.plugin.rules.allowed import ALLOWED
from tests.plugin.rules.found import RULES, Finding, against, findings
from tests.plugin.rules.sources import Sources
from tests.plugin.rules.tree import trees
from tests.proof import Figure

PLANTED = Path(__file__).with_name("planted")
FAULTS = sorted(PLANTED.glob("*/*.php"))


@pytest.fixture(scope="module")
def planted() -> dict[Path, list[Finding]]:
    """Each file by itself, as if it were the whole plugin."""
    return {tree.file: against(Sources([tree])) for tree in trees(FAULTS)}


def test_nothing_is_found_in_the_plugin(figure: Figure) -> None:
    files = plugin_files()
    found = findings(files)
    figure("rules", len(RULES))
    figure("files_under_the_rules", len(files))
    told = [one for one in found if (one.rule, one.file, one.where) not in ALLOWED]
    assert told == []


def test_what_is_allowed_is_there_once() -> None:
    """A second one in the same function is not allowed with the first."""
    found = Counter((one.rule, one.file, one.where) for one in findings(plugin_files()))
    assert {place: found[place] for place in ALLOWED} == dict.fromkeys(ALLOWED, 1)
    assert all(ALLOWED.values())


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: f"{fault.parent.name}-{fault.stem}")
def test_each_planted_fault_is_found(fault: Path, planted: dict[Path, list[Finding]]) -> None:
    assert {one.rule for one in planted[fault]} == {fault.parent.name}


def test_each_rule_has_its_faults(figure: Figure) -> None:
    figure("planted_faults", len(FAULTS))
    assert len(FAULTS) >= 20
    assert min(Counter(fault.parent.name for fault in FAULTS).values()) >= 2
    assert {fault.parent.name for fault in FAULTS} == set(RULES)
    page = (ROOT / "docs" / "woocommerce.md").read_text("utf-8")
    assert f"{len(RULES)} rules read every file" in page and f"each of the {len(FAULTS)} faults" in page


def test_what_is_sound_is_let_pass() -> None:
    assert findings([PLANTED / "sound.php"]) == []


def test_faults_are_php(tmp_path: Path) -> None:
    """Otherwise something else could be found than what was planted."""
    assert [said for file in (PLANTED / "sound.php", *FAULTS[::6]) if (said := lint(file))] == []
