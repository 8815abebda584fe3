"""What stands in the form of the mail editor: as it is kept, or as it was typed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from flask import request

from app.queries.mail_versions import OwnMail
from app.services.mail_versions import Content
from app.services.own_mail import placed_in, shipped, with_own
from app.services.texts import Unfit, checked_words
from app.web.admin.doors import Merchant
from emails.compiling.blocks import OWN, arranged, blocks_of
from emails.i18n import language_of, languages, nearest
from emails.own_html.reading import read
from emails.own_html.refused import Refused
from emails.own_words import EDITABLE

OWN_HTML = "own_html"
_MOST_BLOCKS = 60


@dataclass(frozen=True, slots=True)
class Row:
    """One block in the editor's list. `fixed`: it is always there."""

    name: str
    label: str
    on: bool
    fixed: bool


@dataclass(frozen=True, slots=True)
class Form:
    """`given`: by key, the sentences of one language. `order`: names of all blocks; `on`: those that are
    shown. `seen`: how the mail stood when the form was opened."""

    language: str
    given: Mapping[str, str]
    order: tuple[str, ...]
    on: frozenset[str]
    own_html: str
    seen: str


def language_in(seen: Merchant) -> str:
    """The chosen one, else the shop's own."""
    wanted = request.values.get("language", "")
    return wanted if wanted in languages() else language_of(nearest(seen.shop.locale or "en"))


def typed(seen: Merchant, template: str) -> Form:
    """What was sent. A form without blocks leaves them as they are shipped."""
    order = tuple(request.form.getlist("block")[:_MOST_BLOCKS]) or with_own(shipped(template))
    fixed = {block.name for block in blocks_of(template) if block.fixed}
    sent = request.form.getlist("on")[:_MOST_BLOCKS] if request.form.getlist("block") else list(order)
    return Form(
        language=language_in(seen),
        given={field.key: request.form.get(field.key, "") for field in EDITABLE[template]},
        order=order,
        on=frozenset(sent) | fixed,
        own_html=request.form.get(OWN_HTML, "").replace("\r\n", "\n").replace("\0", ""),
        seen=request.form.get("seen", ""),
    )


def opened(template: str, content: Content, language: str, seen: str) -> Form:
    """As it is kept."""
    shown = arranged(template, content.mail.arrangement)
    # What is off stands where it would be shipped.
    order = list(shown)
    for place, name in enumerate(shipped(template)):
        if name not in order:
            order.insert(min(place, len(order)), name)
    order = list(with_own(order))
    on = frozenset(shown) | ({OWN} if not content.mail.own_html else frozenset())
    return Form(language, content.words.get(language, {}), tuple(order), on, content.mail.own_html, seen)


def rows_of(template: str, form: Form, own_label: str) -> list[Row]:
    known = {block.name: block for block in blocks_of(template)}
    order = [name for name in dict.fromkeys(form.order) if name in known or name == OWN]
    order += [name for name in (*known, OWN) if name not in order]
    return [
        Row(name, own_label, name in form.on, fixed=False)
        if name == OWN
        else Row(name, known[name].label, name in form.on or known[name].fixed, known[name].fixed)
        for name in order
    ]


def content_of(form: Form, template: str, stood: Content) -> Content:
    """The whole mail as the form would have it: its other languages as they stood. Raises Unfit."""
    problems: dict[str, str] = {}
    said: Mapping[str, str] = {}
    try:
        said = checked_words(EDITABLE[template], form.language, form.given)
    except Unfit as unfit:
        problems |= unfit.problems
    try:
        read(form.own_html)
    except Refused as refused:
        problems[OWN_HTML] = refused.sentence
    if problems:
        raise Unfit(problems)
    words = {**stood.words, form.language: said}
    return Content({language: one for language, one in words.items() if one}, own_mail(form, template))


def own_mail(form: Form, template: str) -> OwnMail:
    own_html = form.own_html if form.own_html.strip() else ""
    shown = [name for name in form.order if name in form.on]
    # A block that is written and switched off is kept with the mail, and stands nowhere in it.
    return OwnMail(placed_in(template, shown, own_html if OWN in form.on else ""), own_html)


def as_it_may_be(form: Form, template: str, stood: Content) -> Content:
    """For a preview: what cannot be sent yet is left as it stood."""
    try:
        return content_of(form, template, stood)
    except Unfit as unfit:
        given = {key: said for key, said in form.given.items() if key not in unfit.problems}
        own = stood.mail.own_html if OWN_HTML in unfit.problems else form.own_html
        kept = {key: stood.words.get(form.language, {}).get(key, "") for key in unfit.problems}
        return content_of(replace(form, given={**kept, **given}, own_html=own), template, stood)
