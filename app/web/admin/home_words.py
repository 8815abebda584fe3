"""What the first page says, from what was found: plain sentences, figures with what they compare to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.models.shop import NEEDS_RECONNECT
from app.queries.brand import Kit
from app.queries.facts import ShopRow
from app.queries.home import Connection, Unsent, Waiting
from app.words.moments import moment
from app.words.reasons import why

# The merchant's own acts, and what is no repair.
_OWN_ACTS = {"flow_off", "uninstalled", "old_generation"}
_TOO_LATE_TO_MATTER = {"order_cancelled", "order_refunded", "order_gone", "nothing_left"}


@dataclass(frozen=True, slots=True)
class Lead:
    """The sentence that carries the page: `strong` is its middle, in bold."""

    tone: str
    sign: str
    before: str
    strong: str
    after: str


@dataclass(frozen=True, slots=True)
class Pair:
    """A fact, and its circumstance."""

    fact: str
    beside: str
    tone: str = ""


@dataclass(frozen=True, slots=True)
class ToDo:
    """A step of the set-up; `until` says what happens until it is done."""

    title: str
    done: bool
    until: str
    path: str = ""


def counted(number: int, one: str, many: str = "") -> str:
    """1 mail, 1,655 mails."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def lead_of(
    connection: Connection,
    running: int,
    sent_yesterday: int,
    unsent: Sequence[Unsent],
    waiting: Waiting,
    zone: str,
) -> Lead:
    if connection.state == NEEDS_RECONNECT:
        return Lead(
            "bad",
            "alert",
            "",
            "Your shop does not let us in.",
            " Mails wait until it does, and then leave unless it is too late for them by then.",
        )
    if connection.paused_at is not None:
        return _paused(connection)
    if not running:
        return Lead(
            "grey",
            "info",
            "No flow is running. ",
            "Nobody gets a mail from here",
            " until you switch the first one on.",
        )
    flows = "1 flow is running. " if running == 1 else f"{running} flows are running. "
    went = counted(sent_yesterday, "mail") if sent_yesterday else "No mail"
    refused = sum(row.yesterday for row in unsent if row.state == "failed")
    doubt = sum(row.yesterday for row in unsent if row.state == "unknown")
    return Lead(
        "warn" if refused or doubt else "good",
        "alert" if refused or doubt else "check",
        flows,
        f"{went} went out yesterday",
        _accepted(sent_yesterday, refused, doubt) + _put_off(waiting, zone) + ".",
    )


def _paused(connection: Connection) -> Lead:
    if connection.problem:
        return Lead("bad", "alert", "", "Your shop is closed.", " Mails wait until it is open again.")
    after = " Mails that waited leave when that is done, unless it is too late for them by then."
    return Lead("warn", "clock", "", "Your shop is being read anew.", after)


def _accepted(sent: int, refused: int, doubt: int) -> str:
    parts = []
    if sent and not refused and not doubt:
        parts.append(", accepted by its mail server" if sent == 1 else ", all of them accepted")
    if refused:
        parts.append(f"; {refused:,} {'was' if refused == 1 else 'were'} refused by the mail server")
    if doubt:
        parts.append(f"; {doubt:,} {'is' if doubt == 1 else 'are'} in doubt and not sent again")
    return "".join(parts)


def _put_off(waiting: Waiting, zone: str) -> str:
    if not waiting.put_off or waiting.until is None:
        return ""
    at = moment(waiting.until, zone).rpartition(", ")[2]
    reason = " (the mail server did not take them yet)" if waiting.failed_once == waiting.put_off else ""
    return f"; {waiting.put_off:,} {'waits' if waiting.put_off == 1 else 'wait'} until {at}{reason}"


def connection_cell(connection: Connection, real: datetime) -> Pair:
    if connection.state == NEEDS_RECONNECT:
        return Pair("Shop not connected", connection.problem or "It refused our last question", "bad")
    if connection.paused_at is not None and connection.problem:
        return Pair("Shop closed", connection.problem, "bad")
    if connection.heard_at is None:
        return Pair("Shop connected", "No message from it yet; it is asked every few minutes")
    about = topic_words(connection.topic)
    return Pair("Shop connected", f"Last message {ago(real - connection.heard_at)}: {about}")


