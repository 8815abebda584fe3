"""A mail ready to be looked over: its page, as it is seen by day and by night, and whom it is for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from emails.linting.box import shown_text
from emails.linting.page import Node, Page, page_of
from emails.linting.sight import Sight
from emails.message import RenderedMail
from flows.facts import MailClass

DESKTOP, PHONE = 640, 375


@dataclass(frozen=True, slots=True)
class Seen:
    """`sights`: on a large screen by day, and on a phone by night. `read`: every word that is shown;
    `own`: those of a merchant's own block."""

    mail: RenderedMail
    language: str
    mail_class: MailClass
    page: Page
    sights: tuple[Sight, ...]
    read: str
    own: str

    @property
    def day(self) -> Sight:
        return self.sights[0]

    def shown(self, *tags: str) -> Iterator[Node]:
        """Elements of these names that are seen on a large screen."""
        return (node for node in self.page.all(*tags) if self.day.looks[node].shown)


def seen(mail: RenderedMail, language: str, mail_class: MailClass) -> Seen:
    page = page_of(mail.html)
    day, night = Sight(page, DESKTOP, night=False), Sight(page, PHONE, night=True)
    own = (node for node in page.all("td") if "own" in node.attrs.get("class", "").split())
    return Seen(
        *(mail, language, mail_class, page, (day, night), shown_text(page.root, day)),
        own=" ".join(shown_text(node, day) for node in own),
    )


def called(link: Node, sight: Sight) -> str:
    """A link's name, as it is read aloud: its label, else its words and what is said of its pictures."""
    label = link.attrs.get("aria-label", "").strip()
    words = shown_text(link, sight)
    pictures = [node.attrs.get("alt", "") for node in link.elements() if node.tag == "img"]
    return label or " ".join(filter(None, (words, *pictures))).strip()
