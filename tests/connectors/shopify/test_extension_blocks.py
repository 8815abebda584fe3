"""Our blocks, run by a Liquid that escapes nothing by itself: hostile words stay words."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from typing import Any

import pytest

from connectors.shopify.extension_files import FOLDERS, MOST, MOST_LIQUID, THEME, build
from sandbox.shopify.theme_blocks import Extension
from tests.proof import Figure

BLOCKS = ("star_badge", "reviews", "tracking_lookup", "doorstep")
LANGUAGES = ("en", "de")
HOSTILE = (
    """'"></script><script>alert(1)</script><img src=x onerror=alert(1)>"""
    """{{ 7 | times: 7 }}{% comment %}</style>--><a href="javascript:alert(1)">&lt;b&gt;"""
)
# What a theme may be asked to show; the words of each are the merchant's or a shopper's.
PLAIN = {
    "product": "5",
    "email": "mia@example.com",
    "number": "#1047",
    "setting": "Where is it?",
    "block": "b1",
    "path": "/apps/doorstep",
    "side": "left",
}
RATING = {"value": {"rating": 4.56, "scale_max": 5.0}}
SITUATIONS: Mapping[str, dict[str, Any]] = {
    "asked": {},
    "known": {"metafields": {"reviews": {"rating": RATING, "rating_count": {"value": 12}}}},
    "none": {"metafields": {"reviews": {"rating": {"value": None}, "rating_count": {"value": 0}}}},
}
WORDED = {"heading", "text", "words", "star_color", "accent", "button_color", "button_text_color"}


def shown(
    extension: Extension, name: str, words: Mapping[str, str], product: dict[str, Any], **more: Any
) -> str:
    values = {
        "product": {"id": words["product"], **product},
        "customer": {"email": words["email"], "last_order": {"name": words["number"]}},
        "request": {"page_type": "product"},
        "block": {"id": words["block"]},
    }
    told = {one["id"] for one in extension.schema(name)["settings"]} & WORDED
    settings = {**dict.fromkeys(told, words["setting"]), "base": words["path"], "side": words["side"]}
    return extension.render(name, values, {**settings, "widgets": True, **more})


def every_page(words: Mapping[str, str], sources: Mapping[str, str] | None = None) -> Iterator[str]:
    for language in LANGUAGES:
        extension = Extension(language=language, sources=sources or {})
        for name in BLOCKS:
            for product in SITUATIONS.values():
                for place in ("foot", "corner") if name == "doorstep" else ("",):
                    for link in (True, False):
                        yield shown(extension, name, words, product, place=place, link=link)


