"""Each bad habit of a store is told on the page about the connection, in words that say what to do, and is
gone from there once it is mended."""

from __future__ import annotations

from html import unescape
from typing import Any

import pytest

from app.services.connect_check import look_soon
from app.words.connect_words import told
from app.words.connection_lines import line
from connectors.woocommerce import findings as found
from connectors.woocommerce.findings import Finding
from tests.quirks.living import CONFIRMED, Home

WWW = {"to": "https://www.throwaway.example"}
TOLD: tuple[tuple[dict[str, Any], Finding], ...] = (
    ({"plain_permalinks": True}, Finding(found.PLAIN_PERMALINKS)),
    ({"redirect": True}, Finding(found.MOVED, WWW)),
    ({"redirect_writes": True}, Finding(found.MOVED, {**WWW, "writing": "yes"})),
    ({"html_200": True}, Finding(found.HTML_ANSWER, {"status": "200"})),
    ({"html_403": True}, Finding(found.HTML_ANSWER, {"status": "403"})),
    ({"garbage": True}, Finding(found.BROKEN_ANSWER)),
    ({"busy_seconds": 60}, Finding(found.BUSY)),
    ({"away_seconds": 60}, Finding(found.MAINTENANCE, {"status": "503"})),
    ({"keys_revoked": True}, Finding(found.KEYS_REFUSED)),
    ({"basic_ignored": True}, Finding(found.KEYS_REFUSED)),
    ({"read_only": True}, Finding(found.READ_ONLY)),
    ({"lost_rights": True}, Finding(found.LOST_RIGHTS)),
    ({"old_version": True}, Finding(found.OLD_VERSION, {"woocommerce": "3.9.5", "wordpress": "5.3.2"})),
    ({"sparse_index": True}, Finding(found.REST_BLOCKED, {"status": "401"})),
    ({"clock_hours": 9}, Finding(found.CLOCK_OFF, {"off": "9 hours", "way": "ahead"})),
)


@pytest.mark.parametrize(("quirk", "finding"), TOLD, ids=[next(iter(quirk)) for quirk, _ in TOLD])
def test_it_is_told_and_goes_when_it_is_mended(home: Home, quirk: dict[str, Any], finding: Finding) -> None:
    assert "Nothing is in the way" in home.page("/connection")
    home.quirks(**quirk)
    home.look_now("connection")
    page = unescape(home.page("/connection"))
    words = told(finding)
    assert words.title in page and line(finding) in page and words.helps in page
    assert "Nothing is in the way" not in page

    home.quirks(**dict.fromkeys(quirk, 0))
    with home.runtime.database.shops(home.shop.shop_id) as session:
        look_soon(session, home.shop.shop_id, home.real())
    home.rest()
    assert home.state() == "connected"
    assert "Nothing is in the way" in home.page("/connection")


def test_what_was_lost_is_counted(home: Home) -> None:
    home.quirks(drop=True, hints=False)
    home.order()
    home.later(minutes=11)
    home.look("orders")
    assert home.steps() == [CONFIRMED]
    assert "1 missed order found by asking" in home.page("/connection")


def test_a_plugin_that_is_not_there_and_one_that_is(home: Home) -> None:
    home.look("hooks")
    assert "Version 1.0.0" in home.page("/connection")
    home.quirks(no_plugin=True)
    home.look("hooks")
    assert "Not installed" in home.page("/connection")
