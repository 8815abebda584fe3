"""How a brand speaks, where else it is found, and its logo for dark screens."""

from __future__ import annotations

import pytest

from emails.elsewhere import elsewhere, place
from tests.app.desk import START
from tests.app.web.admin.brand_form import GOOD, post
from tests.app.web.admin.test_kept_logos import choose, drawn, shown
from tests.app.web.admin.test_logo import picture, upload
from tests.app.web.conftest import Site

PLACES = "https://www.instagram.com/larkhus\r\nhttps://larkhus.example/journal"


def test_tone_and_places_are_stored_and_told(site: Site) -> None:
    saved = post(site, "/brand", revision="0", **GOOD, tone="playful", places=PLACES)
    assert saved.status_code == 200
    assert '<option value="playful" selected>' in saved.text
    (kit,) = site.rows("SELECT * FROM brand_kits")
    assert (kit.tone, kit.places) == ("playful", PLACES.replace("\r\n", "\n"))
    post(site, "/brand", revision="1", **GOOD)
    words = [row.words for row in site.rows("SELECT words FROM admin_changes ORDER BY id")]
    assert "tone to playful" in words[0]
    assert words[1] == "Changed tone to warm, places elsewhere to none."


@pytest.mark.parametrize(
    ("places", "reason"),
    [
        ("http://instagram.com/larkhus", "no address that begins with https://"),
        ("javascript:alert(1)", "no address that begins with https://"),
        ("https://a.example\n" * 5, "At most 4 addresses; there are 5."),
        ("https://a.example/" + "x" * 900, "At most 800 letters"),
    ],
)
def test_places_that_no_mail_can_name(site: Site, places: str, reason: str) -> None:
    refused = post(site, "/brand", revision="0", **GOOD, places=places)
    assert refused.status_code == 422
    assert reason in refused.text
    assert site.rows("SELECT * FROM brand_kits") == []


def test_a_tone_that_nobody_knows_is_the_usual_one(site: Site) -> None:
    assert post(site, "/brand", revision="0", **GOOD, tone="furious").status_code == 200
    assert [row.tone for row in site.rows("SELECT tone FROM brand_kits")] == [""]


def test_places_have_the_names_that_people_know() -> None:
    assert elsewhere("https://www.instagram.com/x\n\nnonsense\nhttps://shop.example/blog") == (
        ("Instagram", "https://www.instagram.com/x"),
        ("shop.example", "https://shop.example/blog"),
    )
    assert place("https://notinstagram.com/x") == ("notinstagram.com", "https://notinstagram.com/x")
    assert len(elsewhere("https://a.example\n" * 9)) == 4


def test_a_logo_for_dark_screens_stands_beside_the_other(site: Site) -> None:
    assert upload(site, picture()).status_code == 200
    answer = upload(site, picture(400, 300), which="night_logo")
    assert answer.status_code == 200
    assert "The logo for dark screens as it is" in answer.text
    (kit,) = site.rows("SELECT logo_hash, night_logo_hash FROM brand_kits")
    assert kit.logo_hash and kit.night_logo_hash and kit.logo_hash != kit.night_logo_hash
    assert site.client.get(f"/brand/larkhus.example/{kit.night_logo_hash}.png").status_code == 200
    assert post(site, "/brand/night_logo/remove").status_code == 200
    (kit,) = site.rows("SELECT logo_hash, night_logo_hash FROM brand_kits")
    assert kit.logo_hash and kit.night_logo_hash is None


def test_a_bad_file_says_so_beneath_its_own_field(site: Site) -> None:
    upload(site, picture())
    answer = upload(site, b"<svg>", which="night_logo")
    assert answer.status_code == 422
    assert 'id="night_logo-file-error"' in answer.text and 'id="logo-file-error"' not in answer.text


def test_neither_logo_is_forgotten_for_the_other(site: Site) -> None:
    day, night = drawn(1), drawn(2)
    choose(site, day, START)
    choose(site, night, START, night=True)
    choose(site, night, START)
    choose(site, day, START)
    assert shown(site, day, night) == [True, True]
    choose(site, drawn(3), START, night=True)
    assert shown(site, day, night) == [True, False]
