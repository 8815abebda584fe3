"""Privacy, terms and support: open to all, framed by nobody, true to the table of plans."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from typing import Any

import pytest

from app.words.plans import EVERY_PLAN, PLANS
from flows.commerce import Platform
from tests.app.web.addresses import bearer
from tests.app.web.conftest import Site

PAGES = ("/privacy", "/terms", "/support")


def configured(site: Site, **changes: Any) -> None:
    runtime = replace(site.runtime, config=replace(site.runtime.config, **changes))
    site.runtime = site.client.application.extensions["doorstep"] = runtime


def words(site: Site, path: str) -> str:
    page = site.client.get(path).get_data(as_text=True)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", page)))


@pytest.mark.parametrize("path", PAGES)
def test_anybody_may_read_them_and_nobody_frame_them(site: Site, path: str) -> None:
    answer = site.client.get(path)
    assert answer.status_code == 200
    assert answer.headers["Content-Security-Policy"] == "frame-ancestors 'none'"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "Set-Cookie" not in answer.headers
    page = answer.get_data(as_text=True)
    assert "<script" not in page
    assert re.findall(r'href="(https?:)?//', page) == []
    assert site.client.post(path).status_code == 405
    for other in PAGES:
        assert f'href="{other}"' in page


def test_terms_name_each_plan_as_the_table_does(site: Site) -> None:
    assert PLANS[1].price not in words(site, "/terms")
    assert "sets no limit" in words(site, "/terms")
    configured(site, billing=True)
    page = words(site, "/terms")
    assert EVERY_PLAN in page
    for plan in PLANS:
        assert f"{plan.name} {plan.price} {plan.limit}" in page


def test_help_is_where_the_operator_says(site: Site) -> None:
    assert "names no address" in words(site, "/support")
    assert "the person or company that runs this installation" in words(site, "/privacy")
    configured(site, support_email="help@example.com")
    for path in PAGES:
        assert 'href="mailto:help@example.com"' in site.client.get(path).get_data(as_text=True)
    assert "names no address" not in words(site, "/support")


@pytest.mark.parametrize("platform", Platform)
def test_every_admin_page_leads_to_them(site: Site, platform: Platform) -> None:
    for path in ("/", "/flows", "/brand"):
        answer = site.client.get(f"/{platform.value}/app{path}", headers=bearer(site, platform))
        page = answer.get_data(as_text=True)
        for paper in PAGES:
            assert f'href="{paper}" target="_blank" rel="noopener"' in page
