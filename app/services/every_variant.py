"""All that an edited mail may look like to its readers, for whoever looks it over before it is sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from app.db import Session
from app.keys import Keys
from app.services.letter_links import Post
from app.services.mail_steps import flow_of
from app.services.own_mail import has_own_block
from app.services.preview import Edited, contexts, ground
from emails.lawful import lawful
from emails.message import RenderedMail
from emails.own_html.block import OwnBlock, in_every_way


def in_languages(
    session: Session,
    post: Post,
    shop_id: int,
    template: str,
    edited: Sequence[Edited],
    languages: Sequence[str],
    *,
    keys: Keys,
    now: datetime,
) -> list[dict[str, list[RenderedMail]]]:
    """On the newest order that fits: for each of `edited` the mail by language, with its first subject and
    with its second."""
    common = ground(session, post, shop_id, None, False, None, keys, now)
    return [
        {
            language: [
                lawful(template, replace(context, second_subject=second), flow_of(template).mail_class)
                for _, context, _ in contexts(session, common, [template], None, language, one)
                for second in (False, True)
            ]
            for language in languages
        }
        for one in edited
    ]


def blocks_in(
    session: Session, post: Post, shop_id: int, template: str, source: str, *, keys: Keys, now: datetime
) -> list[OwnBlock]:
    """A merchant's own block, as it is printed for the newest order that fits, and in every other way.
    Raises Refused."""
    common = ground(session, post, shop_id, None, False, None, keys, now)
    ((_, context, _),) = contexts(session, common, [template], None, None, None)
    return in_every_way(source, context, context.locale)


def by_ways(
    session: Session,
    post: Post,
    shop_id: int,
    template: str,
    edited: Edited,
    language: str,
    *,
    keys: Keys,
    now: datetime,
) -> list[RenderedMail]:
    """On the newest order that fits, the mail with its own block in every way but as that order has it.
    Raises Refused."""
    if not has_own_block(edited.mail):
        return []
    common = ground(session, post, shop_id, None, False, None, keys, now)
    ((_, context, _),) = contexts(session, common, [template], None, language, edited)
    return [
        lawful(
            template,
            replace(context, own_html=block.html, own_text=block.text),
            flow_of(template).mail_class,
        )
        for block in in_every_way(edited.mail.own_html, context, context.locale)
        if block.html != context.own_html
    ]
