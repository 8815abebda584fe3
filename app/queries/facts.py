"""The facts of decisions, for a whole batch in a constant number of statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import text

from app.db import Session
from app.keys import Keys
from app.models.permission import ALL_CLASSES
from app.models.shop import CONNECTED, NEEDS_RECONNECT
from app.queries.brand import Kit, OwnWords, load_kits, load_own_words
from app.queries.clicks import Clicks, load_clicks
from app.queries.content import Written, content_for, load_contents
from app.queries.customers import orders_before
from app.queries.estimates import load_estimates
from app.queries.mail_versions import MailKey, OwnMail, load_own_mails
from app.queries.people import load_people
from app.queries.permission import load_consents, load_reviewed, load_suppressions
from app.queries.picks import load_picks
from app.queries.pictures import KEYS, OrderKey, key_arrays, load_pictures
from app.queries.product_words import load_kinds_said
from app.queries.reviews import fewest_stars
from app.queries.settings import load_settings, spoken_in
from app.queries.told import load_told_in_all
from app.queries.way import NO_COMPLAINTS, Complaints, load_complaints, load_inferred, load_late
from emails.address import valid_address
from flows.commerce import ConsentState, Product
from flows.consent_choices import choices_from
from flows.copies import with_changes
from flows.delivery import arrivals
from flows.estimates import ESTIMATED_ARRIVAL, Estimate
from flows.events import EventKind, is_past
from flows.facts import Facts, FlowSetting, MailClass, ShopFacts, Topic
from flows.kinds import KindSaid
from flows.late import Late
from flows.missing import Happening, held_for
from flows.person import NOBODY, Person
from flows.picks import Pick
from flows.picture import OrderPicture
from flows.plain import from_plain
from flows.questions.service import VIP_FLOW
from flows.questions.way import PROGRESS_FLOW

_CLASSES = frozenset(MailClass)
_TOPICS = frozenset(Topic)


@dataclass(frozen=True, slots=True)
class ShopRow:
    """A shop as decisions and mails need it."""

    id: int
    platform: str
    domain: str
    state: str
    generation: int
    connected_at: datetime
    name: str
    url: str
    email: str
    currency: str
    timezone: str
    locale: str
    country: str
    address: str
    pages_prefix: str
    billed: bool = False
    for_tests: bool = False
    consent_choices: Mapping[str, bool] = field(default_factory=dict)
    top_spent: Mapping[str, int] = field(default_factory=dict)
    holdout: int = 0
    brake: str | None = None

    def facts(self) -> ShopFacts:
        """A shop that needs to reconnect waits and sends later; an uninstalled one never does."""
        return ShopFacts(
            id=self.id,
            generation=self.generation,
            active=self.state in (CONNECTED, NEEDS_RECONNECT),
            connected_at=self.connected_at,
            timezone=self.timezone,
            name=self.name,
            locale=self.locale,
            for_tests=self.for_tests,
            country=self.country,
            currency=self.currency,
            consent_choices=choices_from(self.consent_choices),
            top_spent=self.top_spent,
            holdout=self.holdout,
        )


@dataclass(frozen=True, slots=True)
class FactBase:
    """What was loaded for a batch of orders; `facts` cuts out one decision's share."""

    shops: Mapping[int, ShopRow]
    settings: Mapping[tuple[int, str], FlowSetting]
    pictures: Mapping[OrderKey, OrderPicture]
    happened: Mapping[OrderKey, Mapping[tuple[EventKind, str | None], datetime]]
    products: Mapping[tuple[int, str], Product]
    consents: Mapping[tuple[int, str], tuple[ConsentState, datetime | None, bool]]
    suppressions: Mapping[tuple[int, str], Mapping[str, str]]
    orders_before: Mapping[OrderKey, int]
    people: Mapping[OrderKey, Person]
    reviewed: Mapping[tuple[int, str], Mapping[str, datetime]]
    kits: Mapping[int, Kit]
    own_words: Mapping[int, OwnWords]
    own_mails: Mapping[MailKey, OwnMail]
    estimates: Mapping[OrderKey, Mapping[str, Estimate]]
    kinds_said: Mapping[tuple[int, str], KindSaid]
    picks: Mapping[OrderKey, tuple[Pick, ...]]
    inferred: Mapping[OrderKey, frozenset[Happening]]
    complaints: Mapping[OrderKey, Complaints]
    late: Mapping[OrderKey, tuple[Late, ...]]
    arrivals: Mapping[OrderKey, Mapping[str | None, Estimate]]
    contents: Written
    stars: Mapping[OrderKey, int]
    told_in_all: frozenset[OrderKey]
    clicks: Mapping[OrderKey, Clicks]
    _cut: dict[tuple[OrderKey, str | None], Facts] = field(
        init=False, repr=False, compare=False, default_factory=dict
    )
    _shops: dict[int, ShopFacts] = field(init=False, repr=False, compare=False, default_factory=dict)

    def shop(self, shop_id: int) -> ShopFacts:
        """Raises KeyError where the shop is not stored."""
        found = self._shops.get(shop_id)
        if found is None:
            found = self._shops[shop_id] = self.shops[shop_id].facts()
        return found

    def facts(self, key: OrderKey, flow_key: str, parcel_id: str | None) -> Facts:
        """Raises KeyError where the order or its shop is not stored."""
        whole = self._cut.get((key, parcel_id))
        if whole is None:
            whole = self._cut[key, parcel_id] = self._of_every_flow(key, parcel_id)
        setting = self.settings.get((key[0], flow_key), FlowSetting())
        spoken = spoken_in(setting, whole.picture.order.locale or whole.shop.locale)
        clicked = self.clicks.get(key, {}).get(flow_key)
        if not clicked:
            return with_changes(whole, setting=spoken)
        return with_changes(whole, setting=spoken, happened={**whole.happened, **clicked})

    def _of_every_flow(self, key: OrderKey, parcel_id: str | None) -> Facts:
        """All but the switch of the flow that asks, and what was followed in its mails."""
        shop_id, _ = key
        picture = self.pictures[key]
        recipient, problem = _recipient(picture)
        blocks = self.suppressions.get((shop_id, (recipient or "").lower()), {})
        consent, consent_at, confirmed = self.consents.get(
            (shop_id, (recipient or "").lower()), (None, None, False)
        )
        wanted = {line.product_id for line in picture.order.lines if line.product_id}
        picks = self.picks.get(key, ())
        arrival = self.arrivals.get(key, {}).get(parcel_id)
        complaints = self.complaints.get(key, NO_COMPLAINTS)
        return Facts(
            shop=self.shop(shop_id),
            setting=FlowSetting(),
            picture=picture,
            happened=held_for(picture, self.happened.get(key, {}), parcel_id),
            products={
                product_id: self.products[shop_id, product_id]
                for product_id in wanted | {pick.product_id for pick in picks}
                if (shop_id, product_id) in self.products
            },
            parcel_id=parcel_id,
            recipient=recipient,
            recipient_problem=problem,
            suppressed=blocks.get(ALL_CLASSES),
            unsubscribed=frozenset(MailClass(name) for name in blocks if name in _CLASSES),
            left_topics=frozenset(Topic(name) for name in blocks if name in _TOPICS),
            consent=consent,
            consent_at=consent_at,
            consent_confirmed=confirmed,
            orders_before=self.orders_before.get(key, 0),
            person=self.people.get(key, NOBODY),
            reviewed_products=self.reviewed.get((shop_id, (recipient or "").lower()), {}),
            estimates={
                **self.estimates.get(key, {}),
                **({ESTIMATED_ARRIVAL: arrival} if arrival is not None else {}),
            },
            kinds_said={
                product_id: said
                for product_id in wanted
                if (said := self.kinds_said.get((shop_id, product_id))) is not None
            },
            picks=picks,
            open_complaint=complaints.returns,
            missed=complaints.missed,
            late=self.late.get(key, ()),
            content=content_for(shop_id, picture, self.products, self.contents),
            stars=self.stars.get(key),
            told_in_all=key in self.told_in_all,
            vip=self.settings.get((shop_id, VIP_FLOW), FlowSetting()),
            progress=self.settings.get((shop_id, PROGRESS_FLOW), FlowSetting()),
            inferred=frozenset(
                kind for kind, parcel in self.inferred.get(key, ()) if parcel in (None, parcel_id)
            ),
        )


