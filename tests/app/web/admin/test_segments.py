"""A merchant makes a group of rows and gives it to a flow; what cannot be is refused in words."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.queries.facts import load_shops
from app.queries.settings import load_settings
from app.web.admin.group_form import form_of, read_form
from app.words.group_fields import FIELDS, Entry, Field
from flows.commerce import Platform
from flows.conditions import AllOf, AnyOf, Named
from flows.rules import RULES
from flows.segments import read, write
from tests.app.desk import a_product, an_order
from tests.app.web.admin.hand import Hand, words_of
from tests.app.web.shopping import put

GIFTS = {"title": "Gifts", "rule-0": "is_gift"}
TYPED = {Entry.NOTHING: "", Entry.NUMBER: "7", Entry.MONEY: "12.50", Entry.PERCENT: "10", Entry.WORDS: "a b"}


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: field.rule)
@pytest.mark.parametrize("so", ["is", "not"])
def test_every_row_becomes_a_rule_and_a_row_again(field: Field, so: str) -> None:
    typed = field.choices[0] if field.choices else TYPED[field.entry]
    sent = {"title": " A  name ", "rule-3": field.rule, "is-3": so, "value-3": typed}
    form, condition = read_form(sent, "EUR")
    assert isinstance(condition, Named) and not form.is_wrong
    assert [name for name, _ in condition.arguments] == ([field.argument] if field.argument else [])
    assert [(name, type(value)) for name, value in condition.arguments] == list(RULES[field.rule].arguments)
    assert read(write(condition)) == condition
    assert form_of("A name", condition, "EUR") == form
    assert not RULES[field.rule].sentiment


def test_all_or_one_of_several() -> None:
    rows = {"title": "x", "rule-0": "is_gift", "rule-5": "country_is", "value-5": "DE", "is-5": "not"}
    parts = (Named("is_gift"), ~Named("country_is", (("country", "DE"),)))
    assert read_form(rows, "EUR")[1] == AllOf(parts)
    assert read_form({**rows, "join": "any"}, "EUR")[1] == AnyOf(parts)


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"title": "", "rule-0": "is_gift"}, "A name is needed"),
        ({"title": "x" * 101, "rule-0": "is_gift"}, "A name is needed"),
        ({"title": "Everybody"}, "it would be everybody"),
        ({"title": "x", "rule-0": "scored_at_least", "value-0": "9"}, "This cannot be asked."),
        ({"title": "x", "rule-0": "is_happy"}, "This cannot be asked."),
        ({"title": "x", "rule-0": "spends_in_top", "value-0": "51"}, "A number is needed, 1 to 50."),
        ({"title": "x", "rule-0": "ordered_at_least", "value-0": "0"}, "A number is needed, 1 to 10000."),
        (
            {"title": "x", "rule-0": "value_at_least", "value-0": "1e3"},
            "A number is needed, 1 to 10000000.00.",
        ),
        ({"title": "x", "rule-0": "stage_is", "value-0": "happy"}, "One of these is needed"),
        ({"title": "x", "rule-0": "bought_tag", "value-0": " "}, "Something is needed here, like sale."),
        ({"title": "x", "rule-0": "bought_product", "value-0": "77"}, "no product with this number"),
    ],
)
def test_what_cannot_be_is_refused_and_stays_in_the_form(hand: Hand, sent: dict[str, str], said: str) -> None:
    answer = hand.post("/segments/new", **sent)
    assert answer.status_code == 422
    assert said in words_of(answer)
    assert hand.rows("SELECT 1 FROM segments") == hand.changes() == []


def test_a_group_is_made_changed_and_removed(hand: Hand) -> None:
    assert hand.post("/segments/new", **GIFTS).status_code == 200
    assert hand.post("/segments/new", **{**GIFTS, "title": "More"}).status_code == 200
    page = hand.post("/segments/own-1", **{**GIFTS, "title": "Not gifts", "is-0": "not"})
    assert "Not gifts" in words_of(page)
    rows = hand.rows("SELECT key, title, condition FROM segments ORDER BY key")
    assert [tuple(row) for row in rows] == [
        ("own-1", "Not gifts", {"not": "is_gift"}),
        ("own-2", "More", "is_gift"),
    ]
    assert 'value="Not gifts"' in hand.get("/segments/own-1").text
    assert hand.post("/segments/own-1/remove").status_code == 200
    assert hand.post("/segments/own-1/remove").status_code == 404
    assert hand.post("/segments/own-1", **GIFTS).status_code == 409
    assert [words for _, area, words in hand.changes() if area == "segments"] == [
        "Gifts: A gift.",
        "More: A gift.",
        "Not gifts: Not a gift.",
        "Not gifts was removed.",
    ]


def test_ours_cannot_be_changed(hand: Hand) -> None:
    assert hand.get("/segments/gifts").status_code == 404
    assert hand.post("/segments/gifts", **GIFTS).status_code == 404
    assert hand.post("/segments/gifts/remove").status_code == 404


def test_a_flow_for_a_group_takes_nobody_else(hand: Hand) -> None:
    hand.post("/flows/order_confirmation/switch", on="1")
    hand.post("/segments/new", title="Germans", **{"rule-0": "ordered_at_least", "value-0": "2"})
    page = hand.post("/flows/order_confirmation/group", group="own-1")
    assert page.status_code == 200 and "From now on for: Germans." in words_of(page)
    at = hand.now + timedelta(minutes=1)
    hand.now = at + timedelta(minutes=1)
    orders = (an_order(id="1", at=at), an_order(id="2", at=at + timedelta(seconds=9)))
    put(hand.site, Platform.WOOCOMMERCE, orders=orders)
    rows = hand.rows(
        "SELECT order_id, status, end_reason FROM journeys WHERE flow_key = 'order_confirmation' ORDER BY 1"
    )
    assert [(row.order_id, row.end_reason == "outside_group") for row in rows] == [("1", False), ("2", False)]
    assert hand.post("/segments/own-1/remove").status_code == 409, "it would be for nobody"
    assert "Only for it: Order confirmation" in words_of(hand.get("/segments"))
    hand.post("/flows/order_confirmation/group", group="")
    assert hand.post("/segments/own-1/remove").status_code == 200
    assert hand.post("/flows/order_confirmation/group", group="own-1").status_code == 409


def test_who_is_outside_is_told_why(hand: Hand) -> None:
    hand.post("/flows/order_confirmation/switch", on="1")
    hand.post("/flows/order_confirmation/group", group="loyal")
    hand.now += timedelta(minutes=2)
    put(hand.site, Platform.WOOCOMMERCE, orders=(an_order(at=hand.now - timedelta(minutes=1)),))
    (row,) = hand.rows(
        "SELECT status, end_reason, reasons FROM journeys WHERE flow_key = 'order_confirmation'"
    )
    assert (row.status, row.end_reason) == ("declined", "outside_group")
    assert (row.reasons[-1][0], row.reasons[-1][2]) == ("ordered_at_least", "1 orders")


def test_a_share_is_left_out_of_one_flow_or_of_all(hand: Hand) -> None:
    page = hand.post("/flows/win_back/holdout", share="10")
    assert "10 % of people are left out for comparison." in words_of(page)
    assert 'name="share" min="0" max="50" step="1" value="10"' in page.text
    assert hand.post("/segments/holdout", share="5").status_code == 200
    assert 'step="1" value="5"' in hand.get("/segments").text
    assert [row.holdout for row in hand.rows("SELECT holdout FROM flow_switches")] == [10]
    for typed in ("51", "-1", "", "1.5", "1" * 9, "\u0661"):
        assert hand.post("/flows/win_back/holdout", share=typed).status_code == 422
        assert hand.post("/segments/holdout", share=typed).status_code == 422
    assert hand.post("/flows/order_confirmation/holdout", share="10").status_code == 404
    assert "Nothing was changed." in words_of(hand.post("/flows/win_back/holdout", share="10"))
    with hand.site.runtime.database.shops(hand.site.woocommerce.shop_id) as session:
        shop_id = hand.site.woocommerce.shop_id
        setting = load_settings(session, [shop_id])[shop_id, "win_back"]
        shop = load_shops(session, [shop_id])[shop_id].facts()
    assert (setting.holdout, setting.enabled, shop.holdout) == (10, False, 5)


def test_a_product_that_went_is_told(hand: Hand) -> None:
    put(hand.site, Platform.WOOCOMMERCE, products=(a_product(id="77", title="Lamp"),))
    sent = {"title": "Lamps", "rule-0": "bought_product", "value-0": "77"}
    assert hand.post("/segments/new", **sent).status_code == 200
    assert "product that is gone" not in words_of(hand.get("/segments"))
    shop = hand.site.woocommerce.shop_id
    with hand.site.runtime.database.shops(shop) as session:
        session.exec_driver_sql("DELETE FROM products WHERE id = '77'")
    assert "It names a product that is gone: 77." in words_of(hand.get("/segments"))
