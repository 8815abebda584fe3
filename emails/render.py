"""A template and a context become one mail: subject, preheader, HTML part and text part."""

from __future__ import annotations

from markupsafe import Markup

from emails import columns
from emails.clean import closed, fitted
from emails.compiling.blocks import arranged
from emails.compiling.compiled import END_OF_HEAD, compiled, dressed, parts_of, printed
from emails.compiling.source import FOLDER
from emails.compiling.stored import store, stored
from emails.compiling.style import style_of
from emails.i18n import Texts, language_of
from emails.message import MailContext, RenderedMail
from emails.view import values_of
from emails.voice import voice_for

_LONGEST_SUBJECT = 78
_LONGEST_PREHEADER = 90


def render(template: str, context: MailContext, locale: str) -> RenderedMail:
    """`template` is a path without ending ("review_request/ask").

    Raises jinja2.TemplateNotFound for an unknown one, UndefinedError or KeyError for one that names
    what does not exist.
    """
    voice = voice_for(context, locale)
    made = compiled(template)
    values = values_of(context, voice, made.names)
    style = style_of(context.brand, language_of(voice.locale), voice.locale.text_direction)
    look, blocks = dressed(template, style), arranged(template, context.arrangement)

    plain = {**values, "t": voice.words, "own_text": context.own_text}
    subject, preheader, text = printed(made.text, plain, blocks).split(END_OF_HEAD, 2)
    styled = {
        **values,
        "t": Texts(voice.locale, True, voice.words.own, voice.words.tone, voice.words.second),
        "subject": _head(subject, _LONGEST_SUBJECT),
        "preheader": _head(preheader, _LONGEST_PREHEADER),
        "own_html": Markup(context.own_html),
    }
    return RenderedMail(
        subject=styled["subject"],
        preheader=styled["preheader"],
        html=printed(look, styled, blocks),
        text=columns.tidy(text),
    )


def subject_of(template: str, context: MailContext, locale: str) -> str:
    """The subject alone, for lists of mails that are still to come. Raises as `render` does."""
    voice = voice_for(context, locale)
    made = compiled(template)
    values = {**values_of(context, voice, made.names), "t": voice.words, "own_text": ""}
    subject = ""
    for written in made.text.root_render_func(made.text.new_context(values)):
        subject += written
        if END_OF_HEAD in written:
            break
    return _head(subject.partition(END_OF_HEAD)[0], _LONGEST_SUBJECT)


def compile_all() -> None:
    """Compiles every template now: in a process that is about to fork, so that no child has to."""
    if not stored():
        store({template: parts_of(template) for template in template_names()})
        stored.cache_clear()
    for template in template_names():
        compiled(template)


def template_names() -> tuple[str, ...]:
    """Every mail there is, as `render` takes it."""
    return tuple(sorted(str(path.relative_to(FOLDER).with_suffix("")) for path in FOLDER.glob("*/*.j2")))


def _head(text: str, limit: int) -> str:
    """On one line; non-breaking blanks have no use in a header and would only make it longer."""
    return closed(fitted(" ".join(text.split()), limit))
