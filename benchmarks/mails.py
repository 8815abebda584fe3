"""Whole mails as they leave: values, HTML and text, signed links, headers, MIME; ours on the road of a batch
beside the usual way (a template made from its source for each mail, and `email.message.EmailMessage`), in the
same run and for the same recipients.

`python -m benchmarks.mails` (`--mails`, `--sample`: mails that the usual way writes; `--profile`). What is
compared is CPU for a mail. At most 400 microseconds and a fifth of the usual way's are promised, and that
nothing is compiled while mails are written; it exits with 1 where that is broken. A preview of a mail whose
blocks were moved just now is promised within 50 milliseconds.
"""

from __future__ import annotations

import argparse
import cProfile
import pstats
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime, timedelta
from functools import partial

from app.jobs.worker import tune_collector
from app.keys import Keys
from app.models.shop import CONNECTED
from app.queries.brand import Kit
from app.queries.facts import FactBase, ShopRow
from app.services.ledger import Claimed
from app.services.letter import brand_of, mail_context, write_letter
from app.services.sample_order import sample_facts
from benchmarks.peers import plain_mails
from emails.compiling.blocks import blocks_of
from emails.compiling.compiled import compiles
from emails.message import Links, MailContext
from emails.mime import mail_bytes
from emails.render import compile_all, render
from flows.commerce import Address, Product
from flows.facts import Facts, MailClass

MOST_CPU = 400e-6
LEAST_RATIO = 5.0
LONGEST_PREVIEW = 50e-3
NOW = datetime(2026, 10, 16, 9, 0, tzinfo=UTC)
FIRST_NAMES = ("Nora", "Jonas", "Ada", "Élodie", "Mehmet", "Zoë", "Paul", "Ines")
MAILS = (
    ("order_confirmation", "confirmation", MailClass.TRANSACTIONAL),
    ("shipped", "parcel", MailClass.TRANSACTIONAL),
    ("delivered", "arrived", MailClass.TRANSACTIONAL),
    ("review_request", "ask", MailClass.SERVICE),
    ("cross_sell_series", "related", MailClass.MARKETING),
)


@dataclass(frozen=True)
class Post:
    """A sender that only writes."""

    # Keys never change, so all may share them.
    secrets: Keys = Keys("a secret of forty-two letters that nobody uses", ())  # noqa: RUF009
    address: str = "https://mails.example"
    mail_domain: str = "mail.example"


