"""What a shop granted, against what was asked for."""

from __future__ import annotations

import pytest

from connectors.shopify.scopes import OPTIONAL_SCOPES, SCOPES, missing_scopes


@pytest.mark.parametrize(
    ("granted", "wanted", "missing"),
    [
        (",".join(SCOPES), SCOPES, ()),
        (",".join(reversed(SCOPES)), SCOPES, ()),
        (" read_orders , read_products ", ("read_orders",), ()),
        ("write_orders", ("read_orders",), ()),
        ("write_orders", ("write_orders",), ()),
        ("read_orders", ("write_orders",), ("write_orders",)),
        ("write_orders_x", ("read_orders",), ("read_orders",)),
        ("unauthenticated_write_checkouts", ("unauthenticated_read_checkouts",), ()),
        ("unauthenticated_write_orders", ("read_orders",), ("read_orders",)),
        ("customer_read_orders", ("customer_read_orders",), ()),
        ("customer_write_orders", ("customer_read_orders",), ("customer_read_orders",)),
        ("customer_read_orders,read_orders", ("read_orders",), ()),
        ("", ("read_orders",), ("read_orders",)),
        (",,", ("read_orders",), ("read_orders",)),
    ],
)
def test_write_implies_read_and_order_does_not_matter(
    granted: str, wanted: tuple[str, ...], missing: tuple[str, ...]
) -> None:
    assert missing_scopes(granted, wanted) == missing


def test_only_reading_is_asked_for_but_for_pages_in_the_store() -> None:
    assert {scope for scope in SCOPES if not scope.startswith("read_")} == {"write_app_proxy"}


def test_nothing_is_asked_for_twice() -> None:
    """A right that comes with another is over-asked, which reviewers look for."""
    assert missing_scopes(",".join(SCOPES), OPTIONAL_SCOPES) == OPTIONAL_SCOPES
    every = (*SCOPES, *OPTIONAL_SCOPES)
    assert len(set(every)) == len(every)
