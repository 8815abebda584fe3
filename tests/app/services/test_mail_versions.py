"""Versions of a merchant's own mail: drafted, published, come back to; and the program before this one."""

from __future__ import annotations

from functools import partial

import pytest

from app.queries.facts import load_fact_base
from app.queries.mail_versions import SHIPPED, OwnMail, load_own_mails, versions_of
from app.services.changes import Stale
from app.services.mail_versions import (
    BEFORE,
    KEPT,
    Content,
    Mail,
    Standing,
    drop_draft,
    keep_draft,
    publish,
    standing,
    words_of_shop,
)
from emails.own_words import EDITABLE
from tests.app.desk import KEYS, START, Desk
from tests.app.services.at_once import at_once

FIELDS = EDITABLE["review_request/ask"]
SUBJECT = FIELDS[0].key
MOVED = OwnMail(("headline", "stars", "own", "picture"), "<p>Hello</p>")


def mail(desk: Desk, step: str = "ask") -> Mail:
    return Mail(desk.shop_id, "review_request", step, FIELDS)


def said(subject: str, language: str = "en", own: OwnMail = SHIPPED) -> Content:
    return Content({language: {SUBJECT: subject}}, own)


def stood(desk: Desk) -> Standing:
    with desk.database.shops(desk.shop_id) as session:
        return standing(session, mail(desk))


def put(desk: Desk, content: Content, seen: str | None = None) -> int | None:
    opened = stood(desk).seen if seen is None else seen
    with desk.database.shops(desk.shop_id) as session:
        return publish(session, mail(desk), content, opened, "Mia", desk.now)


def draft(desk: Desk, content: Content, seen: str | None = None) -> bool:
    opened = stood(desk).seen if seen is None else seen
    with desk.database.shops(desk.shop_id) as session:
        return keep_draft(session, mail(desk), content, opened, "Mia", desk.now)


def spoken(desk: Desk) -> dict[tuple[str, str], str]:
    return {(row.language, row.key): row.text for row in desk.rows("SELECT * FROM texts")}


def loaded(desk: Desk) -> OwnMail:
    with desk.database.shops(desk.shop_id) as session:
        found = load_own_mails(session, [desk.shop_id])
        assert load_fact_base(session, {(desk.shop_id, "none")}, KEYS).own_mails == found
    return found.get((desk.shop_id, "review_request", "ask"), SHIPPED)


def test_the_first_version_keeps_what_was_before(desk: Desk) -> None:
    assert put(desk, said("First {product}")) == 2
    found = stood(desk)
    assert [(one.number, one.live, one.note) for one in found.published] == [
        (2, True, ""),
        (1, False, BEFORE),
    ]
    assert found.published[1].words == {}
    assert spoken(desk) == {("en", SUBJECT): "First {product}"}


def test_a_published_version_is_what_sending_reads(desk: Desk) -> None:
    assert loaded(desk) == SHIPPED
    put(desk, said("One {product}", own=MOVED))
    assert loaded(desk) == MOVED
    put(desk, said("One {product}"))
    assert loaded(desk) == SHIPPED


def test_a_draft_changes_no_mail(desk: Desk) -> None:
    put(desk, said("Sent {product}"))
    assert draft(desk, said("Draft {product}", own=MOVED))
    assert (loaded(desk), spoken(desk)) == (SHIPPED, {("en", SUBJECT): "Sent {product}"})
    assert stood(desk).edited == said("Draft {product}", own=MOVED)
    assert put(desk, stood(desk).edited) == 3
    assert (loaded(desk), stood(desk).draft) == (MOVED, None)


def test_a_draft_that_says_what_is_sent_is_none(desk: Desk) -> None:
    put(desk, said("Sent {product}"))
    draft(desk, said("Draft {product}"))
    assert not draft(desk, said("Sent {product}"))
    assert stood(desk).draft is None
    assert put(desk, said("Sent {product}")) is None, "nor is it a version"


