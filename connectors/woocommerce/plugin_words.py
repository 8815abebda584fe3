"""The plugin's texts for translators: languages/doorstep.pot, read from the sources.

`python -m connectors.woocommerce.plugin_words` writes it anew.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from connectors.woocommerce.plugin_files import PLUGIN

TEMPLATE = PLUGIN / "languages" / "doorstep.pot"

_HEAD = """\
# Texts of the WordPress plugin Doorstep.
# This file is distributed under the GPL-2.0-or-later.
msgid ""
msgstr ""
"Project-Id-Version: Doorstep\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"X-Domain: doorstep\\n"
"""
_QUOTED = r"""(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
_CALL = re.compile(
    r"(?P<note>/\*\s*translators:(?P<said>.*?)\*/[^;{}]*?)?"
    r"(?<![\w>])(?P<name>(?:esc_html|esc_attr)?(?:__|_e|_x)|_nx?|_ex)\(\s*"
    rf"(?P<given>{_QUOTED}(?:\s*,\s*{_QUOTED})*)",
    re.S,
)
_HEADERS = re.compile(r"^ \* (?P<name>Plugin Name|Description|Author): +(?P<text>.+)$", re.M)
_ESCAPES = {"n": "\n", "t": "\t"}


@dataclass(slots=True)
class Text:
    """`many`: the plural form, "" for a text that counts nothing."""

    one: str
    many: str = ""
    context: str = ""
    notes: set[str] = field(default_factory=set)
    files: set[str] = field(default_factory=set)


def template() -> str:
    """The file as it must be. It names files and no lines, so that it changes when a text does."""
    texts: dict[tuple[str, str], Text] = {}
    for file in sorted(path for path in PLUGIN.rglob("*") if path.suffix in (".php", ".js")):
        name = file.relative_to(PLUGIN).as_posix()
        for found in _texts(file.read_text("utf-8"), is_main=name == "doorstep.php"):
            kept = texts.setdefault((found.context, found.one), found)
            kept.files.add(name)
            kept.notes |= found.notes
            kept.many = kept.many or found.many
    return "\n".join([_HEAD, *(_entry(text) for text in texts.values())])


def _texts(source: str, is_main: bool) -> Iterator[Text]:
    if is_main:
        for found in _HEADERS.finditer(source):
            yield Text(found["text"].strip(), notes={f"{found['name']} of the plugin"})
    for call in _CALL.finditer(source):
        given = [_read(quoted) for quoted in re.findall(_QUOTED, call["given"], re.S)]
        kind = call["name"].removeprefix("esc_html").removeprefix("esc_attr")
        notes = {" ".join(f"translators:{call['said']}".split())} if call["note"] else set()
        if kind in ("_n", "_nx"):
            yield Text(given[0], many=given[1], notes=notes)
        elif kind in ("_x", "_ex"):
            yield Text(given[0], context=given[1], notes=notes)
        else:
            yield Text(given[0], notes=notes)


def _read(quoted: str) -> str:
    inside = quoted[1:-1]
    if quoted[0] == "'":
        return re.sub(r"\\(['\\])", r"\1", inside)
    return re.sub(r"\\(.)", lambda found: _ESCAPES.get(found[1], found[1]), inside)


def _entry(text: Text) -> str:
    lines = [f"#. {note}" for note in sorted(text.notes)]
    lines += [f"#: {file}" for file in sorted(text.files)]
    lines += [f"msgctxt {_written(text.context)}"] if text.context else []
    lines += [f"msgid {_written(text.one)}"]
    if text.many:
        lines += [f"msgid_plural {_written(text.many)}", 'msgstr[0] ""', 'msgstr[1] ""']
    else:
        lines += ['msgstr ""']
    return "\n".join([*lines, ""])


def _written(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    return f'"{escaped}"'


if __name__ == "__main__":
    TEMPLATE.write_text(template(), "utf-8")
