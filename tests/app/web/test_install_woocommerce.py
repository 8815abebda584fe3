"""Beginning to connect a WooCommerce store: it is looked at first, what is in the way is said in words, and
nobody begins too often."""

from __future__ import annotations

import re
import threading
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest

from app.clock import Clock
from app.web import connect_page
from app.web.install_woocommerce import MOST_PER_MINUTE
from app.words.connect_words import WORDS, told
from connectors.woocommerce import findings as found
from connectors.woocommerce.findings import HINTS, MAY_GO_ON, Finding
from tests.app.web.connecting import HOME, Connecting, connecting, shop

__all__ = ["connecting", "shop"]

PAGE, HTML = "<!doctype html><title>x</title>", {"Content-Type": "text/html"}


def test_a_shop_that_answers_is_asked_for_its_approval(connecting: Connecting) -> None:
    for answer in (
        connecting.begin("new-shop.example/"),
        connecting.site.client.get("/woocommerce/connect?shop=new-shop.example"),
        connecting.site.client.post("/woocommerce/connect", data={"shop": "http://NEW-shop.example"}),
    ):
        assert answer.status_code == 302
        parts = urlsplit(answer.headers["Location"])
        asked = parse_qs(parts.query)
        assert parts.path == "/wc-auth/v1/authorize"
        assert asked["callback_url"][0].endswith(f"/woocommerce/callback/{asked['user_id'][0]}")
        assert len(asked["user_id"][0]) >= 43, "256 bits"
    assert connecting.attempts() == 3
    assert connecting.store.asked() == ["GET /wp-json/"] * 3
    assert "new-shop.example" not in connecting.shops()


IN_THE_WAY = (
    (found.HTML_ANSWER, 403, PAGE, HTML),
    (found.REST_BLOCKED, 401, {"code": "rest_login_required"}, None),
    (found.MAINTENANCE, 503, PAGE, HTML),
    (found.BUSY, 429, "", HTML),
    (found.NO_WOOCOMMERCE, 404, PAGE, HTML),
    (found.MOVED, 301, "", {"Location": "https://www.new-shop.example/wp-json/"}),
    (found.HTTP_ONLY, 301, "", {"Location": "http://new-shop.example/wp-json/"}),
)


@pytest.mark.parametrize(("key", "status", "body", "headers"), IN_THE_WAY, ids=[one[0] for one in IN_THE_WAY])
def test_what_is_in_the_way_is_said(
    connecting: Connecting, key: str, status: int, body: object, headers: dict[str, str] | None
) -> None:
    connecting.refuses(body, status, headers)
    answer = connecting.begin()
    to = {"to": "https://www.new-shop.example"} if key == found.MOVED else {"status": str(status)}
    words = told(Finding(key, to))
    shown = unescape(re.sub(r"</?code>", "", answer.text))
    assert answer.status_code == 422 and connecting.attempts() == 0
    for part in (words.title, words.why, *words.do, words.helps, "Try again"):
        assert part.replace("`", "") in shown
    assert ("Connect anyway" in shown) is (key in MAY_GO_ON)
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_right_address_is_one_click_away(connecting: Connecting) -> None:
    connecting.refuses("", 301, {"Location": f"{connecting.new}/wp-json/?_fields=name"})
    shown = connecting.begin(HOME).text
    offered = re.findall(r'name="shop" value="([^"]+)"', shown)
    assert offered[0] == connecting.new and "Connect new-shop.example</button>" in shown
    connecting.well()
    answer = connecting.site.client.post("/woocommerce/connect", data={"shop": offered[0]})
    assert answer.status_code == 302 and answer.headers["Location"].startswith(f"{connecting.new}/wc-auth/")


def test_an_address_inwards_is_not_offered(connecting: Connecting) -> None:
    for there in ("https://127.0.0.1/wp-json/", "https://nas.local/wp-json/", "//10.0.0.1/", "javascript:x"):
        connecting.refuses("", 302, {"Location": there})
        shown = connecting.begin().text
        assert set(re.findall(r'name="shop" value="([^"]+)"', shown)) == {connecting.new}, there


def test_who_knows_better_goes_on_by_a_post(connecting: Connecting) -> None:
    connecting.refuses(PAGE, 403, HTML)
    client = connecting.site.client
    assert client.get(f"/woocommerce/connect?shop={connecting.new}&go_on=1").status_code == 422
    asked = len(connecting.store.calls)
    answer = client.post("/woocommerce/connect", data={"shop": connecting.new, "go_on": "1"})
    assert answer.status_code == 302 and len(connecting.store.calls) == asked


def test_http_is_tried_as_https_and_said_where_that_is_all_there_is(connecting: Connecting) -> None:
    assert connecting.begin("http://new-shop.example").status_code == 302
    unknown = connecting.begin("http://no-such-shop.invalid").text
    assert told(Finding(found.UNREACHABLE, {"name": "unknown"})).title in unescape(unknown)


def test_what_is_no_address_is_said_beside_the_field(connecting: Connecting) -> None:
    for typed in ("", "nonsense", "https://user:secret@new-shop.example", "https://127.0.0.1"):
        answer = connecting.begin(typed)
        assert answer.status_code == 400 and 'aria-invalid="true"' in answer.text
    assert connecting.begin('"><script>alert(1)</script>').text.count("<script") == 0
    assert connecting.store.calls == [] and connecting.attempts() == 0


