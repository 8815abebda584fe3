"""A review in the shop's own list. Posted aside first and then put into sight: only a change of its place
makes the shop count its stars, one that is posted into sight is in no average."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from connectors.base import NotThere, Store, StoreBusy, StoreRefused, StoreUnreachable
from connectors.fields import Body, body
from connectors.woocommerce.rest_api import Complaint, write
from connectors.woocommerce.writes.looking import as_markup, look, look_through, number, plain, reference
from connectors.writes import PostReview, ReviewPlace, Written

NOBODY, LONGEST_NAME = "Anonymous", 200
_DUPLICATE, _FLOOD = "woocommerce_rest_comment_duplicate", "woocommerce_rest_comment_flood"
FLOOD_SECONDS = 20.0
_STATUS = {ReviewPlace.LISTED: "approved", ReviewPlace.HELD: "hold", ReviewPlace.REMOVED: "trash"}
# Which lists there are; "all" shows neither of the other two.
_LISTS = ("all", "trash", "spam")


def post_review(store: Store, what: PostReview) -> Written:
    """A repeat finds it by the shop's number of it, or by its exact words and their writer, wherever it lies.
    One that shall be out of sight and is nowhere is done already. Raises StoreRefused for what is none."""
    number(what.product_id, "product")
    if not 1 <= what.stars <= 5 or not plain(as_markup(what.text)) or "@" not in what.email:
        raise StoreRefused("a review needs one to five stars, words and the address of who wrote it")
    found = _find(store, what)
    if found is None and what.place is not ReviewPlace.LISTED:
        return Written(already=True)
    if found is not None and found.data.get("status") == "spam":  # where we put none: the shop decided so
        if what.place is not ReviewPlace.LISTED:
            return Written(reference(found), already=True)
        raise StoreRefused("the shop has put this review among its spam")
    if found is None:
        found = _post_aside(store, what)
    elif changed := _changed(found, what):
        _move(store, found, ReviewPlace.HELD, changed)
    elif found.data.get("status") == _STATUS[what.place]:
        return Written(reference(found), already=True)
    _move(store, found, what.place)
    return Written(reference(found))


def _changed(found: Body, what: PostReview) -> dict[str, Any]:
    """Stars and a name may be other by now; only what is put into sight anew counts with its stars. One that
    is not known to be ours keeps its own."""
    if what.place is not ReviewPlace.LISTED or reference(found) != what.reference:
        return {}
    same_name = plain(found.data.get("reviewer")) == _name(what)
    changed = {} if same_name else {"reviewer": _name(what)}
    return changed if found.data.get("rating") == what.stars else {**changed, "rating": what.stars}


def _move(store: Store, found: Body, place: ReviewPlace, changed: Mapping[str, Any] | None = None) -> None:
    endpoint, wanted = f"products/reviews/{reference(found)}", {"status": _STATUS[place], **(changed or {})}
    try:
        moved = body(write(store, "put", endpoint, wanted), "review")
    except NotThere:  # somebody deletes it at this moment
        raise StoreUnreachable("the review was there and then is not") from None
    if moved.data.get("status") != _STATUS[place]:
        raise StoreUnreachable("the review was not moved")


def _name(what: PostReview) -> str:
    """A name of one line, as the shop keeps it: without quotes of markup, and with the letters that it has
    room for."""
    return plain(as_markup(what.name).replace("&lt;", " ").replace("&gt;", " "))[:LONGEST_NAME] or NOBODY


def _find(store: Store, what: PostReview) -> Body | None:
    """The merchant may have mended its words since: with its number, product and writer it is ours still."""
    if what.reference:
        try:
            known = look(store, f"products/reviews/{number(what.reference, 'review')}", {"context": "edit"})
            if _is_about(known, what) and _is_by(known, what):
                return known
        except NotThere:
            pass
    own = _through_lists(store, what, {"reviewer_email": what.email})
    return next((review for review in own if _is_by(review, what)), None)


def _through_lists(store: Store, what: PostReview, asked: Mapping[str, str]) -> Iterator[Body]:
    """The reviews of the product with the same words."""
    for status in _LISTS:
        wanted = {**asked, "product": what.product_id, "context": "edit", "status": status}
        for review in look_through(store, "products/reviews", wanted):
            if _says_the_same(review, what):
                yield review


def _is_by(review: Body, what: PostReview) -> bool:
    return str(review.data.get("reviewer_email")).strip().lower() == what.email.strip().lower()


def _is_about(review: Body, what: PostReview) -> bool:
    return str(review.data.get("product_id")) == what.product_id


def _says_the_same(review: Body, what: PostReview) -> bool:
    return _is_about(review, what) and plain(review.data.get("review")) == plain(as_markup(what.text))


def _post_aside(store: Store, what: PostReview) -> Body:
    """Where the shop says that it has it, its list was older than it is: looked for once more."""
    wanted = {
        "product_id": int(what.product_id),
        "review": as_markup(what.text),
        "reviewer": _name(what),
        "reviewer_email": what.email,
        "rating": what.stars,
        "status": _STATUS[ReviewPlace.HELD],
    }
    try:
        return body(write(store, "post", "products/reviews", wanted), "review")
    except NotThere:
        raise NotThere("there is no such product") from None
    except Complaint as complaint:
        if complaint.code == _FLOOD:
            raise StoreBusy("the shop takes reviews one after the other", FLOOD_SECONDS) from None
        if complaint.code != _DUPLICATE:
            raise
    found = _find(store, what)
    if found is not None:
        return found
    if next(_through_lists(store, what, {}), None) is not None:
        raise StoreRefused("somebody else of that name wrote the same words about the product")
    raise StoreUnreachable("the shop has such a review already, and does not show it to us")
