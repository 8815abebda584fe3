"""Every file of the plugin is valid for the PHP of today and for PHP 7.4, which its header promises."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from tests.plugin.php import PLUGIN, ROOT, lint, php, plugin_files
from tests.plugin.rules.newer import newer
from tests.plugin.rules.tree import Node, parse
from tests.proof import Figure

# One form each that PHP 8 brought; PHP 7.4 stops at it or does not know it.
NEWER = {
    "match": "$a = match ($b) { 1 => 2, default => 3 };",
    "null_safe": "$a = $b?->c;",
    "union": "function f(int|string $a) {}",
    "union_returned": "function f(): int|string {}",
    "promoted": "class A { public function __construct(private int $a) {} }",
    "named": "f(a: 1);",
    "catch_without_name": "try { f(); } catch (E) { g(); }",
    "throw_expression": "$a = $b ?? throw new E();",
    "comma_after_parameters": "function f($a,) {}",
    "comma_after_use": "$f = function () use ($a,) {};",
    "mixed": "function f(mixed $a) {}",
    "mixed_property": "class A { public mixed $a; }",
    "static_returned": "class A { function f(): static { return $this; } }",
    "class_of_object": "$a = $o::class;",
    "new_expression": "$a = new ($b);",
    "enum": "enum A { case B; }",
    "readonly": "class A { public readonly int $a; }",
    "readonly_class": "readonly class A {}",
    "never": "function f(): never {}",
    "first_class_callable": "$f = strlen(...);",
    "new_by_default": "function f($a = new A()) {}",
    "intersection": "function f(A&B $a) {}",
    "octal": "$a = 0o17;",
    "final_constant": "class A { final public const B = 1; }",
    "typed_constant": "class A { const string B = 'x'; }",
    "true_returned": "function f(): true {}",
    "function": "get_debug_type($a);",
}
# As new as PHP 7.4, which knows them.
KNOWN = {
    "arrow": "$f = fn($x) => $x + 1;",
    "typed_property": "class A { public ?int $a = null; private static array $b = []; }",
    "coalesce_assign": "$a['x'] ??= 1;",
    "spread": "$a = [...$b];",
    "nullable": "function f(?int $a = null): ?string { return null; }",
    "class_constant": "$a = A::class; $b = static::class; new static(); new $b();",
    "numbers": "$a = 1_000;",
    "attribute": "#[Attr]\nfunction f() {}",  # a comment
    "brought_by_wordpress": "str_contains($a, $b);",
}


def test_every_file_passes_php(figure: Figure) -> None:
    files = plugin_files()
    told = [said for file in files if (said := lint(file))]
    figure("plugin_php_files", len(files))
    assert told == []


def test_php_itself_is_new_enough_to_find_what_became_invalid() -> None:
    version = subprocess.run(
        [php(), "-r", "echo PHP_VERSION_ID;"], capture_output=True, text=True, check=True, timeout=30
    )
    assert int(version.stdout) >= 80200


def test_php_is_brought_by_the_tests_and_by_nothing_else() -> None:
    lines = re.findall(r"^([a-z]+):(.*)", (ROOT / "Makefile").read_text("utf-8"), re.M)
    needing = {target for target, needed in lines if "php" in needed.partition("##")[0].split()}
    assert needing == {"test", "proof"}


@pytest.mark.parametrize("broken", ["function f( {", "$a = 1", "$a = (unset) $b;", "$a{0} = 1;"])
def test_php_finds_what_is_broken(broken: str, tmp_path: Path) -> None:
    file = tmp_path / "broken.php"
    file.write_text(f"<?php\n{broken}\n$b = 2;\n", "utf-8")
    assert lint(file)


def test_every_file_is_valid_for_php_7_4() -> None:
    parsed = parse(plugin_files())
    assert [f"{file}: {tree}" for file, tree in parsed.items() if not isinstance(tree, Node)] == []
    assert [what for tree in parsed.values() if isinstance(tree, Node) for what in newer(tree)] == []


def test_what_php_7_4_does_not_know_is_refused(tmp_path: Path, figure: Figure) -> None:
    files = _written(tmp_path, NEWER)
    passed = [
        name
        for name, tree in zip(NEWER, parse(files).values(), strict=True)
        if isinstance(tree, Node) and not any(newer(tree))
    ]
    figure("newer_forms_refused", len(NEWER) - len(passed))
    assert passed == []
    assert [
        name for name, file in zip(NEWER, files, strict=True) if name != "typed_constant" and lint(file)
    ] == []


def test_what_php_7_4_knows_is_not_refused(tmp_path: Path) -> None:
    for tree in parse(_written(tmp_path, KNOWN)).values():
        assert isinstance(tree, Node), tree
        assert list(newer(tree)) == []


def test_the_header_promises_what_is_checked() -> None:
    head = (PLUGIN / "doorstep.php").read_text("utf-8")[:4000]
    assert re.search(r"^ \* Requires PHP:\s+7\.4$", head, re.M)
    assert re.search(r"^Requires PHP: 7\.4$", (PLUGIN / "readme.txt").read_text("utf-8"), re.M)


def _written(folder: Path, forms: dict[str, str]) -> list[Path]:
    files = [folder / f"{name}.php" for name in forms]
    for file, form in zip(files, forms.values(), strict=True):
        file.write_text(f"<?php\n{form}\n", "utf-8")
    return files
