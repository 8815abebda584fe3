"""The language of an order, as plugins that make a shop speak several note it."""

from __future__ import annotations

from typing import Any

import pytest

from connectors.woocommerce.languages import NOTES, spoken
from tests.connectors.woocommerce.recorded_orders import read


@pytest.mark.parametrize("key", NOTES)
def test_each_plugin_has_a_note_of_its_own(key: str) -> None:
    order = read("order.created.paid", meta_data=[{"id": 1, "key": key, "value": "fr"}]).orders[0]
    assert order.locale == "fr"


def test_ours_counts_before_others() -> None:
    assert spoken({"wpml_language": "fr", "_doorstep_language": "de_AT"}) == "de-AT"


@pytest.mark.parametrize(
    ("value", "language"),
    [
        ("de_DE_formal", "de-DE"),
        ("zh-hant", "zh-hant"),
        ("zh_TW", "zh-TW"),
        ("pt-br", "pt-br"),
        ("ca_valencia", "ca"),
        ("", None),
        ("all", "all"),
        ("Deutsch!", None),
        ("../../etc", None),
        ("x", None),
        (["fr"], None),
        (7, None),
        (None, None),
    ],
)
def test_what_stands_there(value: Any, language: str | None) -> None:
    assert spoken({"wpml_language": value}) == language


def test_an_order_without_a_note_has_none() -> None:
    assert read("order.created.paid", meta_data=[]).orders[0].locale is None
