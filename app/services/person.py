"""Who a demand is about: everything by which one person can be found in a shop's rows."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import text

from app.db import Session
from app.keys import Keys
from connectors.news import PrivacyAsk
from emails.address import one_spelling
from flows.commerce import Address, Order

# Shorter ones would be found in sentences about anybody.
SHORTEST_NAME, SHORTEST_PHONE, SHORTEST_STREET = 5, 6, 6
# In texts of others: "do not" may be somebody's name, too.
SHORTEST_PART = 3
# With so many digits a phone number is known however it is spaced.
SURE_PHONE = 8
WORDS_AT_ONCE = 50
REMOVED = "[removed]"
_ADDRESS = re.compile(r"[^@\s]+@[^@\s]{3,}")
_PHONE = re.compile(r"\+?[\d\s()./-]+")
_NO_DIGIT = re.compile(r"\D+")
_BETWEEN = r"[\s()./-]*"


@dataclass(frozen=True, slots=True)
class Person:
    """`hashes`: the e-mail addresses as suppressions and reviews keep them. `words`: spellings that name
    nobody else (addresses, phone numbers, whole names, streets), longest first. `names`: those of them that
    are whole names. `marks`: what is remembered of whom and what was forgotten."""

    order_ids: tuple[str, ...] = ()
    customer_ids: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    hashes: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    return_ids: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()

    @property
    def numbers(self) -> tuple[str, ...]:
        """By which the store itself names what is theirs."""
        return (*self.order_ids, *self.customer_ids, *self.return_ids)

    @property
    def addresses(self) -> tuple[str, ...]:
        """The e-mail addresses that are ones: a till may have written "none", which stands everywhere."""
        return tuple(email for email in self.emails if _ADDRESS.fullmatch(email))

    @property
    def patterns(self) -> tuple[str, ...]:
        """The words as regular expressions of PostgreSQL and Python alike, the longest words in the first:
        what PostgreSQL needs for one grows with the square of its length, up to where it gives up."""
        words = list(dict.fromkeys(map(_spaced, self.words)))
        parts = (words[at : at + WORDS_AT_ONCE] for at in range(0, len(words), WORDS_AT_ONCE))
        return tuple(map("|".join, parts))

    def removed_from(self, told: str) -> str:
        """Without the words of the person, whose small spellings are among them."""
        plain = " ".join(told.split()).lower()
        digits = _NO_DIGIT.sub("", plain)
        phones = any(_NO_DIGIT.sub("", one) in digits for one in self.phones)
        if not phones and not any(word in plain for word in self.words):
            return told
        for pattern in self.patterns:
            told = re.sub(pattern, REMOVED, told, flags=re.IGNORECASE)
        return told

    @property
    def contacts(self) -> Person:
        """With no words but addresses and phone numbers: nobody else's text is made of these."""
        return self._with(())

    @property
    def surely(self) -> Person:
        """With addresses, phone numbers and full names only, of at least two words of three letters each:
        in a text of somebody else, "Do not" or "Main Street 1" need not be the person."""
        return self._with(name for name in self.names if _is_full(name))

    def _with(self, names: Iterable[str]) -> Person:
        known = {*self.addresses, *self.phones, *names}
        return replace(self, words=_spellings(known))

    def parameters(self) -> dict[str, Any]:
        """For statements about the person."""
        return {
            "orders": list(self.order_ids),
            "customers": list(self.customer_ids),
            "emails": list(self.emails),
            "hashes": list(self.hashes),
            "marks": list(self.marks),
        }


def find_person(session: Session, keys: Keys, shop_id: int, ask: PrivacyAsk) -> Person:
    """Whom the platform names, and what leads on from there: the customer's own record, orders under the
    number or the address, addresses that their mails went to. An address that only stands on one of the
    person's orders counts as the person's, too, and with it what was ordered under it by no customer."""
    if not (ask.customer_id or ask.email):
        ask = _named_by_orders(session, shop_id, ask)
    told = {"shop": shop_id, "customer": ask.customer_id, "orders": list(ask.order_ids)}
    known = session.execute(_CUSTOMERS, {**told, "emails": _emails([ask.email])}).all()
    emails = _emails([ask.email, *(row.email for row in known)])
    customers = sorted({ask.customer_id, *(row.id for row in known)} - {""})
    found = {**told, "customers": customers, "emails": emails, "guests": []}
    guests = _emails(row.email for row in session.execute(_ORDERS, found))
    orders = session.execute(_ORDERS, {**found, "guests": guests}).all()
    order_ids = sorted({*ask.order_ids, *(row.id for row in orders)})
    written = session.execute(_RECIPIENTS, {"shop": shop_id, "orders": order_ids}).all()
    returned = session.execute(_RETURNS, {"shop": shop_id, "orders": order_ids}).all()
    emails = _emails([*emails, *(row.email for row in orders), *(row.email for row in written)])
    person = Person(
        order_ids=tuple(order_ids),
        customer_ids=tuple(customers),
        emails=tuple(emails),
        phones=tuple(_phones([ask.phone, *(one for row in (*known, *orders) for one in row.phones)])),
        hashes=tuple(keys.address_hash(shop_id, email) for email in emails),
        return_ids=tuple(row.id for row in returned),
    )
    rows = (*known, *orders)
    names, streets = (one for row in rows for one in row.names), (one for row in rows for one in row.streets)
    return replace(_with_words(person, names, streets), marks=_marks(keys, shop_id, person))


