"""What mail programs understand, for as much of CSS and HTML as a mail may use. Looked up in the data of
caniemail.com for Gmail, Outlook (the one of Windows, too), Apple Mail and Yahoo.

UNDERSTOOD and ELEMENTS: by all of them, at least in part. HARMLESS: not by all, with what is seen where
it is not.
"""

from __future__ import annotations

from collections.abc import Mapping

UNDERSTOOD = frozenset(
    (
        *("background", "background-color", "border", "border-collapse", "direction", "display"),
        *("font", "font-family", "font-size", "font-style", "font-variant-numeric", "font-weight"),
        *("letter-spacing", "line-height", "list-style", "list-style-type", "margin", "max-width", "padding"),
        *("text-align", "text-decoration", "text-indent", "text-transform", "vertical-align", "width"),
    )
)
# The data have no entry for them: they are as old as CSS, or other names of an entry.
UNLISTED = frozenset(("color", "supported-color-schemes"))

HARMLESS: Mapping[str, str] = {
    "border-radius": "Corners are square in Outlook.",
    "border-spacing": "Outlook takes the attribute cellspacing, which stands beside it.",
    "box-sizing": "A button on a phone is a little wider than its text needs.",
    "color-scheme": "Screens by day are shown by night, too.",
    "cursor": "The hand is shown over a link without it.",
    "height": "Yahoo takes the attribute, or what is in the box.",
    "max-height": "It hides the preview line together with display, which Outlook knows.",
    "min-height": "A box is as high as what is in it.",
    "min-width": "A box is as wide as what is in it.",
    "object-fit": "A picture that is not square is stretched to its box.",
    "opacity": "It hides the preview line together with display, which Outlook knows.",
    "outline": "Pictures have no outline unless they are links, and those have border 0.",
    "overflow": "What is too long makes its box larger.",
    "overflow-wrap": "word-break stands beside it.",
    "table-layout": "Columns are as wide as what is in them.",
    "text-wrap": "Lines break where they are full.",
    "visibility": "display stands beside it.",
    "white-space": "A price may break into two lines in Outlook.",
    "word-break": "overflow-wrap stands beside it; a very long word makes its box larger.",
    "word-spacing": "Words have their usual distance.",
    "word-wrap": "word-break stands beside it.",
}
# A property of one maker alone is passed over by all others.
OWN_PREFIXES = ("mso-", "-webkit-", "-moz-", "-ms-")
VALUES_NOT_UNDERSTOOD: Mapping[str, str] = {
    "flex": "Outlook for Windows does not place things by flex",
    "grid": "Outlook for Windows does not place things by grid",
    "inline-flex": "Outlook for Windows does not place things by flex",
    "inline-grid": "Outlook for Windows does not place things by grid",
}
FUNCTIONS_NOT_UNDERSTOOD = ("var(", "calc(", "min(", "max(", "clamp(", "light-dark(")

# The frame of a page, which mail programs replace by their own.
FRAME = frozenset(("html", "head", "body", "title", "meta", "style"))
ELEMENTS: Mapping[str, str] = {
    "a": "html-anchor-links",
    "address": "html-address",
    "blockquote": "html-blockquote",
    "code": "html-code",
    "div": "html-div",
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), "html-h1-h6"),
    "hr": "html-hr",
    "img": "html-img",
    **dict.fromkeys(("li", "ol", "ul"), "html-lists"),
    "p": "html-p",
    "pre": "html-pre",
    "small": "html-small",
    "span": "html-span",
    **dict.fromkeys(("b", "em", "i", "strong"), "html-strong"),
    **dict.fromkeys(("table", "tbody", "td", "tfoot", "th", "thead", "tr"), "html-table"),
}
OLD_ELEMENTS = frozenset(("br", "center", "font", "s", "sub", "sup", "u"))
"""As old as HTML; the data have no entry for them."""
