"""Every mail, in every language, from every kind of order."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import product

import pytest

from emails.i18n import languages
from emails.message import MailContext, RenderedMail
from emails.render import render, template_names
from tests.emails import cases
from tests.emails.samples import coffee, lamps, links_for, reviewing
from tests.emails.sound import findings, links_of
from tests.proof import FULL

CONFIRMATION = "order_confirmation/confirmation"

ORDERS = tuple(cases.ORDERS)


def every() -> Iterator[tuple[str, str, str, int]]:
    """Template, language, order, number of its state. Reduced: in English all of them, in each other language
    every state of every mail with one kind of order and, over the states, with all kinds."""
    place = 0
    for template, language in product(cases.STATES, languages()):
        for number, _ in enumerate(cases.STATES[template]):
            place += 1
            orders = ORDERS if FULL or language == "en" else (ORDERS[place % len(ORDERS)],)
            for order in orders:
                yield template, language, order, number


EVERY = [
    pytest.param(
        template,
        language,
        order,
        cases.STATES[template][number],
        id=f"{template}-{language}-{order}-{number}",
    )
    for template, language, order, number in every()
]


def visible(mail: RenderedMail) -> str:
    body = re.sub(r"<style>.*?</style>|<div style=\"display:none.*?</div>", "", mail.html, flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).replace("\u00a0", " ").split())


def words(text: str) -> str:
    return " ".join(text.replace("\u00a0", " ").split())


def test_every_template_is_in_the_cases() -> None:
    assert set(template_names()) == set(cases.STATES)


@pytest.mark.parametrize(("template", "language", "order", "state"), EVERY)
def test_nothing_is_wrong_with_any_mail(
    template: str, language: str, order: str, state: Callable[[MailContext], MailContext]
) -> None:
    context = state(cases.ORDERS[order]())
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


def test_bad_addresses_never_become_links() -> None:
    def with_bad(url: str) -> MailContext:
        context = coffee(pictures="https://cdn.example")
        lines = tuple(replace(line, image_url=url) for line in context.lines)
        links = replace(
            links_for(context.brand, "p1"),
            tracking=url,
            shop=url,
            reviews={"p1": url},
            stars={"p1": (url,) * 5},
        )
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
