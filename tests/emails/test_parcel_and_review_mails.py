"""Mails about a parcel, and mails that ask for a review."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from emails.message import RenderedMail
from emails.render import render
from tests.emails.samples import coffee, delivered, reviewing, second_parcel, shipped
from tests.emails.test_render import visible, words


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
    assert stars(mail) == [
        (context.links.stars["p1"][n - 1], f"{n} of 5, {word}")
        for n, word in enumerate(("Bad", "Poor", "Okay", "Good", "Very good"), start=1)
    ]
    assert mail.html.count(context.links.reviews["p2"]) == 1
    assert context.links.reviews["p3"] not in mail.html
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
