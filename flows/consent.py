"""Who may be written to, by the law of where they live: one table of regions, kinds of mail and answers.

Every cell is on the careful side. A cell that choices of a merchant may open names them. Where the law
of a country is not known to the table the strictest one counts. A withdrawn consent beats everything.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from flows.commerce import ConsentState
from flows.consent_choices import CAREFUL
from flows.facts import Facts, MailClass, Topic


class Region(StrEnum):
    EUROPE = "europe"
    UNITED_KINGDOM = "united_kingdom"
    UNITED_STATES = "united_states"
    CANADA = "canada"
    OCEANIA = "oceania"
    ELSEWHERE = "elsewhere"


STRICTER = (
    Region.UNITED_STATES,
    Region.OCEANIA,
    Region.UNITED_KINGDOM,
    Region.EUROPE,
    Region.CANADA,
    Region.ELSEWHERE,
)
"""None lets a mail go that one before it stops."""


class Kind(StrEnum):
    """What the law tells apart. TIPS is every service mail that asks for no review."""

    ORDER = "order"
    REVIEW = "review"
    TIPS = "tips"
    OFFERS = "offers"


class State(StrEnum):
    """What is known of the person; UNKNOWN: nobody ever told."""

    SUBSCRIBED = "subscribed"
    NOT_SUBSCRIBED = "not_subscribed"
    PENDING = "pending"
    UNSUBSCRIBED = "unsubscribed"
    REDACTED = "redacted"
    INVALID = "invalid"
    UNKNOWN = "unknown"


class Ground(StrEnum):
    """Why a mail may leave, or why not. Those of the second half refuse, under their permanent name."""

    ORDER = "about_the_order"
    AGREED = "agreed"
    SERVICE = "service"
    CUSTOMER = "customer"
    LATELY = "customer_lately"

    CONSENT = "consent"
    NOT_CONFIRMED = "consent_not_confirmed"
    LAPSED = "consent_lapsed"
    LEFT = "unsubscribed"
    BAD_ADDRESS = "consent_invalid"


ALLOWS = frozenset({Ground.ORDER, Ground.AGREED, Ground.SERVICE, Ground.CUSTOMER, Ground.LATELY})
IMPLIED_FOR = timedelta(days=730)
"""How long a purchase stands for consent in Canada."""


@dataclass(frozen=True, slots=True)
class Cell:
    """`ground` counts, unless the merchant made a choice of `opened_by`: then the ground beside it does, of
    several the first."""

    ground: Ground
    opened_by: tuple[tuple[str, Ground], ...] = ()


@dataclass(frozen=True, slots=True)
class Permission:
    region: Region
    kind: Kind
    state: State
    ground: Ground

    @property
    def allowed(self) -> bool:
        return self.ground in ALLOWS


def permission(mail_class: MailClass, topic: Topic | None, facts: Facts, now: datetime) -> Permission:
    region, kind, state = region_of(facts), kind_of(mail_class, topic), state_of(facts)
    cell = TABLE[region, kind][state]
    ground = next((then for choice, then in cell.opened_by if _chosen(choice, facts)), cell.ground)
    if ground is Ground.LATELY and now - facts.picture.order.placed_at > IMPLIED_FOR:
        ground = Ground.LAPSED
    return Permission(region, kind, state, ground)


def carries_promotion(mail_class: MailClass, facts: Facts, now: datetime) -> bool:
    """Whether a mail of this class may hold something beside its matter that sells: products, a code, a block
    of the merchant's own. A mail about an order only for whoever said yes to offers; a service mail for
    whoever did not leave them. An offer is what it holds."""
    if mail_class is MailClass.MARKETING:
        return True
    left = Topic.OFFERS in facts.left_topics or MailClass.MARKETING in facts.unsubscribed
    ground = permission(MailClass.MARKETING, Topic.OFFERS, facts, now).ground
    if left or ground in (Ground.LEFT, Ground.BAD_ADDRESS):
        return False
    return mail_class is MailClass.SERVICE or ground is Ground.AGREED


def region_of(facts: Facts) -> Region:
    """The strictest of those where the order is billed and where it goes; where neither names a country, of
    all there are."""
    order = facts.picture.order
    places = [one.country.strip().upper() for one in (order.shipping_address, order.billing_address) if one]
    regions = [_REGIONS.get(country, Region.ELSEWHERE) for country in places if country]
    return max(regions, key=STRICTER.index, default=Region.ELSEWHERE)


def kind_of(mail_class: MailClass, topic: Topic | None) -> Kind:
    if mail_class is MailClass.TRANSACTIONAL:
        return Kind.ORDER
    if mail_class is MailClass.MARKETING:
        return Kind.OFFERS
    return Kind.REVIEW if topic is Topic.REVIEWS else Kind.TIPS


def state_of(facts: Facts) -> State:
    """Where the merchant wants a yes confirmed, one that was not is still pending."""
    if facts.consent is None:
        return State.UNKNOWN
    unsure = facts.shop.consent_choices.double_opt_in and not facts.consent_confirmed
    if facts.consent is ConsentState.SUBSCRIBED and unsure:
        return State.PENDING
    return State(facts.consent.value)


def _chosen(choice: str, facts: Facts) -> bool:
    """Whether the merchant left the careful side."""
    made: bool = getattr(facts.shop.consent_choices, choice)
    return made is not getattr(CAREFUL, choice)


_EUROPE = (
    "AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE"  # the Union
    " IS LI NO CH"  # beside it, under the same or a like law
    " AX GF GP MQ RE YT BL MF PM SM MC AD VA"
)
_REGIONS: Mapping[str, Region] = {
    **dict.fromkeys(_EUROPE.split(), Region.EUROPE),
    **dict.fromkeys(("GB", "GG", "JE", "IM"), Region.UNITED_KINGDOM),
    **dict.fromkeys(("US", "PR", "VI", "GU", "AS", "MP"), Region.UNITED_STATES),
    "CA": Region.CANADA,
    **dict.fromkeys(("AU", "NZ"), Region.OCEANIA),
}

_YES, _NO = Cell(Ground.AGREED), Cell(Ground.CONSENT)
_FREE, _SERVICE = Cell(Ground.ORDER), Cell(Ground.SERVICE)
_LEFT, _BAD, _UNSURE = Cell(Ground.LEFT), Cell(Ground.BAD_ADDRESS), Cell(Ground.NOT_CONFIRMED)

Row = Mapping[State, Cell]


def _row(asked: Cell, pending: Cell, unknown: Cell) -> Row:
    """`asked`: the store knows them and they did not subscribe. What nobody's law leaves open is the same in
    every row: a yes, a withdrawal, an address that is none."""
    return {
        State.SUBSCRIBED: _YES,
        State.NOT_SUBSCRIBED: asked,
        State.PENDING: pending,
        State.UNKNOWN: unknown,
        State.UNSUBSCRIBED: _LEFT,
        State.REDACTED: _LEFT,
        State.INVALID: _BAD,
    }


def _careful(choice: str, terms: Ground) -> Row:
    """A yes, unless the merchant takes it for part of the service. On the `terms` of the law, and told so at
    the checkout, also who was never asked."""
    service = (choice, Ground.SERVICE)
    return _row(
        Cell(Ground.CONSENT, (service,)),
        Cell(Ground.NOT_CONFIRMED, (service,)),
        Cell(Ground.CONSENT, (service, (_TOLD, terms))),
    )


def _offers(terms: Ground) -> Row:
    """The same, and no part of any service."""
    return _row(_NO, _UNSURE, Cell(Ground.CONSENT, ((_TOLD, terms),)))


_REVIEWS, _TIPS, _TOLD = "reviews_as_marketing", "tips_as_marketing", "told_at_checkout"
_OF_AN_ORDER: Row = dict.fromkeys(State, _FREE)

TABLE: Mapping[tuple[Region, Kind], Row] = {
    # A mail that an order needs asks nobody.
    (Region.EUROPE, Kind.ORDER): _OF_AN_ORDER,
    (Region.UNITED_KINGDOM, Kind.ORDER): _OF_AN_ORDER,
    (Region.UNITED_STATES, Kind.ORDER): _OF_AN_ORDER,
    (Region.CANADA, Kind.ORDER): _OF_AN_ORDER,
    (Region.OCEANIA, Kind.ORDER): _OF_AN_ORDER,
    (Region.ELSEWHERE, Kind.ORDER): _OF_AN_ORDER,
    # Directive 2002/58/EC, article 13(2): customers, about similar goods, who could say no when they bought
    # and can in every mail.
    (Region.EUROPE, Kind.REVIEW): _careful(_REVIEWS, Ground.CUSTOMER),
    (Region.EUROPE, Kind.TIPS): _careful(_TIPS, Ground.CUSTOMER),
    (Region.EUROPE, Kind.OFFERS): _offers(Ground.CUSTOMER),
    # Privacy and Electronic Communications Regulations 2003, regulation 22(3): the same.
    (Region.UNITED_KINGDOM, Kind.REVIEW): _careful(_REVIEWS, Ground.CUSTOMER),
    (Region.UNITED_KINGDOM, Kind.TIPS): _careful(_TIPS, Ground.CUSTOMER),
    (Region.UNITED_KINGDOM, Kind.OFFERS): _offers(Ground.CUSTOMER),
    # CAN-SPAM Act: who has not left may be written to; offers go to those only who said yes all the same.
    (Region.UNITED_STATES, Kind.REVIEW): _row(_SERVICE, _SERVICE, _SERVICE),
    (Region.UNITED_STATES, Kind.TIPS): _row(_SERVICE, _SERVICE, _SERVICE),
    (Region.UNITED_STATES, Kind.OFFERS): _offers(Ground.CUSTOMER),
    # CASL, section 10(9): a purchase stands for consent for two years; being told is on the safe side.
    (Region.CANADA, Kind.REVIEW): _careful(_REVIEWS, Ground.LATELY),
    (Region.CANADA, Kind.TIPS): _careful(_TIPS, Ground.LATELY),
    (Region.CANADA, Kind.OFFERS): _offers(Ground.LATELY),
    # Spam Act 2003 and Unsolicited Electronic Messages Act 2007: customers who were told are taken to agree.
    (Region.OCEANIA, Kind.REVIEW): _careful(_REVIEWS, Ground.CUSTOMER),
    (Region.OCEANIA, Kind.TIPS): _careful(_TIPS, Ground.CUSTOMER),
    (Region.OCEANIA, Kind.OFFERS): _offers(Ground.CUSTOMER),
    # Not known: only a yes, whatever anybody chose.
    (Region.ELSEWHERE, Kind.REVIEW): _row(_NO, _UNSURE, _NO),
    (Region.ELSEWHERE, Kind.TIPS): _row(_NO, _UNSURE, _NO),
    (Region.ELSEWHERE, Kind.OFFERS): _row(_NO, _UNSURE, _NO),
}
