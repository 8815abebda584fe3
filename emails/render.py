"""A template and a context become one mail: subject, preheader, HTML part and text part."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from emails import columns, palette
from emails.clean import closed, shortened
from emails.i18n import Texts, language_of
from emails.message import MailContext, RenderedMail
from emails.view import values_of
from emails.voice import voice_for

_FOLDER = Path(__file__).with_name("templates")
_LONGEST_SUBJECT = 78
_LONGEST_PREHEADER = 90
_FONT = re.compile(r"[\w\s,'\"-]+")


def render(template: str, context: MailContext, locale: str) -> RenderedMail:
    """`template` is a path without ending ("review_request/ask").

    Raises jinja2.TemplateNotFound for an unknown one, UndefinedError or KeyError for one that names
    what does not exist.
    """
    voice = voice_for(context, locale)
    values = values_of(context, voice)
    text_part = environment(markup=False).get_template(f"{template}.j2")
    html_part = environment(markup=True).get_template(f"{template}.j2")

    plain = {**values, "t": voice.words}
    subject, preheader = _heads(text_part, plain)

    styled = {
        **values,
        **_style(context),
        "t": Texts(voice.locale, markup=True, own=context.own_words),
        "lang": language_of(voice.locale).replace("_", "-"),
        "direction": voice.locale.text_direction,
        "subject": subject,
        "preheader": preheader,
    }
    return RenderedMail(
        subject=subject,
        preheader=preheader,
        html=html_part.render(styled),
        text=columns.tidy(text_part.render(plain)),
    )


def subject_of(template: str, context: MailContext, locale: str) -> str:
    """The subject alone, for lists of mails that are still to come. Raises as `render` does."""
    voice = voice_for(context, locale)
    part = environment(markup=False).get_template(f"{template}.j2")
    return _heads(part, {**values_of(context, voice), "t": voice.words})[0]


def compile_all() -> None:
    """Compiles every template now: in a process that is about to fork, so that no child has to."""
    for markup in (True, False):
        for name in environment(markup=markup).list_templates(extensions=["j2"]):
            environment(markup=markup).get_template(name)


@lru_cache(maxsize=2)
def environment(*, markup: bool) -> Environment:
    """The HTML or the text environment: same templates, another layout and another set of pieces."""
    part = "html" if markup else "txt"
    made = Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=markup,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.globals.update(layout=f"layout.{part}.j2", kit=f"ui.{part}.j2")
    made.filters.update(wrapped=columns.wrapped, underlined=columns.underlined)
    made.globals["row"] = columns.row
    return made


def template_names() -> tuple[str, ...]:
    """Every mail there is, as `render` takes it."""
    return tuple(sorted(str(path.relative_to(_FOLDER).with_suffix("")) for path in _FOLDER.glob("*/*.j2")))


def _heads(text_part: Template, plain: dict[str, Any]) -> tuple[str, str]:
    """Subject and preheader."""
    heads = text_part.new_context(plain)
    return (
        _head("".join(text_part.blocks["subject"](heads)), _LONGEST_SUBJECT),
        _head("".join(text_part.blocks["preheader"](heads)), _LONGEST_PREHEADER),
    )


def _head(text: str, limit: int) -> str:
    """On one line; non-breaking blanks have no use in a header and would only make it longer."""
    return closed(shortened(" ".join(text.split()), limit))


def _style(context: MailContext) -> dict[str, Any]:
    brand = context.brand
    return {
        "c": palette.light(brand),
        "dark": palette.dark(brand),
        "heading_font": _font(brand.heading_font, "Georgia, serif"),
        "body_font": _font(brand.body_font, "Helvetica, Arial, sans-serif"),
        "radius": min(max(brand.radius, 0), 24),
    }


def _font(stack: str, default: str) -> str:
    return stack.replace('"', "'") if _FONT.fullmatch(stack) else default
