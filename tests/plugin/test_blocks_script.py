"""The editor's script, run by node in a stand-in for WordPress's editor."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.plugin.php import PLUGIN
from tests.plugin.rules.tree import NODE


@pytest.fixture(scope="module")
def editor() -> dict[str, Any]:
    script = Path(__file__).with_name("blocks_in_editor.cjs")
    done = subprocess.run(
        [NODE, script, PLUGIN / "assets" / "blocks.js"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


def test_three_blocks_are_registered(editor: dict[str, Any]) -> None:
    assert list(editor) == ["doorstep/tracking", "doorstep/reviews", "doorstep/stars"]
    assert all(block["title"] and block["saved"] is None for block in editor.values())


def test_the_form_is_drawn_by_the_server_and_the_rest_is_a_sign(editor: dict[str, Any]) -> None:
    assert "ServerSideRender" in editor["doorstep/tracking"]["names"]
    for name in ("doorstep/reviews", "doorstep/stars"):
        assert "Placeholder" in editor[name]["names"]
        assert "ServerSideRender" not in editor[name]["names"]
    assert all("Disabled" in block["names"] for block in editor.values())


def test_what_is_typed_is_set(editor: dict[str, Any]) -> None:
    numbers = [{"product": 12}, {"product": 0}, {"product": 0}, {"product": 0}]
    assert editor["doorstep/stars"]["set"] == numbers
    assert editor["doorstep/reviews"]["set"] == [*numbers, {"how": False}]
    typed = [{name: value} for name in ("heading", "text") for value in ("12", "-3", "x", "")]
    assert editor["doorstep/tracking"]["set"] == [*typed, {"prefill": False}]
