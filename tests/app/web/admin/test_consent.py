"""Where the law leaves a choice: careful until somebody turns it, and counted from the next mail on."""

from __future__ import annotations

from dataclasses import dataclass, fields

import pytest

from app.words.consent_said import CHOICE_WORDS
from flows.commerce import Platform
from flows.consent_choices import CAREFUL, ConsentChoices, choices_from
from tests.app.web.admin.mails import Counter
from tests.app.web.conftest import Site


@dataclass
class Shop(Counter):
    platform: Platform = Platform.WOOCOMMERCE

    @property
    def choices(self) -> ConsentChoices:
        (row,) = self.sql("SELECT consent_choices FROM shops WHERE id = :shop")
        return choices_from(row.consent_choices)

    @property
    def agreed_key(self) -> str:
        return "".join(row.agreed_key for row in self.sql("SELECT agreed_key FROM shipment_words"))


@pytest.fixture
def shop(site: Site) -> Shop:
    return Shop(site)


@pytest.fixture
def shopify(site: Site) -> Shop:
    return Shop(site, platform=Platform.SHOPIFY)


def test_every_choice_has_its_words_and_is_careful_at_first(shop: Shop) -> None:
    assert list(CHOICE_WORDS) == [one.name for one in fields(ConsentChoices)]
    page = shop.get("/consent")[1]
    for words in CHOICE_WORDS.values():
        assert words.title in page
    assert page.count('aria-checked="false"') == 4
    assert shop.choices == CAREFUL


def test_a_switch_acts_at_once_and_can_be_turned_back(shop: Shop) -> None:
    for choice in CHOICE_WORDS:
        status, page = shop.post(f"/consent/choices/{choice}", on="1")
        assert (status, page.count('aria-checked="true"')) == (200, 1)
        assert getattr(shop.choices, choice) is not getattr(CAREFUL, choice)
        assert f"Turned on: {CHOICE_WORDS[choice].title}." in page
        shop.post(f"/consent/choices/{choice}", on="0")
        assert shop.choices == CAREFUL


def test_what_is_no_choice_is_refused(shop: Shop) -> None:
    assert shop.post("/consent/choices/all_of_them", on="1")[0] == 404
    assert shop.post("/consent/choices/double_opt_in", on="yes")[0] == 400
    assert shop.choices == CAREFUL


def test_a_choice_of_one_shop_is_not_that_of_another(shop: Shop, shopify: Shop) -> None:
    shop.post("/consent/choices/told_at_checkout", on="1")
    assert (shop.choices.told_at_checkout, shopify.choices.told_at_checkout) == (True, False)


def test_the_checkouts_answer_is_read_from_the_field_that_the_merchant_names(shop: Shop) -> None:
    status, page = shop.post("/consent/field", agreed_key="  _newsletter \n")
    assert (status, shop.agreed_key) == (200, "_newsletter")
    assert "Saved." in page
    assert "The answer of the checkout is in _newsletter." in shop.get("/consent")[1]
    assert "Nothing was changed." in shop.post("/consent/field", agreed_key="_newsletter")[1]
    # What the merchant says of shipping is kept beside it, and keeps it.
    shop.post("/shipping", seen="", number_key="parcel_no")
    assert shop.agreed_key == "_newsletter"


@pytest.mark.parametrize("key", ["x" * 101, "a\x07b"])
def test_a_field_that_cannot_be_is_refused(shop: Shop, key: str) -> None:
    status, page = shop.post("/consent/field", agreed_key=key)
    assert (status, shop.agreed_key) == (422, "")
    assert 'aria-invalid="true"' in page


def test_shopify_tells_of_consent_by_itself(shopify: Shop) -> None:
    assert "What your checkout asks" not in shopify.get("/consent")[1]
    assert shopify.post("/consent/field", agreed_key="x")[0] == 404
