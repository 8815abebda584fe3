"""A merchant edits a mail: kept, drafted, looked at, refused, published, heard of twice, and taken back."""

from __future__ import annotations

import re
from html import unescape

import pytest
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from tests.app.web.addresses import bearer
from tests.app.web.admin.hand import WOO, Hand, words_of

ASK = "/flows/review_request/mail/ask"
SUBJECT = "review.ask.subject"
OWN = '<p>A word from us, {{ name|default("friend") }}: {{ product.title }} likes care.</p>'


def opened(hand: Hand, path: str = ASK) -> str:
    """How the mail stands, as the page's form holds it."""
    found = re.search(r'name="seen" value="(\w+)"', hand.get(path).text)
    assert found is not None
    return found[1]


def save(hand: Hand, path: str = ASK, *, do: str = "publish", **fields: str) -> TestResponse:
    return hand.post(path, **{"do": do, "seen": opened(hand, path), **fields})


def arrange(hand: Hand, order: list[str], on: list[str], **fields: str) -> TestResponse:
    """As the form sends its list of blocks."""
    pairs = [*(("block", name) for name in order), *(("on", name) for name in on)]
    data = MultiDict([*pairs, ("do", "publish"), ("seen", opened(hand)), *fields.items()])
    return hand.site.client.post(f"/woocommerce/app{ASK}", data=data, headers=bearer(hand.site, WOO))


def blocks(page: str) -> list[tuple[str, bool]]:
    """Of the page's list: each block's name, and whether it is shown."""
    rows = re.findall(r'name="block" value="(\w+)">(.*?)</li>', page, re.DOTALL)
    return [(name, " checked>" in row or "(always there)" in row) for name, row in rows]


def preview_of(hand: Hand) -> str:
    return unescape(hand.get("/flows/review_request/preview/ask").text)


def rows(hand: Hand) -> list[tuple[int, bool]]:
    found = hand.rows("SELECT number, live FROM mail_versions ORDER BY number")
    return [(row.number, row.live) for row in found]


def test_own_words_are_published_and_shown(hand: Hand) -> None:
    answer = save(hand, **{SUBJECT: "Your {product}, honestly?"})
    assert answer.status_code == 200, words_of(answer)
    assert "Version 2 is published." in words_of(answer)
    assert 'value="Your {product}, honestly?"' in hand.get(ASK).text
    assert "honestly?" not in hand.get(f"{ASK}?language=de").text
    assert "honestly?" in preview_of(hand)
    assert hand.changes()[-1][2] == "The first mail: version 2 published."
    assert [row.text for row in hand.rows("SELECT text FROM texts")] == ["Your {product}, honestly?"]


def test_words_that_cannot_be_sent_keep_everything(hand: Hand) -> None:
    answer = save(
        hand, **{SUBJECT: "{product.__class__}", "review.ask.note": "A note to keep.", "own_html": "{{ x }}"}
    )
    assert answer.status_code == 422
    assert "{product.__class__} cannot be filled in here. You can use {product}." in words_of(answer)
    assert "Line 1: x is no value that a mail has." in words_of(answer)
    assert "A note to keep." in answer.text
    assert (hand.rows("SELECT * FROM texts"), rows(hand)) == ([], [])


def test_stale_words_hear_both(hand: Hand) -> None:
    seen = opened(hand)
    save(hand, **{SUBJECT: "First {product}"})
    answer = hand.post(ASK, do="publish", seen=seen, **{SUBJECT: "Second {product}"})
    assert answer.status_code == 409
    assert "Somebody wrote: First {product}" in words_of(answer)
    assert 'value="Second {product}"' in answer.text
    again = re.search(r'name="seen" value="(\w+)"', answer.text)
    assert again is not None
    answer = hand.post(ASK, do="publish", seen=again[1], **{SUBJECT: "Second {product}"})
    assert answer.status_code == 200


def test_a_draft_is_seen_by_the_merchant_alone(hand: Hand) -> None:
    answer = save(hand, do="draft", **{SUBJECT: "Draft of {product}", "own_html": OWN})
    assert "Draft kept." in words_of(answer)
    assert "Draft of" in hand.get(ASK).text
    assert "Draft of" not in preview_of(hand)
    assert rows(hand) == [(1, False)]
    assert hand.post(f"{ASK}/drop", seen=opened(hand)).status_code == 200
    assert "Draft of" not in hand.get(ASK).text
    assert rows(hand) == []


def test_the_other_languages_of_a_draft_stay(hand: Hand) -> None:
    save(hand, do="draft", language="de", **{SUBJECT: "Wie gefällt dir {product}?"})
    save(hand, **{SUBJECT: "How is {product}?"})
    texts = {row.language: row.text for row in hand.rows("SELECT language, text FROM texts")}
    assert texts == {"de": "Wie gefällt dir {product}?", "en": "How is {product}?"}


