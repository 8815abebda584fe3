from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from connectors.base import Malformed
from connectors.fields import (
    Body,
    amount,
    body,
    child,
    children,
    clean,
    currency_code,
    flag,
    identity,
    instant,
    maybe_text,
    own_id,
    text,
    web_address,
)


@pytest.mark.parametrize(
    ("value", "currency", "minor"),
    [
        ("12.30", "EUR", 1230),
        ("12.3", "EUR", 1230),
        (" 12.30 ", "EUR", 1230),
        (12.3, "EUR", 1230),
        (12, "EUR", 1200),
        (25.900000000000002, "USD", 2590),
        ("-25.90", "USD", -2590),
        ("0.005", "EUR", 1),
        ("-0.005", "EUR", -1),
        ("0.004", "EUR", 0),
        ("1e2", "EUR", 10000),
        ("1200", "JPY", 1200),
        ("1200.5", "JPY", 1201),
        ("1.234", "KWD", 1234),
        ("1.2345", "BHD", 1235),
        ("9.99", "QQQ", 999),
        ("90071992547409.91", "EUR", 9007199254740991),
        ("1e-400", "EUR", 0),
    ],
)
def test_minor_units(value: Any, currency: str, minor: int) -> None:
    assert amount(Body({"total": value}, "order"), "total", currency) == minor


@pytest.mark.parametrize(
    "value",
    [
        "x",
        "1,20",
        "NaN",
        "Infinity",
        "-inf",
        "sNaN",
        float("nan"),
        float("inf"),
        True,
        [],
        {},
        "1e20",
    ],
)
def test_what_is_no_amount(value: Any) -> None:
    with pytest.raises(Malformed, match=r"^order\.total: not a number$"):
        amount(Body({"total": value}, "order"), "total", "EUR")


@pytest.mark.parametrize("value", [None, "", False])
def test_no_amount_is_none(value: Any) -> None:
    assert amount(Body({"total": value}, "order"), "total", "EUR") is None
    assert amount(Body({}, "order"), "total", "EUR") is None


@pytest.mark.parametrize(
    ("value", "moment"),
    [
        ("2026-11-21T20:37:03", datetime(2026, 11, 21, 20, 37, 3, tzinfo=UTC)),
        ("2026-11-21 20:37:03", datetime(2026, 11, 21, 20, 37, 3, tzinfo=UTC)),
        ("2026-11-21T20:37:03Z", datetime(2026, 11, 21, 20, 37, 3, tzinfo=UTC)),
        ("2026-11-21T21:37:03+01:00", datetime(2026, 11, 21, 20, 37, 3, tzinfo=UTC)),
        ("0000-00-00 00:00:00", None),
        ("0000-00-00T00:00:00", None),
        ("", None),
        (None, None),
        (False, None),
    ],
)
def test_instant(value: Any, moment: datetime | None) -> None:
    assert instant(Body({"at": value}, "x"), "at") == moment


@pytest.mark.parametrize(
    "value", ["yesterday", "2026-13-01", 1795219200, True, [], {}, "0001-01-01T00:00:00+14:00"]
)
def test_what_is_no_time(value: Any) -> None:
    with pytest.raises(Malformed, match="not a time"):
        instant(Body({"at": value}, "x"), "at")


@pytest.mark.parametrize(("value", "found"), [(13, "13"), ("13", "13"), (0, None), ("0", None), ("", None)])
def test_identity(value: Any, found: str | None) -> None:
    assert identity(Body({"id": value}, "x"), "id") == found


@pytest.mark.parametrize("value", [-1, 1.5, True, "13a", "١٣", " 13", "1" * 21, [], {}])
def test_what_is_no_identity(value: Any) -> None:
    with pytest.raises(Malformed, match=r"^x\.id: not an id$"):
        identity(Body({"id": value}, "x"), "id")


def test_an_own_id_must_be_there() -> None:
    with pytest.raises(Malformed, match=r"^x\.id: missing$"):
        own_id(Body({}, "x"))


def test_text() -> None:
    item = Body({"a": " b ", "n": 5, "no": None, "false": False, "list": [], "bad": "a\x00\ud83d b"}, "x")
    assert [text(item, key) for key in ("a", "n", "no", "false", "list", "bad", "missing")] == [
        " b ",
        "5",
        "",
        "",
        "",
        "a b",
        "",
    ]
    assert (maybe_text(item, "a"), maybe_text(item, "no")) == ("b", None)
    assert clean("👩\u200d🚀 مها") == "👩\u200d🚀 مها"


@pytest.mark.parametrize("value", [["a"], {"a": 1}, True])
def test_what_is_no_text(value: Any) -> None:
    with pytest.raises(Malformed, match="not a text"):
        text(Body({"a": value}, "x"), "a")


def test_objects_and_lists_as_wordpress_writes_them() -> None:
    item = Body({"object": [], "none": None, "list": {"1": {"id": 1}, "3": {"id": 3}}, "bad": 5}, "x")
    for key in ("object", "none"):
        assert (child(item, key).data, child(item, key).path) == ({}, f"x.{key}")
    assert [(part.data["id"], part.path) for part in children(item, "list")] == [
        (1, "x.list[0]"),
        (3, "x.list[1]"),
    ]
    assert children(item, "none") == children(item, "missing") == ()
    for read in (child, children):
        with pytest.raises(Malformed, match=r"^x\.bad: not"):
            read(item, "bad")
    with pytest.raises(Malformed, match=r"^order: not an object$"):
        body([1], "order")


@pytest.mark.parametrize(
    ("value", "found"),
    [(True, True), ("yes", True), (1, True), ("0", False), ("no", False), (None, False), ("", False)],
)
def test_flag(value: Any, found: bool) -> None:
    assert flag(Body({"a": value}, "x"), "a") is found
    assert flag(Body({}, "x"), "a", default=True) is True


@pytest.mark.parametrize("value", ["perhaps", 2, [], {}])
def test_what_is_neither_true_nor_false(value: Any) -> None:
    with pytest.raises(Malformed):
        flag(Body({"a": value}, "x"), "a")


@pytest.mark.parametrize(("value", "code"), [("EUR", "EUR"), (" eur ", "EUR"), ("€", "XXX"), ("EURO", "XXX")])
def test_currency_code(value: str, code: str) -> None:
    assert currency_code(value) == code


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("https://x.example/a?b=c", "https://x.example/a?b=c"),
        (" http://x.example/ ", "http://x.example/"),
        ("HTTPS://x.example/", "HTTPS://x.example/"),
        ("//x.example/", None),
        ("javascript:alert(1)", None),
        ("data:text/html,x", None),
        ("https://x.example/a b", None),
        ("https://x.example/\r\nX: y", None),
        ("", None),
        (None, None),
        (5, None),
    ],
)
def test_web_address(value: Any, found: str | None) -> None:
    assert web_address(value) == found
