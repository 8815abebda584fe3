"""What a mail is made from, and the finished mail."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from emails.dkim import DkimKey
from flows.commerce import OrderLine, Parcel, Product, Refund
from flows.content import Content
from flows.offers import Gives
from flows.picture import OrderPicture


@dataclass(frozen=True, slots=True)
class Brand:
    """How a shop looks and who speaks. Colours are #rrggbb, `radius` is in pixels; `sender` is the
    From address, `country` the two letters of where the shop is (its own is not printed in addresses).
    `logo` is a picture's address with its size as it is to be shown; "" where there is none; `night_logo` the
    one for dark screens, "" where the same serves. `tone`: one of i18n.TONES. `places`: where else the brand
    is found, each a name and an address."""

    name: str
    url: str
    sender: str
    support_email: str
    postal_address: str = ""
    accent: str = "#2a5bd7"
    ink: str = "#1a1d21"
    page: str = "#f6f7f8"
    heading_font: str = "Georgia, 'Times New Roman', serif"
    body_font: str = "-apple-system, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif"
    support_name: str = ""
    radius: int = 8
    country: str = ""
    sender_name: str = ""
    logo: str = ""
    logo_width: int = 0
    logo_height: int = 0
    night_logo: str = ""
    night_logo_width: int = 0
    night_logo_height: int = 0
    tone: str = ""
    places: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Links:
    """Addresses that a mail may point to; all are ours and signed, ready to print.

    `reviews`: by product id, where it is reviewed; `stars`: the same with one star to five filled in.
    `products`: by product id, where it is sold.
    `arrived`, `missed`: where somebody says that a parcel is there, or is not.
    `content`: by slot, where more of what the merchant wrote stands; `squares`: pictures of the same for a
    phone's camera. `again`: where the product that the
    mail is about is bought once more. `one_click` is the RFC 8058 POST
    address; None in mails without one.
    """

    tracking: str
    shop: str
    reviews: Mapping[str, str] = field(default_factory=dict)
    stars: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    products: Mapping[str, str] = field(default_factory=dict)
    content: Mapping[str, str] = field(default_factory=dict)
    squares: Mapping[str, str] = field(default_factory=dict)
    again: str | None = None
    arrived: str | None = None
    missed: str | None = None
    unsubscribe: str | None = None
    one_click: str | None = None


@dataclass(frozen=True, slots=True)
class Coupon:
    """A code that is good by now. `value`: whole percent, or minor units of `currency`; `minimum` 0: none."""

    code: str
    gives: Gives
    value: int
    currency: str
    minimum: int
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class MailContext:
    """Everything a template may use. `lines` are those the mail is about (refunded ones dropped),
    `parcel` the one it is about, `step` the send step's key. `announces`: keys of the flows that are on
    and still to come for this order, so that a mail promises no other. `picks`: products that go with the
    order, best first. `own_words`: the merchant's own sentences, by language and key. `content`: what the
    merchant wrote for this order's products, by slot. `coupon`: the code that it carries. `about`: the
    product of the order that it is about, "" for none in particular. `second_subject`: it carries our second
    subject instead of the first. `plan_percent`: what the shop's
    subscription saves. `years`: since the first order. `refund`: the one that it tells of.
    `arrangement`: the names of its blocks in the merchant's order, those that are off left out, "own" where
    the merchant's own block stands; None: as it is shipped. `own_html`, `own_text`: that block for this
    reader, made safe before and printed as it is."""

    brand: Brand
    links: Links
    picture: OrderPicture
    lines: tuple[OrderLine, ...]
    products: Mapping[str, Product]
    locale: str
    timezone: str
    first_name: str = ""
    parcel: Parcel | None = None
    step: str = ""
    announces: frozenset[str] = frozenset()
    own_words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    picks: tuple[Product, ...] = ()
    content: Mapping[str, Content] = field(default_factory=dict)
    coupon: Coupon | None = None
    about: str = ""
    plan_percent: int = 0
    years: int = 1
    refund: Refund | None = None
    second_subject: bool = False
    arrangement: tuple[str, ...] | None = None
    own_html: str = ""
    own_text: str = ""


@dataclass(frozen=True, slots=True)
class RenderedMail:
    subject: str
    preheader: str
    html: str
    text: str


@dataclass(frozen=True, slots=True)
class Envelope:
    """A mail ready for a provider. `sender` is a bare address, `sender_name` its display name; `headers`
    are extra ones (Date, List-Unsubscribe, X-Doorstep-*). `data`: what another channel than mail is told.
    `return_path`: where bounces go, "" for the sender's own. `idempotency_key`: the same at every try of the
    same mail, for vendors that drop a second copy. `dkim`: what it is signed with where we speak SMTP."""

    sender: str
    recipient: str
    reply_to: str | None
    message_id: str
    subject: str
    html: str
    text: str
    headers: Mapping[str, str]
    sender_name: str = ""
    data: Mapping[str, object] = field(default_factory=dict)
    return_path: str = ""
    idempotency_key: str = ""
    dkim: tuple[DkimKey, ...] = field(default=(), repr=False)
