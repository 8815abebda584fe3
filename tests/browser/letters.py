"""Mails of the outbox, and where their links lead."""

from __future__ import annotations

import base64
import json
import time
import zlib
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Page

from tests.stories.conftest import Road


@dataclass(frozen=True)
class Link:
    href: str
    words: str


def letter(road: Road, to: str, step: str, within: float = 30.0) -> dict[str, Any]:
    """The newest mail of `flow/step` to the person, as /dev/outbox.json gives it. Waits for it."""
    end = time.monotonic() + within
    while True:
        found = [mail for mail in road.mails(to) if f"{mail['flow']}/{mail['step']}" == step]
        if found:
            return found[-1]
        assert time.monotonic() < end, f"no {step} for {to}, but {road.steps(to)}"
        time.sleep(0.1)


def links(mail: dict[str, Any]) -> list[Link]:
    """Of the HTML, in their order; a picture's words are its alternative text."""
    reader = _Links()
    reader.feed(mail["html"])
    return [Link(href, " ".join("".join(words).split())) for href, words in reader.found]


def link(mail: dict[str, Any], piece: str) -> str:
    """The first link whose words, or the address where it ends, have the piece."""
    found = links(mail)
    for one in found:
        if piece in one.words or piece in target(one.href):
            return one.href
    raise AssertionError(f"no link with {piece!r} in {[(one.words, target(one.href)) for one in found]}")


def target(href: str) -> str:
    """Where a link of ours leads, read off its token: nothing is asked for, so no click is counted."""
    path = urlsplit(href).path
    if not path.startswith("/l/"):
        return href
    payload = path.removeprefix("/l/").rsplit(".", 1)[0]
    raw = base64.urlsafe_b64decode(payload.removeprefix(".") + "==")
    carried = json.loads(zlib.decompress(raw) if payload.startswith(".") else raw)
    return str(carried[-1])


def show(page: Page, road: Road, mail: dict[str, Any]) -> None:
    """The mail's HTML as a page, without the policy that keeps the outbox's frame from running scripts:
    the tests' own have to run in it."""
    page.goto(f"http://127.0.0.1:{road.start.port}/healthz")
    page.set_content(mail["html"])


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, list[str]]] = []
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "a" and values.get("href"):
            self.found.append((values["href"] or "", []))
            self._inside = True
        elif tag == "img" and self._inside:
            self.found[-1][1].append(values.get("alt") or "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "a":
            self._inside = False

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.found[-1][1].append(data)
