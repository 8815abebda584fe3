"""What a merchant made their own of a mail, put into the mail of one reader."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from app.keys import Keys
from app.queries.facts import ShopRow
from app.queries.mail_versions import OwnMail
from app.services.ledger import Claimed
from app.services.tagged import hosts_of, tagged
from emails.compiling.blocks import OWN, arranged, blocks_of
from emails.message import MailContext
from emails.own_html.block import own_block
from emails.own_html.refused import Refused

log = logging.getLogger("doorstep.own_mail")


def with_own_mail(
    context: MailContext, own: OwnMail | None, through: Callable[[str], str], *, promotes: bool
) -> MailContext:
    """`promotes`: whether this mail may hold the merchant's own block. One that cannot be printed is left
    out, and the mail goes without it. `through`: what the block's links become."""
    if own is None:
        return context
    placed = replace(context, arrangement=own.arrangement)
    if not promotes or not has_own_block(own):
        return placed
    try:
        block = own_block(own.own_html, placed, placed.locale, through)
    except Refused as refused:
        log.warning("a merchant's own block was left out: %s", refused.says)
        return placed
    return replace(placed, own_html=block.html, own_text=block.text)


def has_own_block(own: OwnMail) -> bool:
    return bool(own.own_html) and OWN in (own.arrangement or ())


def clicks_on(secrets: Keys, address: str, shop: ShopRow, row: Claimed) -> Callable[[str], str]:
    """What a link in the merchant's own block becomes; one of ours, which they put there, is led already."""
    hosts = hosts_of(shop.url, shop.domain)

    def through(url: str) -> str:
        if url.startswith(f"{address}/"):
            return url
        carried = [shop.id, row.id, tagged(url, hosts, row.flow_key, row.step)]
        return f"{address}/l/{secrets.sign('click', carried)}"

    return through


def placed_in(template: str, names: Iterable[str], own_html: str) -> tuple[str, ...] | None:
    """The order of blocks as it is kept: what the mail has, each once; None for that of the shipped mail. The
    own block has a place only where it is written."""
    wanted = [name for name in names if name != OWN or own_html]
    kept = arranged(template, with_own(wanted) if own_html else tuple(wanted))
    return None if kept == shipped(template) else kept


def shipped(template: str) -> tuple[str, ...]:
    return tuple(block.name for block in blocks_of(template))


def with_own(names: Sequence[str]) -> tuple[str, ...]:
    """Where it has no place yet, the own block stands before whom to ask, which closes most mails."""
    if OWN in names:
        return tuple(names)
    place = names.index("help") if "help" in names else len(names)
    return (*names[:place], OWN, *names[place:])
