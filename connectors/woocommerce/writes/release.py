"""A mail of the shop's own that our plugin held back, sent after all. Only the plugin can do that."""

from __future__ import annotations

from connectors.base import Store, StoreError, StoreUnreachable
from connectors.woocommerce.plugin import NAMESPACE, TIMEOUT
from connectors.woocommerce.rest_api import NoRoute, write_below
from connectors.woocommerce.writes.looking import number
from connectors.writes import ReleaseMail, Written


def release_mail(store: Store, what: ReleaseMail) -> Written:
    """`already`: it is held back no longer; the plugin sends none twice. One that is switched off may be back
    in a minute, and what it held back stands on the order: it is asked again, for days. The shop, which
    answers everything else, is not at fault."""
    asked = {"order": str(number(what.order_id, "order")), "mail": what.mail}
    try:
        said = write_below(store, NAMESPACE, "mails", asked, TIMEOUT)
    except NoRoute:
        raise StoreError("our plugin is not in the shop at present") from None
    if not isinstance(said, dict) or not isinstance(said.get("sent"), bool):
        raise StoreUnreachable("something else answered instead of our plugin")
    return Written(already=not said["sent"])
