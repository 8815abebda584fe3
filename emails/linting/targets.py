"""What is pressed with a thumb: large enough, and the page fits a phone."""

from __future__ import annotations

from collections.abc import Iterator

from emails.linting.box import height, shown_text, width
from emails.linting.finding import Finding
from emails.linting.page import Node, excerpt, spaced
from emails.linting.seen import PHONE, Seen, called
from emails.linting.sight import Sight

THUMB = 44
_LEAST = 24  # WCAG 2.2, 2.5.8
WIDEST, NARROWEST = 640, 24
_MUCH = 80


def of_targets(seen: Seen) -> Iterator[Finding]:
    for sight in seen.sights:
        for link in seen.page.all("a"):
            if sight.looks[link].shown and "href" in link.attrs:
                yield from _target(link, sight)


def of_width(seen: Seen) -> Iterator[Finding]:
    day, phone = seen.sights
    for node in seen.page.root.elements():
        wide = day.looks[node].fixed[0]
        if wide is not None and wide > WIDEST and day.looks[node].shown:
            yield Finding("too_wide", f"Something is {wide:g} px wide; a mail has {WIDEST} px at the most.")
        if node.tag == "img" and phone.looks[node].shown and phone.looks[node].outer > PHONE:
            yield Finding(
                "too_wide",
                f"A picture stays {phone.looks[node].outer:g} px wide on a phone that has {PHONE}.",
                where=node.attrs.get("alt", ""),
            )
        elif node.tag not in ("td", "th") and phone.looks[node].shown and phone.looks[node].outer > PHONE:
            wide = phone.looks[node].outer
            words = excerpt(shown_text(node, phone))
            yield Finding(
                "too_wide",
                f"“{words}” stays {wide:g} px wide on a phone that has {PHONE}; say max-width instead.",
                where=words,
            )
        yield from _room(node, phone)
        if node.tag == "tr":
            yield from _columns(node, phone)


def _target(link: Node, sight: Sight) -> Iterator[Finding]:
    """Links within a sentence are as high as its lines and exempt, as in WCAG. A picture that is narrow in
    one direction (a logo) is pressed well enough if it is long in the other."""
    if not _is_pressed(link, sight):
        return
    high, wide = height(link, sight), width(link, sight)
    name = excerpt(called(link, sight))
    is_picture = not shown_text(link, sight)
    least = _LEAST if is_picture and wide * high >= THUMB * THUMB else THUMB
    if round(high) < least:
        yield Finding(
            "target", f"The button “{name}” is only {high:.0f} px high; a thumb needs {THUMB}.", where=name
        )
    if round(wide) < least:
        yield Finding(
            "target", f"The button “{name}” is only {wide:.0f} px wide; a thumb needs {THUMB}.", where=name
        )


def _is_pressed(link: Node, sight: Sight) -> bool:
    look = sight.looks[link]
    has_picture = any(node.tag == "img" for node in link.elements())
    return look.display != "inline" or look.own_ground or look.pads[0] > 0 or has_picture


def _room(node: Node, phone: Sight) -> Iterator[Finding]:
    """Words need more of a phone than its cells, gaps and widths have left over. (Buttons are asked for more
    than that anyway.)"""
    look = phone.looks[node]
    if node.tag == "a":
        return
    words = spaced("".join(child for child in node.children if isinstance(child, str)))
    if look.shown and look.display != "inline" and len(words) > 2 and look.room < NARROWEST:
        yield Finding(
            "too_narrow",
            f"“{excerpt(words)}” has {look.room:.0f} px on a phone; words need {NARROWEST} at least.",
            where=excerpt(words),
        )


def _columns(row: Node, phone: Sight) -> Iterator[Finding]:
    """Much text in two cells of one row stands in columns too narrow for a phone."""
    cells = [one for one in row.children if isinstance(one, Node) and one.tag == "td"]
    beside = [one for one in cells if phone.looks[one].display != "block"]
    long = [text for one in beside if len(text := shown_text(one, phone)) > _MUCH]
    if len(long) > 1:
        yield Finding(
            "one_column",
            "On a phone two columns of text stand side by side; one below the other reads better.",
            where=excerpt(long[0]),
        )
