"""The signature of forwarded requests: the documented example, and what may never pass."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from connectors.app_proxy import Forwarded, check, signature
from connectors.base import Refused

DOCUMENTED = [
    ("extra", "1"),
    ("extra", "2"),
    ("shop", "shop-name.myshopify.com"),
    ("logged_in_customer_id", "1"),
    ("path_prefix", "/apps/awesome_reviews"),
    ("timestamp", "1317327555"),
    ("signature", "4c68c8624d737112c91818c11017d24d334b524cb5c2b8ba08daa056f7395ddb"),
]
THEN = datetime.fromtimestamp(1317327555, UTC)


def resigned(pairs: list[tuple[str, str]]) -> list[tuple[str, str]]:
    bare = [pair for pair in pairs if pair[0] != "signature"]
    return [*bare, ("signature", signature(bare, "hush"))]


def test_the_documented_example_passes() -> None:
    passed = check(DOCUMENTED, ("hush",), THEN)
    assert passed == Forwarded("shop-name.myshopify.com", "/apps/awesome_reviews")


def test_either_of_two_secrets_may_have_signed() -> None:
    assert check(DOCUMENTED, ("new", "hush"), THEN).shop == "shop-name.myshopify.com"
    for secrets in ((), ("",), ("new",), ("hush ",)):
        with pytest.raises(Refused):
            check(DOCUMENTED, secrets, THEN)


@pytest.mark.parametrize("seconds", [-90, 90])
def test_the_window_is_ninety_seconds(seconds: int) -> None:
    check(DOCUMENTED, ("hush",), THEN + timedelta(seconds=seconds))
    with pytest.raises(Refused):
        check(DOCUMENTED, ("hush",), THEN + timedelta(seconds=seconds + (1 if seconds > 0 else -1)))


@pytest.mark.parametrize("name", ["shop", "timestamp", "path_prefix", "logged_in_customer_id", "signature"])
def test_what_the_store_adds_comes_once(name: str) -> None:
    """Even where everything is signed."""
    others = [pair for pair in DOCUMENTED if pair[0] != name]
    one = (name, dict(DOCUMENTED)[name])
    for wrong in (others, [*others, one, one]):
        with pytest.raises(Refused):
            check(wrong if name == "signature" else resigned(wrong), ("hush",), THEN)


@pytest.mark.parametrize("name", ["left\n1317327555\n{", "a\x00", "\x7f", "a\rb"])
def test_a_name_is_one_line(name: str) -> None:
    """The text that is signed has no separators: such a name could make it look like something else."""
    with pytest.raises(Refused):
        check(resigned([*DOCUMENTED, (name, "1")]), ("hush",), THEN)
    check(resigned([*DOCUMENTED, ("a name", "1\n2")]), ("hush",), THEN)


@pytest.mark.parametrize("prefix", ["", "apps", "//evil.example", "/apps/../x", "/a\n/b", "/apps/doorstep/"])
def test_a_prefix_is_a_plain_path(prefix: str) -> None:
    changed = [(key, prefix if key == "path_prefix" else value) for key, value in DOCUMENTED]
    with pytest.raises(Refused):
        check(resigned(changed), ("hush",), THEN)


@pytest.mark.parametrize("stamp", ["", "soon", "١٣١٧٣٢٧٥٥٥", "1317327555.0", "9" * 40, "-1317327555"])
def test_a_timestamp_is_a_number_of_seconds(stamp: str) -> None:
    changed = [(key, stamp if key == "timestamp" else value) for key, value in DOCUMENTED]
    with pytest.raises(Refused):
        check(resigned(changed), ("hush",), THEN)
