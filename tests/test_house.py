"""The laws of the house, read from the source itself; `lint-imports` holds the import laws a second time.

A file, a floor or a caller that these lists do not know fails here: it is placed first, then used.
"""

from __future__ import annotations

import ast
import re
import statistics
import sys
import tomllib
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROOMS = ("app", "connectors", "emails", "flows", "migrations", "sandbox", "wire")
NEVER_IMPORTED = {"sandbox", "tests", "benchmarks"}
LONGEST, LONGEST_MEDIAN = 300, 100

# Each floor may use those below it, and nothing beside it.
APP_FLOORS = (
    {"factory"},
    {"cli"},
    {"web", "jobs"},
    {"runtime"},
    {"services"},
    {"predict"},
    {"queries"},
    {"models"},
    {"queue", "limits", "turns"},
    {"db"},
    {"config", "clock", "keys", "words"},
    {"environ"},
)
FLOWS_FLOORS = (
    {"presets", "export", "earlier", "rehearsal"},
    {"engine"},
    {"walk"},
    {"guards", "desk", "experiments", "versions", "retiming", "memory", "rehearsed"},
    {"flow", "journey", "limits", "pace", "worth"},
    {"fairness"},
    {"steps"},
    {"segments", "missing"},
    {"conditions", "counterfactual", "timing", "delivery", "replenishment", "churn", "recommend"}
    | {"attribution", "consent", "quiet", "loyalty", "referral", "sentiment"},
    {"moments", "offers"},
    {"rules", "delays"},
    {"questions"},
    {"bought", "replayed"},
    {"facts"},
    {"events"},
    {"picture", "kinds"},
    {"commerce"},
    {
        "consent_choices",
        "content",
        "copies",
        "currencies",
        "estimates",
        "folded",
        "holidays",
        "occasions",
        "picks",
    }
    | {"plain", "product", "shop_mails", "stages", "variants", "zones"},
    {"late"},
    {"person", "wallclock"},
)
ROOMS_BELOW = {
    "app": {"connectors", "emails", "flows", "migrations", "wire"},
    "connectors": {"flows", "wire"},
    "emails": {"flows", "wire"},
    "flows": set(),
    "migrations": set(),
    "wire": set(),
    "sandbox": {"app", "connectors", "emails", "flows", "wire"},
}
STRANGERS = {
    "connectors": {"flask", "sqlalchemy", "psycopg", "redis", "rq", "requests"},
    "emails": {"flask", "sqlalchemy", "psycopg", "redis", "rq", "requests"},
    "app.services": {"flask", "requests", "shopify", "woocommerce"},
    "app.models": {"flask", "requests", "shopify", "woocommerce"},
    "app.jobs": {"flask", "requests", "shopify", "woocommerce"},
}
BEHIND_ONE_DOOR = {"shopify": "connectors.shopify", "woocommerce": "connectors.woocommerce"}
SANDBOX_MAY_USE = {"app.factory", "app.config"}

# Who may look across all shops: claims, the inbox, what is periodic, and the operator's commands.
CROSSING = {
    "app/cli/audit.py",
    "app/cli/checks.py",
    "app/cli/clock.py",
    "app/cli/explain.py",
    "app/cli/inbox.py",
    "app/jobs/entry.py",
    "app/jobs/periodic.py",
    "app/jobs/sweep.py",
    "app/predict/best.py",
    "app/predict/learning.py",
    "app/services/doubts.py",
    "app/services/due_rows.py",
    "app/services/errands.py",
    "app/services/feedback.py",
    "app/services/feedback_rows.py",
    "app/services/rests.py",
    "app/services/store_writes.py",
    "app/services/poll_rows.py",
    "app/services/hinted_reads.py",
    "app/services/intake.py",
    "app/services/ledger.py",
    "app/services/occasions.py",
    "app/services/outage.py",
    "app/services/privacy.py",
    "app/services/retime.py",
    "app/services/switches.py",
}

