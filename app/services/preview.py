"""Any mail, as this shop would send it, on a real order. Its links are dead: they carry no token."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import text

from app.db import Session
from app.keys import Keys
from app.queries.brand import Kit
from app.queries.explain import order_by_number
from app.queries.facts import FactBase, load_fact_base
from app.queries.mail_versions import OwnMail, Words
from app.services.coupons import example
from app.services.letter import brand_of, mail_context, years_of
from app.services.letter_links import Post, about_in
from app.services.mail_steps import flow_of, step_of
from app.services.own_mail import with_own_mail
from app.services.preview_examples import dead_links, with_examples
from app.services.sample_order import sample_facts, sample_products
from emails.lawful import lawful
from emails.message import Brand, MailContext, RenderedMail
from flows.consent import carries_promotion
from flows.estimates import RUN_OUT
from flows.facts import Facts
from flows.flow import Flow

NEWEST, RECENT = 200, 20


@dataclass(frozen=True, slots=True)
class Preview:
    """`is_sample`: the order is made up, because the shop has none that fits. `reader`: who would get it."""

    mail: RenderedMail
    order_number: str
    is_sample: bool
    brand: Brand
    reader: str = ""


@dataclass(frozen=True, slots=True)
class Edited:
    """A mail as it is being edited, in place of what is stored of it. `words`: the shop's own ones, all."""

    words: Words
    mail: OwnMail


@dataclass(frozen=True, slots=True)
class _Subject:
    """What a preview is about."""

    facts: Facts
    parcel_id: str | None
    is_sample: bool


def preview(
    session: Session,
    post: Post,
    shop_id: int,
    template: str,
    *,
    order_id: str | None = None,
    parcel_id: str | None = None,
    as_ordered: bool = False,
    language: str | None = None,
    keys: Keys,
    now: datetime,
    kit: Kit | None = None,
    edited: Edited | None = None,
) -> Preview:
    """`order_id` None: the newest order that fits. `parcel_id`: of that order, else its newest parcel.
    `as_ordered`: as if nothing had been given back. `kit`, `edited`: what is not stored, to see it first; the
    merchant's own block is then shown whether or not this reader would get it.

    Raises LookupError for an order or a template that does not exist.
    """
    return previews(
        session,
        post,
        shop_id,
        [template],
        order_id=order_id,
        parcel_id=parcel_id,
        as_ordered=as_ordered,
        language=language,
        keys=keys,
        now=now,
        kit=kit,
        edited=edited,
    )[0]


def previews(
    session: Session,
    post: Post,
    shop_id: int,
    templates: Sequence[str],
    *,
    order_id: str | None = None,
    parcel_id: str | None = None,
    as_ordered: bool = False,
    language: str | None = None,
    keys: Keys,
    now: datetime,
    kit: Kit | None = None,
    edited: Edited | None = None,
) -> list[Preview]:
    """Several mails, from one look at the shop's orders: as many statements for all as for one, and one
    more where a mail fits none of them."""
    common = ground(session, post, shop_id, order_id, as_ordered, kit, keys, now)
    return [
        _rendered(template, context, subject)
        for template, context, subject in contexts(session, common, templates, parcel_id, language, edited)
    ]


@dataclass(frozen=True, slots=True)
class Ground:
    """What previews of one shop have in common. `chosen`: the one order that was asked for."""

    shop_id: int
    base: FactBase
    brand: Brand
    orders: Sequence[str]
    chosen: bool
    now: datetime


def ground(
    session: Session,
    post: Post,
    shop_id: int,
    order_id: str | None,
    as_ordered: bool,
    kit: Kit | None,
    keys: Keys,
    now: datetime,
) -> Ground:
    wanted = [order_id] if order_id is not None else _recent(session, shop_id)
    # A shop without orders is looked up by the name of none.
    base = load_fact_base(session, {(shop_id, one) for one in wanted or [""]}, keys)
    if order_id is not None and (shop_id, order_id) not in base.pictures:
        raise LookupError(order_id)
    if as_ordered:
        whole = {key: replace(picture, refunds=()) for key, picture in base.pictures.items()}
        base = replace(base, pictures=whole)
    kit = kit if kit is not None else base.kits.get(shop_id, Kit())
    look = brand_of(base.shops[shop_id], kit, post)
    return Ground(shop_id, base, look, wanted, order_id is not None, now)


