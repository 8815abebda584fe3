"""One place under many spellings, and places that are others; PHP and Python judge alike."""

from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import Path

import pytest

from connectors.base import Refused
from connectors.woocommerce.auth import shop_address
from connectors.woocommerce.places import FOLDERS, LANGUAGE_FOLDER, SHOP_NAME, is_same_place, place
from tests.plugin.php import PLUGIN, php

ADDRESSES = (
    "shop.example", "https://shop.example", "HTTP://WWW.Shop.Example/", "https://shop.example:443",
    "https://shop.example:8443", "https://shop.example/Store", "shop.example/store/", "shop.example/store/de",
    "shop.example/de", "shop.example/pt-br", "shop.example/dev", "shop.example/~bob", "shop.example/~Bob/x_y",
    "staging.shop.example", "shop.example/staging", "https://shop.example/?lang=de", "www.shop.example/de/",
    "shop.example.evil", "https://shop.example@evil.example", "", "   ", "https://", "/x", "shop.example:x",
)  # fmt: skip
NAMES = (
    "shop.example", "shop.example/Shop", "shop.example/~bob", "shop.example/a.b/c_d-e", "shop.example/en",
    "shop.example/", "shop.example//x", "shop.example/../x", "shop.example/.x", "Shop.example",
    "shop.example\n",
    "shop.example/x?y", "-shop.example", "shop.example/" + "a" * 100, "shop.example/" + "a" * 101,
    "shop.example" + "/a" * 8, "shop.example" + "/a" * 9, 'shop.example/"',
)  # fmt: skip


def by_php(code: str, told: object, folder: Path) -> list[object]:
    load = Path(__file__).parents[2] / "plugin" / "wordpress" / "load.php"
    script = (
        f"namespace Doorstep; require {json.dumps(str(load))}; \\boot_wordpress();"
        f" $told = \\json_decode( \\stream_get_contents( STDIN ), true ); echo \\json_encode( {code} );"
    )
    environ = {**os.environ, "WORDPRESS_STATE": str(folder / "state.json")}
    done = subprocess.run(
        [php(), "-r", script], input=json.dumps(told), env=environ, capture_output=True, text=True,
        timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert isinstance(answer, list)
    return answer


def test_php_finds_the_same_places(tmp_path: Path) -> None:
    pairs = [(one, other) for one in ADDRESSES for other in ADDRESSES]
    same = by_php("\\array_map( fn( $p ) => is_same_place( $p[0], $p[1] ), $told )", pairs, tmp_path)
    mine = [is_same_place(one, other) for one, other in pairs]
    assert [pair for pair, one, other in zip(pairs, mine, same, strict=True) if one != other] == []
    assert 40 < sum(mine) < 200
    assert by_php("\\array_map( fn( $a ) => place( $a ), $told )", ADDRESSES, tmp_path) == [
        place(one) for one in ADDRESSES
    ]


def test_php_takes_the_same_names(tmp_path: Path) -> None:
    """What connects is understood by the plugin: a shop in /Shop or /~bob as well."""
    taken = by_php("\\array_map( fn( $n ) => check_shop( $n ), $told )", NAMES, tmp_path)
    assert taken == [re.fullmatch(SHOP_NAME, one) is not None for one in NAMES]
    assert sum(map(bool, taken)) == 7
    checks = (PLUGIN / "includes" / "settings-checks.php").read_text("utf-8")
    assert f"'#\\A[a-z0-9][a-z0-9.-]{{0,252}}{FOLDERS}\\z#'" in checks
    assert LANGUAGE_FOLDER.rstrip("$") in (PLUGIN / "includes" / "place.php").read_text("utf-8")


@pytest.mark.parametrize("name", NAMES)
def test_a_shop_that_connects_has_a_name_that_everybody_takes(name: str) -> None:
    try:
        address = shop_address(f"https://{name}")
    except Refused:
        return
    assert re.fullmatch(SHOP_NAME, address.removeprefix("https://"))
