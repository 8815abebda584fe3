"""The mails that help and thank."""

from __future__ import annotations

from collections.abc import Mapping

from emails.fields.field import BUTTON, HEADLINE, PARAGRAPH, PREHEADER, SUBJECT, Field, heads


def _greeting(mail: str, *more: Field) -> tuple[Field, ...]:
    """A mail whose subject, too, speaks to somebody by name."""
    subject = (
        Field("Subject, name known", f"{mail}.subject.named", SUBJECT),
        Field("Subject, no name", f"{mail}.subject", SUBJECT),
    )
    return (*heads(mail, *subject), Field("First sentence", f"{mail}.lead", PARAGRAPH), *more)


def _thanking(mail: str, *more: Field) -> tuple[Field, ...]:
    """One whose subject is the same for everybody."""
    return (*heads(mail), Field("First sentence", f"{mail}.lead", PARAGRAPH), *more)


def _about_product(mail: str, *more: Field) -> tuple[Field, ...]:
    return (
        Field("Subject, product known", f"{mail}.subject", SUBJECT),
        Field("Subject, product not known", f"{mail}.subject.plain", SUBJECT),
        Field("Preview line", f"{mail}.preheader", PREHEADER),
        Field("Headline", f"{mail}.headline", HEADLINE),
        *more,
    )


def _leads(mail: str) -> tuple[Field, ...]:
    return (
        Field("First sentence, product known", f"{mail}.lead", PARAGRAPH),
        Field("First sentence, product not known", f"{mail}.lead.plain", PARAGRAPH),
    )


_STUCK = (
    Field("Who is stuck: heading", "guide.help.heading", HEADLINE),
    Field("Who is stuck", "guide.help", PARAGRAPH),
)
_TIP = _about_product("course", *_leads("course"), Field("Link", "course.link", BUTTON), *_STUCK)
_CARE_LINK = Field("Link", "care.link", BUTTON)

FIELDS: Mapping[str, tuple[Field, ...]] = {
    "first_buyer_welcome/welcome": _greeting(
        "welcome", Field("Link", "welcome.link", BUTTON), Field("Button", "welcome.button", BUTTON)
    ),
    "first_buyer_welcome/thanks": _greeting(
        "known", Field("Second sentence", "known.note", PARAGRAPH), Field("Button", "known.button", BUTTON)
    ),
    "prepare_for_arrival/checklist": _about_product(
        "prepare",
        Field("Headline, product not known", "prepare.headline.plain", HEADLINE),
        Field("First sentence, day known", "prepare.lead.day", PARAGRAPH),
        Field("First sentence, day not known", "prepare.lead", PARAGRAPH),
        Field("Link", "prepare.link", BUTTON),
        Field("Button", "prepare.button", BUTTON),
    ),
    "first_use_guide/guide": _about_product(
        "guide",
        Field("Headline, product not known", "guide.headline.plain", HEADLINE),
        Field("First sentence", "guide.lead", PARAGRAPH),
        Field("Link", "guide.link", BUTTON),
        *_STUCK,
    ),
    "first_use_guide/course_1": _TIP,
    "first_use_guide/course_2": _TIP,
    "first_use_guide/course_3": _TIP,
    "care_warranty/care": _about_product("care", *_leads("care"), _CARE_LINK),
    "care_warranty/again": _about_product("care.again", *_leads("care.again"), _CARE_LINK),
    "vip_thank_you/note": _greeting(
        "vip",
        Field("Second sentence", "vip.note", PARAGRAPH),
        Field("Link", "vip.link", BUTTON),
    ),
    "gift_guide/tips": _thanking(
        "gift",
        Field("First tip", "gift.tip.number", PARAGRAPH),
        Field("Second tip", "gift.tip.price", PARAGRAPH),
        Field("Third tip", "gift.tip.fit", PARAGRAPH),
        Field("Link", "gift.link", BUTTON),
    ),
    "review_reply/share": _thanking("share", Field("Second sentence", "share.note", PARAGRAPH)),
    "review_reply/put_right": _thanking(
        "put_right",
        Field("Second sentence", "put_right.sorry", PARAGRAPH),
        Field("How to reach you: heading, contact known", "put_right.help.heading.named", HEADLINE),
        Field("How to reach you: heading", "put_right.help.heading", HEADLINE),
        Field("How to reach you, address known", "put_right.help", PARAGRAPH),
        Field("How to reach you, no address", "put_right.help.reply", PARAGRAPH),
        Field("What becomes of the review", "put_right.stays", PARAGRAPH),
    ),
}
