"""A shop with something in every table; one word stands in all of it and nowhere else."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from PIL import Image

from app.models.base import metadata
from app.queries.brand import Choice
from app.services.brand import save
from app.services.brand_logo import set_logo
from app.services.intake import apply_readings
from app.services.locks import lock_shop
from app.services.logo import logo_from
from app.services.moderation import keep_back, publish_chosen
from app.services.switches import switch_on
from connectors.base import Reading
from flows.commerce import (
    Address,
    Consent,
    ConsentState,
    Customer,
    OrderLine,
    Parcel,
    ParcelEvent,
    ParcelStatus,
    Product,
    Refund,
    Return,
    ReturnState,
    Shipped,
    ShopProfile,
)
from flows.presets import PRESETS
from tests.app.desk import START, an_order
from tests.security.parties import Party

WORD = "Quillfeather"
ORDER, NUMBER, POSTCODE = "770013", "#770013", "QF7 7QF"
PRODUCT, EMAIL = "880013", f"{WORD.lower()}@example.com"
STATES = ("due", "claimed", "sending", "sent", "failed", "unknown", "skipped", "cancelled", "expired")
# These hold nothing of a shop: attempts to install, and counts of what was dropped.
OF_NOBODY = {"shops", "install_attempts", "drops", "heartbeats", "mail_vendors", "early_feedback"}


@dataclass(frozen=True)
class Belongings:
    """Keys by which others may ask for the shop's things."""

    shop: Party
    messages: Mapping[str, int]
    reviews: Mapping[str, int]
    journey: int
    logo: str
    address_hash: str
    demand: int


def furnish(shop: Party) -> Belongings:
    """Raises AssertionError where a table stays empty: a new one wants its row here."""
    _tell_the_story(shop)
    messages = _messages(shop)
    reviews = _reviews(shop)
    logo = _brand(shop)
    _the_rest(shop, messages["sent"])
    empty = [
        name
        for name in sorted(set(metadata.tables) - OF_NOBODY)
        if not shop.sql(f"SELECT 1 FROM {name} WHERE shop_id = :shop LIMIT 1")
    ]
    assert not empty, f"nothing of {shop.domain} in {empty}"
    (row,) = shop.sql("SELECT id FROM journeys WHERE flow_key = 'order_confirmation'")
    hashed = shop.site.runtime.keys.address_hash(shop.shop_id, EMAIL)
    return Belongings(shop, messages, reviews, row.id, logo, hashed, _demand(shop))


def _demand(shop: Party) -> int:
    """What was gathered of a person waits to be read."""
    sealed = shop.site.runtime.keys.seal(shop.shop_id, {"text": WORD, "subject": WORD})
    (row,) = shop.sql(
        "UPDATE privacy_requests SET export = :sealed, export_until = '2030-01-01Z' WHERE key = :word"
        " RETURNING id",
        sealed=sealed,
        word=WORD,
    )
    return int(row.id)


def _tell_the_story(shop: Party) -> None:
    """Bought, sent in two parcels of which one arrived, a part given back."""
    at = START + timedelta(minutes=1)
    where = Address(WORD, WORD, f"{WORD} Lane 1", "", WORD, "", POSTCODE, "DE", "+49 30 1")
    lines = tuple(
        OrderLine(f"l{n}", f"{WORD} lamp {n}", 1, 4000, product_id=f"{PRODUCT}{n}", variant=WORD)
        for n in (1, 2)
    )
    order = an_order(
        id=ORDER,
        number=NUMBER,
        at=at,
        email=EMAIL,
        first_name=WORD,
        last_name=WORD,
        lines=lines,
        shipping_address=where,
        billing_address=where,
        shipping_method=WORD,
        payment_method=WORD,
        note=WORD,
        shipped=Shipped.ALL,
        customer_id="c1",
    )
    parcels = tuple(
        Parcel(
            f"qt{n}",
            ORDER,
            at,
            status,
            WORD,
            f"{WORD}-{n}",
            f"https://track.example/{WORD}/{n}",
            shipped_at=at,
        )
        for n, status in ((1, ParcelStatus.DELIVERED), (2, ParcelStatus.IN_TRANSIT))
    )
    scan = ParcelEvent("qe1", "qt2", ORDER, ParcelStatus.IN_TRANSIT, at, f"{WORD} scanned", WORD)
    profile = ShopProfile(WORD, f"https://{shop.domain}", EMAIL, "EUR", "UTC", country="DE", address=WORD)
    reading = Reading(
        orders=(order,),
        parcels=parcels,
        parcel_events=(scan,),
        refunds=(Refund("qr1", ORDER, at, 500, reason=WORD),),
        returns=(Return("qb1", ORDER, at, ReturnState.OPEN, WORD, reason=WORD),),
        products=tuple(Product(f"{PRODUCT}{n}", f"{WORD} lamp {n}", at) for n in (1, 2)),
        customers=(Customer("c1", at, EMAIL, WORD, WORD),),
        consents=(Consent(EMAIL, ConsentState.SUBSCRIBED, at, "c1"),),
        profile=profile,
    )
    with shop.session() as session:
        for flow in PRESETS:
            switch_on(session, shop.shop_id, flow.key, START)
        lock_shop(session, shop.shop_id)
        apply_readings(session, [(shop.shop_id, reading)], shop.site.runtime.keys, at, at)


