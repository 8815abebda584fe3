"""Words and files of strangers, buyers and merchants on our pages: shown as what they are, never run."""

from __future__ import annotations

import io
from collections.abc import Iterator
from html import unescape
from re import findall

import pytest
from PIL import Image
from werkzeug.test import TestResponse

from app.services.texts import put_words
from emails.own_words import EDITABLE
from flows.commerce import OrderLine, ParcelEvent, ParcelStatus, Platform, Product
from tests.app.desk import START
from tests.app.web.addresses import GETS, bearer
from tests.app.web.conftest import Site
from tests.app.web.forwarding import forwarded
from tests.app.web.shopping import bought, put, shop_of
from tests.app.web.test_guards import plain_name
from tests.app.web.test_proxy import LIQUID, links
from tests.proof import Count, Figure
from tests.security.checks.active import ADDRESSES, PAYLOADS, active_in
from tests.security.parties import residents

BOTH = pytest.mark.parametrize("platform", list(Platform))
OURS = frozenset({"127.0.0.1", "cdn.shopify.com", ""})


def furnished(site: Site, platform: Platform, words: str, url: str) -> None:
    """An order, its parcel, scans, products and reviews that consist of these words."""
    shop, now = residents(site)[platform], site.runtime.clock.now()
    bought(
        site,
        platform,
        title=words,
        first_name=words[:20],
        last_name=words,
        note=words,
        shipping_method=words,
        payment_method=words,
        lines=(OrderLine("l1", words, 1, 100, product_id="p1", variant=words, image_url=url),),
        status=ParcelStatus.IN_TRANSIT,
        parcel={"tracking_url": url, "carrier": words, "tracking_number": words},
        scans=(ParcelEvent("e1", "t1", "13", ParcelStatus.IN_TRANSIT, now, words, words),),
    )
    put(site, platform, products=(Product("p1", words, now, image_url=url, url=url),))
    shop.sql(
        "INSERT INTO reviews (shop_id, order_id, product_id, message_id, address_hash, stars, title, body,"
        " name, language, state, verified, submitted_at) VALUES (:shop, '13', 'p1', 1, 'x', 5, :word, :word,"
        " :word, 'en', 'held', true, :at) ON CONFLICT DO NOTHING",
        word=words,
        at=START,
    )
    shop.sql("UPDATE reviews SET title = :word, body = :word, name = :word", word=words)


def pages(site: Site, platform: Platform, words: str) -> Iterator[tuple[str, TestResponse]]:
    """Every page that anybody can open, and those that answer what was typed into them."""
    for name, make in GETS.items():
        at = make(site, platform)
        yield name, site.client.get(at.path, headers=dict(at.headers))
    head = bearer(site, platform)
    for path in ("/messages", "/flows/review_request/preview/ask", "/no-such-page", "/reviews"):
        asked = {"q": words, "order": words, "tab": words, "language": words}
        yield path, site.client.get(f"/{platform.value}/app{path}", query_string=asked, headers=head)
    for path in (f"/s/{words}/track", f"/shopify/app/session?shop={words}", f"/{words}"):
        yield "a stranger's address", site.client.get(path.replace("\n", ""))
    typed = {"number": words, "proof": words, "body-0": words, "product-0": "p1", "name": words}
    yield "look-up", site.client.post(forwarded(site, platform, "track"), data=typed)
    domain = residents(site)[platform].domain
    yield "hosted look-up", site.client.post(f"/s/{domain}/track", data=typed)
    review = site.runtime.keys.sign("review", [shop_of(site, platform), 1, "13"])
    yield "review", site.client.post(f"/r/{review}", data=typed)


