"""The block of the order status and the thank-you page, run in node on stand-ins of the platform.
Every source is read by that; one that cannot be fails here.
"""

from __future__ import annotations

import json
import subprocess
import tomllib
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from connectors.shopify.extension_files import UI, build_ui

ROOT = Path(__file__).parents[3]
NODE = ROOT / ".venv" / "bin" / "node"
RUNNER = Path(__file__).with_name("ui_extension.mjs")
SOURCES = UI / "track-order"
ORDER = {"order": {"id": "gid://shopify/Order/13", "confirmationNumber": "K9XQ2LW4T"}}
THANKS = {"confirmation": {"order": {"id": "gid://shopify/OrderIdentity/13"}, "number": "K9XQ2LW4T"}}
FOUND = (
    200,
    {"url": "https://pine.example/apps/doorstep/t/x", "headline": "On its way, likely here Tuesday"},
)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_ui(tmp_path_factory.mktemp("ui") / "track-order", "https://app.example")


def run(built: Path, page: str, known: dict[str, Any], *answers: tuple[int, Any]) -> dict[str, Any]:
    done = subprocess.run(
        [NODE, RUNNER, built / "src" / f"{page}.js", json.dumps(known), json.dumps(answers)],
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


@pytest.mark.parametrize(("page", "known"), [("order_status", ORDER), ("thank_you", THANKS)])
def test_it_shows_where_the_order_is(built: Path, page: str, known: dict[str, Any]) -> None:
    told = run(built, page, known, FOUND)
    ((address, headers),) = told["asked"]
    parts = urlsplit(address)
    assert (parts.scheme, parts.netloc, parts.path) == ("https", "app.example", "/shopper/tracking.json")
    order = (known.get("order") or known["confirmation"]["order"])["id"]
    assert parse_qs(parts.query) == {"order": [order], "confirmation": ["K9XQ2LW4T"]}
    assert headers == {"Authorization": "Bearer token-1"}
    heading, link = told["shown"]["inside"]
    assert (heading["type"], heading["inside"]) == ("s-heading", [FOUND[1]["headline"]])
    assert (link["type"], link["set"]["href"]) == ("s-link", FOUND[1]["url"])
    assert link["inside"] == ["words of track"] and told["place"] == "the block's place"


def test_it_waits_for_an_order_that_is_not_known_yet(built: Path) -> None:
    told = run(built, "thank_you", THANKS, (404, {}), (0, {}), (503, {}), FOUND)
    assert told["shown"] is not None
    assert [headers["Authorization"] for _, headers in told["asked"]] == [
        f"Bearer token-{n}" for n in (1, 2, 3, 4)
    ]


@pytest.mark.parametrize("answers", [[(404, {})] * 4, [(401, {})], [(429, {})]])
def test_it_shows_nothing_where_there_is_nothing(built: Path, answers: list[tuple[int, Any]]) -> None:
    told = run(built, "thank_you", THANKS, *answers)
    assert told["shown"] is None and len(told["asked"]) == len(answers)
    assert run(built, "thank_you", {"confirmation": None})["asked"] == []


def test_its_description_names_what_is_there() -> None:
    told = tomllib.loads((SOURCES / "shopify.extension.toml").read_text("utf-8"))
    (extension,) = told["extensions"]
    assert extension["type"] == "ui_extension"
    targets = {one["target"]: one["module"] for one in extension["targeting"]}
    assert set(targets) == {"customer-account.order-status.block.render", "purchase.thank-you.block.render"}
    for module in targets.values():
        assert (SOURCES / module).is_file()
    assert extension["capabilities"] == {"network_access": True}, "it calls us, and may do nothing else"
    words = [json.loads(file.read_text("utf-8")) for file in sorted((SOURCES / "locales").iterdir())]
    assert len(words) == 9 and all(set(one) == {"name", "track"} for one in words)
