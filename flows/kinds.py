"""What kind of thing a product is: what the merchant says of it, else what its type and tags suggest.

Words are looked for in the product's type first and in its tags where that says nothing; never in its
title, which says "coffee" of tables and mugs as well.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from enum import StrEnum
from functools import lru_cache

from flows.commerce import Product
from flows.folded import folded


class TimingKind(StrEnum):
    """How long a product takes to be tried: decides when a review is asked for."""

    FAST = "fast"
    STANDARD = "standard"
    COMPLEX = "complex"
    LONG = "long"


SLOWEST_FIRST = (TimingKind.LONG, TimingKind.COMPLEX, TimingKind.STANDARD, TimingKind.FAST)
ONE_PORTION = 100


@dataclass(frozen=True, slots=True)
class KindSaid:
    """The merchant's own word; None: not said. `lasts_days`: how long one piece lasts. `pack`: how many
    usual portions one piece holds, in hundredths."""

    timing: TimingKind | None = None
    consumable: bool | None = None
    durable: bool | None = None
    digital: bool | None = None
    lasts_days: int | None = None
    pack: int | None = None

    def over(self, wider: KindSaid) -> KindSaid:
        """What is said here, and of the rest what is said of something wider."""
        mine = {field.name: getattr(self, field.name) for field in fields(self)}
        return KindSaid(
            **{name: getattr(wider, name) if value is None else value for name, value in mine.items()}
        )


NOTHING_SAID = KindSaid()


@dataclass(frozen=True, slots=True)
class ProductKind:
    """`usual_days`: how long things of its kind last, as a rule of thumb; None: nothing is known."""

    timing: TimingKind = TimingKind.STANDARD
    consumable: bool = False
    durable: bool = False
    digital: bool = False
    usual_days: int | None = None
    lasts_days: int | None = None
    pack: int = ONE_PORTION


STANDARD = ProductKind()


def kind_of(product: Product | None, said: KindSaid = NOTHING_SAID) -> ProductKind:
    """Of a product that is not known counts what the merchant says; else it is standard."""
    guess = STANDARD if product is None else _guess(product.kind, product.tags)
    known = product is not None and product.digital
    lasts = said.lasts_days
    return ProductKind(
        timing=said.timing or guess.timing,
        consumable=_said(said.consumable, lasts is not None or (guess.consumable and not said.durable)),
        durable=_said(said.durable, guess.durable and not said.consumable and lasts is None),
        digital=_said(said.digital, guess.digital or known),
        usual_days=guess.usual_days,
        lasts_days=lasts,
        pack=said.pack or ONE_PORTION,
    )


def categories_of(product: Product) -> tuple[str, ...]:
    """The names under which a merchant may speak of products like this one, the closest first."""
    names = (product.kind, *product.tags)
    return tuple(dict.fromkeys(folded(name) for name in names if name.strip()))


def is_fee(product: Product | None, title: str) -> bool:
    """Whether nothing is sold by it: postage, a tip, an insurance. Told by a type or a title that says no
    more."""
    kind = "" if product is None else product.kind
    return any(_FEE.fullmatch(name.strip()) for name in (kind, title))


def _said(word: bool | None, guess: bool) -> bool:
    return guess if word is None else word


@lru_cache(maxsize=4096)
def _guess(kind: str, tags: tuple[str, ...]) -> ProductKind:
    labels = " / ".join(tags)
    digital = _finds(_DIGITAL, kind) or _finds(_DIGITAL, labels)
    durable, days = _use(kind)
    if not durable and days is None:
        durable, days = _use(labels)
    if digital:
        durable, days = False, None
    return ProductKind(
        timing=_labelled(tags) or _timing(kind) or _timing(labels) or TimingKind.STANDARD,
        consumable=days is not None,
        durable=durable,
        digital=digital,
        usual_days=days,
    )


def _labelled(tags: tuple[str, ...]) -> TimingKind | None:
    """The tag `timing:<kind>`."""
    for tag in tags:
        label, _, wanted = tag.strip().lower().partition(":")
        if label == "timing" and wanted.strip() in _NAMED:
            return _NAMED[wanted.strip()]
    return None


def _timing(text: str) -> TimingKind | None:
    return next((kind for kind, pattern in _TIMINGS if pattern.search(text)), None)


def _use(text: str) -> tuple[bool, int | None]:
    """(durable, days that it lasts). What holds a consumable or works with it is durable, unless it is
    filled again."""
    days = next((days for days, pattern in _LASTING if pattern.search(text)), None)
    if _finds(_DURABLE, text) and not _finds(_REFILL, text):
        return True, None
    return False, days


def _finds(pattern: re.Pattern[str], text: str) -> bool:
    return pattern.search(text) is not None


def _words(words: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{words})(?:s|e|es|n|en)?\b", re.IGNORECASE)


_NAMED = {kind.value: kind for kind in TimingKind}
# No part of any word: "Committee".
_TEE = "(?:kräuter|früchte|schwarz|grün|eis|bio-|rooibos|kamillen|pfefferminz)?tee"
# Where several words speak, the slowest one is believed. German words are mostly parts of longer ones.
_TIMINGS = (
    (
        TimingKind.LONG,
        _words(
            r"furniture|sofa|couch|mattress|appliance|subscription"
            r"|\w*möbel|matratze|\w*schrank|haushaltsgerät|\w*abo|abonnement"
        ),
    ),
    (
        TimingKind.COMPLEX,
        _words(
            r"electronics?|grinder|kettle|espresso|machine|fitness|software|lamp system"
            r"|elektronik|\w*mühle|wasserkocher|\w*maschine"
        ),
    ),
    (
        TimingKind.FAST,
        _words(
            r"coffee|tea|snack|supplement|vitamin|chocolate|book|protein"
            r"|kaffee|kaffeebohne|\w*tee|nahrungsergänzung|\w*schokolade|buch|bücher"
        ),
    ),
)
_LASTING = (
    (
        90,
        _words(
            r"shampoo|conditioner|razor|razor blade|blade|(?:air |water )?filter|toner|ink|perfume|fragrance"
            r"|haarpflege|rasierer|rasierklinge|\w*filter|tinte|parfüm|parfum|spülung"
        ),
    ),
    (
        60,
        _words(
            r"skin ?care|skin care|serum|cream|lotion|moisturi[sz]er|cleanser|clean(?:ing|er)|detergent|soap"
            r"|pet (?:treat|food|supplies)|(?:dog|cat) (?:treat|food)|candle"
            r"|hautpflege|\w*creme|\w*reiniger|reinigung|putzmittel|waschmittel|\w*seife"
            r"|leckerli|\w*futter|\w*kerze"
        ),
    ),
    (
        30,
        _words(
            r"vitamin|supplement|protein|coffee|tea|snack|cereal|granola|chocolate|consumable"
            rf"|nahrungsergänzung|kaffee|kaffeebohne|{_TEE}|müsli|\w*schokolade|verbrauchsmaterial"
        ),
    ),
)
_DURABLE = _words(
    r"durable|furniture|sofa|couch|mattress|appliance|table|chair|lamp|electronics?|machine|maker|grinder"
    r"|kettle|mug|cup|teapot|pot|brewer|dispenser|holder|rack|cookware|knife|knives|tool|shoe|boot|sneaker"
    r"|jewell?e?ry|watch|bag|backpack|bike|bicycle|helmet|clothing|apparel|jacket|equipment|accessor(?:y|ies)"
    r"|\w*möbel|(?:couch|ess|bei|schreib|steh|garten)?tisch|\w*stuhl|\w*lampe|\w*leuchte|elektronik"
    r"|\w*maschine|\w*mühle|\w*kanne|\w*tasse|\w*becher|wasserkocher|\w*messer|werkzeug|\w*schuh|stiefel"
    r"|schmuck|\w*uhr|tasche|rucksack|fahrrad|\w*helm|kleidung|\w*jacke|\w*zubehör"
)
_REFILL = re.compile(
    r"refill|nachfüll|ersatz|replacement|capsule|kapsel|\bpods?\b|\bbeans?\b|bohne", re.IGNORECASE
)
_FEE = _words(
    "fee|handling fee|service fee|surcharge|postage|shipping|delivery|express shipping"
    "|(?:shipping|package|order|delivery) (?:protection|insurance)|insurance|tip|gratuity|donation|deposit"
    "|gebühr|bearbeitungsgebühr|servicegebühr|versand|porto|versandkosten|versicherung|trinkgeld|spende|pfand"
)
_DIGITAL = _words(
    r"digital|downloads?|e-?book|software|licen[cs]e|online course|course|pdf"
    r"|e-?buch|lizenz|onlinekurs|online-kurs|hörbuch"
)
