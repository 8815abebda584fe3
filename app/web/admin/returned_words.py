"""What the pages say of mails that came back: how many, why, and what is to be mended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.queries.facts import ShopRow
from app.queries.returned import Cause, Latest
from app.services.brakes import BOUNCES, COMPLAINTS, LIMITS, Figures
from app.web.admin.held import Held
from app.web.admin.home_words import counted
from app.web.admin.message_words import Sign, mail_title, sign_of
from app.words.moments import moment

_TITLES = {
    BOUNCES: "Offers wait: too many mails came back",
    COMPLAINTS: "Offers wait: too many people called them spam",
}
_MEND = {
    BOUNCES: (
        "See where these addresses come from: typed by buyers, or taken from an old list?",
        "Ask your shop to check an address at the till, or to have it typed twice.",
        "Take out lists that were imported and never written to.",
    ),
    COMPLAINTS: (
        "Look at which offers were called spam: they may come too often, or to people who do not know you.",
        "Send offers only to those who asked for them, and less often.",
        "Say in the first line who you are and what they bought.",
    ),
}
_KINDS = {
    "hard_bounced": "Sent back for good",
    "soft_bounced": "Sent back for now",
    "complained": "Called spam",
}
# RFC 3463, in a merchant's words: the class does not matter here.
_STATUSES = {
    "1.1": "no such mailbox",
    "1.2": "no such domain",
    "1.3": "not an address",
    "1.10": "the domain takes no mail",
    "2.1": "the mailbox is switched off",
    "2.2": "the mailbox is full",
    "2.3": "the mail was too large",
    "3.4": "the mail was too large",
    "4.1": "their server did not answer",
    "4.4": "no way to their server",
    "4.7": "it took too long",
    "7.1": "their server does not want it",
    "7.26": "your domain's records are missing",
}


@dataclass(frozen=True, slots=True)
class Mail:
    id: int
    title: str
    sign: Sign


@dataclass(frozen=True, slots=True)
class Line:
    title: str
    beside: str
    words: str


def brake_lines(shop: ShopRow) -> list[Held]:
    """For the first page, whether or not an offer waits just now."""
    if shop.brake is None:
        return []
    words = "Mails about orders go on. Once you have looked at why, you let offers go on, too."
    return [Held(_TITLES[shop.brake], words, "/returned", "See why, and let them go on")]


def title_of(brake: str) -> str:
    return _TITLES[brake]


def mend(brake: str) -> tuple[str, ...]:
    return _MEND[brake]


def since_when(brake: str, at: datetime | None, zone: str, now: datetime) -> str:
    limit = LIMITS[brake]
    what = "came back" if brake == BOUNCES else "were called spam"
    when = f" since {moment(at, zone, now)}" if at is not None else ""
    return (
        f"Offers wait{when}, because {share_of(limit.share)} or more of the mails of a week {what}."
        " Mailboxes that see that put all of a shop's mails into the junk, those about orders, too."
    )


def status_line(figures: Figures) -> str:
    if not figures.sent:
        return "No mail left in the last 7 days."
    mails = counted(figures.sent, "mail")
    return (
        f"Of {mails} in 7 days {counted(figures.bounced, 'came back', 'came back')}"
        f" ({percent(figures.bounced, figures.sent)}) and"
        f" {counted(figures.complained, 'was', 'were')} called spam"
        f" ({percent(figures.complained, figures.sent)})."
    )


def percent(part: int, whole: int) -> str:
    return share_of(part / whole) if whole else "0 %"


def share_of(share: float) -> str:
    """3 %, 0.08 %: two places below one per cent."""
    of_hundred = 100 * share
    return f"{of_hundred:.2f} %" if 0 < of_hundred < 1 else f"{of_hundred:.1f}".removesuffix(".0") + " %"


def mails_of(latest: list[Latest]) -> list[Mail]:
    """Review request, mail 2 of 3, for order 1042."""
    return [
        Mail(
            one.id, f"{mail_title(one.flow_key, one.step)}, for order {one.number}", sign_of("sent", one.came)
        )
        for one in latest
    ]


def lines_of(causes: list[Cause]) -> list[Line]:
    found = []
    for one in causes:
        told = _STATUSES.get(one.status.partition(".")[2], "")
        title = f"{_KINDS[one.kind]}: {told}" if told else _KINDS[one.kind]
        found.append(Line(title, counted(one.mails, "mail"), one.words))
    return found
