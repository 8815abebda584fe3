"""Markup that would do something: the words that somebody sends, and what a page makes of them."""

from __future__ import annotations

from html.parser import HTMLParser
from urllib.parse import urlsplit

# Each would call alert(7331), or frame or load something, if it were not shown as the letters that it is.
PAYLOADS = (
    "<script>alert(7331)</script>",
    "<ScRiPt src=https://evil.example/7331.js></sCrIpT>",
    "</script><script>alert(7331)</script>",
    "</title><script>alert(7331)</script>",
    "</textarea><script>alert(7331)</script>",
    "</style><script>alert(7331)</script>",
    "<img src=x onerror=alert(7331)>",
    "<svg/onload=alert(7331)>",
    "<svg><script>alert(7331)</script></svg>",
    "<body onload=alert(7331)>",
    "<details open ontoggle=alert(7331)>",
    "<iframe src=javascript:alert(7331)></iframe>",
    "<iframe srcdoc='<script>alert(7331)</script>'></iframe>",
    "<object data=javascript:alert(7331)>",
    "<embed src=//evil.example/7331.swf>",
    "<a href=javascript:alert(7331)>x</a>",
    "<a href='data:text/html,<script>alert(7331)</script>'>x</a>",
    "<form action=https://evil.example/7331><button>x</button></form>",
    "<base href=//evil.example/>",
    "<meta http-equiv=refresh content='0;url=//evil.example'>",
    "<link rel=stylesheet href=//evil.example/7331.css>",
    "<math><a xlink:href=javascript:alert(7331)>x</a></math>",
    "<input autofocus onfocus=alert(7331)>",
    "<video><source onerror=alert(7331)></video>",
    "<template><script>alert(7331)</script></template>",
    "\" onmouseover=alert(7331) x=\"",
    "' onmouseover=alert(7331) x='",
    "\"><script>alert(7331)</script>",
    "'><img src=x onerror=alert(7331)>",
    "&lt;script&gt;alert(7331)&lt;/script&gt;",
    "javascript:alert(7331)",
    "{{constructor.constructor('alert(7331)')()}}",
    "{{7331}}{%7331%}",
)  # fmt: skip
ADDRESSES = (
    "javascript:alert(7331)",
    "JaVaScRiPt:alert(7331)",
    "data:text/html,<script>alert(7331)</script>",
    "vbscript:alert(7331)",
    "https://evil.example/\"><script>alert(7331)</script>",
    "https://evil.example/' onclick='alert(7331)",
)  # fmt: skip
_LOADED = {
    "script": "src",
    "iframe": "src",
    "embed": "src",
    "object": "data",
    "link": "href",
    "form": "action",
}
_FRAMED = {"base", "object", "embed"}
_SCHEMES = {"", "http", "https", "mailto", "tel"}


class Active(HTMLParser):
    """`found`: whatever of the payloads became markup. `own`: hosts whose scripts and styles are ours."""

    def __init__(self, own: frozenset[str] = frozenset({""})) -> None:
        super().__init__(convert_charrefs=True)
        self.own, self.found, self._script = own, list[str](), False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self._script = tag == "script"
        if tag in _FRAMED or (tag == "meta" and "http-equiv" in given):
            self.found.append(self.get_starttag_text() or tag)
        for name, value in given.items():
            if name.startswith("on"):
                self.found.append(f"{tag} {name}={value}")
            if name in ("href", "src", "action", "data", "xlink:href", "formaction"):
                scheme = value.strip().partition(":")[0].lower() if ":" in value else ""
                picture = value == "data:," or (tag == "img" and value.startswith("data:image/"))
                if scheme and scheme not in _SCHEMES and not picture and "/" not in scheme:
                    self.found.append(f"{tag} {name}={value}")
            if name == "srcdoc":
                self.found += active_in(value, self.own)
        loaded = given.get(_LOADED.get(tag, ""), "")
        if urlsplit(loaded).hostname not in (None, *self.own):
            self.found.append(f"{tag} loads {loaded}")

    def handle_endtag(self, tag: str) -> None:
        self._script = self._script and tag != "script"

    def handle_data(self, data: str) -> None:
        if self._script and "7331" in data:
            self.found.append(f"script: {data[:80]}")


def active_in(page: str, own: frozenset[str] = frozenset({""})) -> list[str]:
    reader = Active(own)
    reader.feed(page)
    reader.close()
    return reader.found
