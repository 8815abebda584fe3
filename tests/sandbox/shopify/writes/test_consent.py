"""What somebody agreed to."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from connectors import writes
from connectors.base import NotThere, StoreRefused
from flows.commerce import ConsentState
from tests.sandbox.shopify.writes.writing import (
    EMAIL,
    NOW,
    Shop,
    customer_id,
)


def test_consent_is_written_once_and_a_newer_decision_stays(shop: Shop) -> None:
    one = customer_id(shop)
    left = writes.SetConsent(one, EMAIL.upper(), ConsentState.UNSUBSCRIBED, NOW - timedelta(hours=1))
    shop.twice(left, "customerEmailMarketingConsentUpdate")
    told = shop.told("customers_email_marketing_consent/update")["email_marketing_consent"]
    assert (told["state"], told["opt_in_level"]) == ("unsubscribed", None)
    assert datetime.fromisoformat(told["consent_updated_at"]) == left.at
    older = writes.SetConsent(one, EMAIL, ConsentState.SUBSCRIBED, NOW - timedelta(hours=2))
    assert shop.write(older).already
    back = writes.SetConsent(one, EMAIL, ConsentState.SUBSCRIBED, NOW)
    assert not shop.write(back).already
    assert (
        shop.told("customers_email_marketing_consent/update")["email_marketing_consent"]["state"]
        == "subscribed"
    )


@pytest.mark.parametrize(
    ("level", "kept"),
    [("confirmed_opt_in", "confirmed_opt_in"), ("single_opt_in", "single_opt_in"), ("", "single_opt_in")],
)
def test_who_comes_back_has_agreed_as_before(shop: Shop, level: str, kept: str) -> None:
    one = customer_id(shop)
    for state in (ConsentState.UNSUBSCRIBED, ConsentState.SUBSCRIBED):
        assert not shop.write(writes.SetConsent(one, EMAIL, state, datetime.now(UTC), level)).already
    told = shop.told("customers_email_marketing_consent/update")["email_marketing_consent"]
    assert (told["state"], told["opt_in_level"]) == ("subscribed", kept)


def test_consent_of_another_address_or_of_a_finding_is_not_written(shop: Shop) -> None:
    one = customer_id(shop)
    for email, state in (("other@example.com", ConsentState.UNSUBSCRIBED), (EMAIL, ConsentState.INVALID)):
        with pytest.raises(StoreRefused):
            shop.write(writes.SetConsent(one, email, state, NOW))
    with pytest.raises(NotThere):
        shop.write(writes.SetConsent("99", EMAIL, ConsentState.UNSUBSCRIBED, NOW))
