"""The ground itself: what the guard is there for is noticed, and a quiet page is left alone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.guard import Guard

PLACE = "http://127.0.0.1:9/probe"


def visit(page: Page, body: str, policy: str = "") -> None:
    """A page of our own making, that no server needs to give."""
    headers = {"Content-Security-Policy": policy} if policy else {}
    html = f'<!doctype html><link rel="icon" href="data:,"><title>Probe</title>{body}'
    page.route(PLACE, lambda route: route.fulfill(body=html, headers=headers, content_type="text/html"))
    page.goto(PLACE)
    page.wait_for_timeout(100)


@pytest.mark.parametrize(
    ("told", "body", "policy"),
    [
        ("console: broken", "<script>console.error('broken')</script>", ""),
        ("script: ", "<script>nothing.at.all</script>", ""),
        ("dialog: alert 1", "<script>alert(1)</script>", ""),
        ("Content Security Policy", "<script>1</script>", "script-src 'none'"),
        ("outside: http://somewhere.example/x.png", "<img src=http://somewhere.example/x.png alt=x>", ""),
        ("outside: http://192.0.2.1/x.png", "<img src=http://192.0.2.1/x.png alt=x>", ""),
        ("outside: ws://somewhere.example/", "<script>new WebSocket('ws://somewhere.example/')</script>", ""),
    ],
)
def test_what_a_page_should_not_do_is_told(browser: Browser, told: str, body: str, policy: str) -> None:
    watching = Guard()
    with browser.new_context() as context:
        watching.watch(context)
        visit(context.new_page(), body, policy)
    assert any(told in line for line in watching.verdict()), watching.found


def test_what_is_expected_must_happen(guard: Guard, desk: Page) -> None:
    guard.allow("console: broken")
    visit(desk, "<script>console.error('broken')</script>")
    assert Guard(found=[], allowed=["console: broken"]).verdict() != []


def test_a_quiet_page_is_left_alone(desk: Page) -> None:
    visit(desk, "<h1>Quiet</h1><script>console.log('fine')</script>")


def test_without_scripts_nothing_runs(phone_bare: Page) -> None:
    visit(phone_bare, "<h1>Before</h1><script>document.querySelector('h1').textContent = 'After'</script>")
    assert phone_bare.locator("h1").inner_text() == "Before"