def doubt_cell(sent: int, unsent: Sequence[Unsent]) -> Pair:
    """A mail in doubt: we were cut off before the mail server answered, so it may or may not be there."""
    doubt = sum(row.count for row in unsent if row.state == "unknown")
    if not sent + doubt:
        return Pair("Nothing in doubt", "No mail has gone out in 30 days")
    whole = f"{doubt:,} of {counted(sent + doubt, 'mail')} in 30 days"
    if doubt:
        return Pair("In doubt", f"{whole}: no answer came. None is sent again by itself", "warn")
    return Pair("Nothing in doubt", f"{whole}; one in doubt is never sent twice")


def ago(passed: timedelta) -> str:
    minutes = int(passed.total_seconds() // 60)
    if minutes < 1:
        return "just now"
    if minutes < 60:
        return f"{counted(minutes, 'minute')} ago"
    if minutes < 48 * 60:
        return f"{counted(minutes // 60, 'hour')} ago"
    return f"{minutes // (24 * 60):,} days ago"


def topic_words(topic: str) -> str:
    """What a message of a shop was about: "orders/updated" and "order.created" are about an order."""
    noun = topic.lower().replace(".", "/").partition("/")[0].rstrip("s")
    return _NOUNS.get(noun, "something else")


_NOUNS = {
    "order": "an order",
    "fulfillment": "a parcel",
    "fulfillment_event": "a parcel",
    "refund": "a refund",
    "product": "a product",
    "customer": "a customer",
    "customers_email_marketing_consent": "a consent",
    "app": "the connection",
    "shop": "the shop itself",
    "action": "a change",
}


def set_up(shop: ShopRow, kit: Kit, running: int, sender: str, app_address: str) -> list[ToDo]:
    answers = shop.email or "no address yet"
    return [
        ToDo(
            "Connect the shop again" if shop.state == NEEDS_RECONNECT else "Shop connected",
            shop.state != NEEDS_RECONNECT,
            "Until then what changes in the shop is not seen.",
        ),
        ToDo(f"Sender {sender}", True, ""),
        ToDo(
            "First flow on" if running else "Switch the first flow on",
            running > 0,
            "Until then nobody gets a mail from here.",
            "/flows",
        ),
        ToDo(
            "Logo or colour chosen" if _dressed(kit) else "Add your logo and colour",
            _dressed(kit),
            "Until then mails carry your name in plain type and a blue button.",
            "/brand",
        ),
        ToDo(
            "Support contact named" if kit.support_name else "Name who helps",
            bool(kit.support_name),
            f"Until then mails name nobody; answers go to {answers}.",
            "/brand",
        ),
        ToDo(
            "Tracking page on your own site",
            bool(shop.pages_prefix),
            f"Until it answers there, links in mails lead to {app_address}. We try again every day.",
            "/storefront",
        ),
    ]


def _dressed(kit: Kit) -> bool:
    return bool(kit.accent or kit.logo_hash)


def put_right(connection: Connection, unsent: Sequence[Unsent], zone: str) -> list[Pair]:
    """What would have gone wrong and did not, effect first."""
    found = [
        Pair(
            f"{counted(row.count, 'mail')} {'was' if row.count == 1 else 'were'} withdrawn in time",
            f"{moment(row.last, zone)}: {why(row.reason).because}.",
        )
        for row in unsent
        if (row.state == "cancelled" and row.reason not in _OWN_ACTS)
        or (row.state == "skipped" and row.reason in _TOO_LATE_TO_MATTER)
    ]
    found += [
        Pair(
            f"{counted(row.count, 'mail')} {'was' if row.count == 1 else 'were'} too late and not sent",
            f"{moment(row.last, zone)}: nobody is told old news.",
        )
        for row in unsent
        if row.state == "expired"
    ]
    if connection.healed:
        orders = counted(connection.healed, "missed order")
        found.append(
            Pair(
                f"{orders} {'was' if connection.healed == 1 else 'were'} fetched",
                "No message from your shop had told of them; we ask every few minutes.",
            )
        )
    return found[:4]


def steps_done(steps: Sequence[ToDo]) -> int:
    return sum(step.done for step in steps)


def share(part: int, whole: int) -> str:
    """19 %; nothing where there is nothing to share."""
    return f"{round(100 * part / whole)} %" if whole else ""