@BOTH
def test_cross_site_scripting(site: Site, platform: Platform, count: Count, figure: Figure) -> None:
    """All payloads in everything that a buyer or a store tells, on every page that shows it."""
    looked = shown = 0
    rounds = [("\n".join(PAYLOADS), ADDRESSES[0]), *((word, word) for word in ADDRESSES)]
    for words, url in rounds[: count(1, len(rounds))]:
        furnished(site, platform, words, url)
        for name, answer in pages(site, platform, words.partition("\n")[0]):
            if answer.mimetype in ("text/html", "application/liquid"):
                page = answer.get_data(as_text=True)
                assert active_in(page, OURS) == [], name
                shown += "7331" in page
            looked += 1
    assert shown >= 12, "the words were on the pages"
    figure("pages", looked)
    figure("payloads", len(PAYLOADS) + len(ADDRESSES))


def test_the_reader_of_pages_finds_every_payload() -> None:
    """Otherwise it would find nothing anywhere. The last ones act in other places than HTML."""
    harmless = {"&lt;script&gt;alert(7331)&lt;/script&gt;", "javascript:alert(7331)", *PAYLOADS[-2:]}
    inside = {one for one in PAYLOADS if " onmouseover" in one and not one.startswith(("<", "&"))}
    for payload in set(PAYLOADS) - harmless - inside:
        assert active_in(f"<p>{payload}</p>"), payload
    for payload in inside:
        assert active_in(f'<p title="{payload}">') or active_in(f"<p title='{payload}'>"), payload
    for address in ADDRESSES[:4]:
        assert active_in(f"<a href='{address}'>x</a>"), address
    assert active_in("<script src=https://cdn.shopify.com/x.js></script>", OURS) == []


def test_app_proxy_liquid_injection(site: Site, figure: Figure) -> None:
    """What a page says inside the store is run by the store's Liquid: no bracket of it is in there."""
    hostile, platform = "{{ shop.secret }}{% include 'x' %}{{{%}}}%}{{-7-}}", Platform.SHOPIFY
    bought(site, platform, title=hostile, first_name=hostile[:20], note=hostile)
    own = [(name, hostile) for name in ("number", "proof", "product", "stars", "page", "lang", hostile)]
    looked = 0
    for rule in site.client.application.url_map.iter_rules():
        if not rule.rule.startswith("/proxy/"):
            continue
        for purpose, path, carried in links(site, platform):
            token = site.runtime.keys.sign(purpose, carried)
            below = rule.rule.partition(">/")[2].replace("<token>", token)
            if "<token>" in rule.rule and not below.startswith(f"{path}/"):
                continue
            for method in sorted((rule.methods or set()) & {"GET", "POST"}):
                at = forwarded(site, platform, below, own)
                answer = site.client.open(at, method=method, data=dict(own))
                looked += 1
                if answer.mimetype == "application/liquid":
                    assert not LIQUID.search(answer.get_data(as_text=True)), (method, below[:20])
                    continue
                # Nothing else that Shopify would render.
                assert answer.mimetype in ("application/json", "text/plain", "text/html"), rule.rule
                assert answer.mimetype != "text/html" or answer.status_code >= 300, rule.rule
                assert "shop.secret" not in answer.get_data(as_text=True), rule.rule
    assert looked >= 12
    figure("requests", looked)


