"""Links into the shop tell its statistics where somebody came from, and mean what they meant."""

from __future__ import annotations

import pytest

from app.services.tagged import hosts_of, tagged

HOSTS = hosts_of("https://www.larkhus.example/", "larkhus.myshopify.com")
MARKS = "utm_source=doorstep&utm_medium=email&utm_campaign=win_back&utm_content=why"


@pytest.mark.parametrize(
    ("url", "becomes"),
    [
        ("https://larkhus.example", f"https://larkhus.example?{MARKS}"),
        ("https://www.larkhus.example/a?b=1&c#top", f"https://www.larkhus.example/a?b=1&c&{MARKS}#top"),
        ("https://larkhus.myshopify.com/cart/1:2,3:1", f"https://larkhus.myshopify.com/cart/1:2,3:1?{MARKS}"),
        ("https://larkhus.example/?q=%C3%A4+b%2Bc", f"https://larkhus.example/?q=%C3%A4+b%2Bc&{MARKS}"),
        (
            "https://larkhus.example/?utm_source=mine&utm_campaign=",
            "https://larkhus.example/?utm_source=mine&utm_campaign=&utm_medium=email&utm_content=why",
        ),
        ("https://LARKHUS.example:8080/a", f"https://LARKHUS.example:8080/a?{MARKS}"),
    ],
)
def test_links_into_the_shop_are_marked(url: str, becomes: str) -> None:
    assert tagged(url, HOSTS, "win_back", "why") == becomes
    assert tagged(becomes, HOSTS, "other", "step").count("utm_") == 4, "marked once"


@pytest.mark.parametrize(
    "url",
    [
        "https://files.example/x?signature=abc",
        "https://larkhus.example.evil.example/",
        "https://notlarkhus.example/",
        "mailto:help@larkhus.example",
        "https://[broken",
        "",
    ],
)
def test_others_stay_as_they_are(url: str) -> None:
    assert tagged(url, HOSTS, "win_back", "why") == url


def test_an_address_that_says_nothing_names_no_host() -> None:
    assert hosts_of("", "https://[broken", "//") == frozenset()
