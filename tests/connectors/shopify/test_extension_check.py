"""The theme app extension passes Shopify's own theme check, which finds what we break on purpose."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from connectors.shopify.extension_files import build
from tests.proof import Figure

ROOT = Path(__file__).parents[3]
NODE = ROOT / ".venv" / "bin" / "node"
PACKAGE = ROOT / "node_modules" / "@shopify" / "theme-check-node"
SCRIPT = Path(__file__).with_name("theme_check.cjs")

REVIEWS, BADGE, GERMAN = "blocks/reviews.liquid", "blocks/star_badge.liquid", "locales/de.json"
# File, what is replaced, by what, and the check that has to see it.
BROKEN = (
    (REVIEWS, "| asset_url", "| asset_adress", "UnknownFilter"),
    (REVIEWS, "'reviews.js' | asset_url", "'rewiews.js' | asset_url", "MissingAsset"),
    (REVIEWS, "{{ item.id", "{{ thing.id", "UndefinedObject"),
    (REVIEWS, "'reviews.js' | asset_url }}\" defer", "'reviews.js' | asset_url }}\"", "ParserBlockingScript"),
    (REVIEWS, "'reviews.no_script'", "'reviews.no_skript'", "TranslationKeyExists"),
    (BADGE, "render 'doorstep_stars'", "render 'doorstep_star'", "MissingTemplate"),
    (BADGE, "{%- endif -%}\n  </div>", "</div>", "LiquidHTMLSyntaxError"),
    (GERMAN, '"link": "Sendung', '"links": "Sendung', "MatchingTranslations"),
)


def check(folder: Path, cache: Path) -> dict[str, Any]:
    # A place without its documents: the copies within the package are used, and the network is not.
    outside = {"SHOPIFY_TLD_ROOT": str(cache / "nowhere"), "XDG_CACHE_HOME": str(cache)}
    done = subprocess.run(
        [NODE, SCRIPT, PACKAGE, folder],
        capture_output=True,
        text=True,
        timeout=60,
        env={**os.environ, **outside},
        check=True,
    )
    return dict(json.loads(done.stdout))


def test_nothing_is_found(tmp_path: Path, figure: Figure) -> None:
    told = check(build(tmp_path / "extension"), tmp_path)
    figure("theme_check_checks", len(told["checks"]))
    figure("theme_check_offenses", len(told["offenses"]))
    assert told["offenses"] == []
    assert told["files"] == 17, "blocks, snippets and locales were all read"
    assert {one[3] for one in BROKEN} <= set(told["checks"])


def test_what_is_broken_is_found(tmp_path: Path) -> None:
    """All faults at once, each in a block of its own, because starting the linter is the slow part."""
    folder = build(tmp_path / "extension")
    for number, (name, whole, broken, _) in enumerate(BROKEN):
        text = (folder / name).read_text("utf-8")
        assert whole in text, (name, whole)
        file = folder / name if name == GERMAN else (folder / name).with_stem(f"broken_{number}")
        file.write_text(text.replace(whole, broken), "utf-8")
    found = {offense.partition(":")[0] for offense in check(folder, tmp_path)["offenses"]}
    assert {one[3] for one in BROKEN} <= found


@pytest.mark.parametrize("asset", ["stars.js", "reviews.js", "doorstep.css"])
def test_assets_are_small(tmp_path: Path, asset: str, figure: Figure) -> None:
    size = (build(tmp_path / "extension") / "assets" / asset).stat().st_size
    figure(f"{asset}_bytes", size)
    assert size < 10_000
