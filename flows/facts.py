"""The read-only picture that a decision is made from, and the reasons that a decision leaves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from flows.commerce import Address, ConsentState, Product, Refund
from flows.consent_choices import CAREFUL, ConsentChoices
from flows.content import Content
from flows.estimates import Estimate
from flows.events import EventKind, refund_key
from flows.kinds import KindSaid
from flows.late import Late
from flows.person import NOBODY, Person
from flows.picks import Pick
from flows.picture import OrderPicture
from flows.variants import Trial


class MailClass(StrEnum):
    """T transactional, S service, M marketing (house words)."""

    TRANSACTIONAL = "T"
    SERVICE = "S"
    MARKETING = "M"


class Channel(StrEnum):
    """The way by which a message leaves: as a mail, or to the shop's own tool."""

    EMAIL = "email"
    WEBHOOK = "webhook"


class Topic(StrEnum):
    """What a mail that nobody has to get is about: the unit by which people opt out."""

    REVIEWS = "reviews"
    TIPS = "tips"
    OFFERS = "offers"


@dataclass(frozen=True, slots=True)
class ShopFacts:
    """`timezone` is an IANA name; `connected_at` is when this generation was installed. `for_tests`: the
    shop sells nothing, so that its test orders stand for real ones. `top_spent`: what somebody has spent at
    least who is among the best buyers, by the share of these in whole percent.
    `holdout`: per cent of people who are left out of every flow for comparison."""

    id: int
    generation: int
    active: bool
    connected_at: datetime
    timezone: str
    name: str = ""
    locale: str = "en"
    for_tests: bool = False
    country: str = ""
    currency: str = ""
    consent_choices: ConsentChoices = CAREFUL
    top_spent: Mapping[str, int] = field(default_factory=dict)
    holdout: int = 0


class Group(Protocol):
    """Whom a merchant means: asked like a condition."""

    def check(self, facts: Facts, now: datetime) -> Reason: ...


@dataclass(frozen=True, slots=True)
class FlowSetting:
    """A merchant's switch. `since`: when it last went on (or off); None: never touched. `only_for`: the group
    that alone enters; None: everybody. `holdout`: per cent of people who are left out for comparison.
    `trials`: of subjects, in the language of the order's mails, those that have ended too. `channel`: by
    which its messages leave."""

    enabled: bool = False
    since: datetime | None = None
    knobs: Mapping[str, int | str | bool] = field(default_factory=dict)
    only_for: Group | None = None
    holdout: int = 0
    trials: tuple[Trial, ...] = ()
    channel: Channel = Channel.EMAIL


@dataclass(frozen=True)
class Facts:
    """Everything a decision about one order may look at. Copied by `copies`, so it has no slots.

    `happened`: events of this order, and of the parcel where the journey runs for one, that are
    recorded, with the instant they happened. `recipient`: a valid address, or None.
    `recipient_problem`: why it is None ("no_email", "invalid_email").
    `suppressed`: why nothing may go to this address ("hard_bounce", "complaint"), or None.
    `consent_confirmed`: their yes was confirmed from the mailbox.
    `unsubscribed`: classes of mail that the person has opted out of, `left_topics` single topics.
    `products` is keyed by product id; a line's product may be missing.
    `reviewed_products`: by product id, when this person last reviewed it. `open_complaint`: a return
    or complaint of this person waits for the shop; `missed`: since when they miss parcels that they said are
    not there. `last_score`: the newest answer to a satisfaction question, 0 to 10; no flow that asks for a
    review may look at it.
    `inferred`: what of `happened` nobody told, so that we take it to have happened.
    `began`: what began the journey, known while it begins and not later; `event_key`: its key, known when a
    mail of it leaves, too. `told_in_all`: a mail has told that all of this order was given back, which is so.
    `person`: what is known of who ordered, over all their orders. `content`: what the merchant wrote for the
    products of this order, by slot ("guide", "prepare"). `stars`: the fewest that this person gave a product
    of this order, None without a review; no flow that asks for one may look at it. `vip`: the switch of the
    personal thanks, which take the place of other flows; `progress`: of the flow that tells of a new day.
    `estimates`: what was predicted for this order or person, by name ("run_out", "estimated_arrival").
    `kinds_said`: by product id, what the merchant says of its kind.
    `picks`: products that go with this order, best first, none that cannot be bought. `late`: parcels of this
    person, of whichever order, that did not come on their day, and those of which time tells something next.
    """

    shop: ShopFacts
    setting: FlowSetting
    picture: OrderPicture
    happened: Mapping[EventKind, datetime]
    products: Mapping[str, Product]
    parcel_id: str | None = None
    recipient: str | None = None
    recipient_problem: str | None = None
    suppressed: str | None = None
    unsubscribed: frozenset[MailClass] = frozenset()
    left_topics: frozenset[Topic] = frozenset()
    consent: ConsentState | None = None
    consent_at: datetime | None = None
    consent_confirmed: bool = False
    orders_before: int = 0
    reviewed_products: Mapping[str, datetime] = field(default_factory=dict)
    open_complaint: bool = False
    missed: tuple[datetime, ...] = ()
    last_score: int | None = None
    began: EventKind | None = None
    event_key: str | None = None
    told_in_all: bool = False
    inferred: frozenset[EventKind] = frozenset()
    person: Person = NOBODY
    content: Mapping[str, Content] = field(default_factory=dict)
    stars: int | None = None
    vip: FlowSetting = FlowSetting()
    progress: FlowSetting = FlowSetting()
    estimates: Mapping[str, Estimate] = field(default_factory=dict)
    kinds_said: Mapping[str, KindSaid] = field(default_factory=dict)
    picks: tuple[Pick, ...] = ()
    late: tuple[Late, ...] = ()

    @property
    def refund(self) -> Refund | None:
        """The one that the journey tells of, where one began it."""
        return next((one for one in self.picture.refunds if refund_key(one) == self.event_key), None)

    @property
    def home(self) -> Address | None:
        return self.picture.home

    @property
    def zone(self) -> str:
        """The zone by whose clock the person is written to: by their address, else the shop's."""
        return self.picture.zone or self.shop.timezone


@dataclass(frozen=True, slots=True)
class Reason:
    """One rule with what it saw. A tree: `parts` are the rules that it is made of.

    `rule` is a permanent name ("order_not_cancelled"), `value` what was found, `wanted` what
    would have passed, both as short text.
    """

    rule: str
    passed: bool
    value: str = ""
    wanted: str = ""
    parts: tuple[Reason, ...] = ()
