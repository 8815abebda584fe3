"""What a mail gives and what it is about: a code with its terms, a product that may be bought again."""

from __future__ import annotations

from dataclasses import dataclass

from babel.numbers import format_percent

from emails.clean import one_line, short_name, web_address
from emails.message import Coupon, MailContext
from emails.money import money
from emails.order_lines import first_letter, name_of, picture_of
from emails.voice import Voice
from flows.offers import Gives


@dataclass(frozen=True, slots=True)
class CouponView:
    code: str
    gives: str
    terms: str


@dataclass(frozen=True, slots=True)
class About:
    """`short` is for subjects and headlines. `again`: where it is bought once more."""

    title: str
    short: str
    picture: str | None
    letter: str
    again: str | None


def coupon_view(coupon: Coupon | None, voice: Voice) -> CouponView | None:
    if coupon is None:
        return None
    amount = percent(coupon.value, voice)
    if coupon.gives is not Gives.PERCENT:
        amount = money(coupon.value, coupon.currency, voice.locale)
    gives = voice.words(f"coupon.{coupon.gives.value}", amount=amount)
    day = voice.day(coupon.ends_at)
    if coupon.minimum:
        least = money(coupon.minimum, coupon.currency, voice.locale)
        return CouponView(coupon.code, gives, voice.words("coupon.minimum", amount=least, day=day))
    return CouponView(coupon.code, gives, voice.words("coupon.until", day=day))


def percent(value: int, voice: Voice) -> str:
    return format_percent(value / 100, locale=voice.locale).replace(" ", "\u00a0")


def about_view(context: MailContext, voice: Voice) -> About:
    """The product that the mail is about, else the first of what was kept."""
    line = next((one for one in context.lines if one.product_id == context.about), None)
    line = line or next(iter(context.lines), None)
    title = (name_of(line, context.products) if line else "") or voice.words("about.order")
    return About(
        title=one_line(title, 120),
        short=short_name(title),
        picture=picture_of(line, context.products) if line else None,
        letter=first_letter(title),
        again=web_address(context.links.again),
    )