@dataclass(frozen=True)
class Work:
    base: FactBase
    rows: Sequence[tuple[Claimed, Facts]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mails", type=int, default=5_000)
    parser.add_argument("--sample", type=int, default=50)
    parser.add_argument("--profile", action="store_true")
    asked = parser.parse_args()
    compile_all()
    tune_collector()
    work = work_of(asked.mails)
    write(work, work.rows[:500])
    if asked.profile:
        return profile(work)
    before = compiles()
    ours = min(_cpu(lambda: write(work, work.rows)) for _ in range(3)) / asked.mails
    compiled = compiles() - before
    sample = work.rows[: asked.sample]
    usual = _cpu(lambda: in_the_usual_way(work, sample)) / len(sample)
    preview = _preview(work)
    for mail in MAILS:
        rows = [one for one in work.rows if one[0].template == f"{mail[0]}/{mail[1]}"]
        each = min(_cpu(partial(write, work, rows)) for _ in range(3)) / len(rows)
        print(f"{mail[0]}/{mail[1]}: {each * 1e6:.0f} us, {size(work, rows[0])} bytes")
    print(f"a mail: {ours * 1e6:.0f} us CPU; the usual way: {usual * 1e6:.0f} us, {usual / ours:.1f} times")
    print(f"compiled while {asked.mails} mails were written: {compiled}; a preview: {preview * 1e3:.1f} ms")
    kept = ours <= MOST_CPU and usual >= LEAST_RATIO * ours and not compiled and preview <= LONGEST_PREVIEW
    sys.exit(0 if kept else 1)


def write(work: Work, rows: Sequence[tuple[Claimed, Facts]]) -> None:
    for row, facts in rows:
        mail_bytes(write_letter(Post(), work.base, row, facts, frozenset(("shipped", "delivered")), NOW))


def in_the_usual_way(work: Work, rows: Sequence[tuple[Claimed, Facts]]) -> None:
    for row, facts in rows:
        plain_mails.written(row.template, context_of(work, row, facts), facts.recipient or "")


def size(work: Work, one: tuple[Claimed, Facts]) -> int:
    return len(mail_bytes(write_letter(Post(), work.base, *one, frozenset(), NOW)))


def profile(work: Work) -> None:
    looked = cProfile.Profile()
    looked.runcall(write, work, work.rows)
    pstats.Stats(looked).sort_stats("tottime").print_stats(45)


def work_of(mails: int) -> Work:
    """Orders of one shop, each of other people, days, prices and products."""
    shop = ShopRow(
        id=1, platform="woocommerce", domain="lamps.example", state=CONNECTED, generation=1, connected_at=NOW,
        name="Larkhus", url="https://lamps.example", email="hello@lamps.example", currency="EUR",
        timezone="Europe/Berlin", locale="en", country="DE", address="Larkhus GmbH\nHafenweg 12\n24103 Kiel",
        pages_prefix="",
    )  # fmt: skip
    empty: dict[str, object] = {field.name: {} for field in fields(FactBase) if field.init}
    # Every field empty but these, whatever their types.
    base = FactBase(**{**empty, "shops": {1: shop}, "told_in_all": frozenset()})  # type: ignore[arg-type]
    return Work(base, [(_row(number), _facts(shop, number)) for number in range(mails)])


def _row(number: int) -> Claimed:
    flow, step, mail_class = MAILS[number % len(MAILS)]
    return Claimed(
        id=90_000 + number, shop_id=1, generation=1, flow_key=flow, step=step, template=f"{flow}/{step}",
        mail_class=mail_class, order_id=str(number), parcel_id="sample" if flow in ("shipped",) else None,
        due_at=NOW, expires_at=NOW + timedelta(days=1), token=1, attempts=0, lease_until=NOW,
        journey_id=number, postponed_at=None, reread_at=None,
    )  # fmt: skip


def _facts(shop: ShopRow, number: int) -> Facts:
    products = [
        Product(
            f"{number % 200 + place}",
            f"Lamp shade {number % 200 + place}, linen",
            NOW,
            url=f"https://lamps.example/product/lamp-shade-{number % 200 + place}/",
            image_url=f"https://cdn.lamps.example/wp-content/uploads/shade-{number % 200 + place}.jpg",
            price=2_900 + number % 5_000,
            currency="EUR",
        )
        for place in range(4)
    ]
    facts = sample_facts(shop, products, NOW - timedelta(days=number % 30))
    first = FIRST_NAMES[number % len(FIRST_NAMES)]
    order = replace(
        facts.picture.order,
        id=str(number),
        number=f"#{10_000 + number}",
        first_name=first,
        last_name=f"Winter{number}",
        email=f"reader{number}@example.com",
        payment_method="Visa ending in 4242",
        shipping_method="Standard parcel",
        shipping_address=Address(
            f"{first} Winter", f"{number} Harbour Street", "", "Kiel", "", "24103", "DE"
        ),
    )
    picture = replace(facts.picture, order=order)
    return replace(facts, picture=picture, recipient=f"reader{number}@example.com")


def _preview(work: Work) -> float:
    """The mail of an order whose blocks were put in an order that nothing was compiled for."""
    row, facts = work.rows[0]
    context = context_of(work, row, facts)
    names = [block.name for block in blocks_of(row.template)]
    orders = [tuple(names[place:] + names[:place]) for place in range(1, len(names))]
    return max(
        _cpu(partial(render, row.template, replace(context, arrangement=order), "en")) for order in orders
    )


def context_of(work: Work, row: Claimed, facts: Facts) -> MailContext:
    """With links that are not signed."""
    shop = work.base.shops[1]
    at = "https://mails.example/l/"
    asked = [line.product_id or "" for line in facts.picture.order.lines]
    links = Links(
        tracking=f"{at}tracking",
        shop=shop.url,
        reviews={product: f"{at}{product}" for product in asked},
        stars={product: tuple(f"{at}{product}-{star}" for star in range(1, 6)) for product in asked},
        products={pick.product_id: f"{at}{pick.product_id}" for pick in facts.picks},
        unsubscribe=f"{at}stop",
        one_click=f"{at}stop/one-click",
    )
    brand = brand_of(shop, Kit(), Post())
    return mail_context(shop, brand, row.parcel_id, row.step, facts, links)


def _cpu(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


if __name__ == "__main__":
    main()
