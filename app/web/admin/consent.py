"""Who gets which mails: what a merchant chooses where the law leaves a choice."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, Response, abort, make_response, render_template, request

from app.services.consent_rules import AREA, CHOICES, choose, held_choices, name_field, wrong_field
from app.services.shipment_words import held_words
from app.web.admin.changed import latest_changes
from app.web.admin.doors import Merchant, merchant
from app.web.guards import runtime
from app.words.consent_said import CHOICE_WORDS, ChoiceWords
from flows.commerce import Platform
from flows.consent_choices import CAREFUL

blueprint = Blueprint("consent", __name__)


@dataclass(frozen=True, slots=True)
class Row:
    name: str
    words: ChoiceWords
    on: bool


@blueprint.get("/consent")
@merchant
def page(seen: Merchant) -> str:
    return _drawn(seen, "admin/consent.html")


@blueprint.post("/consent/choices/<choice>")
@merchant
def throw(seen: Merchant, choice: str) -> str:
    """Acts at once: the next mail is looked at by it."""
    on = request.form.get("on")
    if choice not in CHOICES:
        abort(404)
    if on not in ("0", "1"):
        abort(400, "a switch goes on or off")
    at = runtime()
    with at.database.shops(seen.shop_id) as session:
        choose(session, seen.shop_id, choice, on == "1", seen.user, at.clock.now())
    return _drawn(seen, "admin/consent_choices.html")


@blueprint.post("/consent/field")
@merchant
def name(seen: Merchant) -> Response:
    """200 kept, 422 no name of a field. Shopify tells of consent by itself."""
    if seen.platform is not Platform.WOOCOMMERCE:
        abort(404)
    key, at = " ".join(request.form.get("agreed_key", "")[:500].split()), runtime()
    wrong = wrong_field(key)
    if wrong:
        return make_response(_drawn(seen, "admin/consent_field.html", key, wrong), 422)
    with at.database.shops(seen.shop_id) as session:
        changed = name_field(session, seen.shop_id, key, seen.user, at.clock.now(), at.clock.real())
    said = "Saved." if changed else "Nothing was changed."
    return make_response(_drawn(seen, "admin/consent_field.html", said=said))


def _drawn(seen: Merchant, template: str, key: str | None = None, wrong: str = "", said: str = "") -> str:
    with runtime().database.shops(seen.shop_id) as session:
        held, words = held_choices(session, seen.shop_id), held_words(session, seen.shop_id).words
        changed = latest_changes(session, seen, AREA)
    return render_template(
        template,
        seen=seen,
        page="settings",
        rows=[
            Row(choice, words, getattr(held, choice) is not getattr(CAREFUL, choice))
            for choice, words in CHOICE_WORDS.items()
        ],
        asks_field=seen.platform is Platform.WOOCOMMERCE,
        agreed_key=words.agreed_key if key is None else key,
        wrong=wrong,
        said=said,
        changed=changed,
    )
