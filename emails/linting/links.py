"""Links: they lead somewhere, say where, and the plain text has them as well."""

from __future__ import annotations

from collections.abc import Iterator

from emails.address import valid_address
from emails.clean import is_here, web_address
from emails.i18n import sentences
from emails.linting.finding import Finding
from emails.linting.page import Node, excerpt
from emails.linting.places import SHORTENERS, host_of
from emails.linting.seen import Seen, called
from flows.facts import MailClass

_MAILTO = "mailto:"
# They say nothing to somebody who goes from link to link.
EMPTY_WORDS = frozenset(
    (
        *("click here", "click", "here", "this link", "link", "tap here", "press here"),
        *("hier klicken", "klicken sie hier", "klick hier", "hier", "klick", "dieser link"),
        *("cliquez ici", "cliquer ici", "ici", "ce lien", "lien", "cliquez"),
        *("haga clic aquí", "haz clic aquí", "clic aquí", "pulse aquí", "aquí", "este enlace", "enlace"),
        *("こちら", "ここ", "こちらをクリック", "ここをクリック", "クリック", "リンク"),
        *("여기", "여기를 클릭", "여기를 클릭하세요", "클릭", "링크"),
        *("点击这里", "点击此处", "这里", "此处", "链接", "點擊這裡", "點擊此處", "這裡", "連結"),
        *("klik di sini", "di sini", "klik", "pautan ini", "pautan"),
    )
)


def of_links(seen: Seen) -> Iterator[Finding]:
    in_text = set(seen.mail.text.split())
    for link in seen.page.all("a"):
        yield from _place(link, seen)
        yield from _name(link, seen)
        yield from _in_text(link, seen, in_text)


def of_leaving(seen: Seen) -> Iterator[Finding]:
    """Whoever gets a mail that is not about an order alone can leave by it."""
    if seen.mail_class is MailClass.TRANSACTIONAL:
        return
    words = sentences(seen.language).get("footer.unsubscribe")
    names = {called(link, seen.day) for link in seen.page.all("a")}
    if words not in names and not any("/u/" in link.attrs.get("href", "") for link in seen.page.all("a")):
        yield Finding("leaving", "The link to unsubscribe is missing.")


def _place(link: Node, seen: Seen) -> Iterator[Finding]:
    target, name = link.attrs.get("href", "").strip(), excerpt(called(link, seen.day))
    if not target or target == "#":
        yield Finding("link_address", f"The link “{name}” leads nowhere.", name)
    elif target.lower().startswith(_MAILTO):
        if valid_address(target[len(_MAILTO) :].partition("?")[0]) is None:
            yield Finding("link_address", f"The link “{name}” has no mail address that can be.", name)
    elif web_address(target) is None:
        yield Finding("link_address", f"The link “{name}” has no full web address: {target[:60]}", name)
    elif host_of(target) in SHORTENERS:
        yield Finding(
            "shortener",
            f"The link “{name}” goes through {host_of(target)}, which spam filters distrust.",
            name,
        )
    elif "." not in host_of(target) and not is_here(target):
        yield Finding(
            "link_address", f"The link “{name}” leads to “{host_of(target)}”, which is no domain.", name
        )


def _name(link: Node, seen: Seen) -> Iterator[Finding]:
    if not seen.day.looks[link].shown:
        return
    name = called(link, seen.day)
    bare = name.lower().rstrip(" .…>→»:")
    if not name and not any(node.tag == "img" for node in link.elements()):
        yield Finding("link_words", "A link has no words.", link.attrs.get("href", "")[:60])
    elif bare in EMPTY_WORDS:
        yield Finding("link_words", f"“{name}” does not say where the link leads.", name)
    elif "://" in bare or bare.startswith("www."):
        yield Finding(
            "link_words", f"The link shows its address “{excerpt(name)}” instead of words.", excerpt(name)
        )


def _in_text(link: Node, seen: Seen, in_text: set[str]) -> Iterator[Finding]:
    target = link.attrs.get("href", "").strip()
    told = target[len(_MAILTO) :].partition("?")[0] if target.lower().startswith(_MAILTO) else target
    if told and told not in in_text and not any(word.strip("().,<>") == told for word in in_text):
        name = excerpt(called(link, seen.day))
        yield Finding("link_in_text", f"The plain text does not have the link “{name}”.", name)
