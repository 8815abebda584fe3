"""What the widgets cost a product page on a slow phone, and that they move nothing."""

from __future__ import annotations

import gzip
import statistics
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.doors import store
from tests.browser.metrics import Cost, measure
from tests.browser.past import Past
from tests.browser.screens import PRODUCT
from tests.proof import Count, Figure
from tests.stories.conftest import STORES, Road

WIDGETS = Path("static/widgets")
LARGEST_WIDGET, MOST_SHIFT = 8_000, 0.001


@pytest.mark.parametrize("shop", list(STORES))
def test_a_product_page_with_and_without_widgets(
    road: Road, past: Past, browser: Browser, shop: str, count: Count, figure: Figure
) -> None:
    address, runs = store(road, shop, f"/product/{PRODUCT[shop]}"), count(1, 5)
    without = [
        measure(browser, address, ("*/static/widgets/*", "*/extension-assets/*.js")) for _ in range(runs)
    ]
    with_them = [measure(browser, address) for _ in range(runs)]
    for label, costs in (("without", without), ("with", with_them)):
        for name, value in _median(costs).items():
            figure(f"{label}_{name}", value)
    assert max(cost.cls for cost in with_them) <= MOST_SHIFT


def test_each_widget_is_small(figure: Figure) -> None:
    sizes = {file.name: len(gzip.compress(file.read_bytes(), 9)) for file in WIDGETS.glob("*.js")}
    for name, size in sizes.items():
        figure(f"{name}_gzip_bytes", size)
    assert sizes, "there is no widget"
    assert max(sizes.values()) <= LARGEST_WIDGET


def _median(costs: list[Cost]) -> dict[str, float]:
    return {name: statistics.median(cost.figures()[name] for cost in costs) for name in costs[0].figures()}
