"""What a merchant writes into the form of the brand page, checked field by field."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from app.queries.brand import Choice
from emails.address import valid_address
from emails.elsewhere import MOST, place
from emails.fonts import FONTS
from emails.i18n import TONES
from emails.message import Brand

LARGEST_RADIUS = 24
_DEFAULT = Brand("", "", "", "")
_LIMITS = {"sender_name": 60, "support_name": 40, "support_email": 254, "postal_address": 300, "places": 800}
_SEVERAL_LINES = ("postal_address", "places")
_COLOUR = re.compile(r"#?([0-9a-fA-F]{6}|[0-9a-fA-F]{3})")
_CORNER = re.compile(r"[0-9]{1,4}")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f\u2028\u2029\u202a-\u202e\u2066-\u2069]")

NAMES = tuple(field.name for field in fields(Choice))
WORDS = {
    "accent": "accent",
    "ink": "text colour",
    "page": "page colour",
    "fonts": "type",
    "radius": "corners",
    "sender_name": "sender name",
    "support_name": "support contact",
    "support_email": "support address",
    "postal_address": "postal address",
    "tone": "tone",
    "places": "places elsewhere",
}


def checked(form: Mapping[str, str]) -> tuple[Choice, dict[str, str]]:
    """The fields that are right, and by name what is wrong with the others."""
    errors: dict[str, str] = {}
    good: dict[str, Any] = {}
    for name in ("accent", "ink", "page"):
        written = form.get(name, "").strip()
        found = _COLOUR.fullmatch(written)
        if written and not found:
            errors[name] = "A colour is written as # and six digits or letters a to f, like #2a5bd7."
        elif found:
            good[name] = _six(found[1])
    for name, known in (("fonts", FONTS), ("tone", TONES)):
        good[name] = form.get(name, "") if form.get(name, "") in known else ""
    radius = form.get("radius", "").strip()
    if radius and not (_CORNER.fullmatch(radius) and int(radius) <= LARGEST_RADIUS):
        errors["radius"] = f"Corners go from 0 to {LARGEST_RADIUS} pixels."
    elif radius and int(radius) != _DEFAULT.radius:
        good["radius"] = int(radius)
    for name, limit in _LIMITS.items():
        written = _tidied(form.get(name, ""), several=name in _SEVERAL_LINES)
        problem = _problem(name, written, limit)
        if problem:
            errors[name] = problem
        else:
            good[name] = written
    return Choice(**good), errors


def _tidied(written: str, *, several: bool) -> str:
    lines = _CONTROL.sub(" ", written.replace("\r\n", "\n").replace("\r", "\n")).strip()
    return lines if several else " ".join(lines.split())


def _problem(name: str, written: str, limit: int) -> str:
    if len(written) > limit:
        return f"At most {limit} letters; this has {len(written)}."
    if name == "support_email" and written and valid_address(written) is None:
        return "This is no e-mail address that mail can reach."
    if name == "postal_address" and written.count("\n") > 5:
        return "At most six lines."
    if name == "places":
        return _problem_with_places([line for line in written.splitlines() if line.strip()])
    return ""


def _problem_with_places(lines: list[str]) -> str:
    if len(lines) > MOST:
        return f"At most {MOST} addresses; there are {len(lines)}."
    strange = next((line for line in lines if place(line) is None), None)
    if strange is not None:
        return f"{strange.strip()[:60]} is no address that begins with https://."
    return ""


def _six(digits: str) -> str:
    whole = digits if len(digits) == 6 else "".join(digit * 2 for digit in digits)
    return f"#{whole.lower()}"
