"""The shop's own pages of ours: asked of the plugin's PHP, signed by it, let in by the running app, and put
into the theme; and forms that come back through it."""

from __future__ import annotations

import html
import random
import re
from urllib.parse import quote, quote_plus, urlsplit

import pytest

from app.services.settle_in import settle_in
from connectors.base import StoreError
from flows.commerce import Platform
from tests.app.web.shopping import bought, link
from tests.plugin.conftest import Pair
from tests.plugin.heard import Request
from tests.proof import Count

WOO = Platform.WOOCOMMERCE
PAGES = "/apps/doorstep"
PIECES = (
    "a", "Z", "9", "-", ".", "_", "~", " ", "+", "%", "&", "=", "?", "/", "\\", "'", '"', "<", ">", "[", "]",
    "é", "ß", "日", "🧶", "\u200d", "\n", "\t", ";", ",", ":", "@", "|", "{{", "%41", "%2B", "null",
)  # fmt: skip


def text(chance: random.Random) -> str:
    return "".join(chance.choice(PIECES) for _ in range(chance.randrange(1, 12)))


def in_theme(page: str) -> str:
    """What stands between the theme's header and its footer."""
    assert page.startswith("<!DOCTYPE html>") and page.count("<html") == 1
    return page.partition("</header>")[2].partition("<footer")[0]


def test_what_visitors_ask_is_signed_as_we_read_it(pair: Pair, count: Count) -> None:
    """Whatever stands in an address, the app finds the signature good and the words as they were typed."""
    chance = random.Random(17)
    for _ in range(count(25, 500)):
        asked = text(chance)
        query = f"asked={chance.choice((quote, quote_plus))(asked, safe='')}"
        for _ in range(chance.randrange(4)):
            name = re.sub(r"[\x00-\x1f]", "", text(chance))  # which a name of ours never holds
            other = f"{quote(name, safe='')}={quote_plus(text(chance))}"
            query = chance.choice((f"{query}&{other}", f"{other}&{query}"))
        if chance.random() < 0.3:  # names of our own are not the visitor's to give
            query += f"&{chance.choice(('shop', 'signature', 'timestamp', 'path_prefix'))}=x"
        answer = pair.shop.call("GET", f"{PAGES}/ping?{query}")
        told = pair.site.runtime.keys.pong(pair.site.woocommerce.shop_id, asked[:100], PAGES)
        assert (answer.status_code, answer.text) == (200, told), query


def test_a_forwarded_request_changed_on_its_way_is_refused(pair: Pair, count: Count) -> None:
    assert pair.shop.call("GET", f"{PAGES}/ping?asked=one").status_code == 200
    sent, chance = pair.line.heard[-1], random.Random(3)
    assert pair.line.send(moved(sent, sent.query)).status_code == 200
    for _ in range(count(30, 300)):
        place = chance.randrange(len(sent.query))
        other = chance.choice([c for c in "abc019&=x" if c != sent.query[place]])
        changed = sent.query[:place] + other + sent.query[place + 1 :]
        assert pair.line.send(moved(sent, changed)).status_code in (401, 404), changed


def moved(sent: Request, query: str) -> Request:
    return Request(sent.method, f"{sent.path}?{query}", "", sent.headers, sent.body)


def test_a_page_stands_in_the_theme(pair: Pair) -> None:
    bought(pair.site)
    answer = pair.shop.call("GET", f"{PAGES}{link(pair.site, 'tracking', '13')}")
    assert answer.status_code == 200
    inside = in_theme(answer.text)
    assert "Lampshade" in inside and "Northpost" in inside
    assert re.search(r"<title>[^<]+ \u2013 Lumen Home</title>", answer.text)
    assert "Set-Cookie" not in answer.headers and "X-Doorstep-Fragment" not in answer.headers
    assert "no-store" in answer.headers["Cache-Control"] or "private" in answer.headers["Cache-Control"]


def test_a_form_leads_to_the_order(pair: Pair) -> None:
    """Asked, filled in, sent with its body whole, and where it leads followed: all on the shop's address."""
    bought(pair.site, email="kim.vale@example.com")
    form = pair.shop.call("GET", f"{PAGES}/track")
    action = re.findall(r'<form[^>]* action="([^"]+)"', in_theme(form.text))
    number = pair.site.rows("SELECT body->>'number' AS number FROM orders")[0].number
    sent = pair.shop.call(
        "POST",
        html.unescape(action[0]) if action else f"{PAGES}/track",
        data={"number": number, "proof": "kim.vale@example.com"},
    )
    assert sent.status_code in (302, 303), sent.text
    target = urlsplit(sent.headers["Location"])
    assert target.path.startswith(f"{PAGES}/t/") and target.netloc in ("", "larkhus.example")
    page = pair.shop.call("GET", target.path)
    assert page.status_code == 200 and "Lampshade" in in_theme(page.text)


@pytest.mark.parametrize(
    "words",
    [
        "Schön, aber zu groß",
        "It's \\o/ \"fine\" \\\\ \\' 100%25 + a&b=c",
        "<script>alert(1)</script> {{ shop }}",
        "日本語 🧶\r\nsecond line",
        "x" * 2000,
    ],
    ids=["umlauts", "slashes", "markup", "letters", "long"],
)
def test_a_review_arrives_as_it_was_typed(pair: Pair, words: str) -> None:
    bought(pair.site)
    where = f"{PAGES}{link(pair.site, 'review', 1, '13')}"
    assert "<form" in in_theme(pair.shop.call("GET", where).text)
    sent = pair.shop.call("POST", where, data={"product-0": "p1", "stars-0": "4", "body-0": words})
    assert sent.status_code in (200, 302, 303), sent.text
    (stored,) = pair.site.rows("SELECT stars, body FROM reviews")
    assert stored.stars == 4
    assert stored.body.replace("\r\n", "\n") == words.replace("\r\n", "\n")


def test_data_stays_data(pair: Pair) -> None:
    answer = pair.shop.call("GET", f"{PAGES}/reviews.json?product=p1")
    assert answer.headers["Content-Type"].startswith("application/json")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert isinstance(answer.json(), dict)


def test_what_is_not_there_says_so_in_the_theme(pair: Pair) -> None:
    for path in ("/t/nonsense", "/nothing/at/all", "/r/x", "/o/13/" + "0" * 32 + "/x"):
        answer = pair.shop.call("GET", PAGES + path)
        assert answer.status_code == 404, path
        assert "Lumen Home" in answer.text


def test_without_the_app_a_visitor_reads_a_sentence(pair: Pair) -> None:
    pair.line.deaf = True
    answer = pair.shop.call("GET", f"{PAGES}/track")
    assert answer.status_code in (502, 503)
    assert "does not answer just now" in in_theme(answer.text)
    assert "not now" not in answer.text


def test_settling_in_finds_the_pages(pair: Pair) -> None:
    """The app asks the shop, the shop's PHP asks the app: so mails may link to the shop's own address."""
    at = pair.site.runtime
    assert pair.site.rows("SELECT pages_prefix FROM shops")[0].pages_prefix == ""
    with pytest.raises(StoreError):  # of the store itself there is no more than the plugin's route
        settle_in(
            at.database,
            at.stores(),
            pair.site.woocommerce.shop_id,
            pair.store(),
            at.clock.now(),
            at.clock.real(),
        )
    assert pair.site.rows("SELECT pages_prefix FROM shops")[0].pages_prefix == PAGES
