"""What the page "Connection" says: one line a fact, what it means beneath it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.models.shop import NEEDS_RECONNECT
from app.queries.connection import Health
from app.services.hooks import SILENT
from app.web.admin.home_words import ago, counted
from app.words.connect_words import told
from app.words.connection_lines import line
from app.words.told import SECURITY, Told
from connectors.woocommerce.findings import ANOTHER_SITE, HOOKS_FAILING, KEYS_REFUSED, Finding, from_row

# Without a word of ours for so long the plugin lets the shop's own mails out again.
PLUGIN_FRESH = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Line:
    """`more`: what to do, where there is something to do."""

    sign: str
    tone: str
    fact: str
    beside: str
    more: Told | None = None


@dataclass(frozen=True, slots=True)
class State:
    badge: str
    tone: str
    sign: str
    words: str


def findings_of(health: Health) -> tuple[Finding, ...]:
    """Those of the last look, and what shows only in daily life."""
    found = [from_row(row) for row in health.findings]
    if health.strayed_from:
        found.append(Finding(ANOTHER_SITE, {"named": health.strayed_from}))
    if health.hooks_broken and SILENT in health.hooks_said:
        found.append(Finding(HOOKS_FAILING))
    if health.state == NEEDS_RECONNECT and not any(one.blocks and not one.may_go_on for one in found):
        found.insert(0, Finding(KEYS_REFUSED))
    return tuple(found)


def state_of(health: Health, findings: Sequence[Finding], real: datetime) -> State:
    if health.state == NEEDS_RECONNECT:
        words = (
            "Your shop does not let us in. Mails wait until it does; then they leave unless it is too late."
        )
        return State("Not connected", "bad", "alert", words)
    if health.rests_until is not None and health.rests_until > real and health.failing_since is not None:
        since = ago(real - health.failing_since).removesuffix(" ago")
        words = (
            f"Your shop has not answered for {since}. We ask ever less often until it does; nothing is lost."
        )
        return State("No answer", "warn", "clock", words)
    if any(one.blocks and not one.may_go_on for one in findings):
        return State(
            "Something is in the way", "bad", "alert", "Part of the work cannot be done at the moment."
        )
    if findings:
        return State("Connected", "warn", "alert", "Your shop lets us in. Something is worth a look.")
    if health.checked_at is None:
        words = "Your shop lets us in. It is looked at for the first time shortly."
        return State("Connected", "", "clock", words)
    return State("Connected", "good", "check", "Your shop lets us in, to read and to write.")


def finding_lines(findings: Sequence[Finding]) -> list[Line]:
    return [
        Line("alert", "bad" if one.blocks and not one.may_go_on else "warn", words.title, line(one), words)
        for one in findings
        for words in (told(one),)
    ]


def message_lines(health: Health, real: datetime) -> list[Line]:
    """The webhooks, what was mended of them, and what was found without them."""
    lines = [_hooks(health, real)]
    if health.mended:
        beside = f"{_said(health.hooks_said)} Shops lose or switch them off by themselves."
        lines.append(Line("undo", "", f"Put right {counted(health.mended, 'time')}", beside.strip()))
    if health.heard_at is None:
        lines.append(Line("mail", "", "No message yet", "The first comes with the next change in your shop."))
    else:
        heard = f"Last message {ago(real - health.heard_at)}"
        lines.append(Line("mail", "", heard, "About an order, a customer or a product."))
    if health.healed:
        found = f"{counted(health.healed, 'missed order')} found by asking"
        lines.append(
            Line("search", "", found, "No message had told of them. We ask every few minutes for that.")
        )
    else:
        lines.append(Line("search", "", "No order was missed", "We also ask every few minutes, to be sure."))
    return lines


def plugin_lines(health: Health, real: datetime) -> list[Line]:
    plugin, seen = health.plugin, health.plugin_seen_at
    if plugin is None and health.plugin_error:
        return [_unreached(health)]
    if plugin is None:
        beside = (
            "Without it your shop's own mails go out beside ours, order pages stay at our address, and a"
            " confirmation leaves a minute later."
        )
        return [Line("circle", "", "Not installed", beside)]
    where = ", ".join(
        f"{name} {plugin[key]}"
        for key, name in (("wordpress", "WordPress"), ("woocommerce", "WooCommerce"), ("php", "PHP"))
        if plugin.get(key)
    )
    lines = [
        Line("check", "good", f"Version {plugin.get('version', 'unknown')}", f"On {where}." if where else "")
    ]
    if seen is not None and real - seen <= PLUGIN_FRESH:
        beside = "Every ten minutes it is told which of your shop's mails ours replace."
        lines.append(Line("clock", "", f"It answered {ago(real - seen)}", beside))
    else:
        last = f"It last answered {ago(real - seen)}" if seen else "It has not answered yet"
        beside = "Until it does, your shop sends its own mails as well, so that nobody is left without."
        lines.append(Line("alert", "warn", last, beside, _blocked(health) if health.plugin_error else None))
    minutes = abs(int(plugin.get("offset") or 0)) // 60
    if minutes >= 5:
        beside = "It is reckoned with, so nothing goes wrong by it. Your host can set it."
        lines.append(Line("clock", "warn", f"Its clock is {counted(minutes, 'minute')} off", beside))
    return lines


def _unreached(health: Health) -> Line:
    """Where a plugin is not there, WordPress itself says so in its own way; this is not that."""
    beside = "Whether it is installed cannot be told: something answers in its place, or nothing does."
    return Line("alert", "warn", "Cannot be reached", beside, _blocked(health))


def _blocked(health: Health) -> Told:
    return Told(
        "Our plugin cannot be reached",
        f"When we called it: {health.plugin_error}",
        (
            "Allow all addresses that begin with `/wp-json/wc` in what protects your shop; the plugin's go on"
            " with `-doorstep/`.",
        ),
        SECURITY,
    )


def _hooks(health: Health, real: datetime) -> Line:
    if health.hooks_at is None:
        return Line("clock", "", "Being set up", "Your shop is asked to send us a message at each change.")
    looked = f"Looked at {ago(real - health.hooks_at)}."
    if not health.hooks_broken:
        return Line("check", "good", "All of your shop's messages (webhooks) are on", looked)
    if SILENT in health.hooks_said:
        return Line(
            "alert", "warn", "They are on, and do not arrive", f"{looked} We ask every two minutes instead."
        )
    return Line(
        "alert", "warn", "Some had to be put right just now", f"{looked} We look again in two minutes."
    )


def _said(said: Sequence[str]) -> str:
    """What was done the last time, in words."""
    done = Counter(_what(one) for one in said if one != SILENT)
    parts = [f"{number} {what}" for what, number in done.items() if what]
    return f"The last time: {', '.join(parts)}." if parts else ""


def _what(one: str) -> str:
    for sign, what in (
        ("created", "set up anew"),
        ("active again", "switched on again"),
        ("removed", "taken out for being double or astray"),
        ("replaced", "replaced"),
    ):
        if sign in one.partition(": ")[2]:
            return what
    return "not to be looked at" if "could not be looked at" in one else ""
