"""What became of hostile texts in a page: looked at in the document of a real browser."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import count as numbers

from playwright.sync_api import Frame, Page

from tests.browser.doors import app
from tests.browser.frames import running_frames
from tests.stories.conftest import Road

# What a text would have become where it was not only text: in the page, in shadow trees, in templates.
TRACES = """() => {
  const found = [], call = /alert|confirm|prompt/;
  const look = (root) => {
    for (const element of root.querySelectorAll("*")) {
      for (const { name, value } of element.attributes) {
        const plain = value.replace(/[\\u0000-\\u0020]/g, "").toLowerCase();
        if (name.startsWith("on") && call.test(value)) found.push(`${element.tagName} ${name}=${value}`);
        if (/^(href|src|action|formaction|data|xlink:href|background|poster|content)$/.test(name)
            && /^(javascript|vbscript|data:text\\/html|data:text\\/javascript)/.test(plain))
          found.push(`${element.tagName} ${name}=${value}`);
      }
      if (element.tagName === "SCRIPT" && call.test(element.textContent))
        found.push(`script ${element.textContent}`);
      if (element.shadowRoot) look(element.shadowRoot);
      if (element.tagName === "TEMPLATE") look(element.content);
    }
  };
  look(document);
  return found;
}"""


# What would only cost time many times over: our own files, the shopper pages' own style sheet, and mails in
# frames where nothing runs (they are laid out for themselves).
_HEAVY = re.compile(
    r'<script src="[^"<>]*/(?:static|sandbox)/[^"<>]*"[^<>]*></script>|<link rel="stylesheet"[^<>]*>'
    r'|<style nonce="\w+">.*?</style>|(?<= )srcdoc="[^"]*"',
    re.S,
)


def unharmed(page: Page) -> int:
    """How many elements were looked at. Raises AssertionError for a text that became more than text."""
    for frame in running_frames(page):
        assert _traces(frame) == [], frame.url
    return int(page.evaluate("document.querySelectorAll('*').length"))


def _traces(frame: Frame) -> list[str]:
    found: list[str] = frame.evaluate(TRACES)
    return found


_PLACES = numbers()


def lay_out(page: Page, road: Road, documents: Iterable[str]) -> int:
    """Many answers in one page of the app's own origin, one behind the other. Returns how many."""
    each = [_HEAVY.sub("", document) for document in documents]
    address = app(road, f"/laid-out-{next(_PLACES)}")
    whole = "<!doctype html><link rel=icon href='data:,'>" + "\n".join(each)
    page.route(address, lambda route: route.fulfill(body=whole, content_type="text/html; charset=utf-8"))
    page.goto(address, timeout=60_000)
    page.wait_for_timeout(50)
    unharmed(page)
    return len(each)
