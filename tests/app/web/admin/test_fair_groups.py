"""A review is asked of everybody alike: of certain products and countries, never of certain customers."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from app.queries.settings import load_settings
from flows.segments import SEGMENTS
from tests.app.web.admin.hand import Hand, words_of

ASKS = "/flows/review_request/group"
ONLY_PRODUCTS = {"title": "Lamps", "rule-0": "bought_tag", "value-0": "lamps"}
WHO_COMES_BACK = {"title": "Lamps", "rule-0": "ordered_at_least", "value-0": "3"}


def for_whom(hand: Hand) -> list[str | None]:
    rows = hand.rows("SELECT only_for FROM flow_switches WHERE flow_key = 'review_request'")
    return [row.only_for for row in rows]


@pytest.mark.parametrize("group", [one.key for one in SEGMENTS])
def test_none_of_our_groups_chooses_who_is_asked(hand: Hand, group: str) -> None:
    answer = hand.post(ASKS, group=group)
    assert answer.status_code == 409 and "Reviews are asked of everybody alike" in words_of(answer)
    assert for_whom(hand) in ([], [None])
    assert hand.post("/flows/win_back/group", group=group).status_code == 200, "other flows may choose"


def test_products_may_be_chosen_and_the_group_stays_one_of_products(hand: Hand) -> None:
    assert hand.post("/segments/new", **ONLY_PRODUCTS).status_code == 200
    assert hand.post(ASKS, group="own-1").status_code == 200
    assert hand.post("/segments/own-1", **WHO_COMES_BACK).status_code == 409
    (row,) = hand.rows("SELECT condition FROM segments")
    assert "ordered_at_least" not in str(row.condition)
    hand.post(ASKS, group="")
    assert hand.post("/segments/own-1", **WHO_COMES_BACK).status_code == 200
    assert hand.post(ASKS, group="own-1").status_code == 409


def test_what_was_stored_before_counts_for_nothing(hand: Hand) -> None:
    hand.post("/segments/new", **ONLY_PRODUCTS)
    hand.post(ASKS, group="own-1")
    shop = hand.site.woocommerce.shop_id
    with hand.site.runtime.database.shops(shop) as session:
        assert load_settings(session, [shop])[shop, "review_request"].only_for is not None
        session.execute(text("UPDATE flow_switches SET only_for = 'loyal' WHERE flow_key = 'review_request'"))
        assert load_settings(session, [shop])[shop, "review_request"].only_for is None
