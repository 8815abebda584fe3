"""What mails earned stands on the first page and on the flow's own, with how it is known."""

from __future__ import annotations

from datetime import timedelta

from app.words.earned import earned_in_words, money
from tests.app.web.admin.hand import Hand, words_of


def credited(hand: Hand, order: str, flow: str, rule: str, amount: int, currency: str, days: int) -> None:
    with hand.site.runtime.database.shops(hand.site.woocommerce.shop_id) as session:
        session.exec_driver_sql(
            "INSERT INTO credits VALUES (%s, %s, 1, %s, 'ask', %s, %s, %s, %s, %s)",
            (
                hand.site.woocommerce.shop_id,
                order,
                flow,
                rule,
                amount,
                currency,
                at := hand.now - timedelta(days=days),
                at,
            ),
        )


def test_a_flow_shows_what_it_earned(hand: Hand) -> None:
    credited(hand, "1", "win_back", "click", 12_050, "EUR", 1)
    credited(hand, "2", "win_back", "click", 450, "EUR", 29)
    credited(hand, "3", "win_back", "coupon", 900, "JPY", 2)
    credited(hand, "4", "win_back", "click", 99_900, "EUR", 31)
    credited(hand, "5", "win_back", "click", 0, "EUR", 1)
    credited(hand, "6", "review_request", "click", 700, "USD", 1)
    page = words_of(hand.get("/flows/win_back"))
    assert "Earned 900 JPY from 1 order, by a code from the mail." in page
    assert "Earned 125.00 EUR from 2 orders, by a click up to 5 days before." in page
    assert "USD" not in page
    home = words_of(hand.get("/"))
    assert (
        "Earned in 30 days: 900 JPY from 1 order, by a code from the mail; 125.00 EUR from 2 orders" in home
    )
    assert "7.00 USD from 1 order" in home
    assert "Earned" not in words_of(hand.get("/flows/shipped"))


def test_amounts_in_words() -> None:
    assert money(1_234_505, "EUR") == "12,345.05 EUR"
    assert money(5, "KWD") == "0.005 KWD"
    assert earned_in_words("click", "JPY", 12, 1) == "12 JPY from 1 order, by a click up to 5 days before"
