"""How mails are usually written: both templates made from their sources for each one, and a message built and
encoded by `email.message.EmailMessage`. The sources, the values and the look are ours; its links are there
already, unsigned, so that what they cost is not counted against it."""

from __future__ import annotations

from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formataddr

from markupsafe import Markup

from emails import columns
from emails.compiling.compiled import END_OF_HEAD, environment, sources
from emails.compiling.style import in_place_of_marks, marks_of, style_of
from emails.i18n import Texts
from emails.message import MailContext
from emails.view import values_of
from emails.voice import voice_for


def written(template: str, context: MailContext, recipient: str) -> bytes:
    voice = voice_for(context, context.locale)
    values = values_of(context, voice)
    text_source, html_source = sources(template)
    plain = environment(markup=False).from_string(text_source).render({**values, "t": voice.words})
    subject, preheader, text = plain.split(END_OF_HEAD, 2)
    dressed = in_place_of_marks(html_source, marks_of(style_of(context.brand, "en", "ltr")))
    html = (
        environment(markup=True)
        .from_string(dressed)
        .render(
            {
                **values,
                "t": Texts(voice.locale, markup=True),
                "subject": subject.strip(),
                "preheader": preheader.strip(),
                "own_html": Markup(),
            }
        )
    )
    message = EmailMessage(policy=SMTP)
    message["From"] = formataddr((context.brand.name, context.brand.sender))
    message["To"] = recipient
    message["Subject"] = " ".join(subject.split())
    message["Message-ID"] = "<1@mail.example>"
    message.set_content(columns.tidy(text))
    message.add_alternative(html, subtype="html")
    return message.as_bytes()
