"""Mails that wait for something that only the merchant can do, as the first page tells them."""

from __future__ import annotations

from dataclasses import dataclass

from app.db import Session
from app.queries.home import load_held
from app.services.identity import UNVERIFIED_DOMAIN
from app.services.mail_accounts import load_accounts
from app.services.postal import NO_ADDRESS
from app.web.admin.home_words import counted
from app.words.mail_account import said_of_kept


@dataclass(frozen=True, slots=True)
class Held:
    """`path` and `link`: where it is put right, and what leads there."""

    title: str
    words: str
    path: str
    link: str


_WORDS = {
    UNVERIFIED_DOMAIN: (
        "Offers leave from your own domain, so that complaints about others do not fall on you.",
        "/sending",
        "Set up your domain",
    ),
    NO_ADDRESS: (
        "The law wants your postal address in every offer, and your shop does not say it.",
        "/brand",
        "Write your address",
    ),
}


def held_lines(session: Session, shop_id: int) -> list[Held]:
    found = load_held(session, shop_id, _WORDS)
    lines = []
    for reason, (words, path, link) in _WORDS.items():
        many = found.get(reason, 0)
        if many:
            lines.append(
                Held(f"{counted(many, 'offer')} {'waits' if many == 1 else 'wait'}", words, path, link)
            )
    return lines


def account_lines(session: Session, shop_id: int) -> list[Held]:
    """The shop's own mail account, while its mails wait for it."""
    account = load_accounts(session, [shop_id]).get(shop_id)
    if account is None or account.failing_since is None:
        return []
    words = said_of_kept(account.problem or "")
    return [Held("Mails wait for your mail account.", words, "/mail-account", "Look at the account")]
