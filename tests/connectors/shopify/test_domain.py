"""The shop rule: hostile texts never pass."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shopify.utils import shop_url

from connectors.shopify.domain import shop_domain
from tests.proof import Count

GOOD = [
    "hollow-pine.myshopify.com",
    "a.myshopify.com",
    "1.myshopify.com",
    "x9-y.myshopify.com",
    "a--b.myshopify.com",
]

_WRAPPERS = [
    "{}.evil.example",
    "evil.example/{}",
    "evil.example?{}",
    "evil.example#{}",
    "evil.example@{}",
    "{}@evil.example",
    "{}/",
    "{}/admin",
    "{}?x=1",
    "{}#x",
    "{}:443",
    "{}:80",
    "{}.",
    ".{}",
    "-{}",
    "{}\n",
    "\n{}",
    "{}\r\n",
    "{}\x00",
    "\x00{}",
    " {}",
    "{} ",
    "\t{}",
    "{}\u2028",
    "\u200b{}",
    "{}\u200b",
    "\ufeff{}",
    "https://{}",
    "http://{}",
    "//{}",
    "\\\\{}",
    "{}\\evil.example",
    "{},{}",
    "{};{}",
    "{} {}",
    "{}%00",
    "{}%2eevil.example",
    "{}%0a",
    "user:secret@{}",
    "[{}]",
    "'{}'",
    '"{}"',
    "<{}>",
    "{}'--",
    "{}$(id)",
    "{}|id",
    "{}&x",
    "%{}",
    "*.{}",
    "_{}",
    "evil_{}",
    "evil.{}",
    "a.b.{}",
    "é{}",
    "\uff48{}",
    "{}\uff4d",
]
_SINGLE = [
    "",
    ".",
    "..",
    "myshopify.com",
    ".myshopify.com",
    "-.myshopify.com",
    "a-.myshopify.com",
    "-a.myshopify.com",
    "a..myshopify.com",
    "a.myshopify.com.",
    "a.myshopify.co",
    "a.myshopify.comm",
    "a.myshopify.com.au",
    "amyshopify.com",
    "a-myshopify.com",
    "a.xmyshopify.com",
    "a.my-shopify.com",
    "a.myshopify.io",
    "a.shopify.com",
    "admin.shopify.com",
    "a.myshopifyXcom",
    "a_b.myshopify.com",
    "a b.myshopify.com",
    "a.b.myshopify.com",
    "évil.myshopify.com",
    "\u212aettle.myshopify.com",
    "a.my\u017fhopify.com",
    "a。myshopify.com",
    "a.myshopify。com",
    "xn--.myshopify.com-",
    "localhost",
    "127.0.0.1",
    "[::1]",
    "169.254.169.254",
    "0x7f000001",
    "file:///etc/passwd",
    "javascript:alert(1)",
    "a" * 64 + ".myshopify.com",
    "a" * 300 + ".myshopify.com",
    "a." * 40 + "myshopify.com",
    "a/../b.myshopify.com",
    "a.myshopify.com\x7f",
    "a\tb.myshopify.com",
    "\uff41.myshopify.com",
    "a\uff0emyshopify.com",
]
_NOT_TEXT: list[object] = [None, 0, 1, True, [], ["a.myshopify.com"], {}, b"a.myshopify.com", 1.5]
HOSTILE: list[object] = [
    *_SINGLE,
    *_NOT_TEXT,
    *(
        wrapper.format(name, name)
        for wrapper in _WRAPPERS
        for name in ("hollow-pine.myshopify.com", "A.MYSHOPIFY.COM")
    ),
]


def test_there_are_enough_hostile_texts() -> None:
    assert len(set(map(repr, HOSTILE))) >= 150


@pytest.mark.parametrize("text", HOSTILE, ids=repr)
def test_no_hostile_text_is_a_shop(text: object) -> None:
    assert shop_domain(text) is None


@pytest.mark.parametrize("name", GOOD)
def test_shops_pass_in_lower_case(name: str) -> None:
    assert shop_domain(name) == name
    assert shop_domain(name.upper()) == name


_ALPHABET = st.sampled_from([*"abz019-._@:/?#%\\ \n\x00K\u212aé", "myshopify", ".com", ".myshopify.com"])


def test_whatever_passes_is_a_plain_shop_and_shopifys_own_rule_agrees(count: Count) -> None:
    @settings(max_examples=count(300, 5000), deadline=None)
    @given(st.lists(_ALPHABET, max_size=12).map("".join))
    def fuzz(text: str) -> None:
        found = shop_domain(text)
        if found is None:
            return
        label, dot, rest = found.partition(".")
        assert (dot + rest, found) == (".myshopify.com", text.lower())
        assert label.replace("-", "").isalnum() and label.isascii()
        assert len(label) == 1 or shop_url.sanitize_shop_domain(found) == found

    fuzz()
