"""Pictures: said in words for whoever does not see them, and of a size that a mail bears."""

from __future__ import annotations

import re
from collections.abc import Iterator

from emails.clean import picture_address
from emails.linting.box import shown_text
from emails.linting.finding import Finding
from emails.linting.lengths import pixels
from emails.linting.page import Node
from emails.linting.seen import Seen, called

WIDEST = 600
_MUCH = 300
_FILE = re.compile(r"\.(png|jpe?g|gif|webp|svg|avif)$", re.IGNORECASE)
_EMPTY_WORDS = frozenset(("image", "picture", "photo", "img", "bild", "foto", "imagen", "photo.jpg", "画像"))


def of_pictures(seen: Seen) -> Iterator[Finding]:
    for picture in seen.page.all("img"):
        yield from _words(picture, seen)
        yield from _source(picture)
        yield from _width(picture)


def _words(picture: Node, seen: Seen) -> Iterator[Finding]:
    alt, where = picture.attrs.get("alt"), _named(picture)
    if alt is None:
        yield Finding("alt", "A picture has no words (alt) for readers who do not see it.", where)
    elif _FILE.search(alt) or alt.strip().lower() in _EMPTY_WORDS:
        yield Finding("alt", f"“{alt}” does not say what the picture shows.", where)
    elif not alt.strip():
        link = picture.within("a")
        if link is not None and not called(link, seen.day):
            yield Finding("alt", "A picture that is a link needs words that say where it leads.", where)
        elif not _words_beside(picture, seen):
            yield Finding("alt", "A picture stands alone and has no words (alt); what does it show?", where)


def _source(picture: Node) -> Iterator[Finding]:
    source = picture.attrs.get("src", "")
    if picture_address(source) is None:
        yield Finding("picture_address", "A picture needs an address that begins with https://.", source[:80])


def _width(picture: Node) -> Iterator[Finding]:
    wide = pixels(picture.attrs.get("width"))
    if not wide:
        yield Finding(
            "picture_width",
            "A picture needs a width in pixels, or Outlook shows it in full.",
            _named(picture),
        )
    elif wide > WIDEST:
        yield Finding(
            "picture_width", f"A picture is {wide:g} px wide; {WIDEST} is the most.", _named(picture)
        )


def _words_beside(picture: Node, seen: Seen) -> bool:
    """Something short and no headline: a row that names what is shown, not the whole mail around it."""
    around = picture.parent
    while around is not None and not (words := shown_text(around, seen.day)):
        around = around.parent
    return (
        around is not None and len(words) <= _MUCH and not any(node.tag == "h1" for node in around.elements())
    )


def _named(picture: Node) -> str:
    return picture.attrs.get("alt", "") or picture.attrs.get("src", "").rpartition("/")[2][:60]
