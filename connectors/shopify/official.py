"""The pure helpers of Shopify's own package, and nothing else of it.

Its sessions, resources, GraphQL client and token calls keep the shop in process-wide state, so that
one shop's token can reach another shop's endpoint; they are never used. What is used here gets its
secret and shop on an object of its own, so no class attribute of the package is ever set.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from shopify.api_access import ApiAccess
from shopify.session import Session

from connectors.shopify.version import API_VERSION


def query_hmac(params: Mapping[str, str | list[str]], secret: str) -> str:
    """Hex signature over decoded pairs; a key that ends in `[]` holds a list."""

    class Signer(Session):  # type: ignore[misc]  # the package ships no types
        """The package keeps its secret on the class, so every call gets a class of its own."""

    Signer.secret = secret
    return str(Signer.calculate_hmac(params))


def permission_url(shop: str, api_key: str, scopes: Iterable[str], redirect_uri: str, state: str) -> str:
    """Where the merchant grants our scopes. `shop` must have passed the shop rule: the package
    would turn any host into its first label + myshopify.com."""
    session = Session(shop, API_VERSION)
    session.api_key = api_key
    return str(session.create_permission_url(list(scopes), redirect_uri, state))


def covers(granted: Iterable[str], wanted: str) -> bool:
    """Whether `granted` implies `wanted` (write implies read). Names that the package does not know
    (`customer_read_orders`) are compared letter by letter, as it raises on them."""
    names = set(granted)
    if wanted in names:
        return True
    if not ApiAccess.SCOPE_RE.match(wanted):
        return False
    known = ApiAccess([name for name in names if ApiAccess.SCOPE_RE.match(name)])
    return bool(known.covers(ApiAccess([wanted])))
