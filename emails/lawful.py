"""A mail as the law of its reader's country wants it to look."""

from __future__ import annotations

from emails import korea
from emails.message import MailContext, RenderedMail
from emails.render import render
from flows.facts import MailClass


def lawful(template: str, context: MailContext, mail_class: MailClass) -> RenderedMail:
    """In the locale of `context`. Raises as `render` does."""
    if mail_class is not MailClass.MARKETING or not korea.is_read_in_korea(context):
        return render(template, context, context.locale)
    return korea.as_advertising(render(template, korea.with_two_ways_out(context), context.locale))
