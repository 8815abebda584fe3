"""One mail of each template passes html-validate, but for what mail programs need otherwise than browsers."""

from __future__ import annotations

import json
import subprocess
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pytest

from emails.render import render
from tests.emails import cases
from tests.emails.linting.mails import CLASS_OF, ORDERS, to_whoever_may_leave
from tests.proof import Figure

ROOT = Path(__file__).parents[3]
NODE = ROOT / ".venv" / "bin" / "node"
PROGRAM = ROOT / "node_modules" / "html-validate" / "bin" / "html-validate.mjs"

EXCEPTIONS: Mapping[str, str] = {
    "doctype-style": "Both spellings of the doctype are right; the compiler of MJML writes this one.",
    "no-conditional-comment": "Outlook for Windows reads them, and lays out by them.",
    "no-deprecated-attr": "Outlook takes width, align, bgcolor and cellpadding from attributes only.",
    "no-inline-style": "Gmail for other accounts drops style sheets, and styles stay.",
    "prefer-native-element": "Gmail and Outlook know no <article>; its role is read aloud all the same.",
    "prefer-tbody": "A table that lays out has no parts.",
    "presentation-role-style": "Older screen readers know role=presentation and not role=none.",
}
# What is taken out, what stands there instead, and the rule that has to see it.
BROKEN = (
    ("</h1>", "", "close-order"),
    ('<html lang="en"', "<html", "element-required-attributes"),
    ("<title>", '<title id="x"></title><title id="x">', "no-dup-id"),
    ("</h1>", "<foo></foo></h1>", "element-name"),
    ("<h1", "<ul><p>x</p></ul><h1", "element-permitted-content"),
)


def told_of(folder: Path, *, switched_off: bool = True) -> Mapping[str, Counter[str]]:
    """By file, how often each rule found something."""
    config = {
        "root": True,
        "extends": ["html-validate:recommended"],
        "rules": dict.fromkeys(EXCEPTIONS, "off") if switched_off else {},
    }
    (folder / "rules.json").write_text(json.dumps(config), "utf-8")
    files = sorted(folder.glob("*.html"))
    # Into a file: the program ends before a pipe has taken all of it.
    with (folder / "told.json").open("w") as told:
        done = subprocess.run(
            [NODE, PROGRAM, "--config", folder / "rules.json", "--formatter", "json", *files],
            stdout=told,
            stderr=subprocess.PIPE,
            text=True,
            timeout=110,
            cwd=folder,
        )
    # 1: something was found. Anything else is a fault of the program.
    assert done.returncode in (0, 1), done.stderr
    found = {
        Path(one["filePath"]).stem: one["messages"] for one in json.loads((folder / "told.json").read_bytes())
    }
    return {path.stem: Counter(one["ruleId"] for one in found.get(path.stem, ())) for path in files}


@pytest.fixture(scope="module")
def mails(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("mails")
    for template, states in cases.STATES.items():
        context = to_whoever_may_leave(states[-1](ORDERS["plain"]()), CLASS_OF[template])
        mail = render(template, context, "en")
        (folder / f"{template.replace('/', '-')}.html").write_text(mail.html, "utf-8")
    return folder


def test_nothing_is_found(mails: Path, figure: Figure) -> None:
    told = told_of(mails)
    figure("html_validate_mails", len(told))
    assert len(told) == len(cases.STATES)
    assert {name: found for name, found in told.items() if found} == {}


def test_every_exception_is_needed(mails: Path) -> None:
    found = sum(told_of(mails, switched_off=False).values(), Counter[str]())
    assert found.keys() == EXCEPTIONS.keys()


def test_what_is_broken_is_found(mails: Path, tmp_path: Path) -> None:
    html = next(iter(sorted(mails.glob("*.html")))).read_text("utf-8")
    for number, (taken, put, _) in enumerate(BROKEN):
        assert taken in html
        (tmp_path / f"{number}.html").write_text(html.replace(taken, put, 1), "utf-8")
    told = told_of(tmp_path)
    for number, (_, _, rule) in enumerate(BROKEN):
        assert told[str(number)][rule], (rule, told)
