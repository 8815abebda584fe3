"""What is tried beside a mail's subject, in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from babel import Locale

from app.db import Session
from app.queries.facts import ShopRow
from app.services.trials import running_trials
from app.words.moments import day
from emails.i18n import language_of, languages, nearest
from flows.flow import Flow
from flows.variants import Trial


@dataclass(frozen=True, slots=True)
class TrialView:
    subject: str
    language: str
    since: str


def trials_shown(session: Session, shop: ShopRow, flow: Flow) -> dict[str, TrialView]:
    """By step, what is running."""
    return {
        one.step: TrialView(one.subject, named(one.language), day(one.began_at, shop.timezone))
        for one in running_trials(session, shop.id, flow)
    }


def languages_named(shop: ShopRow) -> Mapping[str, str]:
    """Those that mails are written in, the shop's own first."""
    own = own_language(shop)
    return {name: named(name) for name in sorted(languages(), key=lambda one: (one != own, one))}


def own_language(shop: ShopRow) -> str:
    return language_of(nearest(shop.locale or "en"))


def named(language: str) -> str:
    return Locale.parse(language).get_display_name("en") or language


def variant_said(variant: str | None, trials: tuple[Trial, ...], step: str) -> str:
    """Which of several wordings a mail is; "" where there is one."""
    if variant is None:
        return ""
    found = next((one for one in trials if one.step == step and variant in (one.first, one.second)), None)
    if found is None:
        return f"Wording “{variant}”"
    which = "second" if variant == found.second else "first"
    return f"The {which} subject of trial {found.number}"
