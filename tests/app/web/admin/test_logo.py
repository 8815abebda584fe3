"""A shop's logo: whatever picture comes in, a small one of nothing but pixels goes out."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable, Mapping

import pytest
from PIL import Image, PngImagePlugin
from werkzeug.test import TestResponse

from app.services.logo import MOST_BYTES, NotALogo, logo_from
from flows.commerce import Platform
from tests.app.web.addresses import SHOPS, bearer
from tests.app.web.admin.brand_form import GOOD, HTMX, post
from tests.app.web.conftest import Site


def upload(site: Site, data: bytes, which: str = "logo") -> TestResponse:
    """As a browser sends it; the body is put together here, where no temporary file is left open."""
    head = b'--x\r\nContent-Disposition: form-data; name="logo"; filename="logo.png"\r\n\r\n'
    return site.client.post(
        f"/woocommerce/app/brand/{which}",
        headers={**bearer(site, Platform.WOOCOMMERCE), **HTMX},
        data=head + data + b"\r\n--x--\r\n",
        content_type="multipart/form-data; boundary=x",
    )


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