def test_a_dropped_draft_leaves_what_is_sent(desk: Desk) -> None:
    draft(desk, said("Draft {product}"))
    with desk.database.shops(desk.shop_id) as session:
        assert drop_draft(session, mail(desk), standing(session, mail(desk)).seen)
    assert stood(desk).edited == Content({})


def test_every_version_can_be_come_back_to(desk: Desk) -> None:
    put(desk, said("One {product}", own=MOVED))
    put(desk, said("Zwei {product}", language="de"))
    two = next(one for one in stood(desk).published if one.number == 2)
    assert put(desk, Content(two.words, two.mail)) == 4
    assert (loaded(desk), spoken(desk)) == (MOVED, {("en", SUBJECT): "One {product}"})


@pytest.mark.parametrize("between", ["draft", "version", "old program"])
def test_who_opened_the_mail_before_hears_of_it(desk: Desk, between: str) -> None:
    opened = stood(desk).seen
    if between == "draft":
        draft(desk, said("Theirs {product}"))
    elif between == "version":
        put(desk, said("Theirs {product}", own=MOVED))
    else:
        desk.rows(
            "INSERT INTO texts VALUES (:shop, 'en', :key, 'Theirs', :at) RETURNING 1",
            shop=desk.shop_id,
            key=SUBJECT,
            at=START,
        )
    before = (spoken(desk), loaded(desk))
    for write in (put, draft):
        with pytest.raises(Stale):
            write(desk, said("Mine {product}"), opened)
    assert (spoken(desk), loaded(desk)) == before


def outcome(desk: Desk, opened: str, subject: str) -> str:
    try:
        return f"published {put(desk, said(subject), opened)}"
    except Stale:
        return "stale"


def test_of_two_who_publish_at_once_one_hears_of_the_other(desk: Desk) -> None:
    for turn in range(4):
        opened = stood(desk).seen
        told = at_once(desk, *(partial(outcome, desk, opened, f"{who} {turn} {{product}}") for who in "ab"))
        assert sorted(told)[1] == "stale"
        assert sum(one.live for one in stood(desk).published) == 1


def test_words_of_the_program_before_are_kept_as_a_version(desk: Desk) -> None:
    """It knows no versions, and runs beside this one while a new release goes out."""
    put(desk, said("One {product}"))
    desk.rows("UPDATE texts SET text = 'Old hand' RETURNING 1")
    assert stood(desk).live == said("Old hand")
    put(desk, said("Two {product}"))
    assert [one.words["en"][SUBJECT] for one in stood(desk).published[:3]] == [
        "Two {product}",
        "Old hand",
        "One {product}",
    ]


def test_sentences_of_other_mails_stay(desk: Desk) -> None:
    desk.rows(
        "INSERT INTO texts VALUES (:shop, 'en', 'shipped.subject', 'On its way', :at) RETURNING 1",
        shop=desk.shop_id,
        at=START,
    )
    put(desk, said("One {product}"))
    put(desk, Content({}))
    assert spoken(desk) == {("en", "shipped.subject"): "On its way"}
    with desk.database.shops(desk.shop_id) as session:
        whole = words_of_shop(session, mail(desk), said("Two {product}"))
    assert whole == {"en": {"shipped.subject": "On its way", SUBJECT: "Two {product}"}}


def test_old_versions_go_and_the_live_one_stays(desk: Desk) -> None:
    for turn in range(KEPT + 5):
        put(desk, said(f"{turn} {{product}}"))
    found = stood(desk)
    assert len(found.published) == KEPT
    assert found.published[0].live


def test_steps_and_shops_are_apart(desk: Desk) -> None:
    put(desk, said("One {product}", own=MOVED))
    with desk.database.shops(desk.shop_id) as session:
        assert versions_of(session, desk.shop_id, "review_request", "nudge") == []
    with desk.database.shops(desk.shop_id + 1) as session:
        assert versions_of(session, desk.shop_id, "review_request", "ask") == []
        assert load_own_mails(session, [desk.shop_id]) == {}
