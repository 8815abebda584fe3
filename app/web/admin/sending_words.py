"""What the page "Sending" says of each record, in a merchant's words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.queries.sending_domains import SendingDomain
from app.services.sending_domain_names import readable
from app.services.sending_domain_records import Found, Kind, Ours, State, Wanted, wanted
from app.services.warm_up import DAY, ROOM, day_of, is_warming
from app.web.admin.home_words import counted
from app.words.moments import short

_TITLES = {
    Kind.DKIM: ("Signature (DKIM)", "Proves that a mail is yours and was not changed on its way."),
    Kind.RETURN_PATH: (
        "Return path (SPF)",
        "Where mails go that cannot be delivered, so that we stop writing there; and that we may send.",
    ),
    Kind.SPF: ("Permission (SPF)", "Says that our servers may send for your domain."),
    Kind.DMARC: (
        "Policy (DMARC)",
        "Tells mailboxes what to do with forgeries: nothing, for now.",
    ),
}
_BADGES = {
    State.OK: ("Found", "good", "check"),
    State.UNSURE: ("No answer", "warn", "clock"),
    State.MISSING: ("Not there yet", "", "circle"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """A record as it is shown. `label`: its name without the domain."""

    key: str
    title: str
    words: str
    type: str
    name: str
    label: str
    value: str
    badge: tuple[str, str, str]
    finding: str


def rows_of(domain: SendingDomain, ours: Ours) -> list[Row]:
    records = wanted(domain.domain, domain.selector, domain.record, ours)
    return [_row(one, domain, _found(domain, one.kind)) for one in records]


def _row(one: Wanted, domain: SendingDomain, found: Found | None) -> Row:
    title, words = _TITLES[one.kind]
    return Row(
        key=one.kind,
        title=title,
        words=words,
        type=one.type,
        name=one.name,
        label="@" if one.name == domain.domain else one.name.removesuffix(f".{domain.domain}"),
        value=one.value,
        badge=_badge(found),
        finding=_said(one, found, domain.domain) if found else "",
    )


def _found(domain: SendingDomain, kind: Kind) -> Found | None:
    kept = domain.found.get(kind)
    return Found(State(kept["state"]), kept["seen"]) if kept else None


def _badge(found: Found | None) -> tuple[str, str, str]:
    if found is None:
        return ("Not looked at yet", "", "circle")
    return _BADGES.get(found.state, ("Needs a change", "bad", "alert"))


def _said(one: Wanted, found: Found, domain: str) -> str:
    if found.state is State.DOUBLED:
        return (
            f"It stands at {found.seen}. Your DNS page adds {domain} by itself:"
            f" type only {one.name.removesuffix(f'.{domain}')} as the name."
        )
    if found.state is State.UNSURE:
        return "DNS did not answer. We look again by ourselves."
    if found.state is State.SEVERAL:
        return f"There is more than one such record, and then none counts. Leave one. We see: {found.seen}"
    if found.state is State.WRONG:
        return f"{_CHANGE[one.kind]} We see: {found.seen}"
    return ""


_CHANGE = {
    Kind.DKIM: "Another value stands there. Replace it by the one above, without blanks or quotes.",
    Kind.RETURN_PATH: "It points elsewhere. Replace it by the value above.",
    Kind.SPF: "Keep what is there, and add the part with include: of the value above before its last word.",
    Kind.DMARC: "It has no policy that mailboxes understand. Replace it by the value above.",
}


@dataclass(frozen=True, slots=True)
class Said:
    badge: str
    tone: str
    sign: str
    words: str


def said_of(domain: SendingDomain | None, shared: str, offers: bool) -> Said:
    """`offers`: they may leave from our own domain."""
    if domain is None:
        more = "" if offers else " Offers leave once that is done; mails about orders leave already."
        words = (
            f"Mails come from {shared}, under your shop's name, and answers go to you. With a domain of your"
            f" own people see that a mail is really yours.{more}"
        )
        return Said("Our domain", "", "circle", words)
    if domain.verified:
        failing, silent = domain.failing_since is not None, domain.unsure_since is not None
        words = f"Mails come from {domain.local}@{readable(domain.domain)}."
        if failing:
            words += " A record was missing at the last look. If it stays away, mails come from ours."
        elif silent:
            words += " At the last look your DNS did not answer us. After a week of that they come from ours."
        doubted = failing or silent
        return Said("Verified", "warn" if doubted else "good", "alert" if doubted else "check", words)
    held = "" if offers else " Offers wait meanwhile."
    if domain.state == "broken" and domain.unsure_since is not None:
        words = (
            f"For a week your DNS gave us no answer about your domain, so mails come from {shared}. Ask"
            " whoever runs it. We go on looking every day; once we see the records again, mails come from"
            f" your domain.{held}"
        )
        return Said("No answer", "bad", "alert", words)
    if domain.state == "broken":
        words = f"A record of your domain is gone, so mails come from {shared} until it is back.{held}"
        return Said("Broken", "bad", "alert", words)
    words = (
        "Add these records where you manage your domain. It takes minutes, sometimes some hours, until we see"
        f" them; we look by ourselves. Until then mails come from {shared}.{held}"
    )
    return Said("Not verified yet", "warn", "clock", words)


def warmth(domain: SendingDomain | None, zone: str, now: datetime) -> str:
    if domain is None or domain.verified_at is None or not is_warming(domain, now):
        return ""
    day = day_of(domain.verified_at, now)
    taken = domain.warm_taken if domain.warm_day == day else 0
    end = short(domain.verified_at + len(ROOM) * DAY, zone, now)
    return (
        f"Your domain is new to mailboxes, so it starts slowly: until tomorrow {counted(ROOM[day], 'mail')}"
        f" besides those about orders, {taken:,} of them taken. The rest waits for the next day. From {end}"
        " on everything leaves at once."
    )
