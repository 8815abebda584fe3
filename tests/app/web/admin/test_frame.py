"""What the admin page may load: on a real installation nothing from this machine's other ports."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from app.config import SandboxConfig
from app.web.admin.frame import APP_BRIDGE, POLARIS, frame_of
from app.web.admin.leaving import LEAVE, leave_frame
from flows.commerce import Platform
from tests.app.web.addresses import SHOPS, bearer
from tests.app.web.conftest import Site

LOOPBACK = "http://127.0.0.1:*"


@pytest.mark.parametrize("platform", list(Platform))
def test_pictures_from_this_machine_are_the_sandbox_s_alone(site: Site, platform: Platform) -> None:
    config, domain = site.runtime.config, SHOPS[platform]
    assert LOOPBACK not in frame_of(domain, platform, config).policy
    playing = replace(config, sandbox=SandboxConfig({}, Path("clock"), Path("record"), 8000))
    assert f"img-src 'self' https: {LOOPBACK} data:" in frame_of(domain, platform, playing).policy


def test_shopify_s_scripts_come_first_and_from_its_own_addresses(site: Site) -> None:
    answer = site.client.get("/shopify/app/", headers=bearer(site, Platform.SHOPIFY))
    head = answer.text.partition("</head>")[0]
    scripts = re.findall(r'<script src="([^"]+)"( defer| async)?', head)
    assert scripts[:2] == [(APP_BRIDGE, ""), (POLARIS, "")]
    assert head.index('name="shopify-api-key" content="key-of-the-test"') < head.index(APP_BRIDGE)
    assert head.index(POLARIS) < head.index("stylesheet"), "before all else"
    assert answer.headers["Link"] == (
        f'<{APP_BRIDGE}>; rel="preload"; as="script", <{POLARIS}>; rel="preload"; as="script"'
    )
    policy = answer.headers["Content-Security-Policy"]
    assert "script-src 'self' https://cdn.shopify.com;" in policy
    assert "X-Frame-Options" not in answer.headers and "Set-Cookie" not in answer.headers
    part = site.client.get("/shopify/app/", headers={**bearer(site, Platform.SHOPIFY), "HX-Request": "true"})
    assert "Link" not in part.headers


def test_without_shopify_s_scripts_a_page_is_whole(site: Site) -> None:
    """Their elements hold links that stand in the page a second time; no form and no heading is theirs."""
    page = site.client.get("/shopify/app/brand", headers=bearer(site, Platform.SHOPIFY)).text
    menu, _, rest = page.partition("</s-app-nav>")
    assert "<s-" not in rest
    for path in re.findall(r'<s-link href="([^"]+)"', menu):
        assert f'<a href="{path}"' in rest
    assert re.search(r"<form [^>]*data-save-bar", rest), "the back office asks before changes are lost"


def test_the_sandbox_and_wordpress_load_nothing_from_shopify(site: Site) -> None:
    origins = {"https://hollow-pine.myshopify.com": "http://127.0.0.1:8001"}
    playing = replace(site.runtime.config, sandbox=SandboxConfig(origins, Path("c"), Path("r"), 8000))
    frames = (
        frame_of(SHOPS[Platform.SHOPIFY], Platform.SHOPIFY, playing),
        frame_of(SHOPS[Platform.WOOCOMMERCE], Platform.WOOCOMMERCE, site.runtime.config),
    )
    for frame in frames:
        assert "shopify.com" not in f"{frame.preload} {frame.polaris} {frame.bridge}".replace("myshopify", "")
        assert "cdn.shopify.com" not in frame.policy


def test_what_must_leave_the_frame_is_opened_by_the_page_or_told_to_it(site: Site) -> None:
    url = 'https://admin.shopify.com/store/hollow-pine/charges/doorstep/pricing_plans?a=<b>&c="d'
    frame = frame_of(SHOPS[Platform.SHOPIFY], Platform.SHOPIFY, site.runtime.config)
    app = site.client.application
    with app.test_request_context("/shopify/app/plan"):
        document = leave_frame(frame, url)
    assert document.status_code == 200
    page = document.get_data(as_text=True)
    assert page.count("pricing_plans?a=&lt;b&gt;&amp;c=&#34;d") == 2, "for the script, and as a link"
    assert "<b>" not in page and 'src="/static/leave.js"' in page
    assert document.headers["Content-Security-Policy"] == frame.policy
    for headers in ({"Authorization": "Bearer x"}, {"HX-Request": "true"}):
        with app.test_request_context("/shopify/app/plan", headers=headers):
            told = leave_frame(frame, url)
        assert (told.status_code, told.get_data()) == (401, b"")
        assert told.headers[LEAVE] == url