def test_the_form_is_empty_and_changes_nothing(connecting: Connecting) -> None:
    answer = connecting.site.client.get("/woocommerce/connect")
    assert answer.status_code == 200 and 'action="/woocommerce/connect" method="post"' in answer.text
    assert connecting.store.calls == [] and connecting.attempts() == 0


def test_a_hand_over_that_failed_is_told_to_the_browser_that_comes_back(connecting: Connecting) -> None:
    """The store shows an error page of its own, which says nothing."""
    view = {"code": "woocommerce_rest_cannot_view", "data": {"status": 401}}
    reference = connecting.reference()
    connecting.store.answers.clear()
    connecting.store.will("GET system_status", view, 401)
    assert connecting.hand_over(reference).status_code == 400
    connecting.well()
    words = told(Finding(found.PROXY_TLS))
    client = connecting.site.client
    for page in (connecting.begin().text, client.get("/woocommerce/connect").text):
        assert words.title in page and words.helps in page
    assert words.title in client.get(f"/woocommerce/return?success=0&user_id={reference}").text
    assert connecting.begin(HOME).status_code == 302, "another shop is looked at by itself"
    stranger = connecting.site.client.application.test_client()
    assert words.title not in stranger.get("/woocommerce/connect").text
    again = stranger.post("/woocommerce/connect", data={"shop": connecting.new})
    assert again.status_code == 302


def test_trying_again_goes_on(connecting: Connecting) -> None:
    reference = connecting.reference()
    connecting.store.answers.clear()
    connecting.store.will("GET system_status", {"code": "x"}, 401)
    connecting.hand_over(reference)
    connecting.well()
    assert connecting.begin().status_code == 422
    answer = connecting.site.client.post("/woocommerce/connect", data={"shop": connecting.new})
    assert answer.status_code == 302


def test_the_cookie_is_for_these_pages_alone(connecting: Connecting) -> None:
    cookie = connecting.begin().headers["Set-Cookie"]
    for part in ("Path=/woocommerce", "HttpOnly", "SameSite=Lax", "Max-Age=3600"):
        assert part in cookie
    connecting.site.client.set_cookie("doorstep_connect", "forged", path="/woocommerce")
    assert connecting.site.client.get("/woocommerce/connect").status_code == 200


def test_one_visitor_begins_only_so_often(connecting: Connecting, monkeypatch: pytest.MonkeyPatch) -> None:
    now = connecting.site.runtime.clock.real()
    monkeypatch.setattr(Clock, "real", lambda _: now)  # no minute may begin while the test counts
    first, second = {"REMOTE_ADDR": "192.0.2.1"}, {"REMOTE_ADDR": "192.0.2.2"}
    begun = {connecting.begin(environ_base=first).status_code for _ in range(MOST_PER_MINUTE)}
    assert begun == {302}
    before, asked = connecting.attempts(), len(connecting.store.calls)
    assert connecting.begin(environ_base=first).status_code == 429
    assert len(connecting.store.calls) == asked, "nobody is called for it"
    assert connecting.begin(environ_base=second).status_code == 302
    assert connecting.attempts() == before + 1


def test_many_visitors_do_not_make_us_call_one_shop_without_end(
    connecting: Connecting, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = connecting.site.runtime.clock.real()
    monkeypatch.setattr(Clock, "real", lambda _: now)
    monkeypatch.setattr(connect_page, "MOST_OF_AN_ADDRESS", 3)
    told = [connecting.begin(environ_base={"REMOTE_ADDR": f"192.0.2.{n}"}).status_code for n in range(5)]
    assert told == [302, 302, 302, 429, 429]
    assert connecting.begin(HOME).status_code == 302


def test_an_address_that_is_none_is_not_counted(connecting: Connecting) -> None:
    for _ in range(MOST_PER_MINUTE + 1):
        assert connecting.begin("nonsense").status_code == 400
    assert connecting.begin().status_code == 302


def test_looks_never_take_all_threads(connecting: Connecting, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connect_page, "_LOOKS", threading.BoundedSemaphore(1))
    monkeypatch.setattr(connect_page, "_WAIT_FOR_A_LOOK", 0.01)
    with connect_page.one_look():
        assert connecting.begin().status_code == 503
        assert connecting.type_keys().status_code == 503
    assert connecting.store.calls == [] and connecting.begin().status_code == 302


def test_every_finding_has_words_without_gaps() -> None:
    keys = {
        value
        for name, value in vars(found).items()
        if name.isupper() and isinstance(value, str) and not name.startswith("OLDEST")
    }
    assert keys == set(WORDS) and keys > HINTS | MAY_GO_ON
    facts = {"to": "https://www.shop.example", "status": "403", "off": "9 hours", "way": "ahead"}
    facts["named"] = "staging.example"
    versions = {"woocommerce": "3.9.5", "wordpress": "5.3.2"}
    for key in keys:
        words = told(Finding(key, facts | (versions if key == found.OLD_VERSION else {})))
        whole = " ".join((words.title, words.why, *words.do, words.helps))
        assert "{" not in whole and "unknown" not in whole and words.do and words.helps
        assert not re.search(r"webhook|endpoint|\bAPI key\b|JSON", whole), whole