def test_blocks_are_switched_off_and_moved(hand: Hand) -> None:
    order = ["headline", "note", "picture", "stars", "also", "own", "help"]
    answer = arrange(hand, order, ["note", "also", "own", "help"], own_html=OWN)
    assert answer.status_code == 200, words_of(answer)
    shown = dict(blocks(hand.get(ASK).text))
    assert not shown["picture"]
    assert shown["stars"] and shown["headline"], "what the mail is there for cannot be switched off"
    page = preview_of(hand)
    assert page.index("A few honest words") < page.index("Very good")
    assert "A word from us" in page
    (row,) = hand.rows("SELECT arrangement FROM mail_versions WHERE live")
    assert row.arrangement[0] == "headline"
    assert "picture" not in row.arrangement


def test_the_shipped_order_is_kept_as_none(hand: Hand) -> None:
    names = [name for name, _ in blocks(hand.get(ASK).text)]
    answer = arrange(hand, names, names, **{SUBJECT: "How is {product}?"})
    assert answer.status_code == 200
    assert [row.arrangement for row in hand.rows("SELECT arrangement FROM mail_versions")] == [None, None]


def test_what_stands_in_the_form_is_looked_at_before_it_is_kept(hand: Hand) -> None:
    hand.deliver()
    typed = {SUBJECT: "Typed {product}", "own_html": OWN}
    light = hand.post(f"{ASK}/preview", **typed)
    assert "Typed Lampshade" in light.text
    assert "A word from us, Mia: Lampshade likes care." in unescape(unescape(light.text))
    text = hand.post(f"{ASK}/preview", part="text", order="100", **typed)
    assert "A word from us, Mia: Lampshade likes care." in text.text
    assert "iframe" not in text.text
    missing = hand.post(f"{ASK}/preview", order="no such order", **typed)
    assert "There is no order no such order in this shop" in words_of(missing)
    unfit = hand.post(f"{ASK}/preview", **{SUBJECT: "{x}", "own_html": "{% for %}"})
    assert unfit.status_code == 200, "what cannot be sent yet is shown as it stood"
    assert rows(hand) == []


@pytest.mark.parametrize(
    ("own_html", "says"),
    [
        ('<p style="color:#eeeeee">Hardly to be seen</p>', "can hardly be read"),
        ('<p style="font-size:10px">Very small print</p>', "10"),
        ("<p>Please <a href='https://example.com/'>click here</a></p>", "click here"),
    ],
)
def test_what_readers_would_see_go_wrong_is_refused(hand: Hand, own_html: str, says: str) -> None:
    answer = save(hand, own_html=own_html)
    assert answer.status_code == 422
    assert "readers would see this go wrong" in words_of(answer)
    assert says in unescape(words_of(answer))
    assert unescape(answer.text).count(own_html) >= 1, "what was typed is still there"
    assert rows(hand) == []


def test_a_fault_in_one_language_names_it(hand: Hand) -> None:
    answer = save(hand, language="de", **{"review.ask.preheader": "Kurz"})
    assert answer.status_code == 422
    assert "Kurz" in answer.text
    assert rows(hand) == []


def test_a_picture_without_words_or_width_is_refused(hand: Hand) -> None:
    answer = save(hand, own_html='<img src="https://example.com/x.png">')
    assert answer.status_code == 422
    assert "A picture needs words for who cannot see it" in unescape(words_of(answer))


def test_what_is_left_out_is_said_and_the_rest_published(hand: Hand) -> None:
    answer = save(hand, own_html="<p id='x'>Hello to you</p><form>no</form><script>alert(1)</script>")
    assert answer.status_code == 200, words_of(answer)
    told = "Left out of your block, because no mail can carry it: id of <p>, <form>, <script>."
    assert told in unescape(answer.text)


def test_a_link_into_a_private_network_is_refused(hand: Hand) -> None:
    """By its address alone: nobody is called."""
    for link in ("https://127.0.0.1/admin", "https://localhost/x", "https://10.0.0.1/", "https://[::1]/"):
        answer = save(hand, own_html=f'<p>See <a href="{link}">our care guide</a></p>')
        assert answer.status_code == 422, link
        assert "is no address for a mail" in unescape(words_of(answer))
    assert rows(hand) == []


def test_a_block_in_the_words_of_ours_is_theirs_in_every_language(hand: Hand) -> None:
    answer = save(hand, own_html="<p>See where it is</p>")
    assert answer.status_code == 200, words_of(answer)


SELDOM = "<p>Hello to you</p>{% if coupon.code and not name %}SELDOM{% endif %}"


