"""The app inside WordPress, in a browser: the page that PHP prints around it, its script, the app's own page
in the frame, and tokens that go from one to the other."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, FrameLocator, Page, Route, expect

from tests.browser.chromium import chromium
from tests.plugin.conftest import Pair

HOME = "/wp-admin/admin.php?page=doorstep"
PATIENCE = 15_000
# A question that is not answered within this is not answered.
SILENCE = 600


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


@pytest.fixture
def page(pair: Pair, browser: Browser) -> Iterator[Page]:
    """A merchant who is logged in. The shop's https name leads to where PHP listens."""
    context = browser.new_context()
    context.set_default_timeout(PATIENCE)
    name, _, value = pair.shop.logged_in()["Cookie"].partition("=")
    context.add_cookies([{"name": name, "value": value, "url": pair.shop.origin}])

    def from_the_shop(route: Route) -> None:
        address = urlsplit(route.request.url)
        answer = pair.shop.call("GET", f"{address.path}?{address.query}")
        route.fulfill(
            status=answer.status_code,
            body=answer.content,
            headers={"Content-Type": answer.headers["Content-Type"], "Access-Control-Allow-Origin": "*"},
        )

    context.route(f"https://{pair.shop.domain}/**", from_the_shop)
    yield context.new_page()
    context.close()


def open_app(page: Page, pair: Pair, query: str = "") -> FrameLocator:
    page.goto(f"{pair.shop.origin}{HOME}{query}")
    return page.frame_locator("iframe.doorstep-frame")


def path_in_the_bar(page: Page) -> str:
    return parse_qs(urlsplit(page.url).query).get("path", ["/"])[0]


def test_a_deep_link_opens_and_the_address_follows(page: Page, pair: Pair) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "admin-ajax" in request.url else None)
    app = open_app(page, pair, "&path=/flows")
    expect(app.locator("h1[tabindex]")).to_have_text("Flows")
    assert asked == [], "the first token comes with the page"
    app.get_by_role("link", name="Messages").first.click()
    expect(app.locator("h1[tabindex]")).to_have_text("Messages")
    assert len(asked) == 1, "the next one is asked for"
    page.wait_for_function("location.search.includes('path=%2Fmessages')")
    page.reload()
    expect(app.locator("h1[tabindex]")).to_have_text("Messages")


def test_the_first_page_has_no_path(page: Page, pair: Pair) -> None:
    app = open_app(page, pair, "&path=/flows")
    app.get_by_role("link", name="Home").first.click()
    page.wait_for_function("!location.search.includes('path')")
    assert urlsplit(page.url).query == "page=doorstep"


@pytest.mark.parametrize(("width", "height", "bar"), [(1280, 900, 32), (375, 812, 46)])
def test_the_frame_fills_the_page(page: Page, pair: Pair, width: int, height: int, bar: int) -> None:
    """What WordPress draws above it is the bar; the tabs are ours, and nothing has to be scrolled twice."""
    page.set_viewport_size({"width": width, "height": height})
    expect(open_app(page, pair).locator("h1[tabindex]")).to_be_visible()
    page.add_style_tag(content="body { margin: 0 }")  # as WordPress has it
    tabs = page.locator(".nav-tab-wrapper").bounding_box()
    frame = page.locator("iframe.doorstep-frame").bounding_box()
    assert tabs is not None and frame is not None
    assert (frame["x"], frame["width"]) == (0, width)
    assert frame["y"] + frame["height"] == height - bar
    assert frame["height"] > height * 0.8
    assert frame["y"] >= tabs["y"] + tabs["height"]


def test_only_the_frame_is_answered(page: Page, pair: Pair) -> None:
    """A second frame of the very same origin asks, by the app's own script, and so does the page itself."""
    app = open_app(page, pair)
    expect(app.locator("h1[tabindex]")).to_be_visible()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "admin-ajax" in request.url else None)
    page.evaluate(
        """origin => {
            window.heard = [];
            addEventListener("message", event => window.heard.push(event.data));
            const other = document.createElement("iframe");
            other.src = `${origin}/woocommerce/app/session?shop=larkhus.example`;
            document.body.append(other);
        }""",
        pair.line.address,
    )
    page.wait_for_function("window.heard.length === 1")
    other = next(frame for frame in page.frames if urlsplit(frame.url).path == "/woocommerce/app/session")
    for frame in (other, page.main_frame):
        frame.evaluate("parent.postMessage({ type: 'doorstep:token' }, '*')")
        frame.evaluate("parent.postMessage({ type: 'doorstep:path', path: '/flows' }, '*')")
    page.wait_for_timeout(SILENCE)
    assert len(page.evaluate("window.heard")) == 5, "all of them arrived"
    assert asked == []
    assert path_in_the_bar(page) == "/"


def test_a_frame_that_went_elsewhere_is_not_answered(page: Page, pair: Pair) -> None:
    """The window is the same; what speaks from it is not the app any more."""
    app = open_app(page, pair)
    expect(app.locator("h1[tabindex]")).to_be_visible()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "admin-ajax" in request.url else None)
    inside = next(frame for frame in page.frames if urlsplit(frame.url).path.startswith("/woocommerce/app"))
    inside.goto(f"{pair.shop.origin}/test/ready")
    inside.evaluate("parent.postMessage({ type: 'doorstep:token' }, '*')")
    inside.evaluate("parent.postMessage({ type: 'doorstep:path', path: '/flows' }, '*')")
    page.wait_for_timeout(SILENCE)
    assert asked == []
    assert path_in_the_bar(page) == "/"


def test_only_a_path_is_shown(page: Page, pair: Pair) -> None:
    app = open_app(page, pair)
    expect(app.locator("h1[tabindex]")).to_be_visible()
    inside = next(frame for frame in page.frames if urlsplit(frame.url).path.startswith("/woocommerce/app"))
    page.evaluate(
        """() => {
            window.shown = [];
            const was = history.replaceState;
            history.replaceState = function (...given) { shown.push(`${given[2]}`); was.apply(this, given); };
        }"""
    )
    for path in ("javascript:alert(1)", "https://evil.example/", "/flows?x=1", "/<b>", "flows", ""):
        inside.evaluate("path => parent.postMessage({ type: 'doorstep:path', path }, '*')", path)
    inside.evaluate("parent.postMessage({ type: 'doorstep:path', path: '/brand' }, '*')")
    page.wait_for_function("location.search.includes('path=%2Fbrand')")
    assert len(page.evaluate("window.shown")) == 1
    assert page.evaluate("history.length") <= 2, "the back button leaves the page"


def test_a_session_that_ended_is_told_in_the_frame(page: Page, pair: Pair) -> None:
    """WordPress logged the merchant out meanwhile: nothing is lost and nothing is given."""
    app = open_app(page, pair, "&path=/flows")
    expect(app.locator("h1[tabindex]")).to_have_text("Flows")
    page.context.clear_cookies()
    app.get_by_role("link", name="Messages").first.click()
    expect(app.get_by_text("Your back office does not answer.")).to_be_visible(timeout=PATIENCE)
    expect(app.locator("h1[tabindex]")).to_have_text("Flows")