def load_fact_base(session: Session, keys: Collection[OrderKey], secrets: Keys) -> FactBase:
    """Everything about these orders that a decision may look at. The same number of statements always."""
    shop_ids = sorted({shop for shop, _ in keys})
    shops = load_shops(session, shop_ids)
    of_shops = {shop_id: shop.facts() for shop_id, shop in shops.items()}
    pictures = load_pictures(session, keys)
    emails = {
        (shop, address.lower())
        for (shop, _), picture in pictures.items()
        if (address := valid_address(picture.order.email or ""))
    }
    product_keys = {
        (shop, line.product_id)
        for (shop, _), picture in pictures.items()
        for line in picture.order.lines
        if line.product_id
    }
    picks = load_picks(session, pictures)
    picked = {(shop, pick.product_id) for (shop, _), found in picks.items() for pick in found}
    products = load_products(session, product_keys | picked)
    return FactBase(
        shops=shops,
        settings=load_settings(session, shop_ids),
        pictures=pictures,
        happened=_happened(session, keys),
        products=products,
        consents=load_consents(session, emails),
        suppressions=load_suppressions(session, emails, secrets),
        orders_before=orders_before(session, keys),
        people=load_people(session, keys, secrets),
        reviewed=load_reviewed(session, emails, secrets),
        kits=load_kits(session, shop_ids),
        own_words=load_own_words(session, shop_ids),
        own_mails=load_own_mails(session, shop_ids),
        estimates=load_estimates(session, keys),
        kinds_said=load_kinds_said(session, product_keys, products),
        picks=picks,
        inferred=load_inferred(session, keys),
        complaints=load_complaints(session, keys),
        late=load_late(session, keys),
        arrivals={key: arrivals(of_shops[key[0]], picture) for key, picture in pictures.items()},
        contents=load_contents(session, shop_ids, products),
        stars=fewest_stars(session, keys),
        told_in_all=load_told_in_all(session, pictures),
        clicks=load_clicks(session, keys),
    )


