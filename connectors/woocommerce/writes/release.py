"""A mail of the shop's own that our plugin held back, sent after all. Only the plugin can do that."""

from __future__ import annotations

from connectors.base import Store, StoreRefused, StoreUnreachable
from connectors.woocommerce.plugin import NAMESPACE, TIMEOUT
from connectors.woocommerce.rest_api import NoRoute, write_below
from connectors.woocommerce.writes.looking import number
from connectors.writes import ReleaseMail, Written


def release_mail(store: Store, what: ReleaseMail) -> Written:
    """`already`: it is held back no longer; the plugin sends none twice."""
    asked = {"order": str(number(what.order_id, "order")), "mail": what.mail}
    try:
        said = write_below(store, NAMESPACE, "mails", asked, TIMEOUT)
    except NoRoute:
        raise StoreRefused("our plugin is not in the shop any more") from None
    if not isinstance(said, dict) or not isinstance(said.get("sent"), bool):
        raise StoreUnreachable("something else answered instead of our plugin")
    return Written(already=not said["sent"])
