"""The token for the page in WordPress's back office: made by the plugin's PHP, read by our own reader and by
the running app."""

from __future__ import annotations

import html
import json
import random
import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
import requests

from connectors.base import Refused
from connectors.woocommerce.page_token import PageToken, read_page_token
from tests.plugin.conftest import Pair
from tests.plugin.shop import CUSTOMER, EDITOR
from tests.proof import Count

NAMES = (
    "Malin Larsen",
    "Zoë O'Brien-Müller",
    'A "quoted" \\ name',
    "<b>bold</b> & </script>",
    "山田 太郎",
    "🧶 Wolle/Garn",
    "a" * 80,
    "zero\x00byte",
)
TOKEN = "return page_token( wp_get_current_user() );"


def read(pair: Pair, token: str, later: float = 0) -> PageToken:
    secrets = {pair.shop.domain: pair.secret}
    return read_page_token(token, secrets.get, pair.site.runtime.clock.real() + timedelta(seconds=later))


def made(pair: Pair, names: tuple[str, ...]) -> list[str]:
    """One token for each display name, all by one run of PHP."""
    told = json.dumps(names)
    return list(
        pair.shop.run(
            "$tokens = array(); $user = wp_set_current_user( 1 );"
            f" foreach ( json_decode( {json.dumps(told).replace('$', chr(92) + '$')} ) as $name ) {{"
            " $user->display_name = $name; $tokens[] = page_token( $user ); } return $tokens;"
        )
    )


def test_our_reader_reads_what_php_makes(pair: Pair) -> None:
    for name, token in zip(NAMES, made(pair, NAMES), strict=True):
        assert read(pair, token) == PageToken("larkhus.example", "1", name)


def test_it_is_good_for_a_minute(pair: Pair) -> None:
    (token,) = made(pair, ("Malin",))
    read(pair, token, later=50)
    for later in (75, 3600, -30):
        with pytest.raises(Refused) as refused:
            read(pair, token, later)
        assert refused.value.status == 401


def test_any_letter_changed_is_refused(pair: Pair, count: Count) -> None:
    chance = random.Random(5)
    (token,) = made(pair, ("Malin",))
    places = [place for place, letter in enumerate(token[:-1]) if letter != "."]
    for place in chance.sample(places, min(count(60, 400), len(places))):
        other = chance.choice([letter for letter in "Ab0_-Z" if letter != token[place]])
        with pytest.raises(Refused):
            read(pair, token[:place] + other + token[place + 1 :])


def test_another_shop_s_secret_opens_nothing(pair: Pair) -> None:
    (token,) = made(pair, ("Malin",))
    other = pair.site.runtime.keys.plugin_secret("another-shop")
    with pytest.raises(Refused):
        read_page_token(token, {"larkhus.example": other}.get, pair.site.runtime.clock.real())


def test_the_frame_opens_the_app(pair: Pair) -> None:
    """From the back office of the shop to a page of ours, as the merchant's browser goes."""
    page = pair.shop.call("GET", "/wp-admin/admin.php?page=doorstep", headers=pair.shop.logged_in())
    assert page.status_code == 200
    address = html.unescape(re.findall(r'<iframe[^>]* src="([^"]+)"', page.text)[0])
    assert address.startswith(f"{pair.line.address}/woocommerce/app?id_token=")
    opened = requests.get(address, timeout=30)
    assert opened.status_code == 200, opened.text
    # The shop's name leads to its port of this machine, and so does this.
    assert opened.headers["Content-Security-Policy"].endswith(f"frame-ancestors {pair.shop.origin}")
    flipped = address[:-3] + ("A" if address[-3] != "A" else "B") + address[-2:]
    assert requests.get(flipped, timeout=30, allow_redirects=False).status_code == 401


def test_a_fresh_one_is_given_to_the_merchant_only(pair: Pair) -> None:
    merchant = pair.shop.logged_in()
    page = pair.shop.call("GET", "/wp-admin/admin.php?page=doorstep", headers=merchant)
    asked = html.unescape(re.findall(r'data-token="([^"]+)"', page.text)[0])
    path = f"{urlsplit(asked).path}?{urlsplit(asked).query}"
    given = pair.shop.call("POST", path, headers=merchant)
    assert read(pair, given.json()["token"]).user_id == "1"
    without = re.sub(r"nonce=\w+", "nonce=", path)
    assert pair.shop.call("POST", without, headers=merchant).status_code == 403
    for user in (CUSTOMER, EDITOR):
        refused = pair.shop.call("POST", path, headers=pair.shop.logged_in(user))
        assert refused.status_code == 403 and "token" not in refused.text.replace("doorstep_token", "")
    assert "token" not in pair.shop.call("POST", path).text
