"""Reviews are decided without their stars, for a closed list of reasons, and every decision shows."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest

from app.models.review import REJECTIONS
from app.web.admin.reviews import REASONS
from flows.commerce import Platform
from tests.app.desk import START
from tests.app.web.admin.mails import Counter
from tests.app.web.conftest import Site


@pytest.fixture
def counter(site: Site) -> Counter:
    return Counter(site)


def written(counter: Counter, stars: int = 5, **changes: Any) -> int:
    """A review that waits; returns its id."""
    (count,) = counter.sql("SELECT count(*) AS n FROM reviews")
    values = {
        "order": f"o{count.n}",
        "stars": stars,
        "title": "A lamp",
        "body": "It stands on the table.",
        "name": "Mia",
        "at": START + timedelta(minutes=count.n),
        **changes,
    }
    (row,) = counter.sql(
        "INSERT INTO reviews (shop_id, order_id, product_id, address_hash, stars, title, body, name,"
        " language, state, verified, submitted_at) VALUES (:shop, :order, 'p1', 'hash', :stars, :title,"
        " :body, :name, 'en', 'held', true, :at) RETURNING id",
        **values,
    )
    return int(row.id)


def decide(counter: Counter, path: str, **fields: Any) -> tuple[int, str]:
    """As the form on the page sends it: with the moment at which the page was read."""
    return counter.post(path, seen=counter.site.runtime.clock.now().isoformat(), **fields)


def publish(counter: Counter, review: int | str | list[int], tab: str = "waiting") -> tuple[int, str]:
    return decide(counter, f"/reviews/publish?tab={tab}", review=review)


def keep(counter: Counter, review: int | str, reason: str, tab: str = "waiting") -> tuple[int, str]:
    return decide(counter, f"/reviews/{review}/keep?tab={tab}", reason=reason)


def rewrite(counter: Counter, review: int, stars: int = 1) -> None:
    """Its writer changes it after everything that was read so far."""
    at = counter.site.runtime.clock.now() + timedelta(minutes=5)
    counter.sql(
        "UPDATE reviews SET body = 'Other words', stars = :stars, state = 'held', reason = NULL,"
        " seen_public = false, decided_at = NULL, decided_by = NULL, submitted_at = :at WHERE id = :id",
        id=review,
        stars=stars,
        at=at,
    )


def state(counter: Counter, review_id: int) -> tuple[str, str | None]:
    (row,) = counter.sql("SELECT state, reason FROM reviews WHERE id = :id", id=review_id)
    return row.state, row.reason


def articles(page: str) -> list[str]:
    return re.findall(r'<article class="card review" id="review-\d+">.*?</article>', page, re.S)


def test_the_list_of_reasons_is_the_store_s_list() -> None:
    assert set(REASONS) == set(REJECTIONS)


ALIKE = (1, 5, 3, 2, 4)


def assert_blind(page: str, ids: list[int]) -> None:
    """Reviews that differ in nothing but their stars look the same to the letter, in the order of `ids`,
    and nothing around them speaks of stars, except that they are not seen yet."""
    found = articles(page)
    assert [int(re.findall(r"review-(\d+)", one)[0]) for one in found] == ids
    alike = {
        re.sub(r"review-\d+|value=\"\d+\"|reviews/\d+|order o\d+|2 Nov, \d\d:\d\d", "", one) for one in found
    }
    assert len(alike) == 1
    around = re.search(r'<div id="reviews">(.*)</main>', page, re.S) or re.search("(.*)", page, re.S)
    assert around and not re.search(
        r"star(?!s once they are public)",
        re.sub("its stars were public|still without its stars", "", around[1]),
    )


def test_waiting_reviews_do_not_tell_their_stars(counter: Counter) -> None:
    ids = [written(counter, stars) for stars in ALIKE]
    status, page = counter.get("/reviews")
    assert status == 200
    assert_blind(page, ids)


@pytest.mark.parametrize("taken_down", [False, True])
def test_what_is_kept_back_does_not_tell_its_stars(counter: Counter, taken_down: bool) -> None:
    """Nor does the answer to the decision itself."""
    ids = [written(counter, stars) for stars in ALIKE]
    if taken_down:
        publish(counter, ids)
    answers = [keep(counter, one, "off_topic", "kept") for one in ids]
    assert [len(articles(page)) for _, page in answers] == [1, 2, 3, 4, 5]
    for place, (_, page) in enumerate(answers):
        assert_blind(page, sorted(ids[: place + 1], reverse=True))
    _, page = counter.get("/reviews?tab=kept")
    assert_blind(page, sorted(ids, reverse=True))
    assert ("Taken down after its stars were public, as off topic" in page) is taken_down
    assert ("Kept back as off topic" in page) is not taken_down
    assert page.count("Publish after all") == len(ids)


def test_the_stars_show_once_it_is_decided(counter: Counter) -> None:
    review = written(counter, 2)
    status, page = publish(counter, review)
    assert status == 200
    assert "1 review is published" in page
    assert state(counter, review) == ("published", None)
    _, page = counter.get("/reviews?tab=published")
    assert 'aria-label="2 of 5 stars"' in page
    (row,) = counter.sql("SELECT decided_by FROM reviews")
    assert row.decided_by == "Mia"


def test_several_are_published_at_once(counter: Counter) -> None:
    ids = [written(counter) for _ in range(3)]
    status, page = publish(counter, ids[:2])
    assert status == 200
    assert "2 reviews are published" in page
    assert [state(counter, one)[0] for one in ids] == ["published", "published", "held"]


def test_none_chosen_is_said(counter: Counter) -> None:
    written(counter)
    status, page = decide(counter, "/reviews/publish")
    assert status == 422
    assert "Choose at least one review first." in page


@pytest.mark.parametrize("reason", REJECTIONS)
def test_a_review_is_kept_back_for_a_reason(counter: Counter, reason: str) -> None:
    review = written(counter, 5)
    status, _ = keep(counter, review, reason)
    assert status == 200
    assert state(counter, review) == ("rejected", reason)
    _, page = counter.get("/reviews?tab=kept")
    assert f"Kept back as {REASONS[reason][0].lower()}" in page


@pytest.mark.parametrize("reason", ["", "low_rating", "SPAM", "spam ", "negative"])
def test_no_other_reason_is_taken(counter: Counter, reason: str) -> None:
    review = written(counter, 1)
    status, page = keep(counter, review, reason)
    assert status == 422
    assert "Choose one of the five reasons. A low rating is none." in page
    assert state(counter, review) == ("held", None)


@pytest.mark.parametrize("seen", [{}, {"seen": ""}, {"seen": "nonsense"}, {"seen": "2026-11-02T10:00:00"}])
def test_nothing_is_decided_without_when_it_was_read(counter: Counter, seen: dict[str, str]) -> None:
    review = written(counter)
    for path, fields in (("publish", {"review": review}), (f"{review}/keep", {"reason": "spam"})):
        status, page = counter.post(f"/reviews/{path}", **fields, **seen)
        assert status == 422
        assert "the form did not say when the reviews were read" in page
    assert state(counter, review) == ("held", None)


@pytest.mark.parametrize("tab", ["waiting", "published", "kept"])
def test_every_form_says_when_its_reviews_were_read(counter: Counter, tab: str) -> None:
    ids = [written(counter) for _ in range(6)]
    publish(counter, ids[:2])
    for kept in ids[2:4]:
        keep(counter, kept, "spam")
    _, page = counter.get(f"/reviews?tab={tab}")
    forms = re.findall(r"<form[^>]*/reviews/[^>]*>.*?</form>", page, re.S)
    assert len(forms) == {"waiting": 5, "published": 2, "kept": 2}[tab]
    assert all(re.search(r'name="seen" value="\d{4}-\d\d-\d\dT[^"]+"', form) for form in forms)


def test_sent_twice_it_is_decided_once(counter: Counter) -> None:
    review, other = written(counter), written(counter)
    for _ in range(2):
        assert publish(counter, review)[0] == 200
        assert keep(counter, other, "spam")[0] == 200
    assert "Nothing was changed." in publish(counter, review)[1]
    assert len(counter.sql("SELECT id FROM admin_changes")) == 2


def test_a_decision_can_be_taken_back_and_nothing_of_it_is_lost(counter: Counter) -> None:
    review = written(counter, 1)
    keep(counter, review, "off_topic")
    publish(counter, review, "kept")
    assert state(counter, review) == ("published", None)
    _, page = counter.get("/reviews?tab=published")
    assert "Before that: kept back as off topic on " in page
    keep(counter, review, "personal_data", "published")
    assert state(counter, review) == ("rejected", "personal_data")
    _, page = counter.get("/reviews?tab=kept")
    assert "Taken down after its stars were public, as personal data" in page
    assert "Before that: published on" in page and "Before that: kept back as off topic" in page
    changes = counter.sql("SELECT who, area, words FROM admin_changes ORDER BY id")
    assert [(row.who, row.area) for row in changes] == [("Mia", "reviews")] * 3
    assert "after its stars were public" in changes[2].words
    assert "after its stars" not in changes[0].words


@pytest.mark.parametrize("before", ["held", "kept", "published"])
def test_one_that_was_rewritten_meanwhile_is_left_alone(counter: Counter, before: str) -> None:
    """The page is open while the writer changes the words: they are read before anybody decides on them."""
    review, other = written(counter), written(counter)
    if before == "kept":
        keep(counter, review, "spam")
    if before == "published":
        publish(counter, review)
    rewrite(counter, review)
    left = "1 review was rewritten after you had read it and left alone. It waits to be read again."
    status, page = publish(counter, [review, other], "kept")
    assert status == 200
    assert left in page and "1 review is published" in page
    _, page = keep(counter, review, "spam", "published")
    assert left in page and "1 review is kept back" not in page
    assert state(counter, review) == ("held", None)


def test_nobody_has_read_in_the_future(counter: Counter) -> None:
    review = written(counter)
    rewrite(counter, review)
    counter.post("/reviews/publish", review=review, seen="2999-01-01T00:00:00+00:00")
    assert state(counter, review) == ("held", None)


def by_star(page: str) -> dict[int, tuple[int, ...]]:
    """Published, kept back unseen, taken down."""
    table = page.partition('class="table by-stars"')[2].partition("</table>")[0]
    rows = [re.findall(r"<td[^>]*>([\d,]+)</td>", row) for row in table.split("<tr>")]
    return {int(row[0]): tuple(map(int, row[1:])) for row in rows if row}


def test_the_report_tells_who_keeps_back_by_rating(counter: Counter) -> None:
    low, high = [written(counter, 1) for _ in range(5)], [written(counter, 5) for _ in range(4)]
    for review in low:
        keep(counter, review, "off_topic")
    publish(counter, high)
    _, page = counter.get("/reviews?tab=published")
    assert by_star(page) == {5: (4, 0, 0), 4: (0, 0, 0), 3: (0, 0, 0), 2: (0, 0, 0), 1: (0, 5, 0)}
    assert "the stars: 5, of them 5 with 1 or 2 stars, 0 with 3, 0 with 4 or 5." in page
    publish(counter, low[:1], "kept")
    _, page = counter.get("/reviews?tab=published")
    assert by_star(page)[1] == (1, 5, 0), "publishing after all does not wash a decision away"


def test_the_report_says_when_low_stars_are_taken_down(counter: Counter) -> None:
    low, high = [written(counter, 2) for _ in range(3)], [written(counter, 4) for _ in range(3)]
    publish(counter, [*low, *high])
    keep(counter, high[0], "spam", "published")
    _, page = counter.get("/reviews?tab=published")
    assert by_star(page) == {5: (0, 0, 0), 4: (2, 0, 1), 3: (0, 0, 0), 2: (3, 0, 0), 1: (0, 0, 0)}
    assert "Taken down after publication: 0 with 1 or 2 stars, 0 with 3, 1 with 4 or 5." in page
    assert "lean to low stars" not in page
    for review in low[:2]:
        keep(counter, review, "spam", "published")
    _, page = counter.get("/reviews?tab=published")
    assert (by_star(page)[4], by_star(page)[2]) == ((2, 0, 1), (1, 0, 2))
    assert "They lean to low stars; published are 1 with 1 or 2 and 2 with 4 or 5." in page


def test_another_shop_s_review_is_not_there(counter: Counter, site: Site) -> None:
    review, own = written(counter), None
    other = Counter(site, Platform.SHOPIFY)
    own = written(other)
    assert publish(other, review)[0] == 404
    assert publish(other, [own, review])[0] == 404
    assert keep(other, review, "spam")[0] == 404
    for wrong in ("0", "x", "-1", "9" * 19, "9" * 30):
        assert publish(counter, wrong)[0] == 404
        assert keep(counter, wrong, "spam")[0] in (404, 405)
    assert state(counter, review) == ("held", None)
    assert state(other, own) == ("held", None)


def test_what_was_written_is_only_text(counter: Counter) -> None:
    written(
        counter,
        title="<script>alert(1)</script>",
        body="{{ 7 * 7 }} <img src=x onerror=alert(1)>",
        name="<b>",
    )
    _, page = counter.get("/reviews")
    assert "<script>alert" not in page
    assert "<img" not in page
    assert "{{ 7 * 7 }}" in page


def test_empty_lists_say_when_that_changes(counter: Counter) -> None:
    assert "No review waits for you." in counter.get("/reviews")[1]
    assert "None is published yet." in counter.get("/reviews?tab=published")[1]
    assert "None is kept back." in counter.get("/reviews?tab=kept")[1]
    assert counter.get("/reviews?tab=nonsense")[0] == 200