@pytest.mark.parametrize(
    ("branch", "says"),
    [
        ('<p>See <a href="https://127.0.0.1/admin">our care guide</a></p>', "is no address for a mail"),
        ('<img src="https://example.com/x.png">', "A picture needs words for who cannot see it"),
        ('<p style="font-size:10px">Very small print</p>', "Very small print"),
    ],
)
def test_what_the_previewed_reader_does_not_meet_is_refused_as_well(
    hand: Hand, branch: str, says: str
) -> None:
    answer = save(hand, own_html=SELDOM.replace("SELDOM", branch))
    assert answer.status_code == 422
    assert says in unescape(words_of(answer))
    assert rows(hand) == []


def test_a_block_of_too_many_branches_is_refused(hand: Hand) -> None:
    branches = "".join(f"{{% elif order.pieces == {n} %}}<p>{n}</p>" for n in range(50))
    answer = save(hand, own_html=f"{{% if name %}}<p>Hello</p>{branches}{{% endif %}}")
    assert answer.status_code == 422
    assert "This block may look 52 ways; at most 24 can be looked at." in unescape(words_of(answer))


def test_what_is_left_out_of_a_branch_is_said(hand: Hand) -> None:
    answer = save(hand, own_html=SELDOM.replace("SELDOM", "<form>no</form>"))
    assert answer.status_code == 200, words_of(answer)
    assert "no mail can carry it: <form>." in unescape(answer.text)


def test_a_published_version_is_taken_back(hand: Hand) -> None:
    answer = save(hand, **{SUBJECT: "First {product}"})
    undo = re.search(
        r'undo-bar.*?hx-vals=\'{"language": "en", "number": (\d+), "seen": "(\w+)"}\'', answer.text
    )
    assert undo is not None
    back = hand.post(f"{ASK}/restore", number=undo[1], seen=undo[2])
    assert back.status_code == 200
    assert hand.rows("SELECT * FROM texts") == []
    assert rows(hand) == [(1, False), (2, False), (3, True)]
    assert hand.changes()[-1][2] == "The first mail: version 3 published (version 1 again)."


def test_history_says_what_each_version_changed(hand: Hand) -> None:
    assert "No versions yet." in words_of(hand.get(f"{ASK}/history"))
    save(hand, **{SUBJECT: "First {product}"})
    save(hand, **{SUBJECT: "Second {product}", "own_html": OWN})
    told = words_of(hand.get(f"{ASK}/history"))
    assert told.index("Version 3") < told.index("Version 2") < told.index("Version 1")
    assert "Subject (English) Before: First {product} After: Second {product}" in told
    assert "Your own block put in" in told


@pytest.mark.parametrize("number", ["9", "", "0", "-1", "1e3", "x", "9" * 40, "\u0661"])
def test_a_version_that_is_not_there(hand: Hand, number: str) -> None:
    save(hand, **{SUBJECT: "First {product}"})
    assert hand.post(f"{ASK}/restore", number=number, seen=opened(hand)).status_code == 404


def test_a_version_whose_link_leads_nowhere_by_now_is_not_come_back_to(hand: Hand) -> None:
    save(hand, own_html=OWN)
    save(hand, **{SUBJECT: "Second {product}", "own_html": ""})
    gone = '<p>See <a href="https://127.0.0.1/guide">our care guide</a></p>'
    assert hand.rows(f"UPDATE mail_versions SET own_html = '{gone}' WHERE number = 2 RETURNING 1") == [(1,)]
    answer = hand.post(f"{ASK}/restore", number="2", seen=opened(hand))
    assert answer.status_code == 422 and "is no address for a mail" in unescape(words_of(answer))
    assert rows(hand)[-1] == (3, True)


def test_a_version_is_not_come_back_to_over_somebody_elses(hand: Hand) -> None:
    save(hand, **{SUBJECT: "First {product}"})
    seen = opened(hand)
    save(hand, **{SUBJECT: "Second {product}"})
    assert hand.post(f"{ASK}/restore", number="1", seen=seen).status_code == 409
    assert hand.post(f"{ASK}/drop", seen=seen).status_code == 409
    assert rows(hand)[-1] == (3, True)


@pytest.mark.parametrize("path", ["/flows/none/mail/ask", "/flows/review_request/mail/try_it"])
def test_what_is_no_mail_has_no_editor(hand: Hand, path: str) -> None:
    assert hand.get(path).status_code == 404
    assert hand.get(f"{path}/history").status_code == 404
    assert hand.post(path, do="publish").status_code == 404


def test_every_mail_has_an_editor(hand: Hand) -> None:
    for flow, step in (("shipped", "mail"), ("order_confirmation", "mail")):
        links = re.findall(rf"/flows/{flow}/mail/(\w+)", hand.get(f"/flows/{flow}").text)
        assert links, (flow, step)
        for one in set(links):
            assert hand.get(f"/flows/{flow}/mail/{one}").status_code == 200
