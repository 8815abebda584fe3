"""The theme blocks: what a shop, a product or a merchant's setting says comes out as text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from connectors.shopify.extension_files import THEME
from sandbox.shopify.theme_blocks import Extension
from tests.proof import Count, Figure
from tests.security.checks.active import ADDRESSES, PAYLOADS, active_in
from tests.security.checks.tree import read

LIQUID = sorted(THEME.rglob("*.liquid"))
BLOCKS = sorted((THEME / "blocks").glob("*.liquid"))
# A value as a page shows it; what ends in one of these cannot be markup.
OUTPUT = re.compile(r"\{\{-?(.*?)-?\}\}", re.S)
SAFE_END = re.compile(
    r"\|\s*(?:escape|escape_once|json|asset_url|url_encode|handleize|t|round|size|metafield_tag)\b[^|]*$"
)
# Names that a file gives to text of its own, numbers and Shopify's own attributes.
_SCHEMA = re.compile(r"\{%-?\s*schema\s*-?%\}.*?\{%-?\s*endschema\s*-?%\}", re.S)


def outputs(path: Path) -> Iterator[str]:
    for found in OUTPUT.finditer(_SCHEMA.sub("", read(path))):
        yield " ".join(found[1].split())


def is_own(value: str, path: Path) -> bool:
    """Shopify's own attributes, a literal, or a number that the file counted itself."""
    name = value.partition("|")[0].strip()
    if name == "block.shopify_attributes" or re.fullmatch(r"'[^']*'|\"[^\"]*\"|[\d.]+", name):
        return True
    made = re.findall(rf"assign {re.escape(name)} = (.+)", read(path))
    counted = bool(made) and all(
        re.search(
            r"\|\s*(?:times|plus|minus|divided_by|round|floor|ceil|at_most|at_least|escape|size|t)\b[^|]*$",
            one.rstrip(" -%}"),
        )
        for one in made
    )
    return counted or bool(re.search(rf"for {re.escape(name)} in \(", read(path)))


def test_liquid_unsafe_render(figure: Figure) -> None:
    """Every value that a Liquid file of ours puts out is escaped at that very place, or is our own."""
    assert len(LIQUID) >= 4
    loose, looked = list[str](), 0
    for path in LIQUID:
        for value in outputs(path):
            looked += 1
            if not SAFE_END.search(value) and not is_own(value, path):
                loose.append(f"{path.name}: {value}")
        assert "| raw" not in read(path) and "{% raw" not in read(path)
    assert loose == []
    figure("outputs", looked)


RATING = {"rating": {"value": {"rating": 4.5, "scale_max": 5.0}}, "rating_count": {"value": 3}}


def objects(words: str, page: str, rated: bool) -> dict[str, Any]:
    """What a theme hands to a block, made of these words; numbers are numbers there."""
    product = {
        "id": words,
        "title": words,
        "handle": words,
        "metafields": {"reviews": RATING if rated else {}},
    }
    return {
        "product": product,
        "customer": {"email": words, "name": words, "last_order": {"name": words}},
        "shop": {"name": words, "url": words},
        "request": {"page_type": page or words, "path": words},
        "block": {"id": words},
    }


WORDED = ("text", "textarea", "html", "richtext", "url", "color", "select", "liquid")


def settings_of(extension: Extension, name: str, words: str) -> dict[str, Any]:
    listed = extension.schema(name)["settings"]
    chosen: dict[str, Any] = {one["id"]: words for one in listed if one.get("type") in WORDED}
    return chosen | {one["id"]: True for one in listed if one.get("type") == "checkbox"}


def test_theme_extension_xss(count: Count, figure: Figure) -> None:
    """Each block with every payload in every setting and in every object that a theme hands to it."""
    shown, made, extension = 0, 0, Extension()
    for name in (path.stem for path in BLOCKS):
        for words in ("".join(PAYLOADS), *ADDRESSES, *PAYLOADS)[: count(8, 40)]:
            chosen = settings_of(extension, name, words)
            bases = (words, f"/{words}", "/apps/doorstep")
            for place, base, page in zip(("foot", "corner", words), bases, ("product", "", ""), strict=True):
                values = objects(words, page, rated=page == "product")
                markup = extension.render(name, values, {**chosen, "place": place, "base": base})
                assert active_in(markup) == [], (name, words, base)
                shown, made = shown + ("7331" in markup), made + 1
    assert shown > made // 3, "the words were in the blocks"
    figure("pages", made)
