"""The data that every mail is rendered from: an ordinary order, and the ones that break things."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from emails.message import MailContext
from flows.commerce import Address, LineQuantity, OrderLine, Refund
from tests.emails import states_of_marketing, states_of_service, states_of_shipping
from tests.emails.samples import PLACED, coffee, delivered, lamps, reviewing, second_parcel, shipped

MARKUP = "<b onmouseover=alert(1)>x</b>\"'><script>alert(2)</script>{{ 7*7 }}{% for %}"
ARABIC = "محمد عبد الله الطويل"


def _lines(context: MailContext, *lines: OrderLine) -> MailContext:
    total = sum(line.total for line in lines)
    order = replace(context.picture.order, lines=lines, subtotal=total, total=total, discount=0, tax=0)
    return replace(context, lines=lines, picture=replace(context.picture, order=order))


def _every_text(context: MailContext, text: str) -> MailContext:
    order = context.picture.order
    lines = tuple(replace(line, title=text, variant=text, sku=text, image_url=text) for line in context.lines)
    address = Address(text, text, text, text, text, text, text, text, text)
    dressed = replace(
        order,
        lines=lines,
        number=text,
        first_name=text,
        last_name=text,
        shipping_address=address,
        shipping_method=text,
        payment_method=text,
        discount_codes=(text, text),
        note=text,
    )
    brand = replace(
        context.brand, name=text, postal_address=text, support_name=text, support_email=text, url=text
    )
    return replace(
        context, brand=brand, lines=lines, picture=replace(context.picture, order=dressed), first_name=text
    )


def plain() -> MailContext:
    return coffee(pictures="https://cdn.hollow-pine.example")


def german() -> MailContext:
    return lamps(pictures="https://cdn.larkhus.example")


def no_first_name() -> MailContext:
    return replace(plain(), first_name="")


def right_to_left() -> MailContext:
    return _every_text(plain(), ARABIC)


def long_names() -> MailContext:
    return _every_text(plain(), "Wolfeschlegelsteinhausenbergerdorff" * 9)


def markup_everywhere() -> MailContext:
    return _every_text(plain(), MARKUP)


def breaks_everywhere() -> MailContext:
    return _every_text(plain(), "a\r\nBcc: x@evil.example\r\n\r\nb\0c\u2028d\u202eevil\ud800")


def emoji_everywhere() -> MailContext:
    return _every_text(plain(), "🎁 👩‍👩‍👧‍👦 ☕️")


def no_pictures() -> MailContext:
    return coffee()


def nothing_to_pay() -> MailContext:
    order = replace(plain().picture.order, total=0, discount=9300, tax=0)
    return replace(plain(), picture=replace(plain().picture, order=order))


def negative_total() -> MailContext:
    order = replace(plain().picture.order, total=-1250)
    return replace(plain(), picture=replace(plain().picture, order=order))


def yen() -> MailContext:
    order = replace(plain().picture.order, currency="JPY")
    return replace(plain(), picture=replace(plain().picture, order=order))


def unknown_currency() -> MailContext:
    order = replace(plain().picture.order, currency="QQQ")
    return replace(plain(), picture=replace(plain().picture, order=order))


def refunded_line() -> MailContext:
    context = plain()
    refund = Refund("r1", "5001", PLACED, 2200, (LineQuantity("l3", 1, 2200),))
    picture = replace(context.picture, refunds=(refund,))
    return replace(context, picture=picture, lines=picture.kept_lines())


def many_lines() -> MailContext:
    lines = (OrderLine(f"l{n}", f"Part {n}", 1, 100, f"p{n}", variant="grey") for n in range(1, 400))
    return _lines(plain(), *lines)


def huge_quantity() -> MailContext:
    return _lines(plain(), OrderLine("l1", "Bolt", 80_995, 80_995 * 125, "p1"))


def no_lines() -> MailContext:
    return _lines(plain())


def digital() -> MailContext:
    return _lines(plain(), OrderLine("l1", "Brewing course", 1, 4900, "p1", ships=False))


ORDERS: dict[str, Callable[[], MailContext]] = {
    made.__name__: made
    for made in (
        plain,
        german,
        no_first_name,
        right_to_left,
        long_names,
        markup_everywhere,
        breaks_everywhere,
        emoji_everywhere,
        no_pictures,
        nothing_to_pay,
        negative_total,
        yen,
        unknown_currency,
        refunded_line,
        many_lines,
        huge_quantity,
        digital,
    )
}


def split(context: MailContext) -> MailContext:
    """Only the first line has left."""
    return shipped(context, context.lines[0].id)


def two_parcels(context: MailContext) -> MailContext:
    """All has left, in two parcels; the mail is about the first."""
    first, *others = (line.id for line in context.lines)
    parcels = (second_parcel(context, *others),) if others else ()
    return shipped(replace(context, picture=replace(context.picture, parcels=parcels)), first)


def silent_parcel(context: MailContext) -> MailContext:
    """A store that tells neither what is inside, nor who carries it, nor when."""
    mute = shipped(context, likely_in_days=None)
    parcel = replace(mute.picture.parcels[0], lines=(), carrier="", tracking_number="", shipped_at=None)
    return replace(mute, parcel=parcel, picture=replace(mute.picture, parcels=(parcel,)))


def whole_order(context: MailContext) -> MailContext:
    return replace(delivered(context), parcel=None)


STATES: dict[str, tuple[Callable[[MailContext], MailContext], ...]] = {
    "order_confirmation/confirmation": (lambda context: context,),
    "shipped/parcel": (shipped, split, two_parcels, silent_parcel),
    "delivered/arrived": (delivered, whole_order, split, silent_parcel),
    "review_request/ask": (reviewing,),
    "review_request/nudge": (reviewing,),
    "review_request/last": (reviewing,),
    **states_of_service.STATES,
    **states_of_marketing.STATES,
    **states_of_shipping.STATES,
}
