"""The page on which a mail is edited: its form, what is said of it, and the mail as it would be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from flask import render_template, request

from app.db import Session
from app.services.mail_gate import Fault
from app.services.mail_versions import Content, Mail, Standing, standing, words_of_shop
from app.services.preview import Edited, Preview, order_numbered, preview
from app.services.texts import wordings_of
from app.web.admin.doors import Merchant
from app.web.admin.flow import flow_named
from app.web.admin.flow_mail import in_light, send_named
from app.web.admin.mail_changes import OWN_LABEL
from app.web.admin.mail_editor_form import Form, as_it_may_be, language_in, opened, rows_of
from app.web.admin.trial_words import languages_named
from app.web.guards import runtime
from app.words.flows import FLOW_WORDS
from app.words.moments import short
from emails.i18n import gaps_of
from emails.own_html.published import LISTS, VALUES
from emails.own_words import EDITABLE
from flows.flow import Flow
from flows.steps import Send, steps_within

PARTS = {"light": "Light", "dark": "Dark", "text": "Text only"}
WIDTHS = {"375": "Phone", "640": "Desktop"}


@dataclass(frozen=True, slots=True)
class Told:
    """What the page says of what was done. `undo`: the version to come back to."""

    done: str = ""
    problems: Mapping[str, str] = field(default_factory=dict)
    faults: Sequence[Fault] = ()
    notes: Sequence[str] = ()
    stale: bool = False
    undo: int | None = None


QUIET = Told()


@dataclass(frozen=True, slots=True)
class Place:
    """The mail that an address names."""

    flow: Flow
    send: Send
    mail: Mail

    @property
    def template(self) -> str:
        return self.send.template

    @property
    def area(self) -> str:
        return f"flow:{self.flow.key}"

    @property
    def number(self) -> str:
        """Which of the flow's mails: first, second, ... or "one" where there is one."""
        sends = [step.key for step in steps_within(self.flow.steps) if isinstance(step, Send)]
        names = ("first", "second", "third", "fourth", "fifth")
        return names[sends.index(self.send.key)] if 1 < len(sends) <= len(names) else "one"

    @property
    def named(self) -> str:
        return f"the {self.number} mail" if self.number != "one" else "the mail"


def place_of(seen: Merchant, key: str, step: str) -> Place:
    """404 for what is no mail of a flow."""
    flow = flow_named(key)
    send = send_named(flow, step)
    return Place(flow, send, Mail(seen.shop_id, flow.key, send.key, EDITABLE[send.template]))


def page_of(
    session: Session, seen: Merchant, place: Place, form: Form | None = None, told: Told = QUIET
) -> str:
    """`form`: what was typed, where it could not be kept."""
    at = runtime()
    stood = standing(session, place.mail)
    language = language_in(seen)
    content = stood.edited if form is None else as_it_may_be(form, place.template, stood.edited)
    shown_form = form if form is not None else opened(place.template, stood.edited, language, stood.seen)
    return render_template(
        "admin/mail_editor.html",
        seen=seen,
        page="flows",
        place=place,
        flow=place.flow,
        send=place.send,
        words=FLOW_WORDS[place.flow.key],
        stood=stood,
        stood_seen=stood.seen,
        draft_told=_draft_told(seen, stood),
        form=shown_form,
        wordings=wordings_of(place.mail.fields, language, {language: shown_form.given}),
        present=stood.edited.words.get(language, {}),
        gaps={one.key: _gaps(language, one.key) for one in place.mail.fields},
        blocks=rows_of(place.template, shown_form, OWN_LABEL),
        values=VALUES,
        lists=LISTS,
        language=language,
        languages=languages_named(seen.shop),
        told=told,
        order_mail=place.flow.mail_class.value == "T",
        zone=seen.shop.timezone,
        now=at.clock.now(),
        **shown_of(session, seen, place, content, language),
    )


def _draft_told(seen: Merchant, stood: Standing) -> str:
    if stood.draft is None:
        return ""
    when = short(stood.draft.saved_at, seen.shop.timezone, runtime().clock.now())
    return f"A draft of {stood.draft.saved_by}, {when}. It is not sent before it is published."


def _gaps(language: str, key: str) -> list[str]:
    return [f"{{{name}}}" for name in sorted(gaps_of(language, key))]


def shown_of(
    session: Session, seen: Merchant, place: Place, content: Content, language: str
) -> dict[str, object]:
    """The mail as it would be, on the order and in the light that were chosen."""
    number, part, width = _number(), _one_of(PARTS, "part"), _one_of(WIDTHS, "width")
    shown = previewed(session, seen, place, content, language)
    return {
        "shown": shown,
        "html": in_light(shown.mail.html, dark=part == "dark"),
        "number": number,
        "missing": bool(number) and order_numbered(session, seen.shop_id, number) is None,
        "part": part,
        "width": width,
        "parts": PARTS,
        "widths": WIDTHS,
    }


def previewed(session: Session, seen: Merchant, place: Place, content: Content, language: str) -> Preview:
    """On the order that was chosen, else on the newest that fits."""
    at, number = runtime(), _number()
    return preview(
        session,
        at.sender(),
        seen.shop_id,
        place.template,
        order_id=order_numbered(session, seen.shop_id, number) if number else None,
        language=language,
        keys=at.keys,
        now=at.clock.now(),
        edited=Edited(words_of_shop(session, place.mail, content), content.mail),
    )


def _number() -> str:
    return request.values.get("order", "").replace("\0", "").strip()[:60]


def _one_of(known: Mapping[str, str], name: str) -> str:
    chosen = request.values.get(name, "")
    return chosen if chosen in known else next(iter(known))