CLOCKS = {"app/clock.py", "sandbox/clock.py"}
# The doctor compares the database's clock with ours.
DATABASE_TIME = {"app/cli/checks.py"}
READS_TIME = {
    ("datetime", "now"),
    ("datetime", "utcnow"),
    ("datetime", "today"),
    ("date", "today"),
    ("time", "time"),
    ("time", "time_ns"),
    ("time", "localtime"),
    ("time", "gmtime"),
}
SQL_TIME = re.compile(
    r"\b(now|clock_timestamp|statement_timestamp)\s*\(\)|\bcurrent_(timestamp|date)\b", re.I
)
# Written so that this line does not hit itself.
PACKAGE_HOSTS = re.compile(r"regi[s]try\.npm[j]s|p[y]pi\.org|p[y]thonhosted|d[e]b\.debian", re.I)
TEXTS = {
    ".cfg", ".css", ".graphql", ".html", ".in", ".j2", ".js", ".json", ".mako", ".md", ".php", ".pot", ".py",
    ".sql", ".toml", ".tsv", ".txt", ".yml", "",
}  # fmt: skip


def python_files(*rooms: str) -> list[Path]:
    return sorted(path for room in rooms for path in (ROOT / room).rglob("*.py"))


def module_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(path: Path) -> Iterator[str]:
    """Every module that a file names, wherever in it; of `from a import b` both `a` and `a.b`."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are written whole"
            assert node.module is not None
            yield node.module
            yield from (f"{node.module}.{name.name}" for name in node.names)


def inside(module: str, place: str) -> bool:
    return module == place or module.startswith(f"{place}.")


def breaches(floors: Iterable[set[str]], room: str) -> list[str]:
    """Imports inside `room` that go up or sideways, and modules without a floor."""
    level = {name: number for number, floor in enumerate(floors) for name in floor}
    found = []
    for path in python_files(room):
        parts = module_of(path).split(".")
        if len(parts) == 1:
            continue
        if parts[1] not in level:
            found.append(f"{'.'.join(parts)} has no floor")
            continue
        for used in imports(path):
            other = used.split(".")
            if other[0] != room or len(other) < 2 or other[1] == parts[1] or other[1] not in level:
                continue
            if level[other[1]] <= level[parts[1]]:
                found.append(f"{'.'.join(parts)} uses {used}")
    return found


def test_the_floors_of_the_app() -> None:
    assert breaches(APP_FLOORS, "app") == []


def test_the_floors_of_the_decisions() -> None:
    assert breaches(FLOWS_FLOORS, "flows") == []


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_uses_only_the_rooms_below(room: str) -> None:
    ours = {*ROOMS, *NEVER_IMPORTED}
    allowed = ROOMS_BELOW[room] | {room}
    for path in python_files(room):
        used = {name.split(".")[0] for name in imports(path)} & ours
        assert used <= allowed, path


def test_the_sandbox_knows_the_app_by_its_factory_and_configuration() -> None:
    for path in python_files("sandbox"):
        for used in imports(path):
            if inside(used, "app"):
                assert any(inside(used, place) for place in SANDBOX_MAY_USE), f"{path}: {used}"


def test_decisions_use_the_standard_library_only() -> None:
    for path in python_files("flows"):
        outside = {name.split(".")[0] for name in imports(path)} - sys.stdlib_module_names - {"flows"}
        assert outside == set(), path


@pytest.mark.parametrize("place", STRANGERS)
def test_a_room_keeps_strangers_out(place: str) -> None:
    for path in python_files(place.replace(".", "/")):
        assert {name.split(".")[0] for name in imports(path)}.isdisjoint(STRANGERS[place]), path


@pytest.mark.parametrize("package", BEHIND_ONE_DOOR)
def test_a_platform_s_package_stays_behind_its_door(package: str) -> None:
    for path in python_files(*ROOMS):
        if not inside(module_of(path), BEHIND_ONE_DOOR[package]):
            assert package not in {name.split(".")[0] for name in imports(path)}, path


@pytest.mark.parametrize(
    ("room", "shared"),
    [
        (
            "connectors",
            {"amounts", "base", "carriers", "companion", "errors", "fields", "news", "page_token", "registry"}
            | {"shipping", "writes"},
        ),
        ("emails/providers", {"base", "registry", "api", "told", "account_url"}),
        ("flows/presets", set()),
    ],
)
def test_neighbours_do_not_know_each_other(room: str, shared: set[str]) -> None:
    """Platforms, mail vendors, presets: whatever is not shared belongs to one of them."""
    place = room.replace("/", ".")
    depth = place.count(".") + 1
    for path in python_files(room):
        parts = module_of(path).split(".")
        if len(parts) <= depth or parts[depth] in shared:
            continue
        mine = parts[depth].split("_")[0]
        for used in imports(path):
            other = used.split(".")
            if inside(used, place) and len(other) > depth and other[depth] not in shared:
                assert other[depth].split("_")[0] == mine, f"{path}: {used}"


def test_time_is_read_in_one_place() -> None:
    for path in python_files(*ROOMS):
        if str(path.relative_to(ROOT)) in CLOCKS:
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Attribute):
                owner = node.value
                name = owner.id if isinstance(owner, ast.Name) else getattr(owner, "attr", "")
                assert (name, node.attr) not in READS_TIME, f"{path}:{node.lineno}"
            if isinstance(node, ast.ImportFrom) and node.module == "time":
                assert {alias.name for alias in node.names} <= {"monotonic", "perf_counter", "sleep"}, path


def test_the_database_is_not_asked_for_the_time() -> None:
    for path in python_files("app", "migrations"):
        if str(path.relative_to(ROOT)) in DATABASE_TIME:
            continue
        tree = ast.parse(path.read_text("utf-8"))
        told = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}  # docstrings
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told:
                assert not SQL_TIME.search(node.value), f"{path}:{node.lineno}"


def test_nothing_is_skipped() -> None:
    """Where what a test needs is missing it fails; what a full run alone can prove is marked `proof`."""
    for path in python_files("tests"):
        assert not re.search(r"\bpytest\.(mark\.)?(skip|importorskip|xfail)", path.read_text("utf-8")), path


def test_what_the_type_checker_must_not_see_has_its_reason() -> None:
    """Behind it, or in a comment right above."""
    for path in python_files(*ROOMS, "benchmarks", "tests"):
        lines = path.read_text("utf-8").splitlines()
        for above, line in pairwise(["", *lines]):
            found = re.search(r"# type: ignore\[\S+\](.*)", line)
            reasoned = found is None or "#" in found[1] or above.lstrip().startswith("#")
            assert reasoned, f"{path}: {line.strip()}"


def test_only_these_look_across_all_shops() -> None:
    callers = {
        str(path.relative_to(ROOT))
        for path in python_files("app")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Attribute) and node.attr == "crossing"
    }
    assert callers == CROSSING


def test_no_file_holds_more_than_one_idea() -> None:
    lengths = {
        path: len(path.read_text("utf-8").splitlines())
        for path in python_files(*ROOMS, "benchmarks")
        if path.name != "__init__.py"
    }
    assert {str(path): length for path, length in lengths.items() if length > LONGEST} == {}
    assert statistics.median(lengths.values()) < LONGEST_MEDIAN


def test_packages_are_empty_but_for_the_list_of_presets() -> None:
    full = [path for path in python_files(*ROOMS) if path.name == "__init__.py" and path.read_text("utf-8")]
    assert full == [ROOT / "flows" / "presets" / "__init__.py"]


def test_every_folder_of_code_is_a_package() -> None:
    """Otherwise it would be missing from an installation."""
    for folder in {path.parent for path in python_files(*ROOMS)}:
        assert (folder / "__init__.py").exists(), folder


def test_what_is_not_code_is_installed_too() -> None:
    told = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    installed = {pattern.removeprefix("*") for pattern in told["tool"]["setuptools"]["package-data"]["*"]}
    for room in (*ROOMS, "static"):
        for path in (ROOT / room).rglob("*.*"):
            if path.is_file() and path.suffix not in {".py", ".pyc"}:
                assert path.suffix in installed, path


def test_nothing_names_the_machine_it_was_written_on() -> None:
    machine = re.compile("|".join(re.escape(f"{place}/") for place in (ROOT, Path.home())))
    for path in texts():
        text = path.read_text("utf-8")
        assert not machine.search(text), path
        assert not PACKAGE_HOSTS.search(text), path


def texts() -> Iterator[Path]:
    tops = [path for path in ROOT.iterdir() if path.is_file()]
    for folder in (*ROOMS, "benchmarks", "docs", "requirements", "static", "tests", ".ci"):
        tops += [path for path in (ROOT / folder).rglob("*") if path.is_file()]
    return (path for path in tops if path.suffix in TEXTS and "__pycache__" not in path.parts)
