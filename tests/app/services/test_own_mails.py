"""A merchant's own mail as it is sent: its blocks, its own block, and for whom that is printed."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from app.queries.mail_versions import OwnMail
from app.services.mail_versions import Content, Mail, publish, standing
from app.services.own_mail import placed_in, shipped
from connectors.base import Reading
from emails.compiling.blocks import OWN
from emails.message import Envelope
from emails.own_words import EDITABLE
from flows.commerce import Consent, ConsentState
from tests.app.desk import START, Desk
from tests.app.services.offers import MAIL, NOON, Box, open_shop, plan, run

OWN_HTML = '<p>Mind the bag, {{ name }}: <a href="https://larkhus.example/bags">a bag</a></p>'


def own(desk: Desk, flow: str, own_html: str, names: Sequence[str] | None = None) -> None:
    mail = Mail(desk.shop_id, flow, "mail", EDITABLE[MAIL])
    placed = placed_in(MAIL, names if names is not None else shipped(MAIL), own_html)
    with desk.database.shops(desk.shop_id) as session:
        content = Content({}, OwnMail(placed, own_html))
        publish(session, mail, content, standing(session, mail).seen, "Mia", START)


def sent(desk: Desk, flow: str, state: ConsentState | None = ConsentState.SUBSCRIBED) -> Envelope:
    if state is None:
        desk.rows("DELETE FROM consents RETURNING 1")
    else:
        desk.read(Reading(consents=(Consent("mia@example.com", state, NOON),)))
    plan(desk, flow)
    box = Box()
    assert run(desk, box) == [flow], "the mail itself always goes"
    return box.mails[0]


@pytest.mark.parametrize(
    ("flow", "state", "shown"),
    [
        ("shipped", ConsentState.SUBSCRIBED, True),
        ("shipped", ConsentState.NOT_SUBSCRIBED, False),
        ("shipped", ConsentState.UNSUBSCRIBED, False),
        ("shipped", None, False),
        ("win_back", ConsentState.SUBSCRIBED, True),
    ],
)
def test_the_own_block_asks_for_consent_and_the_mail_does_not(
    desk: Desk, flow: str, state: ConsentState | None, shown: bool
) -> None:
    open_shop(desk, "mia@example.com")
    own(desk, flow, OWN_HTML)
    letter = sent(desk, flow, state)
    assert ("Mind the bag" in letter.html) is shown
    assert ("Mind the bag" in letter.text) is shown


def test_its_links_are_led_through_us(desk: Desk) -> None:
    open_shop(desk, "mia@example.com")
    own(desk, "shipped", OWN_HTML + '<p><a href="{{ order.link }}">Follow it</a></p>')
    letter = sent(desk, "shipped")
    assert "larkhus.example/bags" not in letter.html
    ours = [line for line in letter.text.splitlines() if line.startswith("http://127.0.0.1:8000/l/")]
    assert all(line in letter.html for line in ours)
    followed = letter.text.partition("Follow it\n")[2].splitlines()[0]
    assert letter.text.count(followed) > 1, "one of ours is led already, and is the mail's own"


def test_a_block_that_cannot_be_printed_is_left_out(desk: Desk) -> None:
    """It was let through once; what is let through by now may be less."""
    open_shop(desk, "mia@example.com")
    own(desk, "shipped", OWN_HTML)
    desk.rows("UPDATE mail_versions SET own_html = '{{ gone.by.now }}' WHERE live RETURNING 1")
    assert "gone" not in sent(desk, "shipped").html


def test_blocks_are_off_and_in_the_merchants_order(desk: Desk) -> None:
    open_shop(desk, "mia@example.com")
    before = sent(desk, "shipped").text
    desk.rows("DELETE FROM messages RETURNING 1")
    names = [name for name in shipped(MAIL) if name != "help"]
    own(desk, "shipped", OWN_HTML, [names[0], OWN, *names[1:]])
    after = sent(desk, "shipped").text
    assert len(after.splitlines()) > 5
    assert after.index("Mind the bag") < len(after) // 2
    assert "Mind the bag" not in before


def test_markup_of_a_shopper_stays_text(desk: Desk) -> None:
    open_shop(desk, "mia@example.com")
    own(desk, "shipped", "<p>{% for line in lines %}{{ line.title }}{% endfor %}</p>")
    desk.rows(
        "UPDATE orders SET body = jsonb_set(body, '{lines,0,title}', '\"<b>{{ name }}</b><script>\"')"
        " RETURNING 1"
    )
    letter = sent(desk, "shipped")
    assert "<script>" not in letter.html
    assert "&lt;b&gt;{{ name }}&lt;/b&gt;&lt;script&gt;" in letter.html