@BOTH
def test_text_setting_html_smuggling(site: Site, platform: Platform, count: Count) -> None:
    """What a merchant writes into a text, a name or an address is text: in pages, in previews, in mails."""
    bought(site, platform)
    head, prefix = bearer(site, platform), f"/{platform.value}/app"
    page = site.client.get(f"{prefix}/flows/review_request/mail/ask", headers=head).text
    named = findall(r'<(?:input|textarea)[^>]* name="([^"]+)"', page)
    areas = [name for name in named if "." in name and not name.startswith("was_")]
    assert len(areas) >= 3
    shown = 0
    for words in PAYLOADS[: count(3, len(PAYLOADS))]:
        form = dict.fromkeys(areas, words)
        page = site.client.get(f"{prefix}/flows/review_request/mail/ask", headers=head).text
        form |= {"own_html": f"<p>{words}</p>", "seen": findall(r'name="seen" value="(\w+)"', page)[0]}
        saved = site.client.post(f"{prefix}/flows/review_request/mail/ask", headers=head, data=form)
        assert saved.status_code in (200, 422), words
        assert active_in(saved.text, OURS) == [], words
        # What the lint of the editor refuses may stand there all the same, from before there was one.
        shop = shop_of(site, platform)
        with site.runtime.database.shops(shop) as session:
            said = {"en": dict.fromkeys(areas, words.replace("\0", ""))}
            put_words(session, shop, EDITABLE["review_request/ask"], said, site.runtime.clock.now())
        kit = site.client.get(f"{prefix}/brand", headers=head).text
        revision = findall(r'name="revision" value="(\d+)"', kit)[0]
        names = ("sender_name", "support_name", "postal_address", "support_email")
        brand = {"revision": revision, **dict.fromkeys(names, words)}
        assert active_in(site.client.post(f"{prefix}/brand", headers=head, data=brand).text, OURS) == []
        for path in ("/brand", "/flows/review_request/preview/ask", "/flows/review_request/mail/ask"):
            page = site.client.get(f"{prefix}{path}", headers=head).text
            assert active_in(page, OURS) == [], (path, words)
            shown += "7331" in unescape(unescape(page))
        hosted = site.client.get(GETS["tracking.page"](site, platform).path).text
        assert active_in(hosted, OURS) == [], words
    assert shown >= 6, "the words were kept and shown"


ACTIVE_FILES = {
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(7331)"/>',
    "svg behind a declaration": b'<?xml version="1.0"?><svg><script>alert(7331)</script></svg>',
    "page": b"<!doctype html><script>alert(7331)</script>",
    "script": b"alert(7331)",
    "pdf": b"%PDF-1.7 /JS (app.alert(7331))",
    "archive": b"PK\x03\x04 7331",
    "flash": b"CWS\x0a 7331",
}


def picture(kind: str = "PNG") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 20), (20, 90, 160)).save(out, kind)
    return out.getvalue()


@BOTH
def test_active_uploads_and_privileged_previews(site: Site, platform: Platform) -> None:
    """The one upload is a logo: only pixels of it are kept. Mails are shown in frames that run nothing."""
    head, prefix = bearer(site, platform), f"/{platform.value}/app"
    files = dict(ACTIVE_FILES)
    for kind in ("PNG", "GIF", "JPEG"):
        files |= {f"{kind} and page": picture(kind) + b"<script>alert(7331)</script>"}
    for name, data in files.items():
        sent = {"logo": (io.BytesIO(data), "logo.png", "image/png")}
        answer = site.client.post(f"{prefix}/brand/logo", headers=head, data=sent)
        assert answer.status_code == 422, name
    assert site.rows("SELECT 1 FROM brand_logos") == []
    sent = {"logo": (io.BytesIO(picture()), "<script>.html", "text/html")}
    assert site.client.post(f"{prefix}/brand/logo", headers=head, data=sent).status_code == 200
    (kept,) = site.rows("SELECT hash, png FROM brand_logos")
    domain = residents(site)[platform].domain
    served = site.client.get(f"/brand/{domain}/{kept.hash}.png")
    assert (served.mimetype, served.headers["X-Content-Type-Options"]) == ("image/png", "nosniff")
    assert served.headers["Content-Security-Policy"] == "default-src 'none'"
    bought(site, platform)
    framed = 0
    for name, make in GETS.items():
        if plain_name(name).split(".")[0] not in ("brand", "flow", "flow_preview", "mail_editor", "message"):
            continue
        at = make(site, platform)
        for frame in findall(r"<iframe[^>]*", site.client.get(at.path, headers=dict(at.headers)).text):
            assert ' sandbox srcdoc="' in frame or ' sandbox="" srcdoc="' in frame, name
            framed += 1
    assert framed >= 3


def test_there_are_two_uploads(site: Site) -> None:
    """Another one would have to be looked at by the check above."""
    from pathlib import Path

    import app.web

    readers = [
        path.name
        for path in Path(next(iter(app.web.__path__))).rglob("*.py")
        if "request.files" in path.read_text("utf-8")
    ]
    assert sorted(readers) == ["brand.py", "limits.py"], "a picture, and a table of text that is never served"
