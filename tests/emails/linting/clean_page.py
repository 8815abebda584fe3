"""A small mail in which nothing is wrong, with one of everything that the rules look at."""

from __future__ import annotations

from emails.linting.finding import Finding
from emails.linting.findings import findings
from emails.message import RenderedMail
from flows.facts import MailClass

STYLE = """
:root { color-scheme: light dark; }
@media (max-width: 480px) { .wide { width: 100% !important; } }
@media (prefers-color-scheme: dark) {
  .page { background-color: #1c1c1c !important; }
  .ink { color: #f0ebe6 !important; }
  .go { background-color: #e0a080 !important; color: #1c1c1c !important; }
}
"""
BUTTON = (
    '<a class="go" href="https://shop.example/l/follow" style="display:inline-block;padding:12px 28px;'
    'font-size:16px;line-height:24px;color:#ffffff;background-color:#9a4a22">Follow the parcel</a>'
)
ROW = (
    '<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0"><tr>'
    '<td width="72"><img src="https://cdn.example/bag.png" width="72" alt=""></td>'
    '<td class="ink">Night Ferry, 1 kg, whole bean</td></tr></table>'
)
STARS = (
    '<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0"><tr>'
    + "".join(
        f'<td width="20%"><a class="ink" href="https://shop.example/l/{n}" aria-label="{n} stars"'
        ' style="display:block;padding:4px 0;color:#1a1d21"><span aria-hidden="true"'
        ' style="display:block;font-size:40px;line-height:40px">☆</span></a></td>'
        for n in range(1, 6)
    )
    + "</tr></table>"
)
HEADLINE = '<h1 class="ink" style="font-size:26px;line-height:33px">Your parcel is on its way.</h1>'
TEXT = (
    '<p class="ink" style="font-size:16px;line-height:24px">It left on Monday and is with you on Friday,'
    ' and you can see <a class="ink" href="https://shop.example/l/where" style="color:#1a1d21">where it is'
    "</a> at any moment.</p>"
)
FOOTER = (
    '<p class="ink legal" style="font-size:12px">You receive this mail because you ordered here.'
    ' <a class="ink" href="https://shop.example/u/1" style="color:#1a1d21">Unsubscribe</a></p>'
)
HTML = (
    '<!DOCTYPE html><html lang="en" dir="ltr"><head><meta charset="utf-8"><title>On its way</title>'
    f'<style>{STYLE}</style></head><body class="page ink" style="margin:0;background-color:#ffffff;'
    'color:#1a1d21"><table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0">'
    '<tr><td align="center"><table role="presentation" width="100%" style="max-width:600px"><tr><td'
    f' style="padding:0 16px">{HEADLINE}{TEXT}{BUTTON}{ROW}{STARS}{FOOTER}</td></tr></table></td></tr>'
    "</table></body></html>"
)
LINKS = ("follow", "where", *"12345")
PLAIN = (
    "Your parcel is on its way.\n\n"
    + "\n".join(f"https://shop.example/l/{name}" for name in LINKS)
    + "\nhttps://shop.example/u/1\n"
)
CLEAN = RenderedMail(
    subject="On its way: order 7, with you on Friday",
    preheader="Inside: Night Ferry. See where it is at any moment.",
    html=HTML,
    text=PLAIN,
)


def found_in(
    mail: RenderedMail, language: str = "en", mail_class: MailClass = MailClass.MARKETING
) -> tuple[Finding, ...]:
    return findings(mail, language=language, mail_class=mail_class)