def words_of(order: Order) -> Person:
    """As the words that an order itself tells: of a person who was forgotten nothing else is known."""
    places = [one or Address() for one in (order.shipping_address, order.billing_address)]
    person = Person(
        emails=tuple(_emails([order.email])),
        phones=tuple(_phones([order.phone, *(one.phone for one in places)])),
    )
    names = [f"{order.first_name} {order.last_name}", *(one.name for one in places)]
    return _with_words(person, names, [one.line1 for one in places])


def mark_of(keys: Keys, shop_id: int, kind: str, name: str) -> str:
    """How it is remembered that an order, a return, a customer or an e-mail address was forgotten."""
    return keys.address_hash(shop_id, f"{kind} {name}")


def _marks(keys: Keys, shop_id: int, person: Person) -> tuple[str, ...]:
    """An address that is none ("none", "no@where") is many people's."""
    marked = {
        "order": person.order_ids,
        "return": person.return_ids,
        "customer": person.customer_ids,
        "email": person.addresses,
    }
    return tuple(mark_of(keys, shop_id, kind, name) for kind, names in marked.items() for name in names)


def _spaced(word: str) -> str:
    """As a pattern in which a blank stands for any number of them, and anything usual may stand between
    the digits of a phone number."""
    digits = _NO_DIGIT.sub("", word)
    if len(digits) >= SURE_PHONE and _PHONE.fullmatch(word):
        return r"\+?" + _BETWEEN.join(digits)
    return re.escape(word).replace("\\ ", "\\s+")


def _named_by_orders(session: Session, shop_id: int, ask: PrivacyAsk) -> PrivacyAsk:
    """Whose the orders are that were named. A phone number is nobody's for ever: it leads to orders only
    where nothing better is told."""
    digits = "" if ask.order_ids else _NO_DIGIT.sub("", ask.phone)
    parameters = {"shop": shop_id, "orders": list(ask.order_ids), "phone": digits or None}
    rows = session.execute(_BUYERS, parameters).all()
    known = {row.email for row in rows}, {row.customer for row in rows}
    email, customer = (next(iter(one - {None}), None) if len(one) == 1 else None for one in known)
    orders = tuple(row.id for row in rows) or ask.order_ids
    return replace(ask, email=email or "", customer_id=customer or "", order_ids=orders)


def _emails(found: Iterable[str | None]) -> list[str]:
    """As stores write them, and as mails go there."""
    told = {one.strip().lower() for one in found if one and one.strip()}
    return sorted(told | {one_spelling(one) for one in told})


def _phones(found: Iterable[str | None]) -> list[str]:
    return sorted({one.strip() for one in found if one and len(one.strip()) >= SHORTEST_PHONE})


def _with_words(person: Person, names: Iterable[str | None], streets: Iterable[str | None]) -> Person:
    told = {" ".join(name.split()) for name in names if name}
    whole = sorted(name for name in told if " " in name and len(name) >= SHORTEST_NAME)
    roads = {" ".join(one.split()) for one in streets if one}
    roads = {one for one in roads if len(one) >= SHORTEST_STREET}
    words = _spellings({*person.addresses, *person.phones, *whole, *roads})
    return replace(person, words=words, names=tuple(whole))


def _spellings(words: Iterable[str]) -> tuple[str, ...]:
    """Longest first. Small ones too, as a database that sorts by bytes knows no capitals beyond English
    ones; with accents as one letter or as two; a phone number also as nothing but its digits."""
    found = {spelt for word in words for spelt in (word, *_digits(word))}
    found = {unicodedata.normalize(form, word) for word in found for form in ("NFC", "NFD")} | found
    found |= {word.lower() for word in found}
    return tuple(sorted(found, key=lambda word: (-len(word), word)))


def _digits(word: str) -> Iterator[str]:
    digits = _NO_DIGIT.sub("", word)
    if len(digits) >= SHORTEST_PHONE and _PHONE.fullmatch(word):
        yield from ("+" + digits, digits) if word.startswith("+") else (digits,)


def _is_full(name: str) -> bool:
    parts = name.split()
    return len(parts) >= 2 and all(sum(map(str.isalpha, part)) >= SHORTEST_PART for part in parts)


_CUSTOMERS = text("""
SELECT id, email, ARRAY[body->>'phone'] AS phones,
    ARRAY[(body->>'first_name') || ' ' || (body->>'last_name')] AS names, ARRAY[]::text[] AS streets
FROM customers WHERE shop_id = :shop AND (id = :customer OR email = any(:emails))
""")

_ORDERS = text("""
SELECT id, email,
    ARRAY[body->>'phone', body->'shipping_address'->>'phone', body->'billing_address'->>'phone'] AS phones,
    ARRAY[(body->>'first_name') || ' ' || (body->>'last_name'),
        body->'shipping_address'->>'name', body->'billing_address'->>'name'] AS names,
    ARRAY[body->'shipping_address'->>'line1', body->'billing_address'->>'line1'] AS streets
FROM orders
WHERE shop_id = :shop AND (
    id = any(:orders) OR email = any(:emails) OR customer_id = any(:customers)
    OR (email = any(:guests) AND customer_id IS NULL)
)
""")

_BUYERS = text("""
SELECT id, email, customer_id AS customer FROM orders
WHERE shop_id = :shop AND (id = any(:orders)
    OR regexp_replace(body->>'phone', '\\D', '', 'g') = CAST(:phone AS text))
""")

_RETURNS = text("SELECT id FROM returns WHERE shop_id = :shop AND order_id = any(:orders) ORDER BY id")

_RECIPIENTS = text("""
SELECT DISTINCT reader AS email FROM messages
WHERE shop_id = :shop AND order_id = any(:orders) AND recipient IS NOT NULL
""")
