"""More than 200 texts that somebody may send as the name of a shop; none of them is one."""

from __future__ import annotations

from tests.connectors.shopify.test_domain import HOSTILE

_NAME = "hollow-pine.myshopify.com"
_AROUND = (
    "{}:0", "{}:65536", "{}::443", "{}:443/", "{}#@evil.example", "{}%09", "{}%20", "{}%23", "{}%2f", "{}%3f",
    "{}%5c", "{}%ff", "{}/..", "{}/./admin", "{}//", "{}/;evil", "{}!", "{}(", "{}*", "{}+", "{}=", "{}^",
    "{}`", "{}\x0b", "{}\x0c", "{}\x1b[0m", "{}\x85", "{}\u00a0", "{}\u2029", "{}\u202e", "{}\u3000",
    "{}\U0001f600", "@{}", "#{}", "?{}", "/{}", "//evil.example/{}", "ftp://{}", "data:{}", "javascript:{}", "file:///{}",
    "mailto:x@{}", "{}\tevil.example", "{}\nevil.example", "{}\rHost: evil.example", "evil.example\n{}",
    "evil.example\\{}", "evil.example:80@{}", "evil.example%00{}", "evil.example%23{}",
)  # fmt: skip
_ALONE = (
    "hollow-pine", "hollow-pine.", "hollow-pine.com", "hollow-pine.myshopify", "hollow-pine.myshopify.",
    "hollow-pine.myshopify.com.evil.example", "hollow-pine-myshopify.com",
    "hollow-pine.myshopify.com-evil.example",
    "hollow-pine.myshopify.coma", "hollow-pine.myshopify.con", "hollow-pine.shopify.com", "shopify.com",
    "admin.shopify.com/store/hollow-pine", "hollow-pine.myshopify.com.", "hollow-pine..myshopify.com",
    "*.myshopify.com", "%.myshopify.com", "'.myshopify.com", "\".myshopify.com", "0.0.0.0", "127.1",
    "2130706433", "[::ffff:127.0.0.1]", "null", "undefined", "None", "true", "{{7*7}}.myshopify.com",
    "${7*7}.myshopify.com", "' OR 1=1--", "x'); DROP TABLE shops;--",
    "../../etc/passwd", "\x00", "\n", "\ud800.myshopify.com",
)  # fmt: skip
HOSTILE_SHOPS: tuple[object, ...] = tuple(
    {repr(text): text for text in (*HOSTILE, *_ALONE, *(form.format(_NAME) for form in _AROUND))}.values()
)
assert len(HOSTILE_SHOPS) >= 200