def contexts(
    session: Session,
    common: Ground,
    templates: Sequence[str],
    parcel_id: str | None,
    language: str | None,
    edited: Edited | None,
) -> Iterator[tuple[str, MailContext, _Subject]]:
    base, shop_id, now = common.base, common.shop_id, common.now
    shop, products = base.shops[shop_id], None
    announces = frozenset(key for (_, key), setting in base.settings.items() if setting.enabled)
    for template in templates:
        flow = flow_of(template)
        subject = _subject(base, flow, shop_id, common.orders, chosen=common.chosen)
        if subject is None:
            products = sample_products(session, shop_id) if products is None else products
            subject = _Subject(sample_facts(shop, products, now), "sample", True)
        links = dead_links(shop.domain, flow, subject.facts)
        parcel = (parcel_id or subject.parcel_id) if flow.per == "parcel" else None
        context = mail_context(shop, common.brand, parcel, "", subject.facts, links)
        context = replace(
            context,
            locale=language or context.locale,
            announces=announces,
            own_words=edited.words if edited is not None else base.own_words.get(shop_id, {}),
            coupon=example(flow, template, subject.facts, shop.currency, now),
            about=about_in(flow.key, subject.facts),
            years=years_of(subject.facts, now),
        )
        own = (
            edited.mail if edited is not None else base.own_mails.get((shop_id, flow.key, step_of(template)))
        )
        promotes = edited is not None or carries_promotion(flow.mail_class, subject.facts, now)
        yield template, with_own_mail(with_examples(context, flow), own, str, promotes=promotes), subject


def order_numbered(session: Session, shop_id: int, number: str) -> str | None:
    """The id of the order that people know by this number."""
    row = order_by_number(session, shop_id, number)
    return None if row is None else str(row.id)


def _rendered(template: str, context: MailContext, subject: _Subject) -> Preview:
    order = subject.facts.picture.order
    return Preview(
        mail=lawful(template, context, flow_of(template).mail_class),
        order_number=order.number,
        is_sample=subject.is_sample,
        brand=context.brand,
        reader=" ".join(filter(None, (order.first_name, order.last_name))) or (order.email or ""),
    )


def _recent(session: Session, shop_id: int) -> list[str]:
    """Of the newest orders those that arrived last, then the others: whatever the mail, one will fit."""
    rows = session.execute(
        text(
            "SELECT o.id FROM (SELECT id, placed_at FROM orders WHERE shop_id = :shop"
            "  ORDER BY placed_at DESC LIMIT :newest) o"
            " LEFT JOIN events e ON e.shop_id = :shop AND e.order_id = o.id AND e.kind = 'OrderDelivered'"
            " ORDER BY e.happened_at DESC NULLS LAST, o.placed_at DESC LIMIT :limit"
        ),
        {"shop": shop_id, "newest": NEWEST, "limit": RECENT},
    )
    return list(dict.fromkeys(row.id for row in rows))


def _subject(
    base: FactBase, flow: Flow, shop_id: int, order_ids: Sequence[str], *, chosen: bool
) -> _Subject | None:
    """The first order that the mail can be about; one that was chosen only has to be possible."""
    for order_id in order_ids:
        picture = base.pictures.get((shop_id, order_id))
        if picture is None or not picture.kept_lines():
            continue
        parcels = picture.live_parcels()
        if (flow.per == "parcel" and not parcels) or (not chosen and not picture.reviewable_lines()):
            continue
        parcel = parcels[-1].id if parcels else None
        facts = base.facts((shop_id, order_id), flow.key, parcel)
        if not chosen and _needs(flow, "has_picks") and not facts.picks:
            continue
        if not chosen and _needs(flow, "has_run_out") and RUN_OUT not in facts.estimates:
            continue
        return _Subject(facts, parcel, False)
    return None


def _needs(flow: Flow, rule: str) -> bool:
    return flow.enter_if is not None and any(one.name == rule for one in flow.enter_if.rules())
