"""What every field of the Admin API is answered from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from graphql import GraphQLError

from sandbox.shopify.actions.change import Change
from sandbox.shopify.shop import Shop
from sandbox.shopify.webhooks import Announcer

Arguments = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Asking:
    """One call: in which shop, with which rights. `announcer` tells what it changes, `answer_whole` works
    through another query without pages (data, why it is refused, whether a right is missing). `whole`:
    this call is one of those."""

    shop: Shop
    scopes: tuple[str, ...]
    announcer: Announcer | None = None
    answer_whole: Callable[[Asking, str], tuple[Any, str | None, bool]] | None = None
    whole: bool = False

    def change(self) -> Change:
        """A hand that changes the shop and tells the subscribed addresses."""
        return Change(self.shop, self.announcer)

    def needs(self, *scopes: str) -> None:
        """Raises where none of `scopes` was granted; a write scope covers its read scope."""
        granted = {*self.scopes, *(scope.replace("write_", "read_", 1) for scope in self.scopes)}
        if not granted & set(scopes):
            words = " or ".join(f"`{scope}`" for scope in scopes)
            raise GraphQLError(
                f"Access denied. Required access: {words} access scope.",
                extensions={"code": "ACCESS_DENIED", "requiredAccess": f"{words} access scope."},
            )


# Called with what the field belongs to, the call, and the field's arguments.
Answer = Callable[[Any, Asking, Arguments], Any]
Fields = Mapping[str, Answer]


def plain(name: str) -> Answer:
    """The same value under its REST name; a name that is missing is an error, not a null."""
    return lambda source, asking, arguments: source[name]


def moment(name: str) -> Answer:
    return lambda source, asking, arguments: as_moment(source[name])


def shouted(name: str) -> Answer:
    """A status word: "partially_refunded" -> PARTIALLY_REFUNDED; null stays null."""
    return lambda source, asking, arguments: source[name].upper() if source[name] else None


def listed(name: str) -> Answer:
    """A comma text as a list: "a, b" -> ["a", "b"]."""
    return lambda source, asking, arguments: [
        part.strip() for part in source[name].split(",") if part.strip()
    ]


def global_id(kind: str) -> Answer:
    """The body's own global id, or one made of its plain number."""
    return lambda source, asking, arguments: (
        source.get("admin_graphql_api_id") or f"gid://shopify/{kind}/{source['id']}"
    )


def as_moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text).astimezone(UTC)


def number_in(id: str, kind: str) -> str:
    """The number of a global id. Raises GraphQLError for an id of another kind."""
    head, _, number = id.rpartition("/")
    if head != f"gid://shopify/{kind}":
        raise GraphQLError(f"Invalid id: {id}", extensions={"code": "RESOURCE_NOT_FOUND"})
    return number.partition("?")[0]
