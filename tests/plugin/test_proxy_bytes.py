"""What PHP makes of a visitor's query is, byte for byte, what Python makes of it, and our check takes it."""

from __future__ import annotations

import base64
import json
import os
import random
import re
import subprocess
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qsl, urlencode

import pytest
import werkzeug.urls  # noqa: F401  # names the rule for bytes that are no letters

from connectors.app_proxy import check, signature
from connectors.base import Refused
from connectors.woocommerce.plugin_keys import PROXY, key_for
from sandbox.woocommerce.plugin import signature as played_signature
from tests.plugin.front_shop import SECRET, SETTINGS
from tests.plugin.php import php
from tests.proof import Count, Figure

KEY = key_for(PROXY, SECRET)
CONTROL = re.compile(r"[\x00-\x1f\x7f]")
OURS = ("shop", "logged_in_customer_id", "path_prefix", "timestamp", "signature")
# Whole letters of every length, halves of letters, letters that must not be, and what PHP does things with.
PIECES = (
    *"abz019-_.~+*()!',;:@/?$[]{}|^`\"<>\\",
    *OURS, "a[]", "a.b", "a%5B%5D", "doorstep_pag", "b[c][d]",
    "%20", "%26", "%3D", "%2B", "%25", "%00", "%0D%0A", "%7E", "%zz", "%", "%4", "%e9", "%C3%A9", "%E2%82%AC",
    "%F0%9F%93%A6", "é", "€", "📦", "ß", "한", "%C3", "%E2%82", "%F0%9F%93", "%80", "%BF", "%FF", "%FE",
    "%C0%AF", "%C1%BF", "%E0%80%AF", "%ED%A0%80", "%ED%BF%BF", "%EF%BF%BE", "%F0%80%80%80", "%F4%8F%BF%BF",
    "%F4%90%80%80", "%F5%80%80%80", "%EF%BB%BF", "%73hop", "s%68op", "sh%6Fp%5B%5D",
)  # fmt: skip

# PHP makes numbers of such names, and would sort them as numbers.
NUMBERS = ("9", "10", "010", "1e1", "-1", "1.5", "0", "%31%30")


def made(chance: random.Random) -> str:
    def word(most: int) -> str:
        return "".join(chance.choice(PIECES) for _ in range(chance.randint(0, most)))

    joined = ("&", "&", "&", "&&", "&=&", ";")
    text = ""
    for _ in range(chance.randint(0, 8)):
        name = chance.choice(OURS) if chance.random() < 0.2 else word(3)
        name = chance.choice(NUMBERS) if chance.random() < 0.2 else name
        text += name + chance.choice(("=", "=", "=", "", "==")) + word(5) + chance.choice(joined)
    return text


def by_php(queries: Sequence[str], folder: Path, user: int = 0) -> list[str]:
    """In one process: the plugin's own functions, one after the other."""
    environ = {**os.environ, "WORDPRESS_STATE": str(folder / "state.json"), "SETTINGS": json.dumps(SETTINGS)}
    script = Path(__file__).with_name("sign_queries.php")
    done = subprocess.run(
        [php(), str(script)],
        input=json.dumps([base64.b64encode(query.encode()).decode() for query in queries]),
        env=environ, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert isinstance(told, list)
    return told


def asked_for(queries: Sequence[str], folder: Path) -> Iterator[tuple[str, str, datetime]]:
    """Some at a time, because what was signed is good for a minute and a half: each with when it was."""
    for first in range(0, len(queries), 1_000):
        some = queries[first : first + 1_000]
        answers = by_php(some, folder)
        now = datetime.now(UTC)
        yield from ((query, text, now) for query, text in zip(some, answers, strict=True))


def as_read(query: str) -> list[tuple[str, str]]:
    """By the rules of our web server, which reads what arrives."""
    return parse_qsl(query, keep_blank_values=True, errors="werkzeug.url_quote")


def by_python(query: str, timestamp: str) -> str:
    whole = [
        *((name, value) for name, value in as_read(query) if name not in OURS),
        ("shop", "shop.example"),
        ("logged_in_customer_id", ""),
        ("path_prefix", "/apps/doorstep"),
        ("timestamp", timestamp),
    ]
    return urlencode([*whole, ("signature", signature(whole, KEY))])


def test_php_and_python_ask_the_same(tmp_path: Path, count: Count, figure: Figure) -> None:
    chance = random.Random(20261126)
    queries = [made(chance) for _ in range(count(3_000, 30_000))]
    hostile = broken = refused = 0
    for query, text, now in asked_for(queries, tmp_path):
        pairs = as_read(text)
        assert text == by_python(query, dict(pairs)["timestamp"]), query
        assert dict(pairs)["signature"] == played_signature(pairs, SECRET), query
        assert text.isascii(), query
        if any(CONTROL.search(name) for name, _ in pairs):
            refused += 1
            with pytest.raises(Refused):
                check(pairs, [KEY], now)
            continue
        forwarded = check(pairs, [KEY], now)
        assert (forwarded.shop, forwarded.prefix) == ("shop.example", "/apps/doorstep"), query
        counts = Counter(name for name, _ in pairs)
        assert [counts[name] for name in OURS] == [1] * 5, query
        hostile += any(name in OURS for name, _ in as_read(query))
        broken += "\ufffd" in "".join(f"{name}{value}" for name, value in parse_qsl(query, errors="replace"))
    figure("queries", len(queries))
    figure("with_names_of_ours", hostile)
    figure("with_broken_letters", broken)
    figure("with_names_of_several_lines", refused)
    assert min(hostile, broken) > len(queries) / 5 and refused > 50


def test_one_letter_more_and_the_signature_is_none(tmp_path: Path) -> None:
    (text,) = by_php(["number=1047"], tmp_path)
    pairs = as_read(text)
    now = datetime.now(UTC)
    check(pairs, [KEY], now)
    for at in range(len(pairs)):
        changed = [
            (name, f"{value}x") if at == place else (name, value) for place, (name, value) in enumerate(pairs)
        ]
        with pytest.raises(Refused):
            check(changed, [KEY], now)
    for moment in (now + timedelta(seconds=100), now - timedelta(seconds=100)):
        with pytest.raises(Refused):
            check(pairs, [KEY], moment)
    with pytest.raises(Refused):
        check(pairs, ["6b" * 32], now)
