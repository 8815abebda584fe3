"""The mail with what stands in the form, sent to the merchant's own support address."""

from __future__ import annotations

from dataclasses import replace
from secrets import token_hex

from flask import Blueprint, Response, make_response, render_template
from redis import RedisError

from app.limits import Limit, within
from app.services.mail_versions import standing
from app.web.admin.doors import Merchant, merchant
from app.web.admin.mail_editor_form import as_it_may_be, typed
from app.web.admin.mail_editor_page import place_of, previewed
from app.web.guards import runtime
from app.words.mail_account import said_of
from emails.clean import shortened
from emails.envelope import envelope
from emails.message import Envelope, Links
from emails.providers.base import SendFailed

blueprint = Blueprint("mail_editor_sample", __name__)

MARK = "[Test]"
TRIES, SECONDS = 10, 3600
_LONGEST_SUBJECT = 78


@blueprint.post("/flows/<key>/mail/<step>/sample")
@merchant
def send(seen: Merchant, key: str, step: str) -> Response:
    """200 sent, 409 too often or not taken, 422 there is no address. No row of the ledger is written: nobody
    but the merchant gets it."""
    place, at = place_of(seen, key, step), runtime()
    form = typed(seen, place.template)
    with at.database.shops(seen.shop_id) as session:
        content = as_it_may_be(form, place.template, standing(session, place.mail).edited)
        shown = previewed(session, seen, place, content, form.language)
    recipient = shown.brand.support_email
    try:
        letter = envelope(
            replace(shown.mail, subject=shortened(f"{MARK} {shown.mail.subject}", _LONGEST_SUBJECT)),
            brand=shown.brand,
            links=Links(tracking="", shop=""),
            recipient=recipient,
            message_id=f"<{token_hex(16)}@{at.config.mail_from_domain}>",
            now=at.clock.now(),
            extra={"X-Doorstep-Shop": seen.shop.domain},
            dkim=at.config.dkim,
        )
    except SendFailed:
        return _told("Your shop has no support address yet. Brand has a field for it.", 422)
    if not _may_send(seen.shop_id):
        return _told(f"At most {TRIES} test mails an hour leave. Try again later.", 409)
    try:
        _hand_over(letter)
    except SendFailed as failure:
        return _told(f"It was not sent. {said_of(failure.reason, failure.answer)}", 409)
    return _told(f"Sent to {recipient}, marked {MARK}.", 200)


def _hand_over(letter: Envelope) -> None:
    """Raises SendFailed."""
    with runtime().provider.connect() as courier:
        courier.prepare(letter)
        courier.hand_over()


def _may_send(shop_id: int) -> bool:
    """Without Redis nobody counts, so nobody sends."""
    at = runtime()
    try:
        return within(at.queue.redis, [Limit("sample-mail", str(shop_id), TRIES, SECONDS)], at.clock.real())
    except RedisError:
        return False


def _told(words: str, status: int) -> Response:
    return make_response(render_template("admin/mail_sample.html", words=words, good=status == 200), status)
