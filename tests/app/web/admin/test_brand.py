"""The brand page: what was typed is kept, what is stored was checked, nobody undoes another unawares."""

from __future__ import annotations

import io
import re
import struct
import zlib
from collections.abc import Callable, Mapping
from html import unescape

import pytest
from PIL import Image, PngImagePlugin
from werkzeug.test import TestResponse

from app.queries.brand import Kit
from app.queries.facts import ShopRow, load_shops
from app.services.letter import brand_of
from app.services.logo import MOST_BYTES, NotALogo, logo_from
from app.web.admin.brand_words import corrections
from flows.commerce import Platform
from tests.app.web.addresses import SHOPS, bearer
from tests.app.web.conftest import Site

HTMX = {"HX-Request": "true"}
GOOD = {
    "accent": "#FFDD00",
    "ink": "123",
    "page": "",
    "fonts": "book",
    "radius": "3",
    "sender_name": " Larkhus   at home ",
    "support_name": "Malin",
    "support_email": "malin@larkhus.example",
    "postal_address": "Lindenweg 12\r\n10437 Berlin",
}


def post(site: Site, path: str, **fields: str) -> TestResponse:
    headers = {**bearer(site, Platform.WOOCOMMERCE), **HTMX}
    return site.client.post(f"/woocommerce/app{path}", headers=headers, data=fields)


def upload(site: Site, data: bytes) -> TestResponse:
    """As a browser sends it; the body is put together here, where no temporary file is left open."""
    head = b'--x\r\nContent-Disposition: form-data; name="logo"; filename="logo.png"\r\n\r\n'
    return site.client.post(
        "/woocommerce/app/brand/logo",
        headers={**bearer(site, Platform.WOOCOMMERCE), **HTMX},
        data=head + data + b"\r\n--x--\r\n",
        content_type="multipart/form-data; boundary=x",
    )


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


@pytest.mark.parametrize("radius", ["-1", "1.5", "1e3", "\u0663", "999999999999", "0x1", " "])
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


def picture(
    width: int = 800, height: int = 200, kind: str = "PNG", mode: str = "RGBA", **more: object
) -> bytes:
    out = io.BytesIO()
    Image.new(mode, (width, height), None).save(out, kind, **more)
    return out.getvalue()


