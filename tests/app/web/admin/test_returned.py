"""The page about what came back, the notice on the first page, and the button that lets offers go on."""

from __future__ import annotations

from datetime import timedelta

from emails.feedback import Told
from tests.app.desk import Desk
from tests.app.services.told_mails import LATER, mails, take, told
from tests.app.web.admin.hand import Hand, words_of


def desk_of(hand: Hand) -> Desk:
    at = hand.site.runtime
    hand.now = LATER + timedelta(days=1)
    return Desk(at.database, hand.site.woocommerce.shop_id, hand.now, at.clock.real(), at.keys)


def test_a_shop_of_which_nothing_came_back(hand: Hand) -> None:
    mails(desk_of(hand), 3)
    page = words_of(hand.get("/returned"))
    assert "Of 3 mails in 7 days 0 came back (0 %) and 0 were called spam (0 %)." in page
    assert "Nothing came back." in page
    assert "Let offers go on" not in page
    assert "Offers wait" not in words_of(hand.get("/"))


def test_offers_that_wait_are_told_with_what_is_to_be_mended(hand: Hand) -> None:
    desk = desk_of(hand)
    found = mails(desk, 200)
    gone = "550 5.1.1 <mia@example.com>: user unknown"
    take(desk, *(told(mail, Told.HARD_BOUNCED, status="5.1.1", detail=gone) for mail in found[:6]))
    home = words_of(hand.get("/"))
    assert "Offers wait: too many mails came back" in home
    page = words_of(hand.get("/returned"))
    assert "Of 200 mails in 7 days 6 came back (3 %)" in page
    assert "Sent back for good: no such mailbox" in page
    assert "550 5.1.1 &lt;(address)&gt;: user unknown" in page
    assert "mia@example.com" not in page
    assert page.count("for order 13 Came back") == 6
    answer = hand.post("/returned/go-on")
    assert answer.status_code == 200
    assert "Offers go on." in words_of(answer)
    assert "Offers wait: too many" not in words_of(hand.get("/"))
    assert [area for _, area, _ in hand.changes()] == ["brake"]
    assert "Nothing was waiting." in words_of(hand.post("/returned/go-on"))


def test_a_mails_page_says_how_far_it_came_and_what_the_server_said(hand: Hand) -> None:
    hand.deliver()
    desk = desk_of(hand)
    (row,) = desk.rows("SELECT id FROM messages WHERE flow_key = 'order_confirmation'")
    desk.rows(
        "UPDATE messages SET state = 'sent', sent_at = :at, recipient = 'mia@example.com', provider = 'smtp',"
        " message_id = :ours WHERE id = :id RETURNING 1",
        id=row.id,
        at=LATER,
        ours=f"<m{row.id}@mail.example>",
    )
    take(desk, told(row.id, Told.DELIVERED))
    assert "Delivered" in words_of(hand.get(f"/messages/{row.id}"))
    take(desk, told(row.id, Told.HARD_BOUNCED, detail="550 No such user <b>here</b>"))
    page = hand.get(f"/messages/{row.id}")
    assert "Came back" in words_of(page)
    assert "550 No such user &lt;b&gt;here&lt;/b&gt;" in page.text
    assert "Came back" in words_of(hand.get("/messages"))
