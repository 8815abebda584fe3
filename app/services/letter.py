"""From a ledger row and its facts to a mail that is ready to be handed over."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from app.queries.brand import Kit, OwnWords
from app.queries.facts import FactBase, ShopRow
from app.services.identity import Outside
from app.services.ledger import Claimed
from app.services.letter_links import Post, about_in, links_of, picked
from app.services.own_mail import clicks_on, with_own_mail
from app.services.told_to_tools import told_of
from emails.elsewhere import elsewhere
from emails.envelope import envelope
from emails.fonts import fonts_named
from emails.i18n import language_of, nearest
from emails.lawful import lawful
from emails.message import Brand, Coupon, Envelope, Links, MailContext
from emails.own_words import our_second, subjects_of
from flows.commerce import OrderLine, Parcel, Refund
from flows.consent import carries_promotion
from flows.facts import Channel, Facts, MailClass
from flows.variants import Trial, second_subject


def write_letter(
    post: Post,
    base: FactBase,
    row: Claimed,
    facts: Facts,
    announces: frozenset[str],
    now: datetime,
    coupon: Coupon | None = None,
    outside: Outside | None = None,
) -> Envelope:
    """Renders the mail of one row. `announces`: keys of flows whose mails it may promise. `coupon`: the code
    that it carries, good by now. `outside`: in whose name it leaves, None for our own.

    Raises SendFailed for an address that no mail can reach.
    """
    shop = base.shops[row.shop_id]
    links = links_of(post, shop, row, facts)
    trial = _trial(shop, row, facts)
    look = brand_of(shop, base.kits.get(shop.id, Kit()), post)
    promotes = carries_promotion(MailClass(row.mail_class), facts, now)
    context = mail_context(shop, look, row.parcel_id, row.step, facts, links)
    context = replace(
        context,
        picks=context.picks if promotes else (),
        announces=announces,
        own_words=_own_words(base, row, trial),
        second_subject=trial is not None and _is_ours(trial, row.template),
        refund=facts.refund or _last_refund(facts, row.due_at),
        coupon=coupon if promotes else None,
        about=about_in(row.flow_key, facts),
        years=years_of(facts, now),
    )
    own = base.own_mails.get((shop.id, row.flow_key, row.step))
    context = with_own_mail(context, own, clicks_on(post.secrets, post.address, shop, row), promotes=promotes)
    mail = lawful(row.template, context, MailClass(row.mail_class))
    letter = envelope(
        mail,
        brand=replace(context.brand, sender=outside.sender) if outside else context.brand,
        links=links,
        recipient=facts.recipient or "",
        message_id=post.secrets.message_id(shop.id, row.id, post.mail_domain),
        now=now,
        extra={
            "X-Doorstep-Shop": shop.domain,
            "X-Doorstep-Flow": row.flow_key,
            "X-Doorstep-Step": row.step,
            "X-Doorstep-Row": str(row.id),
        },
        labels=outside.labels if outside else None,
        return_path=outside.return_path if outside else "",
        dkim=outside.dkim if outside else (),
    )
    if row.channel == Channel.EMAIL:
        return letter
    return replace(letter, data=told_of(row, facts, shop.domain, context, mail, links))


def _trial(shop: ShopRow, row: Claimed, facts: Facts) -> Trial | None:
    """Whose second subject the mail carries: what it drew, if it is written in the language of that."""
    drawn = second_subject(facts.setting.trials, row.step, row.variant)
    language = language_of(nearest(_locale(shop, facts)))
    return drawn if drawn is not None and drawn.language == language else None


def _is_ours(trial: Trial, template: str) -> bool:
    """Our own second subject has a form for each that the first has, so that none is left without."""
    return trial.subject == our_second(template, trial.language)


def _own_words(base: FactBase, row: Claimed, trial: Trial | None) -> OwnWords:
    """The merchant's; of a mail with a merchant's second subject, that in place of each subject it has."""
    own: OwnWords = base.own_words.get(row.shop_id, {})
    if trial is None or _is_ours(trial, row.template):
        return own
    subjects = {field.key: trial.subject for field in subjects_of(row.template)}
    return {**own, trial.language: {**own.get(trial.language, {}), **subjects}}


def mail_context(
    shop: ShopRow, brand: Brand, parcel_id: str | None, step: str, facts: Facts, links: Links
) -> MailContext:
    parcel = next((one for one in facts.picture.parcels if one.id == parcel_id), None)
    return MailContext(
        brand=brand,
        links=links,
        picture=facts.picture,
        lines=_lines(facts, parcel),
        products=facts.products,
        locale=_locale(shop, facts),
        timezone=shop.timezone,
        first_name=facts.picture.order.first_name,
        picks=picked(facts),
        plan_percent=int(facts.setting.knobs.get("plan_percent", 0)),
        content=facts.content,
        parcel=parcel,
        step=step,
    )


def years_of(facts: Facts, now: datetime) -> int:
    """Since the first order, to the nearest."""
    first = facts.person.first_order_at or facts.picture.order.placed_at
    return max(1, round((now - first).days / 365.25))


def brand_of(shop: ShopRow, kit: Kit, post: Post) -> Brand:
    """What the merchant chose; where nothing was chosen, what the store says of itself."""
    default, fonts = Brand("", "", "", ""), fonts_named(kit.fonts)
    name = shop.name or shop.domain
    width, height = logo_size(kit.logo_width, kit.logo_height)
    night_width, night_height = logo_size(kit.night_logo_width, kit.night_logo_height)
    return Brand(
        name=name,
        url=shop.url,
        sender=f"hello@{post.mail_domain}",
        sender_name=kit.sender_name or name,
        support_email=kit.support_email or shop.email,
        support_name=kit.support_name,
        postal_address=kit.postal_address or shop.address,
        country=shop.country,
        accent=kit.accent or default.accent,
        ink=kit.ink or default.ink,
        page=kit.page or default.page,
        heading_font=fonts.heading,
        body_font=fonts.body,
        radius=default.radius if kit.radius is None else kit.radius,
        logo=_picture(post, shop, kit.logo_hash),
        logo_width=width,
        logo_height=height,
        night_logo=_picture(post, shop, kit.night_logo_hash if kit.logo_hash else None),
        night_logo_width=night_width,
        night_logo_height=night_height,
        tone=kit.tone,
        places=elsewhere(kit.places),
    )


def _picture(post: Post, shop: ShopRow, hash: str | None) -> str:
    return f"{post.address}/brand/{shop.domain}/{hash}.png" if hash else ""


def logo_size(width: int, height: int) -> tuple[int, int]:
    """As it is shown: 180 pixels wide at most, 72 high at most."""
    if not width or not height:
        return 0, 0
    share = min(180 / width, 72 / height, 1)
    return round(width * share), round(height * share)


def _last_refund(facts: Facts, due_at: datetime) -> Refund | None:
    """For a mail that tells of all of them. One that was due earlier told of an earlier one."""
    told = [one for one in facts.picture.refunds if one.created_at <= due_at]
    return max(told, key=lambda one: (one.created_at, one.id), default=None)


def _lines(facts: Facts, parcel: Parcel | None) -> tuple[OrderLine, ...]:
    """What the mail is about: the parcel's content where it is known, else what was not refunded."""
    kept = facts.picture.kept_lines()
    if parcel is None or not parcel.lines:
        return kept
    inside = {line.line_id for line in parcel.lines}
    return tuple(line for line in facts.picture.order.lines if line.id in inside)


def _locale(shop: ShopRow, facts: Facts) -> str:
    return facts.picture.order.locale or shop.locale or "en"
