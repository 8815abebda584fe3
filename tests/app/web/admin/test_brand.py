"""The brand page: what was typed is kept, what is stored was checked, nobody undoes another unawares."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import unescape

import pytest

from app.queries.brand import Kit
from app.queries.facts import ShopRow, load_shops
from app.services.letter import brand_of
from app.web.admin.brand_words import corrections
from flows.commerce import Platform
from tests.app.web.addresses import bearer
from tests.app.web.admin.brand_form import GOOD, post
from tests.app.web.conftest import Site


def value_of(page: str, name: str) -> str:
    """What stands in a field of the form."""
    area = re.search(rf'<textarea[^>]* name="{name}"[^>]*>([^<]*)</textarea>', page)
    field = re.search(rf'<input[^>]* name="{name}"[^>]*>', page)
    if area:
        return unescape(area[1])
    assert field, name
    value = re.search(r' value="([^"]*)"', field[0])
    return unescape(value[1]) if value else ""


def test_a_choice_is_stored_once_and_told(site: Site) -> None:
    saved = post(site, "/brand", revision="0", **GOOD)
    assert saved.status_code == 200
    assert "Saved." in saved.text
    assert value_of(saved.text, "revision") == "1"
    assert post(site, "/brand", revision="0", **GOOD).status_code == 200, "the same once more is no conflict"
    (kit,) = site.rows("SELECT * FROM brand_kits")
    assert (kit.revision, kit.accent, kit.ink, kit.radius) == (1, "#ffdd00", "#112233", 3)
    assert (kit.sender_name, kit.postal_address) == ("Larkhus at home", "Lindenweg 12\n10437 Berlin")
    (change,) = site.rows("SELECT * FROM admin_changes")
    assert (change.who, change.area) == ("Mia", "brand")
    assert change.words.startswith("Changed accent to #ffdd00, text colour to #112233, ")


def test_empty_means_as_in_the_store(site: Site) -> None:
    post(site, "/brand", revision="0", **GOOD)
    back = post(site, "/brand", revision="1", **dict.fromkeys(GOOD, ""))
    assert back.status_code == 200
    (kit,) = site.rows("SELECT * FROM brand_kits")
    assert (kit.accent, kit.fonts, kit.radius, kit.support_name) == ("", "", None, "")


def test_a_stale_form_keeps_all_and_shows_both(site: Site) -> None:
    post(site, "/brand", revision="0", **GOOD)
    stale = post(site, "/brand", revision="0", **{**GOOD, "support_name": "Ines", "accent": "#2a5bd7"})
    assert stale.status_code == 409
    assert value_of(stale.text, "support_name") == "Ines"
    assert value_of(stale.text, "accent") == "#2a5bd7"
    assert "Saved meanwhile: <b>Malin</b>" in stale.text
    assert "Saved meanwhile: <b>#ffdd00</b>" in stale.text
    assert stale.text.count("Saved meanwhile") == 2
    assert [row.support_name for row in site.rows("SELECT * FROM brand_kits")] == ["Malin"]
    again = post(
        site, "/brand", revision=value_of(stale.text, "revision"), **{**GOOD, "support_name": "Ines"}
    )
    assert again.status_code == 200, "whoever has seen both may decide"
    assert len(site.rows("SELECT * FROM admin_changes")) == 2


@pytest.mark.parametrize("revision", ["", "x", "-1", "99", "9" * 40, "\u0661"])
def test_a_revision_that_nobody_gave_out_is_stale(site: Site, revision: str) -> None:
    assert post(site, "/brand", revision=revision, **GOOD).status_code == 409
    assert site.rows("SELECT * FROM brand_kits") == []


BAD: Mapping[str, str] = {
    "accent": "red; background: url(x)",
    "ink": "#12345g",
    "page": "#1234567",
    "radius": "25",
    "sender_name": "x" * 61,
    "support_name": "x" * 41,
    "support_email": "malin at larkhus",
    "postal_address": "\n".join("1234567"),
}


def test_what_cannot_be_is_told_beneath_its_field_and_all_is_kept(site: Site) -> None:
    answer = post(site, "/brand", revision="0", **{**GOOD, **BAD})
    assert answer.status_code == 422
    for name, typed in BAD.items():
        assert f'id="{name}-error"' in answer.text, name
        assert value_of(answer.text, name) == typed
    assert "Not saved: 8 fields need another value." in answer.text
    assert value_of(answer.text, "revision") == "0"
    assert site.rows("SELECT * FROM brand_kits") == []
    for name, typed in BAD.items():
        one = post(site, "/brand", revision="0", **{**GOOD, name: typed})
        assert (one.status_code, one.text.count('class="error"')) == (422, 1), name


@pytest.mark.parametrize("radius", ["-1", "1.5", "1e3", "\u0663", "999999999999", "0x1", "0012345", " "])
def test_corners_are_whole_and_bounded(site: Site, radius: str) -> None:
    answer = post(site, "/brand", revision="0", **{**GOOD, "radius": radius})
    assert answer.status_code == (200 if radius == " " else 422)


def test_hostile_words_stay_words(site: Site) -> None:
    hostile = "</textarea><script>alert(1)</script>\"'>\r\nBcc: x\x00\u202e"
    answer = post(site, "/brand", revision="0", **{**GOOD, "sender_name": hostile, "support_name": hostile})
    assert "<script>alert" not in answer.text
    page = site.client.get("/woocommerce/app/brand", headers=bearer(site, Platform.WOOCOMMERCE)).text
    assert "<script>alert" not in page
    assert "<script>alert" not in unescape(page).replace("&lt;script>", ""), "nor in the mail's own document"


def test_the_preview_shows_what_is_typed_and_stores_nothing(site: Site) -> None:
    answer = post(site, "/brand/preview", accent="#ffdd00", ink="nonsense", sender_name="Larkhus at home")
    assert answer.status_code == 200
    assert "Larkhus at home" in answer.text
    assert "Your accent #ffdd00 would be hard to read as text on white" in answer.text
    assert 'fill="#ffdd00"' in answer.text
    assert answer.text.count("<iframe") == 2
    assert "@media not all" in answer.text and "@media all" in answer.text
    assert site.rows("SELECT * FROM brand_kits") == []


def test_another_shop_s_kit_is_untouched(site: Site) -> None:
    post(site, "/brand", revision="0", **GOOD)
    shop = site.client.get("/shopify/app/brand", headers=bearer(site, Platform.SHOPIFY)).text
    assert "Malin" not in shop
    assert [row.shop_id for row in site.rows("SELECT * FROM brand_kits")] == [site.woocommerce.shop_id]


# Logos


def test_colours_that_read_well_are_left_alone(site: Site) -> None:
    for kit in (Kit(), Kit(accent="#2a5bd7", ink="#1a1d21", page="#ffffff")):
        assert corrections(kit, brand_of(shop_row(site), kit, site.runtime.sender())) == []


@pytest.mark.parametrize("colour", ["#ffdd00", "#ffffff", "#00ff00", "#ff69b4", "#c0c0c0"])
def test_each_correction_names_what_was_chosen_and_what_is_used(site: Site, colour: str) -> None:
    kit = Kit(accent=colour, ink="#999999", page="#333333")
    found = corrections(kit, brand_of(shop_row(site), kit, site.runtime.sender()))
    assert {one.field for one in found} == {"accent", "ink", "page"}
    for one in found:
        assert one.chosen in one.words and one.used in one.words
        assert re.fullmatch("#[0-9a-f]{6}", one.used)


def shop_row(site: Site) -> ShopRow:
    with site.runtime.database.shops(site.woocommerce.shop_id) as session:
        return load_shops(session, [site.woocommerce.shop_id])[site.woocommerce.shop_id]
