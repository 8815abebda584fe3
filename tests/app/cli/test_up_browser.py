"""The small browser of `doorstep up`, against a small server."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response

from app.cli.up_browser import Browser, BrowserError

CONSENT = """
<p>Not this: <form method="get" action="/search"><input name="q"></form></p>
<a href="/help">help</a> <a href="/start?x=1&amp;y=2">start</a>
<form method="post" action="decide"><input type="hidden" name="state" value="&quot;s&quot;">
<button name="decision" value="yes">Yes</button><button name="decision" value="no">No</button></form>
<iframe src="/frame?token=1"></iframe>
"""


@Request.application
def shop(request: Request) -> Response:
    path = request.path
    if path == "/door":
        answer = Response(status=302, headers={"Location": "https://other.example/shop/consent"})
        answer.set_cookie("seen", request.host)
        return answer
    if path == "/shop/consent":
        return Response(CONSENT, mimetype="text/html")
    if path == "/shop/decide":
        return Response(f"{request.method} {request.host} {sorted(request.form.items())}")
    if path == "/seen":
        return Response(str(request.cookies.get("seen")))
    if path == "/loop":
        return Response(status=302, headers={"Location": "/loop"})
    return Response("no such page", status=404)


@pytest.fixture
def browser() -> Iterator[Browser]:
    server = make_server("127.0.0.1", 0, shop, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    inside = f"http://127.0.0.1:{server.server_port}"
    browser = Browser({"https://one.example": inside, "https://other.example": inside})
    yield browser
    browser.session.close()
    server.shutdown()
    thread.join()
    server.server_close()


def test_redirects_links_and_the_first_button_lead_through_and_cookies_stay_home(browser: Browser) -> None:
    page = browser.open("https://one.example/door")
    assert page.address == "https://other.example/shop/consent"
    assert page.link("/start") == "https://other.example/start?x=1&y=2"
    assert page.frame() == "https://other.example/frame?token=1"
    form = page.form()
    assert form.action == "https://other.example/shop/decide"
    done = browser.submit(form)
    assert done.text == "POST other.example [('decision', 'yes'), ('state', '\"s\"')]"
    assert browser.open("https://one.example/seen").text == "one.example"
    assert browser.open("https://other.example/seen").text == "None"


def test_what_does_not_lead_on_is_named(browser: Browser) -> None:
    with pytest.raises(BrowserError, match="404"):
        browser.open("https://one.example/nowhere")
    with pytest.raises(BrowserError, match="redirects"):
        browser.open("https://one.example/loop")
    page = browser.open("https://other.example/shop/decide")
    for look in (page.form, page.frame, lambda: page.link("/start")):
        with pytest.raises(BrowserError, match="shop/decide"):
            look()