def load_shops(session: Session, shop_ids: Collection[int]) -> dict[int, ShopRow]:
    names = ", ".join(ShopRow.__dataclass_fields__)
    rows = session.execute(text(f"SELECT {names} FROM shops WHERE id = any(:ids)"), {"ids": list(shop_ids)})
    return {row.id: ShopRow(**row._mapping) for row in rows}


def load_products(session: Session, keys: Collection[tuple[int, str]]) -> dict[tuple[int, str], Product]:
    rows = session.execute(
        text(f"SELECT p.shop_id, p.id, p.body FROM products p JOIN {KEYS} USING (shop_id, id)"),
        key_arrays(keys),
    )
    return {(row.shop_id, row.id): from_plain(Product, row.body) for row in rows}


def _recipient(picture: OrderPicture) -> tuple[str | None, str | None]:
    email = picture.order.email
    if not email:
        return None, "no_email"
    address = valid_address(email)
    return (address, None) if address else (None, "invalid_email")


def _happened(
    session: Session, keys: Collection[OrderKey]
) -> dict[OrderKey, dict[tuple[EventKind, str | None], datetime]]:
    found: dict[OrderKey, dict[tuple[EventKind, str | None], datetime]] = defaultdict(dict)
    rows = session.execute(
        text(
            "SELECT e.shop_id, e.order_id, e.kind, e.parcel_id, e.happened_at, e.key"
            f" FROM events e JOIN {KEYS} ON e.shop_id = k.shop_id AND e.order_id = k.id"
            " JOIN shops s ON s.id = e.shop_id AND s.generation = e.generation ORDER BY e.id"
        ),
        key_arrays(keys),
    )
    for row in rows:
        kind = EventKind(row.kind)
        if not is_past(kind, row.key):
            found[row.shop_id, row.order_id].setdefault((kind, row.parcel_id), row.happened_at)
    return found