def _messages(shop: Party) -> dict[str, int]:
    """The order's confirmation once in every state that a message can be in."""
    found: dict[str, int] = {}
    for place, state in enumerate(STATES):
        (row,) = shop.sql(
            "INSERT INTO messages (shop_id, generation, journey_id, flow_key, step, occurrence, template,"
            " mail_class, lane, order_id, recipient, state, reason, subject, message_id, due_at, expires_at,"
            " next_at, created_at, changed_at, sent_at)"
            " SELECT shop_id, generation, journey_id, flow_key, step, :place + 2, template, mail_class, lane,"
            " order_id, :email, :state, :reason, :word, :word || :place, due_at, expires_at,"
            " '2030-01-01Z', created_at, changed_at, CASE WHEN :state = 'sent' THEN due_at END"
            " FROM messages WHERE order_id = :order AND flow_key = 'order_confirmation' AND occurrence = 1"
            " RETURNING id",
            place=place,
            state=state,
            order=ORDER,
            email=EMAIL,
            word=WORD,
            reason="hard_bounce" if state in ("failed", "skipped", "cancelled") else None,
        )
        found[state] = row.id
    return found


def _reviews(shop: Party) -> dict[str, int]:
    found: dict[str, int] = {}
    for place, state in enumerate(("held", "published", "rejected")):
        (row,) = shop.sql(
            "INSERT INTO reviews (shop_id, order_id, product_id, message_id, address_hash, stars, title,"
            " body, name, language, state, verified, submitted_at) VALUES (:shop, :order, :product, 1, :word,"
            " 5, :word, :word, :word, 'en', 'held', true, :at) RETURNING id",
            order=f"{ORDER}{place}",
            product=f"{PRODUCT}1",
            word=WORD,
            at=START,
        )
        found[state] = row.id
    with shop.session() as session:
        publish_chosen(session, shop.shop_id, [found["published"]], WORD, START, START, START)
        keep_back(session, shop.shop_id, found["rejected"], "spam", WORD, START, START, START)
    return found


def _brand(shop: Party) -> str:
    """Returns the name of the logo. It is another one for each shop."""
    drawn = io.BytesIO()
    Image.new("RGB", (80, 40), (shop.shop_id % 256, 20, 60)).save(drawn, "PNG")
    choice = Choice("#2a5bd7", sender_name=WORD, support_name=WORD, support_email=EMAIL, postal_address=WORD)
    with shop.session() as session:
        save(session, shop.shop_id, 0, choice, WORD, START)
        kit = set_logo(session, shop.shop_id, logo_from(drawn.getvalue()), WORD, START)
    assert kit.logo_hash
    return kit.logo_hash


