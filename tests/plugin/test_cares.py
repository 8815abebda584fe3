"""Each care that the plugin's sources take, taken away: an escape, a nonce, a guard, a text domain. The rules
find it missing, wherever it is; so a place that is written tomorrow without it is found as well."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.plugin.php import plugin_files
from tests.plugin.rules.found import Finding, against
from tests.plugin.rules.sources import Sources
from tests.plugin.rules.tree import Node, trees
from tests.proof import FULL, Count, Figure

# What is looked for, and what stands in its place.
CARES = {
    "guard": (r"defined\( 'ABSPATH' \) \|\| exit;", ""),
    "capability": (r"current_user_can\( 'manage_woocommerce' \)", "true"),
    "nonce": (r"check_(admin|ajax)_referer\([^;{]*?\)(?=[ ;])", "true"),
    "permission": (r"__NAMESPACE__ \. '\\\\may_tell_settings'", "'__return_true'"),
    "unslashing": (r"wp_unslash(?=\( \$_)", ""),
    "cleaning": (r"\b(sanitize_\w+|absint)(?=\( wp_unslash)", ""),
    "escaping": (r"\besc_(html|attr|url)(?=\( )", ""),
    "escaped words": (r"\besc_(html|attr)__", "__"),
    "escaped words said": (r"\besc_(html|attr)_e\b", "_e"),
    "filtering": (r"\bwp_kses_post(?=\( )", ""),
    "preparing": (r"\$wpdb->prepare\(", "sprintf("),
    "staying": (r"wp_safe_redirect", "wp_redirect"),
    "text domain": (r", 'doorstep' \)", ", 'woocommerce' )"),
}
# A piece of the line, and why no rule needs to see it.
EXCUSED = {
    "esc_attr( $here ? ' nav-tab-active' : '' )": "either text is written here",
    "esc_attr( LEAVE_ACTION )": "the text is written here",
    "if ( ! current_user_can( 'manage_woocommerce' ) ) {\n\t\treturn;": "the menu asks before the page does",
    "nl2br( esc_html( is_scalar( $value )": "goes into a file of WordPress's; privacy_test.php looks into it",
    "defined( 'WP_UNINSTALL_PLUGIN' ) || exit;": "the other guard is still there",
}
Place = tuple[str, str, str]


@dataclass(frozen=True)
class Careless:
    """`around`: the line that lost its care, and the next."""

    care: str
    source: Path
    around: str
    text: str


def careless() -> Iterator[Careless]:
    for source in plugin_files():
        text = source.read_text("utf-8")
        for care, (pattern, instead) in CARES.items():
            for found in re.finditer(pattern, text):
                start = text.rfind("\n", 0, found.start()) + 1
                around = "\n".join(text[start:].split("\n", 2)[:2])
                yield Careless(care, source, around, text[: found.start()] + instead + text[found.end() :])


def places(findings: list[Finding]) -> Counter[Place]:
    return Counter((one.rule, one.file, one.where) for one in findings)


@pytest.fixture(scope="module")
def whole() -> dict[str, Node]:
    """The plugin as it is, by the names of its files."""
    return {str(tree.file): tree for tree in trees(plugin_files())}


def test_what_is_taken_away_is_found(
    whole: dict[str, Node], tmp_path: Path, count: Count, figure: Figure
) -> None:
    every = list(careless())
    chosen = every if FULL else random.Random(len(every)).sample(every, 30)
    assert count(30, len(every)) == len(chosen)
    files = [_written(tmp_path, number, one) for number, one in enumerate(chosen)]
    before = places(against(Sources(list(whole.values()))))
    missed = [
        one
        for one, tree in zip(chosen, trees(files), strict=True)
        if not places(against(Sources([*(whole | {str(one.source): tree}).values()]))) - before
    ]
    figure("cares_in_the_plugin", len(every))
    figure("found_missing", len(chosen) - len(missed))
    assert [one.around for one in missed if not any(piece in one.around for piece in EXCUSED)] == []


def test_every_care_is_taken_somewhere_and_every_excuse_is_needed() -> None:
    every = list(careless())
    assert {one.care for one in every} == set(CARES)
    assert len(every) > 200
    sources = "".join(file.read_text("utf-8") for file in plugin_files())
    assert [piece for piece in EXCUSED if sources.count(piece) != 1] == []


def _written(folder: Path, number: int, one: Careless) -> Path:
    file = folder / str(number) / one.source.name
    file.parent.mkdir()
    file.write_text(one.text, "utf-8")
    return file
