"""The mails for the next purchase."""

from __future__ import annotations

from collections.abc import Mapping

from emails.fields.field import BUTTON, PARAGRAPH, SUBJECT, Field, heads


def _mail(mail: str, *more: Field) -> tuple[Field, ...]:
    return (
        *heads(mail),
        Field("First sentence", f"{mail}.lead", PARAGRAPH),
        *more,
        Field("Button", f"{mail}.button", BUTTON),
    )


FIELDS: Mapping[str, tuple[Field, ...]] = {
    "cross_sell_series/accessories": _mail("cross.accessories"),
    "cross_sell_series/upgrade": _mail("cross.upgrade"),
    "cross_sell_series/related": _mail("cross.related"),
    "second_order_offer/offer": _mail("second.offer"),
    "second_order_offer/once_more": _mail("second.once_more"),
    "second_order_offer/thanks": _mail("second.thanks"),
    "replenishment/running_low": _mail("refill.low"),
    "replenishment/same_again": _mail("refill.again"),
    "replenishment/plan": _mail(
        "refill.plan",
        Field("Subject, saving not known", "refill.plan.subject.plain", SUBJECT),
        Field("First sentence, saving not known", "refill.plan.lead.plain", PARAGRAPH),
    ),
    "milestone_seasonal/age": _mail("age"),
    "milestone_seasonal/season": _mail("season"),
    "win_back/miss_you": _mail("away.miss", Field("Subject, name known", "away.miss.subject.named", SUBJECT)),
    "win_back/offer": _mail("away.offer"),
    "win_back/why": _mail("away.why", Field("Last sentence", "away.why.note", PARAGRAPH)),
    "anniversary_birthday/anniversary": _mail("year"),
    "anniversary_birthday/birthday": _mail("birthday"),
    "surprise_delight/surprise": _mail(
        "surprise", Field("First sentence, without a code", "surprise.lead.plain", PARAGRAPH)
    ),
}
