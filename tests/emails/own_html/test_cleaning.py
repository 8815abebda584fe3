"""What stays of a merchant's markup in a mail: the allow-list, and that nothing gets through beside it."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from html.parser import HTMLParser
from time import process_time

import pytest

from emails import columns
from emails.own_html.cleaning import clean
from emails.own_html.wording import text_of

_TAGS = "p h2 h3 h4 a img strong em b i u br hr ul ol li table tr td th span div"
_ATTRIBUTES = "href src alt width align colspan style class role cellpadding cellspacing border"
TAGS, ATTRIBUTES = frozenset(_TAGS.split()), frozenset(_ATTRIBUTES.split())

HOSTILE = (
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<script",
    "<script>alert(1)",
    "<script/x>alert(1)</script x>",
    "<img src=x onerror=alert(1)>",
    "<img src='https://a.example/x.png' onerror=alert(1) alt=a width=10>",
    '<img/src="https://a.example/x.png"/onerror="alert(1)"/alt=""/width="10">',
    "<img src=javascript:alert(1)>",
    "<img src=data:image/svg+xml;base64,PHN2Zz4=>",
    "<img src=http://a.example/x.png>",
    "<img src=//a.example/x.png>",
    "<img src=cid:x>",
    "<img srcset='https://a.example/x.png 2x'>",
    "<img src=https://user:pw@a.example/x.png>",
    '<a href="javascript:alert(1)">x</a>',
    '<a href="JaVaScRiPt:alert(1)">x</a>',
    '<a href="java\nscript:alert(1)">x</a>',
    '<a href="java\tscript:alert(1)">x</a>',
    '<a href="&#106;avascript:alert(1)">x</a>',
    '<a href="&#x6A&#x61vascript:alert(1)">x</a>',
    '<a href="javascript&colon;alert(1)">x</a>',
    '<a href=" javascript:alert(1)">x</a>',
    '<a href="\x01javascript:alert(1)">x</a>',
    '<a href="vbscript:x">x</a>',
    '<a href="data:text/html,<script>alert(1)</script>">x</a>',
    '<a href="file:///etc/passwd">x</a>',
    '<a href="//evil.example">x</a>',
    '<a href="/relative">x</a>',
    '<a href="#here">x</a>',
    '<a href="https://bank.example@evil.example/">x</a>',
    '<a href="https://evil.example/&quot; onclick=&quot;alert(1)">x</a>',
    '<a href="mailto:a@b.example?bcc=c@d.example">x</a>',
    '<a href="mailto:a@b.example%0d%0abcc:c@d.example">x</a>',
    '<a href="tel:alert(1)">x</a>',
    '<a href="https://a.example" target="_top" rel="opener" ping="https://evil.example">x</a>',
    '<a href="https://a.example" onclick="x" ONMOUSEOVER=x id=x class=x name=x>x</a>',
    "<p onclick='x' id='x' class='page' data-x='y' tabindex=1 accesskey=x hidden>x</p>",
    "<p style='background:url(https://evil.example)'>x</p>",
    "<p style='background-image:url(x)'>x</p>",
    "<p style='width:expression(alert(1))'>x</p>",
    "<p style='position:fixed;top:0;left:0'>x</p>",
    "<p style='color:red;position:absolute'>x</p>",
    "<p style='-moz-binding:url(x)'>x</p>",
    "<p style='behavior:url(x)'>x</p>",
    "<p style='color:\\72 ed'>x</p>",
    "<p style='color:/**/red'>x</p>",
    "<p style='@import url(x)'>x</p>",
    "<p style='font-family:x;content:\"x\"'>x</p>",
    "<p style='margin:-999px'>x</p>",
    "<p style='font-size:1px;opacity:0;display:none;visibility:hidden'>x</p>",
    "<p style='color:var(--x)'>x</p>",
    "<p style='color:red}</style><script>alert(1)</script>'>x</p>",
    '<p style="color:red&quot; onclick=&quot;x">x</p>',
    "<!-- x -->",
    "<!-- x",
    "<!--> <script>alert(1)</script> -->",
    "<!--[if mso]><table><![endif]-->",
    "<!--[if !mso]><!--><script>x</script><!--<![endif]-->",
    "<![if mso]>x<![endif]>",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<!DOCTYPE html><html><head><title>x</title></head><body onload=x>x</body></html>",
    "<?php echo 1 ?>",
    "<?xml version='1.0'?>",
    "<style>* { display: none }</style>",
    "<style>@import url(x)",
    "<link rel=stylesheet href=https://evil.example>",
    "<meta http-equiv=refresh content='0;url=https://evil.example'>",
    "<base href=https://evil.example>",
    "<form action=https://evil.example><input name=x><button>x</button></form>",
    "<textarea><p>x</p></textarea>",
    "<select><option>x</option></select>",
    "<svg onload=alert(1)><script>alert(1)</script></svg>",
    "<svg><a xlink:href='javascript:alert(1)'>x</a></svg>",
    "<math><mi xlink:href='javascript:alert(1)'>x</mi></math>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
    "<iframe src=https://evil.example></iframe>",
    "<object data=x></object><embed src=x>",
    "<video src=x><audio src=x><source src=x><track src=x>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
    "<template><script>x</script></template>",
    "<details open ontoggle=x><summary>x</summary></details>",
    "<marquee onstart=x>x</marquee>",
    "<blink>x</blink><font color=red>x</font><center>x</center>",
    "<input type=image src=x onerror=x>",
    "<isindex action=javascript:x>",
    "<body background=x>",
    "<table background='https://evil.example/x.png'><tr><td background=x>x</td></tr></table>",
    "</td></tr></table></body></html>",
    "</div></div></div></p></table>",
    "<table><table><table>",
    "<table><tr><td><table></td></tr></table>",
    "<table><div>x</div></table>",
    "<ul><p>x</p></ul>",
    "<td>x</td><li>x</li><tr></tr>",
    "<p><p><p>x",
    "<h2><p><h3>x",
    "<a href=https://a.example><a href=https://b.example>x</a></a>",
    "<b><i></b></i>",
    "<p <script>alert(1)</script>",
    "<<p>>x<</p>>",
    "<p\x00>x</p>",
    "<p/style=color:red>x",
    "< p>x</ p>",
    "<p =x>x",
    "<p style>x",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&amp;lt;script&amp;gt;",
    "&#60;script&#62;",
    "\ud800\udfff",
    "\u202e\u2066",
)


class _Reader(HTMLParser):
    """The standard library's eyes, not ours."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.wrong: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in TAGS:
            self.wrong.append(f"<{tag}>")
        for name, value in attrs:
            if name not in ATTRIBUTES:
                self.wrong.append(name)
            if name == "href" and not re.match(r"(https?://[^/@]+(/|\?|#|$)|mailto:|tel:)", value or ""):
                self.wrong.append(f"href {value}")
            if name == "src" and not (value or "").startswith("https://"):
                self.wrong.append(f"src {value}")
            if name == "style" and re.search(r"url|expression|position|@|\\|/\*|-\d", value or ""):
                self.wrong.append(f"style {value}")
        if tag not in ("br", "hr", "img"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.wrong.append(f"</{tag}>")

    def handle_comment(self, data: str) -> None:
        self.wrong.append("comment")

    def handle_decl(self, decl: str) -> None:
        self.wrong.append("declaration")

    def handle_pi(self, data: str) -> None:
        self.wrong.append("instruction")

    def unknown_decl(self, data: str) -> None:
        self.wrong.append("declaration")


def faults(html: str) -> list[str]:
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.wrong + reader.open


@pytest.mark.parametrize("markup", HOSTILE)
def test_hostile_markup_leaves_nothing_behind(markup: str) -> None:
    html = clean(markup).html
    assert faults(html) == []
    assert "alert(1)" not in re.sub(r">[^<]*<", "><", f">{html}<"), "at most as words to read"
    assert clean(html).html == html, "what is clean stays as it is"


def test_any_two_together_leave_nothing_behind(count: Callable[[int, int], int]) -> None:
    draw = random.Random(11)
    for _ in range(count(3_000, 100_000)):
        markup = "".join(draw.choices(HOSTILE, k=3))
        cut = draw.randint(0, len(markup))
        html = clean(markup[cut:] + markup[:cut]).html
        assert faults(html) == [], markup


@pytest.mark.parametrize(
    ("markup", "html"),
    [
        ("<p>Hello <b>you</b></p>", "<p>Hello <b>you</b></p>"),
        ("A & B < C", "A &amp; B &lt; C"),
        ("<p>one<p>two", "<p>one</p><p>two</p>"),
        ("<ul><li>a<li>b</ul>c", "<ul><li>a</li><li>b</li></ul>c"),
        (
            "<table><tr><td>a<td>b</table>",
            '<table role="presentation" cellpadding="0" cellspacing="0" border="0">'
            "<tr><td>a</td><td>b</td></tr></table>",
        ),
        ('<p style="margin:0 300px;padding-left:300px;border-left:300px solid red">x</p>', "<p>x</p>"),
        ('<p style="color:transparent;padding:8px 99px">x</p>', '<p style="padding:8px 99px">x</p>'),
        ('<p style="COLOR: #C00 ; Font-Size:16px">x</p>', '<p style="color:#c00;font-size:16px">x</p>'),
        ('<a href="https://a.example/?x=1&y=2">x</a>', '<a href="https://a.example/?x=1&amp;y=2">x</a>'),
        ('<a href="tel:+49 30 123">x</a>', '<a href="tel:+49 30 123">x</a>'),
        (
            '<a href="mailto:hi@a.example?subject=Hello%20you">x</a>',
            '<a href="mailto:hi@a.example?subject=Hello%20you">x</a>',
        ),
        ("<section><p>kept</p></section>", "<p>kept</p>"),
        ("<p>a<script>b</script>c</p>", "<p>ac</p>"),
    ],
)
def test_what_may_stand_stays(markup: str, html: str) -> None:
    assert clean(markup).html == html


def test_what_is_left_out_is_said() -> None:
    cleaned = clean(
        '<p id="a" style="position:fixed">x</p><form>y</form><!-- z --><a href="javascript:x">w</a>'
        '<img src="http://a.example/x.png"><img src="https://a.example/x.png">'
    )
    assert cleaned.left_out == (
        "style position",
        "id of <p>",
        "<form>",
        "comments",
        "a link to javascript:x",
        "a picture whose address does not begin with https://",
    )
    assert cleaned.lacks == (
        'A picture needs words for who cannot see it: alt="...".',
        'A picture needs its width in pixels, 1 to 552: width="...".',
    )


def test_links_are_led_through_us_and_told() -> None:
    cleaned = clean(
        '<a href="https://a.example/x">x</a><a href="mailto:hi@a.example">y</a>',
        through=lambda url: f"https://ours.example/?{len(url)}",
    )
    assert cleaned.links == ("https://a.example/x",)
    assert "https://ours.example/?19" in cleaned.html
    assert "https://a.example" not in cleaned.html
    assert "mailto:hi@a.example" in cleaned.html


def test_the_text_part_is_written_not_stripped() -> None:
    html = clean(
        "<h2>How to brew</h2><p>Take <b>18 g</b> of it, " + "and water " * 12 + "</p>"
        '<ul><li>Grind</li><li>Pour, <a href="https://a.example/pour">as shown here</a></li></ul>'
        "<ol><li>One</li><li>Two</li></ol>"
        '<img src="https://a.example/x.png" alt="A cup" width="100">'
        "<table><tr><td>Night Ferry</td><td>2</td></tr></table>line<br>break"
    ).html
    text = text_of(html)
    assert text.splitlines()[:2] == ["How to brew", ""]
    assert "- Pour, as shown here\nhttps://a.example/pour\n" in text
    assert "1. One\n2. Two\n" in text
    assert "[A cup]" in text
    assert "Night Ferry 2" in text
    assert text.endswith("line\nbreak")
    assert all(columns.width(line) <= columns.COLUMNS for line in text.splitlines())


@pytest.mark.parametrize(
    "piece", ["<a ", "<", "<!--", "<!", "<p>", "<a x='", "</", "<a b=", "&", "<![", "<a/"]
)
def test_its_time_grows_with_its_length(piece: str) -> None:
    began = process_time()
    clean(piece * (32_000 // len(piece)))
    assert process_time() - began < 2
