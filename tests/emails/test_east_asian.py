"""Mails to Japan, Korea, China and Taiwan: names, days, prices, faces, lines, and what the law asks."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from babel import Locale

from emails import korea
from emails.clean import fitted, short_name
from emails.columns import padded, width, wrapped
from emails.dates import day, short_day, zone_named
from emails.fonts import FONTS, for_language
from emails.i18n import Texts, language_of, nearest, tag_of
from emails.message import MailContext, RenderedMail
from emails.money import money
from emails.names import called
from emails.render import render
from emails.setting import rules_for, spaced_for
from flows.commerce import Address
from tests.emails import cases
from tests.emails.orders_of_east_asia import ABROAD, CHINA, JAPAN, KOREA, TAIWAN, Abroad, order_from
from tests.emails.sound import findings

TUESDAY = datetime(2026, 11, 24, 3, tzinfo=UTC)
EACH = pytest.mark.parametrize("place", ABROAD, ids=lambda place: place.language)
OFFER = "second_order_offer/offer"


def words(name: str) -> Texts:
    return Texts(nearest(name), markup=False)


@pytest.mark.parametrize(
    ("locale", "folder"),
    [
        ("zh", "zh_Hans"),
        ("zh-CN", "zh_Hans"),
        ("zh_SG", "zh_Hans"),
        ("zh-TW", "zh_Hant"),
        ("zh_HK", "zh_Hant"),
        ("zh-Hant-TW", "zh_Hant"),
        ("zh_Hans_HK", "zh_Hans"),
        ("ja_JP", "ja"),
        ("ko-KR", "ko"),
    ],
)
def test_a_script_of_chinese_has_a_folder(locale: str, folder: str) -> None:
    assert language_of(nearest(locale)) == folder
    assert tag_of(nearest(locale)) == folder.replace("_", "-")


@pytest.mark.parametrize(
    ("locale", "first", "last", "name"),
    [
        ("ja", "花子", "佐藤", "佐藤様"),
        ("ja", "花子", "", "花子様"),
        ("ja", "ﾊﾅｺ", "ｻﾄｳ", "ｻﾄｳ様"),
        ("ja", "Nora", "Whitfield", "Nora Whitfield様"),
        ("ko", "민수", "김", "김민수님"),
        ("ko", "민수", "", "민수님"),
        ("ko", "Nora", "Whitfield", "Nora Whitfield님"),
        ("zh-CN", "小明", "王", "王小明"),
        ("zh-TW", "怡君", "陳", "陳怡君"),
        ("zh-TW", "Nora", "Whitfield", "Nora Whitfield"),
        ("en", "小明", "王", "小明"),
        ("de", "Nora", "Whitfield", "Nora Whitfield"),
    ],
)
def test_readers_are_called_as_their_language_does(locale: str, first: str, last: str, name: str) -> None:
    assert called(first, last, words(locale)) == name


@EACH
def test_a_name_that_is_too_long_keeps_its_title(place: Abroad) -> None:
    context = order_from(place)
    order = replace(context.picture.order, last_name="長" * 40)
    long = replace(context, picture=replace(context.picture, order=order))
    title = {"ja": "様", "ko": "님"}.get(place.language, "")
    assert f"{place.first}{title}" in render("order_confirmation/confirmation", long, place.locale).text


@pytest.mark.parametrize(
    ("locale", "long", "short"),
    [
        ("ja", "11月24日(火)", "11月24日"),
        ("ko_KR", "11월 24일 화요일", "11월 24일"),
        ("zh_CN", "11月24日星期二", "11月24日"),
        ("zh_TW", "11月24日星期二", "11月24日"),
    ],
)
def test_days(locale: str, long: str, short: str) -> None:
    spoken, zone = Locale.parse(locale), zone_named("Asia/Tokyo")
    assert day(TUESDAY, zone, spoken).replace("\u00a0", " ") == long
    assert short_day(TUESDAY, zone, spoken).replace("\u00a0", " ") == short


@pytest.mark.parametrize(
    ("minor", "currency", "locale", "written"),
    [
        (1200, "JPY", "ja_JP", "¥1,200"),
        (12000, "KRW", "ko_KR", "₩12,000"),
        (12000, "KRW", "zh_TW", "₩12,000"),
        (120000, "CNY", "zh_CN", "¥1,200.00"),
        (120000, "CNY", "zh_TW", "CN¥1,200.00"),
        (120000, "TWD", "zh_TW", "NT$1,200"),
        (-120000, "TWD", "zh_TW", "\u2212NT$1,200"),
        (120050, "TWD", "zh_TW", "NT$1,200.50"),
        (120000, "TWD", "ja_JP", "NT$1,200"),
        (120000, "USD", "zh_TW", "US$1,200.00"),
    ],
)
def test_prices(minor: int, currency: str, locale: str, written: str) -> None:
    assert money(minor, currency, Locale.parse(locale)) == written


@pytest.mark.parametrize("language", ["ja", "ko", "zh_Hans", "zh_Hant"])
def test_each_stack_has_faces_of_the_language_before_its_last_resort(language: str) -> None:
    for fonts in FONTS.values():
        for stack in (fonts.heading, fonts.body):
            told = for_language(stack, language)
            own, _, last = stack.rpartition(", ")
            assert told.startswith(own) and told.endswith(last) and "Noto" in told
            assert for_language(stack, "de") == stack
    others = {for_language(FONTS["plain"].body, other) for other in ("ja", "ko", "zh_Hans", "zh_Hant")}
    assert len(others) == 4
    assert for_language("Futura", language).endswith("sans-serif")


def test_lines_have_room_in_east_asia_only() -> None:
    style = (
        '<p style="font-size:16px;color:red;line-height:24px"><td style="font-size:28px;line-height:72px">'
    )
    assert "font-size:16px;color:red;line-height:27px" in spaced_for(style, "ja")
    assert "line-height:72px" in spaced_for(style, "ja")
    assert spaced_for(style, "de") == style and rules_for("de") == ""


@EACH
def test_a_mail_is_set_in_its_language(place: Abroad) -> None:
    page = render("order_confirmation/confirmation", order_from(place), place.locale).html
    assert f'lang="{place.language.replace("_", "-")}"' in page
    assert rules_for(place.language.replace("_", "-")) in page
    heights = re.findall(r"font-size:(14|15|16)px;[^\"]*?line-height:(\d+)px", page)
    assert heights and all(int(height) >= int(size) * 1.68 for size, height in heights)
    english = render("order_confirmation/confirmation", order_from(place), "en").html
    assert "Noto" in page and "Noto" not in english and "keep-all" not in english


def test_sentences_break_between_letters_but_not_before_a_full_stop() -> None:
    lines = wrapped("あ" * 36 + "。" + "い" * 40).splitlines()
    assert [width(line) for line in lines] == [70, 72, 12]
    assert not any(line.startswith("。") for line in lines)
    assert wrapped("お届けは" + "あ" * 31 + "11月24日です。").splitlines()[1].startswith("11月")
    korean = "주문하신 상품을 따로 보관해 두었어요. " * 3
    assert all(line in korean for line in wrapped(korean.strip()).splitlines())
    assert "".join(wrapped("注文" * 200).split()) == "注文" * 200


def test_what_is_too_wide_is_cut_by_columns() -> None:
    assert fitted("あ" * 40, 78) == "あ" * 38 + "…"
    assert fitted("x" * 78, 78) == "x" * 78
    assert width(short_name("長い名前の商品" * 9)) <= 40
    assert [width(padded(text, 16)) for text in ("準備中", "very long indeed it is", "あ" * 12)] == [
        16,
        16,
        16,
    ]


@EACH
def test_a_long_title_leaves_room_for_the_question(place: Abroad) -> None:
    context = order_from(place)
    order = replace(
        context.picture.order, lines=tuple(replace(one, title="長い名前" * 20) for one in context.lines)
    )
    long = replace(context, lines=order.lines, picture=replace(context.picture, order=order))
    mail = render("review_request/ask", cases.STATES["review_request/ask"][0](long), place.locale)
    asked = words(place.locale)("review.ask.subject", product="")
    assert mail.subject.endswith(asked[-3:]) and width(mail.subject) <= 78
    assert width(mail.preheader) <= 90


def test_the_days_of_the_progress_stand_in_one_column() -> None:
    lines = render(
        "shipped/parcel", cases.STATES["shipped/parcel"][0](order_from(JAPAN)), "ja"
    ).text.splitlines()
    stages = [line for line in lines if re.match(r"  \d\. ", line) and "月" in line]
    assert {width(re.split(r"\d+月", line)[0]) for line in stages} == {21}


@pytest.mark.parametrize(
    ("locale", "told"),
    [
        ("ja", "「深煎り『夜』」はいかがでしたか"),
        ("zh-TW", "「深煎り『夜』」用起來如何？"),
        ("en", "How do you like your 深煎り「夜」?"),
    ],
)
def test_quotes_within_quotes_are_inner_ones(locale: str, told: str) -> None:
    assert words(locale)("review.ask.subject", product="深煎り「夜」") == told


def test_a_chinese_name_leaves_no_hole() -> None:
    assert words("zh-CN")("second.thanks.subject", shop="松果咖啡") == "感谢您选择松果咖啡"
    assert words("zh-CN")("second.thanks.subject", shop="Larkhus") == "感谢您选择 Larkhus"


@EACH
def test_every_mail_of_the_country_is_right(place: Abroad) -> None:
    for template, states in cases.STATES.items():
        for state in states:
            mail = render(template, state(order_from(place)), place.locale)
            assert findings(mail) == (), (template, state)
            assert not re.search(r"\{\w|None", mail.subject + mail.preheader + mail.text), template


def offer(place: Abroad, country: str, locale: str, home: str) -> MailContext:
    context = cases.STATES[OFFER][0](order_from(place))
    order = replace(context.picture.order, shipping_address=Address(country=country) if country else None)
    brand = replace(context.brand, country=home)
    return replace(context, brand=brand, picture=replace(context.picture, order=order), locale=locale)


@pytest.mark.parametrize(
    ("country", "locale", "home", "read_there"),
    [
        ("KR", "ko-KR", "KR", True),
        ("kr", "en-US", "US", True),
        ("", "ko", "KR", True),
        ("", "ko", "US", False),
        ("US", "en", "KR", False),
        ("JP", "ja", "JP", False),
    ],
)
def test_who_reads_in_korea(country: str, locale: str, home: str, read_there: bool) -> None:
    assert korea.is_read_in_korea(offer(KOREA, country, locale, home)) is read_there


def test_advertising_begins_with_the_mark_and_keeps_it() -> None:
    for subject in ("다음 주문을 위한 작은 선물", "가" * 39, "x" * 78, "(광고)다음 주문"):
        marked = korea.as_advertising(RenderedMail(subject, "", "", "")).subject
        assert marked.startswith("(광고) ") and marked.count("광고") == 1 and width(marked) <= 78


@pytest.mark.parametrize(
    ("locale", "way_out"),
    [
        ("ko", "수신거부 (Unsubscribe)"),
        ("en", "Unsubscribe / 수신거부"),
        ("de", "Abmelden / 수신거부 (Unsubscribe)"),
    ],
)
def test_the_way_out_is_named_in_both_languages(locale: str, way_out: str) -> None:
    mail = render(OFFER, korea.with_two_ways_out(offer(KOREA, "KR", locale, "KR")), locale)
    assert way_out in mail.html and way_out in mail.text


def test_an_offer_to_japan_names_its_sender_an_address_where_to_complain_and_the_way_out() -> None:
    mail = render(OFFER, cases.STATES[OFFER][0](order_from(JAPAN)), "ja")
    for part in (mail.html, mail.text):
        footer = part[part.rindex("松の木珈琲でご注文いただいた") :]
        for needed in ("株式会社松の木珈琲 〒604-8005", "京都府京都市中京区", "hello@", "配信を停止する"):
            assert needed in footer


def test_addresses_of_the_shop_are_joined_as_its_letters_want() -> None:
    for place, joined in (
        (TAIWAN, "松果咖啡股份有限公司 100 台北市"),
        (CHINA, "松果咖啡有限公司 杭州市"),
        (KOREA, "주식회사 솔숲커피, 서울"),
    ):
        assert joined in render(OFFER, order_from(place), "en").text
