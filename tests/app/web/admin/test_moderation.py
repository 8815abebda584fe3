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


def state(counter: Counter, review_id: int) -> tuple[str, str | None]:
    (row,) = counter.sql("SELECT state, reason FROM reviews WHERE id = :id", id=review_id)
    return row.state, row.reason


def articles(page: str) -> list[str]:
    return re.findall(r'<article class="card review" id="review-\d+">.*?</article>', page, re.S)


def test_the_list_of_reasons_is_the_store_s_list() -> None:
    assert set(REASONS) == set(REJECTIONS)


def test_waiting_reviews_do_not_tell_their_stars(counter: Counter) -> None:
    """Five reviews that differ in nothing but their stars look the same to the letter."""
    ids = [written(counter, stars) for stars in (1, 5, 3, 2, 4)]
    status, page = counter.get("/reviews")
    assert status == 200
    found = articles(page)
    assert [int(re.findall(r"review-(\d+)", one)[0]) for one in found] == ids, "in the order of their time"
    alike = {
        re.sub(r"review-\d+|value=\"\d+\"|reviews/\d+|order o\d+|2 Nov, \d\d:\d\d", "", one) for one in found
    }
    assert len(alike) == 1
    waiting = page.partition('<div class="stack">')[2].partition('class="table by-stars"')[0]
    assert "star" not in re.sub(r"Kept back, by stars|4 or 5 stars|3 stars|1 or 2 stars", "", waiting)


def test_the_stars_show_once_it_is_decided(counter: Counter) -> None:
    review = written(counter, 2)
    status, page = counter.post("/reviews/publish", review=review)
    assert status == 200
    assert "1 review is published" in page
    assert state(counter, review) == ("published", None)
    _, page = counter.get("/reviews?tab=published")
    assert 'aria-label="2 of 5 stars"' in page
    (row,) = counter.sql("SELECT decided_by FROM reviews")
    assert row.decided_by == "Mia"


def test_several_are_published_at_once(counter: Counter) -> None:
    ids = [written(counter) for _ in range(3)]
    status, page = counter.post("/reviews/publish", review=ids[:2])
    assert status == 200
    assert "2 reviews are published" in page
    assert [state(counter, one)[0] for one in ids] == ["published", "published", "held"]


def test_none_chosen_is_said(counter: Counter) -> None:
    written(counter)
    status, page = counter.post("/reviews/publish")
    assert status == 422
    assert "Choose at least one review first." in page


@pytest.mark.parametrize("reason", REJECTIONS)
def test_a_review_is_kept_back_for_a_reason(counter: Counter, reason: str) -> None:
    review = written(counter, 5)
    status, _ = counter.post(f"/reviews/{review}/keep", reason=reason)
    assert status == 200
    assert state(counter, review) == ("rejected", reason)
    _, page = counter.get("/reviews?tab=kept")
    assert f"Kept back as {REASONS[reason][0].lower()}" in page


@pytest.mark.parametrize("reason", ["", "low_rating", "SPAM", "spam ", "negative"])
def test_no_other_reason_is_taken(counter: Counter, reason: str) -> None:
    review = written(counter, 1)
    status, page = counter.post(f"/reviews/{review}/keep", reason=reason)
    assert status == 422
    assert "Choose one of the five reasons. A low rating is none." in page
    assert state(counter, review) == ("held", None)


def test_sent_twice_it_is_decided_once(counter: Counter) -> None:
    review, other = written(counter), written(counter)
    for _ in range(2):
        assert counter.post("/reviews/publish", review=review)[0] == 200
        assert counter.post(f"/reviews/{other}/keep", reason="spam")[0] == 200
    assert "Nothing was changed." in counter.post("/reviews/publish", review=review)[1]
    assert len(counter.sql("SELECT id FROM admin_changes")) == 2


def test_a_decision_can_be_taken_back_and_is_recorded(counter: Counter) -> None:
    review = written(counter, 1)
    counter.post(f"/reviews/{review}/keep", reason="off_topic")
    counter.post("/reviews/publish", review=review)
    assert state(counter, review) == ("published", None)
    counter.post(f"/reviews/{review}/keep", reason="personal_data")
    assert state(counter, review) == ("rejected", "personal_data")
    changes = counter.sql("SELECT who, area, words FROM admin_changes ORDER BY id")
    assert [(row.who, row.area) for row in changes] == [("Mia", "reviews")] * 3
    assert "after its stars were shown" in changes[2].words
    assert "after its stars" not in changes[0].words


def test_one_that_was_rewritten_meanwhile_waits_for_another_look(counter: Counter) -> None:
    review = written(counter)
    read = (START - timedelta(minutes=1)).isoformat()
    counter.post("/reviews/publish", review=review, seen=read)
    counter.post(f"/reviews/{review}/keep", reason="spam", seen=read)
    assert state(counter, review) == ("held", None)
    counter.post("/reviews/publish", review=review, seen="nonsense")
    assert state(counter, review) == ("published", None)


def test_the_report_tells_who_holds_back_by_rating(counter: Counter) -> None:
    low, high = [written(counter, 1) for _ in range(3)], [written(counter, 5) for _ in range(4)]
    for review in low:
        counter.post(f"/reviews/{review}/keep", reason="off_topic")
    counter.post("/reviews/publish", review=high)
    _, page = counter.get("/reviews")
    assert "Kept back so far: 0 of 4 with 4 or 5 stars, 3 of 3 with 1 or 2 stars." in page


def test_another_shop_s_review_is_not_there(counter: Counter, site: Site) -> None:
    review, own = written(counter), None
    other = Counter(site, Platform.SHOPIFY)
    own = written(other)
    assert other.post("/reviews/publish", review=review)[0] == 404
    assert other.post("/reviews/publish", review=[own, review])[0] == 404
    assert other.post(f"/reviews/{review}/keep", reason="spam")[0] == 404
    for wrong in ("0", "x", "-1", "9" * 19, "9" * 30):
        assert counter.post("/reviews/publish", review=wrong)[0] == 404
        assert counter.post(f"/reviews/{wrong}/keep", reason="spam")[0] in (404, 405)
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