def png_of_size(width: int, height: int) -> bytes:
    """A small file that says it is huge."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    body = zlib.compress(b"\0" * 100_000, 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def with_text(words: str) -> bytes:
    info = PngImagePlugin.PngInfo()
    info.add_text("Comment", words)
    return picture(pnginfo=info)


@pytest.mark.parametrize(
    ("kind", "mode"),
    [
        ("PNG", "RGBA"),
        ("PNG", "P"),
        ("PNG", "L"),
        ("PNG", "I;16"),
        ("JPEG", "RGB"),
        ("JPEG", "CMYK"),
        ("WEBP", "RGBA"),
        ("GIF", "P"),
    ],
)
def test_every_kind_becomes_a_small_png(kind: str, mode: str) -> None:
    logo = logo_from(picture(1600, 400, kind, mode))
    with Image.open(io.BytesIO(logo.png)) as made:
        assert (made.format, made.size, made.info) == ("PNG", (600, 150), {})
    assert (logo.width, logo.height) == (600, 150)
    assert logo_from(picture(300, 80)).width == 300, "a small one is not blown up"


def test_nothing_but_the_pixels_goes_on() -> None:
    secret = "taken at 52.5, 13.4 <script>"
    made = logo_from(with_text(secret))
    assert secret.encode() not in made.png
    exif = Image.Exif()
    exif[0x010E], exif[0x0112] = secret, 6
    turned = logo_from(picture(400, 100, "JPEG", "RGB", exif=exif))
    assert secret.encode() not in turned.png
    assert (turned.width, turned.height) == (100, 400), "turned as the camera said"


REFUSED: Mapping[str, tuple[Callable[[], bytes], str]] = {
    "nothing": (lambda: b"", "Choose a file"),
    "too many bytes": (lambda: b"\x89PNG\r\n\x1a\n" + b"x" * MOST_BYTES, "larger than 2 MB"),
    "too many pixels": (lambda: png_of_size(4000, 2001), "8 million pixels"),
    "a bomb": (lambda: png_of_size(200_000, 200_000), "8 million pixels"),
    "an endless line": (lambda: png_of_size(2**31 - 1, 1), ""),
    "fewer pixels than told": (lambda: png_of_size(4000, 2000), "damaged"),
    "svg": (lambda: b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "SVG"),
    "svg with a prolog": (lambda: b"\n<?xml version='1.0'?><svg/>", "SVG"),
    "html": (lambda: b"<!doctype html><script>alert(1)</script>", ""),
    "text": (lambda: b"hello", "no PNG, JPEG, WebP or GIF"),
    "pdf": (lambda: b"%PDF-1.7", "no PNG, JPEG, WebP or GIF"),
    "bmp": (lambda: picture(10, 10, "BMP", "RGB"), "no PNG, JPEG, WebP or GIF"),
    "tiff": (lambda: picture(10, 10, "TIFF", "RGB"), "no PNG, JPEG, WebP or GIF"),
    "a page behind a png": (lambda: picture() + b"<script>alert(1)</script>", "behind its picture"),
    "an archive behind a jpeg": (
        lambda: picture(mode="RGB", kind="JPEG") + b"PK\x03\x04",
        "behind its picture",
    ),
    "a page behind a webp": (lambda: picture(kind="WEBP") + b"<html>", "behind its picture"),
    "a gif that is a script": (lambda: b"GIF89a/*" + b"x" * 40 + b"*/=alert(1);", "damaged"),
    "half a png": (lambda: picture()[:200], "its end is missing"),
    "half a jpeg": (lambda: picture(mode="RGB", kind="JPEG")[:300], "its end is missing"),
    "a png with a hole": (lambda: picture()[:60] + picture()[90:], "damaged"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_logo_is_refused_in_words(name: str) -> None:
    make, words = REFUSED[name]
    with pytest.raises(NotALogo) as refused:
        logo_from(make())
    assert words in str(refused.value)
    assert "Traceback" not in str(refused.value)


def test_a_logo_is_set_shown_and_removed(site: Site) -> None:
    assert upload(site, picture()).status_code == 200
    assert upload(site, picture()).status_code == 200, "twice is once"
    (kit,) = site.rows("SELECT * FROM brand_kits")
    address = f"/brand/larkhus.example/{kit.logo_hash}.png"
    shown = site.client.get(address)
    assert (shown.status_code, shown.mimetype) == (200, "image/png")
    assert shown.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert shown.headers["X-Content-Type-Options"] == "nosniff"
    assert post(site, "/brand", revision="0", **GOOD).status_code == 200, "a logo does not outdate the form"
    removed = post(site, "/brand/logo/remove")
    assert removed.status_code == 200 and removed.headers["HX-Trigger"] == "look"
    assert [row.logo_hash for row in site.rows("SELECT * FROM brand_kits")] == [None]
    assert site.client.get(address).status_code == 404, "no mail has shown it"
    words = [row.words for row in site.rows("SELECT words FROM admin_changes ORDER BY id")]
    assert words[0] == "Set the logo." and words[-1] == "Removed the logo." and len(words) == 3


def test_a_bad_file_changes_nothing(site: Site) -> None:
    for data in (b"", b"<svg>", b"x" * (MOST_BYTES + 1), b"x" * (3 * MOST_BYTES)):
        answer = upload(site, data)
        assert answer.status_code == 422
        assert 'id="logo-file-error"' in answer.text
    assert site.rows("SELECT * FROM brand_kits") == []


def test_nobody_else_s_picture_is_found(site: Site) -> None:
    upload(site, picture())
    (logo,) = site.rows("SELECT hash FROM brand_logos")
    for domain, name in (
        (SHOPS[Platform.SHOPIFY], logo.hash),
        ("stranger.example", logo.hash),
        ("larkhus.example", "0" * 32),
        ("larkhus.example", logo.hash.upper()),
        ("larkhus.example", "..%2f" + logo.hash),
        ("larkhus.example", logo.hash + "%00"),
    ):
        assert site.client.get(f"/brand/{domain}/{name}.png").status_code == 404


# Colours


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
