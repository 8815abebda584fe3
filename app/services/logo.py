"""A merchant's picture becomes a logo: decoded, made small and written anew, so that nothing of the file
that came but its pixels goes out with a mail."""

from __future__ import annotations

import hashlib
import io
import threading
from dataclasses import dataclass

from PIL import Image, ImageOps

MOST_BYTES = 2 * 1024 * 1024
MOST_PIXELS = 8_000_000
MOST_SCANS = 50
WIDEST, HIGHEST = 600, 600
_TOO_MANY = "This picture has more than 8 million pixels. Save it at about 600 wide."
_SMOOTH = ("L", "LA", "RGB", "RGBA")
# A picture of a few kilobytes may need 100 MB while it is decoded; a progressive JPEG may need seconds.
_ONE_AT_A_TIME = threading.Lock()
_FORMATS = ("PNG", "JPEG", "WEBP", "GIF")
_JPEG, _JPEG_SCAN = b"\xff\xd8\xff", b"\xff\xda"
_PNG, _PNG_END = b"\x89PNG\r\n\x1a\n", b"\x00\x00\x00\x00IEND\xaeB`\x82"


class NotALogo(Exception):
    """Says to the merchant what is wrong with the file."""


@dataclass(frozen=True, slots=True)
class Logo:
    """`hash` names the picture's bytes, so that its address can be cached for ever."""

    hash: str
    png: bytes
    width: int
    height: int


def logo_from(data: bytes) -> Logo:
    """Raises NotALogo."""
    if not data:
        raise NotALogo("Choose a file first.")
    if len(data) > MOST_BYTES:
        raise NotALogo("This file is larger than 2 MB. Save the logo at about 600 pixels wide.")
    if data.lstrip()[:5].lower() in (b"<?xml", b"<svg ", b"<svg>", b"<!doc"):
        raise NotALogo("SVG files cannot be shown in mails. Save the logo as PNG, about 600 pixels wide.")
    if data.count(_JPEG_SCAN) > MOST_SCANS and data.startswith(_JPEG):
        raise NotALogo("This JPEG is put together from too many layers. Save it anew as PNG.")
    if not _ends_where_it_should(data):
        raise NotALogo(
            "This file has something behind its picture, or its end is missing. Save it anew as PNG."
        )
    picture = _shrunk(data)
    out = io.BytesIO()
    picture.save(out, "PNG", optimize=True)
    png = out.getvalue()
    return Logo(hashlib.sha256(png).hexdigest()[:32], png, picture.width, picture.height)


def _ends_where_it_should(data: bytes) -> bool:
    """A picture that is a second thing as well (a page, an archive) carries that behind its own end."""
    if data.startswith(_PNG):
        return data.endswith(_PNG_END) and data.count(_PNG_END) == 1
    if data.startswith(_JPEG):
        return data.rstrip(b"\x00").endswith(b"\xff\xd9")
    if data.startswith((b"GIF87a", b"GIF89a")):
        return data.endswith(b";")
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        told = int.from_bytes(data[4:8], "little") + 8
        return told in (len(data), len(data) - 1)
    raise NotALogo("This is no PNG, JPEG, WebP or GIF file.")


def _shrunk(data: bytes) -> Image.Image:
    """The pixels alone, with transparency, at most 600 wide. What follows the decoding is done to the small
    picture: a large one is held once, not once for every step."""
    try:
        with _ONE_AT_A_TIME, Image.open(io.BytesIO(data), formats=_FORMATS) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise NotALogo(_TOO_MANY)
            if opened.format == "JPEG":
                opened.draft("RGB", (2 * WIDEST, 2 * HIGHEST))
            opened.load()
            small = _reduced(opened)
            upright = ImageOps.exif_transpose(small).convert("RGBA")
    except NotALogo:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise NotALogo(_TOO_MANY) from error
    except Exception as error:  # whatever a decoder trips over: it is no picture that mails can carry
        raise NotALogo("This picture is damaged or incomplete. Save it anew as PNG.") from error
    return Image.frombytes("RGBA", upright.size, upright.tobytes())


def _reduced(opened: Image.Image) -> Image.Image:
    """Palettes, single transparent colours and deep greys have no colours in between: these get all four
    channels first."""
    plain = opened.mode in _SMOOTH and "transparency" not in opened.info
    picture = opened if plain else opened.convert("RGBA")
    picture.thumbnail((WIDEST, HIGHEST), Image.Resampling.LANCZOS, reducing_gap=3.0)
    return picture
