"""Whether a mail that a merchant edited may be sent: as its readers see it, and where its links lead."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from app.db import Session
from app.keys import Keys
from app.services.every_variant import by_ways, in_languages
from app.services.letter_links import Post
from app.services.mail_steps import flow_of
from app.services.preview import Edited
from emails.linting.finding import Finding
from emails.linting.findings import findings
from emails.message import RenderedMail
from flows.facts import MailClass
from wire.http import AddressRefused, HttpClient, WireError

MOST_LINKS = 20
_PATIENCE = 4.0  # seconds for one link
_GONE = (404, 410)


@dataclass(frozen=True, slots=True)
class Fault:
    """`language`: in which it is so; "" in each that was looked at."""

    says: str
    language: str


def faults(
    session: Session,
    post: Post,
    shop_id: int,
    template: str,
    edited: Edited,
    shipped: Edited,
    languages: Sequence[str],
    *,
    keys: Keys,
    now: datetime,
) -> list[Fault]:
    """In the languages that the edit touches, with both subjects. What is as wrong with the `shipped` mail is
    not the edit's fault, and nothing that its merchant could mend here. What only other readers meet, by a
    branch of the merchant's own block, is looked at in the first language: it is the same in all.

    Raises Refused for a block that has more branches than can be looked at."""
    mail_class = flow_of(template).mail_class
    mine, ours = in_languages(
        session, post, shop_id, template, (edited, shipped), languages, keys=keys, now=now
    )  # fmt: skip
    found: dict[str, list[str]] = {}
    known: dict[str, set[tuple[str, str]]] = {}
    for language in languages:
        known[language] = {_place(one) for one in _findings(ours[language], language, mail_class)}
        told = _findings(mine[language], language, mail_class)
        for says in dict.fromkeys(one.says for one in told if _place(one) not in known[language]):
            found.setdefault(says, []).append(language)
        known[language] |= {_place(one) for one in told}
    for language in languages[:1]:
        seldom = by_ways(session, post, shop_id, template, edited, language, keys=keys, now=now)
        told = _findings(seldom, language, mail_class)
        found |= {one.says: list(languages) for one in told if _place(one) not in known[language]}
    everywhere = len(languages) > 1
    return [
        Fault(says, "" if everywhere and len(where) == len(languages) else language)
        for says, where in found.items()
        for language in (where if len(where) < len(languages) else where[:1])
    ]


def _place(one: Finding) -> tuple[str, str]:
    return one.rule, one.where


def _findings(mails: Iterable[RenderedMail], language: str, mail_class: MailClass) -> list[Finding]:
    return [one for mail in mails for one in findings(mail, language=language, mail_class=mail_class)]


@dataclass(frozen=True, slots=True)
class LinkReport:
    """`broken`: whole sentences about links that lead nowhere. `unknown`: about those that nobody could look
    at just now."""

    broken: tuple[str, ...]
    unknown: tuple[str, ...]


def look_at_links(http: HttpClient, links: Iterable[str]) -> LinkReport:
    """Asks for the head of each page, all at once. Private addresses are never called."""
    wanted = list(dict.fromkeys(links))
    if len(wanted) > MOST_LINKS:
        return LinkReport((f"There are {len(wanted)} links; at most {MOST_LINKS} can be looked at.",), ())
    if not wanted:
        return LinkReport((), ())
    with ThreadPoolExecutor(min(8, len(wanted))) as pool:
        answers = list(pool.map(partial(_look_at, http), wanted))
    broken = tuple(says for bad, says in answers if bad and says)
    return LinkReport(broken, tuple(says for bad, says in answers if not bad and says))


def _look_at(http: HttpClient, link: str) -> tuple[bool, str]:
    """Whether it is surely broken, and what is to be said; "": nothing."""
    secure = "https://" + link[7:] if link.lower().startswith("http://") else link
    try:
        status = http.request("HEAD", secure, timeout=_PATIENCE).status
    except AddressRefused:
        return True, f"{link[:120]} is no address for a mail: it takes a public name and the usual port."
    except WireError:
        return False, f"{link[:120]} did not answer, so nobody knows whether it leads anywhere."
    if status in _GONE:
        return True, f"{link[:120]} leads to a page that is not there ({status})."
    return False, ""
