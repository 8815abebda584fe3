"""A block's markup is written anew from what may stand in a mail; nothing of it is passed on as it came."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from emails.own_html.addresses import link_address, picture_address
from emails.own_html.styles import cleaned_style
from emails.own_html.tokens import Closed, Dropped, Opened, Words, tokens

_INLINE = frozenset(("strong", "em", "b", "i", "u", "span", "a"))
_PARAGRAPHS = frozenset(("p", "h2", "h3", "h4"))
_BLOCKS = _PARAGRAPHS | {"ul", "ol", "table", "div", "hr"}
# By what may only stand inside something: where it may stand.
_HOMES: Mapping[str, frozenset[str]] = {
    "li": frozenset(("ul", "ol")),
    "tr": frozenset(("table",)),
    "td": frozenset(("tr",)),
    "th": frozenset(("tr",)),
}
_KNOWN = _INLINE | _BLOCKS | _HOMES.keys() | {"img", "br"}
_VOID = frozenset(("img", "br", "hr"))
_PASSED_THROUGH = frozenset(("tbody", "thead", "tfoot"))
_STRUCTURE = frozenset(("table", "tr", "ul", "ol"))
_FILLED = frozenset(("td", "th", "li"))
_DEEPEST = 24
_WIDEST = 552  # pixels: what the column holds
_PICTURE = {"display": "block", "max-width": "100%", "height": "auto", "border": "0"}
_LAYOUT = {"role": "presentation", "cellpadding": "0", "cellspacing": "0", "border": "0"}
_ATTRIBUTES: Mapping[str, frozenset[str]] = {
    "a": frozenset(("href",)),
    "img": frozenset(("src", "alt", "width", "height")),
    "table": frozenset(("width", "align", *_LAYOUT)),
    "td": frozenset(("width", "align", "colspan")),
    "th": frozenset(("width", "align", "colspan")),
    "p": frozenset(("align",)),
    "div": frozenset(("align",)),
}


@dataclass(frozen=True, slots=True)
class Dress:
    """How the mail itself writes: by tag, its style and the class by which the dark changes it."""

    styles: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    classes: Mapping[str, str] = field(default_factory=dict)


PLAIN = Dress()


@dataclass(frozen=True, slots=True)
class Cleaned:
    """`left_out`: what could not stand, in words, each once. `lacks`: what a picture needs and has not.
    `links`: where its links for the web lead, before they were led through us."""

    html: str
    left_out: tuple[str, ...]
    lacks: tuple[str, ...]
    links: tuple[str, ...]


def clean(markup: str, dress: Dress = PLAIN, through: Callable[[str], str] = str) -> Cleaned:
    """Well-formed, by an allow-list of tags, attributes, styles and addresses. `through`: what a link for the
    web becomes, so that clicks are known."""
    writer = _Writer(dress, through)
    for token in tokens(markup):
        match token:
            case Words(text):
                writer.words(text)
            case Opened(tag, given):
                writer.begin(tag, given)
            case Closed(tag):
                writer.end(tag)
            case Dropped(what):
                writer.left_out.append(what)
    writer.shut(0)
    return Cleaned(
        "".join(writer.out).strip(),
        tuple(dict.fromkeys(writer.left_out)),
        tuple(dict.fromkeys(writer.lacks)),
        tuple(dict.fromkeys(writer.links)),
    )


def opening(tag: str, dress: Dress) -> str:
    """The tag as the mail itself writes it."""
    return _tag(tag, dress.classes.get(tag, ""), {}, dress.styles.get(tag, {}))


class _Writer:
    def __init__(self, dress: Dress, through: Callable[[str], str]) -> None:
        self.dress, self.through = dress, through
        self.out: list[str] = []
        self.open: list[str] = []
        self.left_out: list[str] = []
        self.lacks: list[str] = []
        self.links: list[str] = []

    def words(self, text: str) -> None:
        if self.open and self.open[-1] in _STRUCTURE:
            if text.strip():
                self.left_out.append("text between the cells of a table or the points of a list")
            return
        self.out.append(_escaped(text))

    def begin(self, tag: str, given: Mapping[str, str]) -> None:
        if tag in _PASSED_THROUGH:
            return
        if tag not in _KNOWN or not self.has_room_for(tag):
            self.left_out.append(f"<{tag}>")
            return
        written = self.written(tag, given)
        if written is not None:
            self.out.append(written)
            if tag not in _VOID:
                self.open.append(tag)

    def end(self, tag: str) -> None:
        if tag not in self.open:
            return
        place = _last(self.open, tag)
        # Nothing inside a cell or a point ends what is around it, but the table or the list itself.
        if tag in _STRUCTURE or tag in _FILLED or not _FILLED & set(self.open[place + 1 :]):
            self.shut(place)

    def has_room_for(self, tag: str) -> bool:
        """Closes what cannot stay open around it. False: it may not stand here at all."""
        if tag in _HOMES:
            around = [place for place, one in enumerate(self.open) if one in _HOMES[tag]]
            if not around:
                return False
            self.shut(around[-1] + 1)
        elif self.open and self.open[-1] in _STRUCTURE:
            return False
        inside = max((place for place, one in enumerate(self.open) if one in _FILLED), default=-1) + 1
        if tag in _BLOCKS:
            self.shut_first(_PARAGRAPHS, inside)
        if tag == "a":
            self.shut_first(frozenset(("a",)), inside)
        return len(self.open) < _DEEPEST and not (tag == "a" and "a" in self.open)

    def shut_first(self, tags: frozenset[str], begin: int) -> None:
        """Not beyond the cell or the point that we are in."""
        place = next((at for at in range(begin, len(self.open)) if self.open[at] in tags), None)
        if place is not None:
            self.shut(place)

    def shut(self, place: int) -> None:
        while len(self.open) > place:
            self.out.append(f"</{self.open.pop()}>")

    def written(self, tag: str, given: Mapping[str, str]) -> str | None:
        """The tag as it stands in the mail; None: it cannot."""
        style, gone = cleaned_style(given.get("style", ""))
        self.left_out.extend(f"style {name}" for name in gone)
        allowed = _ATTRIBUTES.get(tag, frozenset())
        strange = (name for name in given if name not in allowed and name != "style")
        self.left_out.extend(f"{name} of <{tag}>" for name in strange)
        attributes = _measures(tag, given)
        if tag == "a":
            attributes |= self.leading(given.get("href", ""))
        elif tag == "table":
            attributes |= _LAYOUT
        elif tag == "img":
            shown = self.showing(given)
            if shown is None:
                return None
            attributes, style = shown, {**_PICTURE, **style}
        own_colours = "color" in style or "background-color" in style
        kind = "" if own_colours else self.dress.classes.get(tag, "")
        return _tag(tag, kind, attributes, {**self.dress.styles.get(tag, {}), **style})

    def leading(self, href: str) -> dict[str, str]:
        found = link_address(href)
        if found is None:
            self.left_out.append(f"a link to {href.strip()[:60]}" if href.strip() else "a link to nowhere")
            return {}
        if not found.lower().startswith(("http://", "https://")):
            return {"href": found}
        self.links.append(found)
        return {"href": self.through(found)}

    def showing(self, given: Mapping[str, str]) -> dict[str, str] | None:
        source = picture_address(given.get("src", ""))
        if source is None:
            self.left_out.append("a picture whose address does not begin with https://")
            return None
        if "alt" not in given:
            self.lacks.append('A picture needs words for who cannot see it: alt="...".')
        width = given.get("width", "")
        if not _is_number(width, _WIDEST):
            self.lacks.append(f'A picture needs its width in pixels, 1 to {_WIDEST}: width="...".')
            width = str(_WIDEST)
        return {"src": source, "alt": " ".join(given.get("alt", "").split())[:200], "width": width}


def _measures(tag: str, given: Mapping[str, str]) -> dict[str, str]:
    allowed, kept = _ATTRIBUTES.get(tag, frozenset()), dict[str, str]()
    if "align" in allowed and given.get("align", "").lower() in ("left", "center", "right"):
        kept["align"] = given["align"].lower()
    for name in ("width", "colspan"):
        value = given.get(name, "")
        if name in allowed and (_is_number(value, 600) or (name == "width" and value == "100%")):
            kept[name] = value
    return kept


def _tag(tag: str, kind: str, attributes: Mapping[str, str], style: Mapping[str, str]) -> str:
    named = [f' class="{kind}"'] if kind else []
    named += [f' {name}="{_quoted(value)}"' for name, value in attributes.items()]
    if style:
        written = ";".join([f"{name}:{value}" for name, value in style.items()])
        named.append(f' style="{_quoted(written)}"')
    return f"<{tag}{''.join(named)}>"


def _is_number(written: str, most: int) -> bool:
    return written.isascii() and written.isdigit() and len(written) <= 3 and 1 <= int(written) <= most


def _last(open_tags: list[str], tag: str) -> int:
    return len(open_tags) - 1 - open_tags[::-1].index(tag)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _quoted(value: str) -> str:
    """For an attribute between double quotes."""
    return _escaped(value).replace('"', "&quot;")