def _the_rest(shop: Party, message: int) -> None:
    """What only the platforms or the people outside bring."""
    values: dict[str, Any] = {"word": WORD, "at": START, "message": message, "order": ORDER}
    for statement in (
        "INSERT INTO journeys (shop_id, generation, flow_key, flow_version, subject, order_id, event_key,"
        " status, step, anchor, wake_at, started_at, changed_at)"
        " SELECT shop_id, generation, 'review_request',"
        " 1, subject, order_id, event_key, 'active', 'try_it', :at, '2030-01-01Z', :at, :at FROM journeys"
        " WHERE flow_key = 'order_confirmation'",
        "INSERT INTO timers SELECT id, shop_id, wake_at, 1 FROM journeys WHERE step = 'try_it'",
        "INSERT INTO watches VALUES (:shop, :order, '2030-01-01Z') ON CONFLICT DO NOTHING",
        "INSERT INTO texts VALUES (:shop, 'en', 'review.ask.subject', :word, :at)",
        "INSERT INTO mail_versions VALUES (:shop, 'review_request', 'ask', 1,"
        " jsonb_build_object('en', jsonb_build_object('review.ask.subject', CAST(:word AS text))),"
        " '[\"headline\", \"stars\", \"own\"]', '<p>' || :word || '</p>', :word, :word, :at, :at, true)",
        "INSERT INTO contents VALUES (:shop, 'guide', 'shop', '', :word, :word, '', 1, :at)",
        "INSERT INTO product_words (shop_id, scope, key, changed_at) VALUES (:shop, 'category', :word, :at)",
        "INSERT INTO product_habits (shop_id, product_id) VALUES (:shop, :word)",
        "INSERT INTO product_picks VALUES (:shop, :word, :word, 1, 'together', 9)",
        "INSERT INTO order_products VALUES (:shop, :order, :word, 1, :at)",
        "INSERT INTO estimates (shop_id, order_id, name, at, samples, source, computed_at)"
        " VALUES (:shop, :order, 'run_out', :at, 0, :word, :at)",
        "INSERT INTO coupons VALUES (:shop, 1, 'offer', :order, 'win_back', :word, 'percent', 10, 'EUR', 0,"
        " :at, :at)",
        "INSERT INTO segments VALUES (:shop, 'own-1', :word, '\"is_gift\"', :at)",
        "INSERT INTO trials VALUES (:shop, 'review_request', 'nudge', 1, 'en', :word, :at)",
        "INSERT INTO webhook_doors VALUES (:shop, 'https://tool.example/' || :word, :word, NULL, NULL, NULL,"
        " NULL, NULL, :at)",
        "INSERT INTO sending_domains (shop_id, domain, local, selector, record, sealed_key, made_at, look_at)"
        " VALUES (:shop, :word, 'hello', 'd1', :word, convert_to(:word, 'UTF8'), :at, :at)",
        "INSERT INTO mail_accounts VALUES (:shop, 'smtp', convert_to(:word, 'UTF8'), :word, :word, :at, NULL,"
        " NULL, :at)",
        "INSERT INTO visits VALUES (:shop, :order, 'tracking', '2026-11-02', :at)",
        "INSERT INTO credits VALUES (:shop, :order, :message, 'win_back', 'why', 'click', 1, 'EUR', :at,"
        " :at)",
        "INSERT INTO suppressions VALUES (:shop, :word, 'M', 'unsubscribed', :at)",
        "INSERT INTO feedback (shop_id, source, key, message_id, kind, at, address_hash, status, detail,"
        " machine, received_at) VALUES (:shop, 'smtp', :word, :message, 'delivered', :at, :word, '', :word,"
        " false, :at)",
        "INSERT INTO message_events (shop_id, message_id, kind, at, data)"
        " VALUES (:shop, :message, 'clicked', :at, jsonb_build_object('target', CAST(:word AS text)))",
        "INSERT INTO inbox (shop_id, topic, dedupe, body, received_at, state)"
        " VALUES (:shop, 'order.updated', :word, convert_to(:word, 'UTF8'), :at, 'done')",
        "INSERT INTO store_writes (shop_id, key, kind, body, state, asked_at, next_at) VALUES (:shop, :word,"
        " 'set_consent', jsonb_build_object('email', CAST(:word AS text)), 'done', :at, :at)",
        "INSERT INTO forgotten VALUES (:shop, :word, :at)",
        "INSERT INTO features VALUES (:shop, :word, false, :at)",
        "INSERT INTO shop_plans VALUES (:shop, 'free', 'active', :word, :at)",
        "INSERT INTO store_health (shop_id, plugin_error) VALUES (:shop, :word)",
        "INSERT INTO mail_limits VALUES (:shop, 96, 5, 3, 1260, 480, false, 60, 60, 60, 10, :at)",
        "INSERT INTO desk_turns VALUES (:shop, :word, 1)",
        "INSERT INTO reader_paces VALUES (:shop, :word, 14, :at, :at)",
        "INSERT INTO outside_sends VALUES (:shop, :word, :word, :word, 'M', :at, :at)",
        "INSERT INTO shipment_words (shop_id, number_key) VALUES (:shop, :word)",
        "INSERT INTO held_mails SELECT :shop, of, 'customer_processing_order', :at, 'replaced', :at"
        " FROM unnest(ARRAY[CAST(:word AS text), :order]) AS of",
        "INSERT INTO privacy_requests (shop_id, kind, key, body, received_at, due_at, next_at, done_at)"
        " VALUES (:shop, 'export', :word, jsonb_build_object('email', CAST(:word AS text)), :at, :at, :at,"
        " :at)",
        "INSERT INTO wishes (shop_id, noun, id, asked_at, next_at)"
        " VALUES (:shop, 'order', :word, :at, '2030-01-01Z')",
    ):
        shop.sql(statement, **values)
