"""The tracking page as markup: whole, small, without scripts, and proof against hostile words."""

from __future__ import annotations

import re
from datetime import timedelta
from html.parser import HTMLParser

import pytest

from flows.commerce import (
    LineQuantity,
    OrderLine,
    Parcel,
    ParcelEvent,
    ParcelStatus,
    Platform,
)
from tests.app.web.conftest import Site
from tests.app.web.shopping import bought, link, put
from tests.app.web.tracking_page import page
from tests.proof import Figure

LARGEST = 30_000


VOID = {"meta", "link", "img", "input", "br", "path", "circle"}


class Nesting(HTMLParser):
    """Every element is closed where it was opened."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.wrong: list[str] = []
        self.ids: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.ids += [value or "" for name, value in attrs if name == "id"]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID and (not self.open or self.open.pop() != tag):
            self.wrong.append(tag)


@pytest.mark.parametrize(
    ("address", "linked"),
    [
        ("https://track.example/1", True),
        ("http://track.example/1", False),
        ("javascript:alert(1)", False),
        ("https://track.example/\"onmouseover='x'", False),
    ],
)
def test_only_https_links_lead_to_the_carrier(site: Site, address: str, linked: bool) -> None:
    bought(site, status=ParcelStatus.IN_TRANSIT, parcel={"tracking_url": address})
    text = page(site)
    assert (f'href="{address}"' in text) is linked
    assert "javascript:" not in text and "onmouseover" not in text
    assert "NP\u00a07730" in text


def test_the_page_needs_no_script_and_nobody_else(site: Site) -> None:
    bought(site, status=ParcelStatus.IN_TRANSIT)
    answer = site.client.get(link(site, "tracking", "13"))
    assert "<script" not in answer.text
    assert not re.search(r'(src|href)="(https?:)?//(?!track\.example)', answer.text)
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy
    nonce = re.search(r"'nonce-(\w+)'", policy)
    assert nonce and f'<style nonce="{nonce[1]}">' in answer.text


def test_the_largest_order_stays_below_thirty_kilobytes(site: Site, figure: Figure) -> None:
    now = site.runtime.clock.now()
    lines = tuple(
        OrderLine(
            f"n{n}",
            f"A very long product title that goes on and on, number {n}",
            2,
            100,
            product_id=f"q{n}",
            variant="Fir green, large, with a switch",
            image_url="https://cdn.shop.example/files/products/" + "x" * 180 + f"{n}.jpg",
        )
        for n in range(399)
    )
    bought(site, lines=lines, status=ParcelStatus.IN_TRANSIT, parcel={"lines": (LineQuantity("n0", 2),)})
    parcels = tuple(
        Parcel(
            f"z{n}",
            "13",
            now,
            ParcelStatus.IN_TRANSIT,
            carrier="Northpost International",
            tracking_number=f"NP7730118426{n}",
            tracking_url="https://track.example/" + "n" * 80,
            lines=tuple(LineQuantity(f"n{line}", 2) for line in range(n * 40, n * 40 + 40)),
            shipped_at=now - timedelta(days=3),
            estimated_at=now + timedelta(days=2),
        )
        for n in range(9)
    )
    scans = tuple(
        ParcelEvent(
            f"z{n}-{i}",
            f"z{n}",
            "13",
            ParcelStatus.IN_TRANSIT,
            now - timedelta(hours=i),
            "Arrived at the sorting centre and left again for the next one",
            "Leipzig Nord, Hall 4",
        )
        for n in range(9)
        for i in range(60)
    )
    put(site, Platform.WOOCOMMERCE, parcels=parcels, parcel_events=scans)
    size = len(page(site).encode())
    figure("bytes", size)
    assert size <= LARGEST


@pytest.mark.parametrize("language", ["en", "de"])
def test_the_markup_is_whole(site: Site, language: str) -> None:
    bought(site, status=ParcelStatus.DELAYED, locale=language, parcel={"lines": (LineQuantity("l1", 1),)})
    text = page(site)
    found = Nesting(text)
    assert found.wrong == [] and found.open == []
    assert len(found.ids) == len(set(found.ids))
    assert f'<html lang="{language}">' in text


def test_hostile_words_are_only_words(site: Site) -> None:
    hostile = '<img src=x onerror="alert(1)">\u202e\u0000"\'><script>'
    now = site.runtime.clock.now()
    scan = ParcelEvent("s", "t1", "13", ParcelStatus.IN_TRANSIT, now, hostile, hostile)
    bought(
        site,
        title=hostile,
        status=ParcelStatus.IN_TRANSIT,
        number=hostile,
        scans=(scan,),
        parcel={"carrier": hostile, "tracking_number": hostile},
    )
    text = page(site)
    assert "<img src=x" not in text and "<script" not in text
    assert "\u202e" not in text and "\u0000" not in text
    assert Nesting(text).wrong == []
