"""Every mail, in every language, from every kind of order."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from itertools import product

import pytest

from emails.i18n import languages
from emails.lint import findings, links_of
from emails.message import MailContext, RenderedMail
from emails.render import render, template_names
from tests.emails import cases
from tests.emails.samples import coffee, delivered, lamps, links_for, reviewing, second_parcel, shipped

CONFIRMATION = "order_confirmation/confirmation"

EVERY = [
    pytest.param(template, language, order, state, id=f"{template}-{language}-{order}-{number}")
    for template, language, order in product(cases.STATES, languages(), cases.ORDERS)
    for number, state in enumerate(cases.STATES[template])
]


def visible(mail: RenderedMail) -> str:
    body = re.sub(r"<style>.*?</style>|<div style=\"display:none.*?</div>", "", mail.html, flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).replace("\u00a0", " ").split())


def words(text: str) -> str:
    return " ".join(text.replace("\u00a0", " ").split())


def test_every_template_is_in_the_cases() -> None:
    assert set(template_names()) == set(cases.STATES)


@pytest.mark.parametrize(("template", "language", "order", "state"), EVERY)
def test_nothing_is_wrong_with_any_mail(template: str, language: str, order: str, state: object) -> None:
    context = state(cases.ORDERS[order]())  # type: ignore[operator]
    mail = render(template, context, language)
    assert findings(mail) == ()
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2028\ud800-\udfff]", mail.html + mail.text)
    assert "\n" not in mail.subject + mail.preheader
    mail.html.encode()


@pytest.mark.parametrize("template", cases.STATES)
def test_markup_from_outside_is_text(template: str) -> None:
    context = cases.STATES[template][0](cases.markup_everywhere())
    mail = render(template, context, "en")
    assert "<script" not in mail.html
    assert "onmouseover" not in re.sub(r"&lt;b onmouseover", "", mail.html)
    assert "{{ 7*7 }}" in html.unescape(mail.html)
    assert "<script>alert(2)</script>" in mail.text


def test_the_same_data_gives_the_same_mail() -> None:
    assert render(CONFIRMATION, coffee(), "en") == render(CONFIRMATION, coffee(), "en")


def test_confirmation_says_what_was_bought_and_what_it_cost() -> None:
    mail = render(CONFIRMATION, cases.plain(), "en-US")
    for part in (words(mail.text), visible(mail)):
        for fact in (
            "Thank you, Nora. Your order is confirmed.",
            "Order #1047",
            "Friday, October 16",
            "Night Ferry",
            "1 kg, whole bean",
            "$38.00",
            "2 at $16.50 each",
            "Discount (HELLO5)",
            "\u2212$5.00",
            "Tax",
            "$1.46",
            "$89.46",
            "Paid with Visa ending in 4242.",
            "Providence, RI 02906",
            "Standard parcel",
            "Questions? Marit answers them.",
            "212 Mill Street",
        ):
            assert fact in part, fact
    assert mail.subject == "Order #1047 is confirmed"
    assert "https://cdn.hollow-pine.example/bag.png" in mail.html
    assert "Unsubscribe" not in mail.text


def test_german_confirmation() -> None:
    text = words(render(CONFIRMATION, lamps(), "de-DE").text)
    for fact in (
        "Vielen Dank, Johanna Seidel.",
        "Freitag, 16. Oktober",
        "149,00 €",
        "Darin enthalten: 27,45 € MwSt.",
        "Zahlungsart: Direkte Banküberweisung, noch offen.",
        "04109 Leipzig",
    ):
        assert fact in text, fact
    assert "MwSt. 27" not in text


def test_text_part_aligns_prices_at_the_last_column() -> None:
    lines = render(CONFIRMATION, coffee(), "en-US").text.splitlines()
    priced = [line for line in lines if re.search(r"  +\u2212?\$[\d.]+$", line)]
    assert len(priced) == 7
    assert {len(line) for line in priced} == {72}


def test_a_mail_speaks_english_where_the_language_is_not_known() -> None:
    mail = render(CONFIRMATION, coffee(), "fi-FI")
    assert mail == render(CONFIRMATION, coffee(), "en")
    assert "Friday, October\u00a016" in mail.text or "Friday,\u00a0October\u00a016" in mail.text


def test_dates_follow_the_country_of_the_locale() -> None:
    assert "Friday 16 October" in words(render(CONFIRMATION, coffee(), "en-GB").text)


def test_the_day_is_the_shops_not_utcs() -> None:
    late = replace(coffee(), timezone="Pacific/Auckland")
    assert "Saturday, October 17" in words(render(CONFIRMATION, late, "en").text)


def test_the_first_twelve_of_many_lines_are_shown() -> None:
    mail = render(CONFIRMATION, cases.many_lines(), "en")
    for part in (mail.text, visible(mail)):
        assert "Part 12" in part
        assert "Part 13" not in part
        assert "and 387 more lines" in part


def test_quantities_and_totals_at_the_edges() -> None:
    assert "80,995 at $1.25 each" in words(render(CONFIRMATION, cases.huge_quantity(), "en").text)
    assert re.search(r"TOTAL +\$0\.00\n", render(CONFIRMATION, cases.nothing_to_pay(), "en").text)
    assert re.search(r"TOTAL +\u2212\$12\.50\n", render(CONFIRMATION, cases.negative_total(), "en").text)
    assert "Paid" not in render(CONFIRMATION, cases.nothing_to_pay(), "en").text
    assert "¥8,946" in render(CONFIRMATION, cases.yen(), "en").text
    assert "QQQ\u00a089.46" in render(CONFIRMATION, cases.unknown_currency(), "en").text


def test_a_refund_is_printed_after_the_total_and_its_line_is_gone() -> None:
    text = render(CONFIRMATION, cases.refunded_line(), "en").text
    assert re.search(r"Refunded +\u2212\$22\.00\nTotal after refund +\$67\.46\n", text)
    assert "Enamel cup" not in text


def test_an_order_without_lines_is_still_confirmed() -> None:
    mail = render(CONFIRMATION, cases.no_lines(), "en")
    assert findings(mail) == ()
    assert "Confirmed " not in mail.text


def test_nothing_is_shipped_of_a_digital_order() -> None:
    text = render(CONFIRMATION, cases.digital(), "en").text
    for absent in ("Shipping", "Ships to", "Preparing", "ships and one when"):
        assert absent not in text


def test_only_mails_that_will_come_are_announced() -> None:
    none = render(CONFIRMATION, replace(coffee(), announces=frozenset()), "en").text
    assert "What we send next" not in none
    assert "One mail when it ships" in render(CONFIRMATION, coffee(), "en").text


def test_names_that_advertise_are_not_greeted() -> None:
    for name in ("Win at http://evil.example", "www.evil.example", "x" * 31, "a@b.example"):
        mail = render(CONFIRMATION, replace(coffee(), first_name=name), "en")
        assert "Thank you. Your order" in mail.text


def test_a_single_parcel() -> None:
    mail = render("shipped/parcel", shipped(coffee()), "en-US")
    text = words(mail.text)
    assert mail.subject == "On its way: order #1047, likely here Tuesday, October 20"
    assert "Your parcel is on its way, Nora." in text
    assert "Northpost, number NP 4471 0926 58" in text
    assert re.search(r"<strong[^>]*>Tuesday,\s+October\s+20</strong>", mail.html)
    assert "strong" not in visible(mail) + mail.text
    assert "3. Shipped Oct 19 <- you are here" in text
    assert "4. Delivered likely Oct 20" in text
    assert "more than one parcel" not in text
    assert "$38.00" not in text


def test_a_split_order_names_what_left_and_what_is_to_come() -> None:
    text = render("shipped/parcel", shipped(coffee(), "l1"), "en-US").text
    left, to_come = text.split("Still to come")
    assert "Part of your order is on its way, Nora." in left
    assert "Night Ferry" in left
    assert "Alder Creek" not in left
    assert "Alder Creek" in to_come
    assert "Enamel cup" in to_come
    assert "Night Ferry" not in to_come


def test_one_of_two_parcels_says_which() -> None:
    context = coffee()
    other = second_parcel(context, "l2", "l3")
    both = replace(context, picture=replace(context.picture, parcels=(other,)))
    mail = render("shipped/parcel", shipped(both, "l1", likely_in_days=None), "en-US")
    assert mail.subject == "Parcel 1 of 2 is on its way, order #1047"
    assert "Parcel 1 of 2, on its way" in mail.text
    assert "Still to come" not in mail.text
    assert "Follow your parcels:" in mail.text


def test_part_of_a_lines_quantity_is_still_to_come() -> None:
    context = shipped(coffee(), "l2")
    parcel = context.picture.parcels[0]
    one = replace(parcel, lines=(replace(parcel.lines[0], quantity=1),))
    split = replace(context, parcel=one, picture=replace(context.picture, parcels=(one,)))
    assert "Alder Creek" in render("shipped/parcel", split, "en").text.split("Still to come")[1]


def test_a_forecast_from_before_the_parcel_left_is_not_repeated() -> None:
    mail = render("shipped/parcel", shipped(coffee(), likely_in_days=1), "en-US")
    assert "likely" not in (mail.subject + mail.text).lower()
    assert "It left us on Monday, October 19 and travels with Northpost." in words(mail.text)


def test_what_needs_no_parcel_is_not_waited_for() -> None:
    context = coffee()
    lines = (context.lines[0], replace(context.lines[1], ships=False))
    order = replace(context.picture.order, lines=lines)
    mixed = replace(context, lines=lines, picture=replace(context.picture, order=order))
    assert "Still to come" not in render("shipped/parcel", shipped(mixed, "l1"), "en").text


def test_delivered_says_the_day_and_offers_help() -> None:
    mail = render("delivered/arrived", delivered(coffee()), "en-US")
    text = words(mail.text)
    assert mail.subject == "Order #1047 has arrived"
    assert "It was reported as delivered on Tuesday, October 20." in text
    assert "You cannot find it" in text


def test_delivered_of_one_parcel_of_two() -> None:
    context = coffee()
    arrived = delivered(context, "l1")
    both = replace(
        arrived,
        picture=replace(
            arrived.picture, parcels=(*arrived.picture.parcels, second_parcel(context, "l2", "l3"))
        ),
    )
    mail = render("delivered/arrived", both, "en-US")
    assert mail.subject == "Parcel 1 of 2 has arrived, order #1047"
    assert "Alder Creek" not in mail.text


def stars(mail: RenderedMail) -> list[tuple[str, str]]:
    return re.findall(r'<a href="([^"]+)" aria-label="([^"]+)"', mail.html)


@pytest.mark.parametrize("touch", ["ask", "nudge", "last"])
def test_a_review_mail_asks_everybody_alike(touch: str) -> None:
    context = reviewing(coffee())
    mail = render(f"review_request/{touch}", context, "en")
    link = context.links.products["p1"]
    assert stars(mail) == [
        (link, f"{n} of 5, {word}")
        for n, word in enumerate(("Bad", "Poor", "Okay", "Good", "Very good"), start=1)
    ]
    assert mail.html.count(context.links.products["p2"]) == 1
    assert context.links.products["p3"] not in mail.html
    assert context.links.unsubscribe is not None
    assert context.links.unsubscribe in mail.html
    assert "You can still leave your review." in words(mail.text)


def test_an_ordinary_review_question() -> None:
    mail = render("review_request/ask", reviewing(coffee()), "en")
    assert mail.subject == "How do you like your Night Ferry?"
    assert "How do you like your Night Ferry, Nora?" in visible(mail)


def test_a_product_bought_twice_is_asked_for_once() -> None:
    context = coffee()
    twice = (context.lines[0], replace(context.lines[0], id="l9"))
    mail = render("review_request/ask", reviewing(replace(context, lines=twice)), "en")
    assert "Also in order" not in mail.text


def test_bad_addresses_never_become_links() -> None:
    def with_bad(url: str) -> MailContext:
        context = coffee(pictures="https://cdn.example")
        lines = tuple(replace(line, image_url=url) for line in context.lines)
        links = replace(links_for(context.brand, "p1"), tracking=url, shop=url, products={"p1": url})
        return replace(context, lines=lines, links=links)

    for url in (
        "javascript:alert(1)",
        "data:text/html,x",
        "//evil.example",
        "ftp://x.example",
        'https://a"b',
    ):
        mail = render(CONFIRMATION, with_bad(url), "en")
        assert html.escape(url) not in mail.html
        assert url not in mail.text
        assert links_of(mail.html) == (coffee().brand.url,)


def test_right_to_left_text_is_fenced_in() -> None:
    mail = render(CONFIRMATION, replace(coffee(), first_name="نورة"), "en")
    assert "\u2068نورة\u2069" in mail.text
    assert "\u2068نورة\u2069" in mail.html


def test_a_short_subject_survives_a_long_title() -> None:
    context = reviewing(cases.long_names())
    mail = render("review_request/ask", context, "en")
    assert len(mail.subject) <= 78
    assert "…" in mail.subject
