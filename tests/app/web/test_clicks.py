"""A click keeps where it led, and nothing that opens a page or says what somebody thinks of a product."""

from __future__ import annotations

from io import BytesIO
from time import process_time
from typing import Any

import pytest
import segno

from flows.commerce import Platform
from tests.app.web.conftest import Site
from tests.app.web.shopping import shop_of

STORE = "https://larkhus.example"
BROWSER = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"


def click(site: Site, target: str) -> dict[str, Any]:
    """What is kept of it."""
    shop = shop_of(site, Platform.WOOCOMMERCE)
    answer = site.client.get(
        f"/l/{site.runtime.keys.sign('click', [shop, 1, target])}", headers={"User-Agent": BROWSER}
    )
    assert (answer.status_code, answer.headers["Location"]) == (302, target)
    (row,) = site.rows("SELECT data FROM message_events ORDER BY id DESC LIMIT 1")
    return {name: value for name, value in row.data.items() if name != "link"}


@pytest.mark.parametrize("base", ["http://127.0.0.1:8000", f"{STORE}/apps/doorstep"])
@pytest.mark.parametrize(("purpose", "path"), [("review", "r"), ("tracking", "t"), ("arrival", "a")])
def test_of_a_page_of_ours_its_purpose_is_kept(site: Site, base: str, purpose: str, path: str) -> None:
    token = site.runtime.keys.sign(purpose, [1, "13"])
    kept = click(site, f"{base}/{path}/{token}?product=p1&stars=2")
    within = "/apps/doorstep" if base.startswith(STORE) else ""
    assert kept == {"to": purpose, "path": f"{within}/{path}", "agent": BROWSER}


@pytest.mark.parametrize("address", ["", "/", "/r/store", "/t/lamps?stars=2#x"])
def test_all_else_is_the_shop(site: Site, address: str) -> None:
    assert click(site, STORE + address) == {"to": "shop", "agent": BROWSER}


def test_a_square_shows_its_link_and_nobody_clicked(site: Site) -> None:
    token = site.runtime.keys.sign("click", [1, 1, "https://lamps.example/guide"])
    answer = site.client.get(f"/qr/{token}.png")
    link = f"{site.runtime.config.address}/l/{token}"
    assert (answer.status_code, answer.mimetype) == (200, "image/png")
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    drawn = BytesIO()
    segno.make(link, error="l", micro=False).save(drawn, kind="png", scale=5, border=2)
    assert answer.data == drawn.getvalue()
    assert site.rows("SELECT 1 FROM message_events") == []


def test_a_square_is_drawn_once_and_not_sent_to_who_has_it(site: Site) -> None:
    """Drawing the longest takes 35 ms: 50 more of them would take two seconds."""
    token = site.runtime.keys.sign("click", [1, 2, "https://lamps.example/" + "x" * 300])
    first = site.client.get(f"/qr/{token}.png")
    assert len(first.data) < 4_000
    began = process_time()
    for _ in range(50):
        assert site.client.get(f"/qr/{token}.png").data == first.data
    assert process_time() - began < 0.5
    known = site.client.get(f"/qr/{token}.png", headers={"If-None-Match": first.headers["ETag"]})
    assert (known.status_code, known.data, known.headers["ETag"]) == (304, b"", first.headers["ETag"])
    other = site.runtime.keys.sign("click", [1, 3, "https://lamps.example/"])
    answer = site.client.get(f"/qr/{other}.png", headers={"If-None-Match": first.headers["ETag"]})
    assert (answer.status_code, answer.mimetype) == (200, "image/png")


def test_a_square_of_no_link_or_of_a_long_one_is_not_drawn(site: Site) -> None:
    long = site.runtime.keys.sign("click", [1, 1, "https://lamps.example/" + "x" * 600])
    other = site.runtime.keys.sign("tracking", [1, "1"])
    assert [site.client.get(f"/qr/{token}.png").status_code for token in (long, other, "x")] == [404] * 3
