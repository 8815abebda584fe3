"""What a merchant chose about consent, and where their checkout keeps what a buyer answered."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import datetime

from sqlalchemy import text

from app.db import Session, as_json
from app.services import changes
from app.services.polls import NIGHTLY, begin_again
from app.services.shipment_words import LONGEST_KEY, hold_words
from app.words.consent_said import CHOICE_WORDS
from flows.consent_choices import CAREFUL, ConsentChoices, choices_from, choices_to

AREA = "consent"
CHOICES = tuple(one.name for one in fields(ConsentChoices))


def held_choices(session: Session, shop_id: int) -> ConsentChoices:
    row = session.execute(
        text("SELECT consent_choices FROM shops WHERE id = :shop"), {"shop": shop_id}
    ).one_or_none()
    return CAREFUL if row is None else choices_from(row.consent_choices)


def choose(session: Session, shop_id: int, choice: str, on: bool, who: str, now: datetime) -> bool:
    """`on`: away from the careful side. Counts from the next mail on. False: it was so already."""
    session.execute(text("SELECT FROM shops WHERE id = :shop FOR UPDATE"), {"shop": shop_id})
    held = held_choices(session, shop_id)
    wanted = replace(held, **{choice: getattr(CAREFUL, choice) is not on})
    if wanted == held:
        return False
    session.execute(
        text("UPDATE shops SET consent_choices = CAST(:choices AS jsonb) WHERE id = :shop"),
        {"shop": shop_id, "choices": as_json(choices_to(wanted))},
    )
    turned = "Turned on" if on else "Turned off"
    changes.record(session, shop_id, now, who, AREA, f"{turned}: {CHOICE_WORDS[choice].title}.")
    return True


def wrong_field(key: str) -> str:
    """What is wrong with the name of a field; "": nothing."""
    if len(key) > LONGEST_KEY:
        return f"At most {LONGEST_KEY} letters; this has {len(key)}."
    return "" if key.isprintable() else "There is a letter in it that cannot be read."


def name_field(session: Session, shop_id: int, key: str, who: str, now: datetime, real: datetime) -> bool:
    """The field of an order in which the checkout keeps the answer, "" for none. Orders of the last three
    days are read once more. False: it was so already."""
    if hold_words(session, shop_id).words.agreed_key == key:
        return False
    session.execute(
        text("UPDATE shipment_words SET agreed_key = :key WHERE shop_id = :shop"),
        {"shop": shop_id, "key": key},
    )
    said = (
        f"The answer of the checkout is in {key}."
        if key
        else "The checkout's answer is in no field any more."
    )
    changes.record(session, shop_id, now, who, AREA, said)
    begin_again(session, shop_id, NIGHTLY, real)
    return True
