"""Two made-up shops and their orders, as a mail sees them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from emails.message import Brand, Links, MailContext
from flows.commerce import (
    Address,
    LineQuantity,
    Order,
    OrderLine,
    Parcel,
    ParcelStatus,
    Product,
)
from flows.picture import OrderPicture

PLACED = datetime(2026, 10, 16, 14, 41, tzinfo=UTC)

HOLLOW_PINE = Brand(
    name="Hollow Pine Coffee",
    url="https://hollow-pine.example",
    sender="orders@mail.hollow-pine.example",
    support_email="hello@hollow-pine.example",
    postal_address="Hollow Pine Coffee\n212 Mill Street\nDecorah, IA 52101",
    accent="#9a4a22",
    ink="#2b211b",
    page="#f5efe6",
    heading_font="'Iowan Old Style', Georgia, 'Times New Roman', serif",
    support_name="Marit",
    country="US",
)

LARKHUS = Brand(
    name="Larkhus",
    url="https://larkhus.example",
    sender="post@mail.larkhus.example",
    support_email="hallo@larkhus.example",
    postal_address="Larkhus GmbH\nHafenweg 12\n24103 Kiel",
    accent="#1f5a63",
    ink="#16262b",
    page="#f1f5f5",
    heading_font="'Avenir Next', 'Helvetica Neue', Helvetica, Arial, sans-serif",
    support_name="Jonte",
    radius=4,
    country="DE",
)


def links_for(brand: Brand, *products: str, unsubscribe: bool = False) -> Links:
    base = brand.url + "/l/"
    return Links(
        tracking=f"{base}follow-7c1e2b90",
        shop=f"{base}shop-11ac",
        reviews={product: f"{base}review-{product}-83aa" for product in products},
        stars={
            product: tuple(f"{base}review-{product}-{stars}-83aa" for stars in range(1, 6))
            for product in products
        },
        unsubscribe=f"{brand.url}/u/9d2f61c0" if unsubscribe else None,
        one_click=f"{brand.url}/u/9d2f61c0/one-click" if unsubscribe else None,
    )


def coffee_lines(pictures: str | None = None) -> tuple[OrderLine, ...]:
    def picture(name: str) -> str | None:
        return f"{pictures}/{name}.png" if pictures else None

    return (
        OrderLine("l1", "Night Ferry", 1, 3800, "p1", variant="1 kg, whole bean", image_url=picture("bag")),
        OrderLine("l2", "Alder Creek", 2, 3300, "p2", variant="250 g, for filter", image_url=picture("bag2")),
        OrderLine("l3", "Enamel cup", 1, 2200, "p3", variant="350 ml, cream", image_url=picture("cup")),
        OrderLine("l4", "Hand grinder", 1, 8900, "p4", image_url=picture("grinder")),
    )


def coffee(pictures: str | None = None, lines: int = 3) -> MailContext:
    """A paid order with tax added, a discount code and free shipping."""
    chosen = coffee_lines(pictures)[:lines]
    subtotal = sum(line.total for line in chosen)
    order = Order(
        id="5001",
        number="#1047",
        version=PLACED,
        placed_at=PLACED,
        accepted_at=PLACED,
        paid_at=PLACED,
        currency="USD",
        total=subtotal - 500 + 146,
        subtotal=subtotal,
        discount=500,
        discount_codes=("HELLO5",),
        tax=146,
        email="nora@example.com",
        first_name="Nora",
        last_name="Whitfield",
        locale="en-US",
        lines=chosen,
        shipping_address=Address(
            "Nora Whitfield", "", "18 Larch Street", "Apt 4", "Providence", "RI", "02906", "US"
        ),
        shipping_method="Standard parcel",
        payment_method="Visa ending in 4242",
    )
    return MailContext(
        brand=HOLLOW_PINE,
        links=links_for(HOLLOW_PINE, "p1", "p2", "p3", "p4"),
        picture=OrderPicture(order),
        lines=chosen,
        products={},
        locale="en-US",
        timezone="America/Chicago",
        first_name="Nora",
        announces=frozenset({"shipped", "delivered"}),
    )


def lamps(pictures: str | None = None) -> MailContext:
    """A German order with tax included, to be paid by bank transfer."""

    def picture(name: str) -> str | None:
        return f"{pictures}/{name}.png" if pictures else None

    lines = (
        OrderLine(
            "21", "Pendelschirm Skarn", 1, 14900, "71", variant="Leinen, Ø 40 cm", image_url=picture("shade")
        ),
        OrderLine(
            "22", "Leuchtmittel Glim", 2, 1800, "72", variant="E27, 4 W, warmweiß", image_url=picture("bulb")
        ),
    )
    order = Order(
        id="3341",
        number="3341",
        version=PLACED,
        placed_at=PLACED,
        accepted_at=PLACED,
        currency="EUR",
        total=17190,
        subtotal=16700,
        shipping=490,
        tax=2745,
        tax_included=True,
        email="j.seidel@example.de",
        first_name="Johanna",
        last_name="Seidel",
        locale="de_DE",
        lines=lines,
        shipping_address=Address("Johanna Seidel", "", "Lindenhof 7", "", "Leipzig", "", "04109", "DE"),
        shipping_method="DHL Paket",
        payment_method="Direkte Banküberweisung",
    )
    return MailContext(
        brand=LARKHUS,
        links=links_for(LARKHUS, "71", "72"),
        picture=OrderPicture(order),
        lines=lines,
        products={
            "71": Product("71", "Pendelschirm Skarn", PLACED),
            "72": Product("72", "Leuchtmittel Glim", PLACED),
        },
        locale="de_DE",
        timezone="Europe/Berlin",
        first_name="Johanna",
        announces=frozenset({"shipped", "delivered"}),
    )


def shipped(context: MailContext, *line_ids: str, likely_in_days: int | None = 4) -> MailContext:
    """The same order with a parcel under way; no `line_ids`: all lines are in it."""
    left = PLACED + timedelta(days=3)
    chosen = [line for line in context.picture.order.lines if not line_ids or line.id in line_ids]
    parcel = Parcel(
        id="f1",
        order_id=context.picture.order.id,
        version=left,
        status=ParcelStatus.IN_TRANSIT,
        carrier="Northpost",
        tracking_number="NP 4471 0926 58",
        lines=tuple(LineQuantity(line.id, line.quantity) for line in chosen),
        shipped_at=left,
        estimated_at=None if likely_in_days is None else PLACED + timedelta(days=likely_in_days),
    )
    return with_parcels(context, parcel, *context.picture.parcels)


def delivered(context: MailContext, *line_ids: str) -> MailContext:
    under_way = shipped(context, *line_ids)
    parcel = under_way.picture.parcels[0]
    arrived = replace(parcel, status=ParcelStatus.DELIVERED, delivered_at=PLACED + timedelta(days=4, hours=3))
    return with_parcels(context, arrived)


def with_parcels(context: MailContext, about: Parcel, *others: Parcel) -> MailContext:
    return replace(context, picture=replace(context.picture, parcels=(about, *others)), parcel=about)


def second_parcel(context: MailContext, *line_ids: str) -> Parcel:
    left = PLACED + timedelta(days=5)
    lines = tuple(
        LineQuantity(line.id, line.quantity) for line in context.picture.order.lines if line.id in line_ids
    )
    return Parcel("f2", context.picture.order.id, left, ParcelStatus.SHIPPED, lines=lines, shipped_at=left)


def reviewing(context: MailContext) -> MailContext:
    arrived = delivered(context)
    products = tuple(context.links.reviews)
    return replace(
        arrived, parcel=None, links=links_for(context.brand, *products, unsubscribe=True), step="ask"
    )
