"""Every way in which a block may be printed: others meet branches that the reader of a preview does not.

Each branch of each choice is in one of the ways at least, and so is what no branch says; not each mixture
of branches: that would be too many.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from emails.own_html.language import Choice, Loop, Piece
from emails.own_html.published import LISTS
from emails.own_html.refused import Refused

MOST_WAYS = 24  # each is a whole mail that is looked over, in 25 ms

# What stands where the previewed order has nothing, so that a branch about it is not empty.
_EXAMPLES: Mapping[str, str] = {
    "name": "Mia",
    "product.title": "Linen apron",
    "parcel.carrier": "DHL",
    "parcel.number": "00340434161094042557",
    "coupon.code": "THANKS10",
    "shop.email": "hello@shop.example",
    "shop.helper": "Anna",
}
_LINKS = ("order.link", "shop.link")
_PICTURES = ("product.picture",)
_ROW: Mapping[str, str] = {"title": "Linen apron", "variant": "Blue", "quantity": "1", "price": "29.00"}


def ways(pieces: Sequence[Piece]) -> list[tuple[Piece, ...]]:
    """Each without choices: only what is printed. Raises Refused for a block with too many of them."""
    count = _how_many(pieces)
    if count > MOST_WAYS:
        raise Refused(
            f"This block may look {count} ways; at most {MOST_WAYS} can be looked at. Use fewer conditions."
        )
    return [_way(pieces, place) for place in range(count)]


def filled(values: Mapping[str, Any]) -> Mapping[str, Any]:
    """With an example for each value that is missing, and with one row in each list."""
    home = values["shop.link"] or "https://shop.example/"
    given = {
        **_EXAMPLES,
        **dict.fromkeys(_LINKS, home),
        **dict.fromkeys(_PICTURES, "https://shop.example/picture.jpg"),
    }
    whole = {name: given.get(name, "") if value in (None, "") else value for name, value in values.items()}
    row = {**_ROW, "picture": given["product.picture"], "link": home}
    return {**whole, **{name: [_whole_row(name, values[name], row)] for name in LISTS}}


def _whole_row(name: str, rows: Sequence[Mapping[str, Any]], example: Mapping[str, str]) -> Mapping[str, Any]:
    first = rows[0] if rows else {}
    return {field: first.get(field) or example[field] for field in LISTS[name]}


def _how_many(pieces: Sequence[Piece]) -> int:
    return max(map(_ways_of, pieces), default=1)


def _ways_of(piece: Piece) -> int:
    return sum(map(_how_many, _bodies(piece))) or 1


def _bodies(piece: Piece) -> tuple[tuple[Piece, ...], ...]:
    """Of which one is printed. A list that is empty prints nothing, unless something is written for that."""
    match piece:
        case Choice(branches, otherwise):
            return (*(body for _, body in branches), otherwise)
        case Loop(_, _, body, otherwise):
            return (body, otherwise) if otherwise else (body,)
    return ()


def _way(pieces: Sequence[Piece], place: int) -> tuple[Piece, ...]:
    """Pieces beside each other take their turns at the same time."""
    return tuple(one for piece in pieces for one in _one_way(piece, place % _ways_of(piece)))


def _one_way(piece: Piece, place: int) -> tuple[Piece, ...]:
    for number, body in enumerate(_bodies(piece)):
        within = _how_many(body)
        if place < within:
            shown = _way(body, place)
            if isinstance(piece, Loop) and number == 0:
                return (Loop(piece.row, piece.over, shown, ()),)
            return shown
        place -= within
    return (piece,)
