from __future__ import annotations

from dataclasses import replace

import pytest

from emails.lint import findings, links_of
from emails.message import RenderedMail

GOOD = RenderedMail(
    subject="Order 7 is confirmed",
    preheader="Three items, $9.00. Follow them from our shelf to you.",
    html='<h1>Hi</h1><a href="https://a.example/1">x</a><img src="https://a.example/i" width="9" alt="">',
    text="Hi\nhttps://a.example/1\n",
)


def test_a_good_mail() -> None:
    assert findings(GOOD) == ()
    assert links_of(GOOD.html) == ("https://a.example/1",)


@pytest.mark.parametrize(
    ("html", "finding"),
    [
        ("<h1>x</h1><p><b>x</p></b>", "</p> out of place"),
        ("<h1>x</h1><p>x", "<p> is not closed"),
        ("<p>x</p>", "0 main headings"),
        ("<h1>x</h1><h1>y</h1>", "2 main headings"),
        ("<h1>x</h1><script>1</script>", "<script>"),
        ('<h1>x</h1><link href="https://a.example/s">', "<link>"),
        ('<h1>x</h1><p onclick="x()">y</p>', "attribute onclick"),
        ('<h1>x</h1><img src="https://a.example/i" width="9">', "picture without alt or width"),
        ('<h1>x</h1><img src="data:x" width="9" alt="">', "src is no web address: data:x"),
        ('<h1>x</h1><a href="javascript:x">y</a>', "href is no web address: javascript:x"),
        ('<h1>x</h1><a href="https://b.example">y</a>', "link only in the HTML part: https://b.example"),
        ('<h1 style="background:url(x)">x</h1>', "style that loads something"),
        ("<style>@import 'x'</style><h1>x</h1>", "style sheet that loads something"),
        ("<h1>x</h1>" + "y" * 102_000, "HTML part of 102010 bytes"),
    ],
)
def test_what_is_found_in_the_html_part(html: str, finding: str) -> None:
    assert finding in findings(replace(GOOD, html=html))


@pytest.mark.parametrize(
    ("mail", "finding"),
    [
        (replace(GOOD, subject="x" * 79), "subject of 79 columns"),
        (replace(GOOD, subject=""), "subject of 0 columns"),
        (replace(GOOD, subject="注" * 40), "subject of 80 columns"),
        (replace(GOOD, preheader="x" * 39), "preheader of 39 columns"),
        (replace(GOOD, preheader="文" * 46), "preheader of 92 columns"),
        (replace(GOOD, preheader="x" * 91), "preheader of 91 columns"),
        (replace(GOOD, subject=GOOD.preheader), "preheader repeats the subject"),
        (replace(GOOD, text="https://a.example/1\n" + "x" * 73), f"text line of 73 columns: {'x' * 73}"),
    ],
)
def test_what_is_found_around_it(mail: RenderedMail, finding: str) -> None:
    assert findings(mail) == (finding,)