class Skeleton(HTMLParser):
    """Elements and the names of their attributes; and the values, which have to be whole."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.built: list[tuple[str, tuple[str, ...]]] = []
        self.values: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.built.append((tag, tuple(name for name, _ in attrs)))
        self.values += [value or "" for _, value in attrs]

    def handle_endtag(self, tag: str) -> None:
        self.built.append((f"/{tag}", ()))

    def handle_comment(self, data: str) -> None:
        self.built.append(("comment", ()))

    def handle_data(self, data: str) -> None:
        self.values.append(data)


def safe(hostile: str, plain: str) -> bool:
    return Skeleton(hostile).built == Skeleton(plain).built and "49" not in hostile


def test_hostile_words_build_nothing(figure: Figure) -> None:
    hostile = {**dict.fromkeys(PLAIN, HOSTILE), "path": f"/{HOSTILE}"}  # another path is not taken
    pairs = list(zip(every_page(hostile), every_page(PLAIN), strict=True))
    figure("renderings", len(pairs))
    for page, plain in pairs:
        assert safe(page, plain), page
    told = "".join(value for page, _ in pairs for value in Skeleton(page).values)
    assert "{{ 7 | times: 7 }}" in told, "the words are shown as they are"


OUTPUT = re.compile(r"\{\{-?(.*?)-?\}\}", re.S)
# Written by the platform or by us: no word of a merchant, a shopper or a product is in it.
OURS = ("block.shopify_attributes", "asset_url", "t")


def test_everything_that_is_put_out_is_escaped() -> None:
    for file in sorted(THEME.rglob("*.liquid")):
        markup = Extension().source(str(file.relative_to(THEME).with_suffix("")))
        for output in OUTPUT.findall(markup.partition("{% schema %}")[0]):
            last = output.split("|")[-1].strip()
            assert last == "escape" or last in OURS, f"{file.name}: {output}"
        assert not re.search(r"\|\s*(raw|safe)|\son\w+=|javascript:|https?://", markup), file.name


# Outputs of numbers that Liquid itself has counted: nothing hostile is left in them to be seen.
COUNTED = ("'stars.given'", "share", "left", "rating.rating", "'stars.count'")


def escapes() -> Iterator[tuple[str, int]]:
    for file in sorted(THEME.rglob("*.liquid")):
        name = str(file.relative_to(THEME).with_suffix(""))
        for place, found in enumerate(re.finditer(r" \| escape(?= )", Extension().source(name))):
            expression = Extension().source(name)[: found.start()].rpartition("{{")[2].strip()
            if not expression.startswith(COUNTED):
                yield name, place


@pytest.mark.parametrize(("name", "place"), list(escapes()))
def test_no_escape_is_there_in_vain(name: str, place: int) -> None:
    """Each one taken out lets something through that the test above sees."""
    parts = Extension().source(name).split(" | escape ")
    without = " | escape ".join(parts[: place + 1]) + " " + " | escape ".join(parts[place + 1 :])
    hostile = {**dict.fromkeys(PLAIN, HOSTILE), "path": f"/{HOSTILE}"}  # another path is not taken
    pages = zip(every_page(hostile, {name: without}), every_page(PLAIN), strict=True)
    assert not all(safe(page, plain) for page, plain in pages)


def test_schemas_are_what_the_editor_takes() -> None:
    targets = {}
    for name in BLOCKS:
        schema = Extension().schema(name)
        targets[name] = schema["target"]
        assert set(schema) <= {"name", "target", "stylesheet", "settings"}
        assert (THEME / "assets" / schema["stylesheet"]).is_file()
        ids = [one["id"] for one in schema["settings"]]
        assert len(ids) == len(set(ids))
        for one in schema["settings"]:
            assert one["type"] in {"product", "color", "checkbox", "text", "select"}
            if one["type"] == "select":
                assert one["default"] in [option["value"] for option in one["options"]]
            if one["type"] == "color" and "default" in one:
                assert re.fullmatch("#[0-9a-f]{6}", one["default"])
    assert targets == {
        "star_badge": "section",
        "reviews": "section",
        "tracking_lookup": "section",
        "doorstep": "body",
    }
    assert {file.stem for file in (THEME / "blocks").iterdir()} == set(BLOCKS)


@pytest.mark.parametrize("language", ["en.default", "de"])
def test_the_editor_has_words_for_everything(language: str) -> None:
    told = json.loads((THEME / "locales" / f"{language}.schema.json").read_text("utf-8"))
    keys = {
        key for name in BLOCKS for key in re.findall(r'"t:([^"]+)"', Extension().source(f"blocks/{name}"))
    }
    for key in keys:
        found: Any = told
        for part in key.split("."):
            found = found[part]
        assert isinstance(found, str) and found, key


def test_texts_are_said_in_the_shopper_s_language_unless_the_merchant_wrote_some() -> None:
    own = Extension(language="de").render("tracking_lookup", {}, {"heading": "Wo bleibt es?"})
    assert "<h2>Wo bleibt es?</h2>" in own and "Meine Bestellung zeigen" in own
    assert "<h2>Wo ist meine Bestellung?</h2>" in Extension(language="de").render("tracking_lookup", {})
    assert "<h2>注文はどこにありますか？</h2>" in Extension(language="ja").render("tracking_lookup", {})
    assert "<h2>Where is my order?</h2>" in Extension(language="fi").render("tracking_lookup", {})
    badge = Extension(language="de").render("star_badge", {"product": {"id": 5, **SITUATIONS["known"]}})
    assert "4,6 von 5 Sternen" in badge and "12 Bewertungen" in badge


def test_the_badge_asks_nobody_where_the_product_knows() -> None:
    known = Extension().render("star_badge", {"product": {"id": 5, **SITUATIONS["known"]}})
    assert "<script" not in known and "width: 91.2%" in known
    assert "<script" not in Extension().render("star_badge", {"product": {"id": 5, **SITUATIONS["none"]}})
    assert "stars.js" in Extension().render("star_badge", {"product": {"id": 5}})


def test_the_embed_loads_no_script_but_where_it_is_told_to() -> None:
    for page_type, widgets, loads in (
        ("product", False, False),
        ("index", True, False),
        ("product", True, True),
    ):
        page = Extension().render("doorstep", {"request": {"page_type": page_type}}, {"widgets": widgets})
        assert ("<script" in page) is loads
    nowhere = Extension().render("doorstep", {"request": {"page_type": "index"}}, {"place": "none"})
    assert nowhere.strip() == ""


def test_scripts_are_deferred_and_ours(tmp_path: Any) -> None:
    assets = {file.name for file in (build(tmp_path / "extension") / "assets").iterdir()}
    for page in every_page(PLAIN):
        for tag in re.findall(r"<script[^>]*>", page):
            found = re.fullmatch(r'<script src="/extension-assets/([a-z]+\.js)" defer>', tag)
            assert found and found[1] in assets, tag


def test_only_what_the_platform_takes_is_built(tmp_path: Any, figure: Figure) -> None:
    folder = build(tmp_path / "extension")
    assert {one.name for one in folder.iterdir()} == {*FOLDERS, "shopify.extension.toml"}
    assert tomllib.loads((folder / "shopify.extension.toml").read_text("utf-8"))["type"] == "theme"
    files = [file for file in folder.rglob("*") if file.is_file()]
    whole = sum(file.stat().st_size for file in files)
    liquid = sum(file.stat().st_size for file in files if file.suffix == ".liquid")
    figure("extension_bytes", whole)
    figure("liquid_bytes", liquid)
    assert whole < MOST and liquid < MOST_LIQUID
    assert {file.suffix for file in files if file.parent.name == "assets"} <= {".css", ".js"}
