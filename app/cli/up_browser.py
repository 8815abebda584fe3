"""As much of a web browser as an installation takes: cookies, redirects, links, frames, one form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit, urlunsplit

import requests

_REDIRECTS = 10


class BrowserError(Exception):
    """A page that does not lead on; the text names it."""


@dataclass(frozen=True, slots=True)
class Form:
    """A form that is posted. `fields`: what it sends as it stands, its first button included."""

    action: str
    fields: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Page:
    """`address`: where the redirects ended, as the outside world would see it."""

    address: str
    status: int
    text: str

    def form(self) -> Form:
        """Its first form with method POST. Raises BrowserError."""
        found = _Reader.of(self.text).forms
        if not found:
            raise BrowserError(f"{self.address} ({self.status}) has no form to approve")
        action, fields = found[0]
        return Form(urljoin(self.address, action), fields)

    def link(self, part: str) -> str:
        """The first link whose address has `part` in it. Raises BrowserError."""
        for address in _Reader.of(self.text).links:
            if part in address:
                return urljoin(self.address, address)
        raise BrowserError(f"{self.address} ({self.status}) has no link to {part}")

    def frame(self) -> str:
        """The address of its first frame. Raises BrowserError."""
        found = _Reader.of(self.text).frames
        if not found:
            raise BrowserError(f"{self.address} ({self.status}) holds no frame")
        return urljoin(self.address, found[0])


class Browser:
    """`origins`: outside origin -> the loopback origin that answers for it."""

    def __init__(self, origins: Mapping[str, str]) -> None:
        self.origins = origins
        self.session = requests.Session()
        self.session.trust_env = False  # no proxy stands between us and this machine

    def open(self, address: str) -> Page:
        """Raises BrowserError where the page, after its redirects, is an error."""
        return self._follow("GET", address, None)

    def submit(self, form: Form) -> Page:
        return self._follow("POST", form.action, form.fields)

    def _follow(self, method: str, address: str, fields: Mapping[str, str] | None) -> Page:
        for _ in range(_REDIRECTS):
            inside, headers = self._inside(address)
            answer = self.session.request(
                method, inside, data=fields, headers=headers, allow_redirects=False, timeout=60
            )
            if not answer.is_redirect:
                if answer.status_code >= 400:
                    raise BrowserError(f"{address} answers {answer.status_code}: {answer.text[:300]}")
                return Page(address, answer.status_code, answer.text)
            address = urljoin(address, answer.headers["Location"])
            method, fields = "GET", None
        raise BrowserError(f"{address}: more than {_REDIRECTS} redirects")

    def _inside(self, address: str) -> tuple[str, Mapping[str, str]]:
        parts = urlsplit(address)
        inside = self.origins.get(f"{parts.scheme}://{parts.netloc}")
        if inside is None:
            return address, {}
        there = urlsplit(inside)
        return urlunsplit((there.scheme, there.netloc, *parts[2:])), {"Host": parts.netloc}


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[tuple[str, dict[str, str]]] = []
        self.frames: list[str] = []
        self.links: list[str] = []
        self._fields: dict[str, str] | None = None
        self._has_button = False

    @classmethod
    def of(cls, text: str) -> _Reader:
        reader = cls()
        reader.feed(text)
        return reader

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "iframe" and "src" in given:
            self.frames.append(given["src"])
        elif tag == "a" and "href" in given:
            self.links.append(given["href"])
        elif tag == "form" and given.get("method", "").lower() == "post":
            self._fields, self._has_button = {}, False
            self.forms.append((given.get("action", ""), self._fields))
        elif self._fields is not None and tag in ("input", "button"):
            self._field(self._fields, tag, given)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._fields = None

    def _field(self, fields: dict[str, str], tag: str, given: Mapping[str, str]) -> None:
        kind = given.get("type", "submit" if tag == "button" else "text").lower()
        if kind == "submit":
            if self._has_button:
                return
            self._has_button = True
        if given.get("name"):
            fields[given["name"]] = given.get("value", "")
