"""Whatever people read can be translated, and is looked for among the plugin's own translations."""

from __future__ import annotations

from collections.abc import Iterator

from tests.plugin.rules.sources import Sources
from tests.plugin.rules.tree import Node, argument, called

DOMAIN = "doorstep"

# Function, and which argument is the domain; the texts stand before it.
_DOMAIN_AT = {
    "__": 1, "_e": 1, "esc_html__": 1, "esc_html_e": 1, "esc_attr__": 1, "esc_attr_e": 1, "translate": 1,
    "_x": 2, "_ex": 2, "esc_html_x": 2, "esc_attr_x": 2, "_n": 3, "_nx": 4, "_n_noop": 2, "_nx_noop": 3,
}  # fmt: skip
_TEXTS = {
    "_n": (0, 1), "_nx": (0, 1, 3), "_n_noop": (0, 1), "_nx_noop": (0, 1, 2), "_x": (0, 1), "_ex": (0, 1),
    "esc_html_x": (0, 1), "esc_attr_x": (0, 1),
}  # fmt: skip


def text_domain(sources: Sources) -> Iterator[tuple[Node, str]]:
    for call in sources.calls(*_DOMAIN_AT):
        domain = argument(call, _DOMAIN_AT[called(call)])
        if domain is None or domain.kind != "string" or domain["value"] != DOMAIN:
            yield call, f"{called(call)}() does not look among our translations"
    for call in sources.calls("load_plugin_textdomain", "wp_set_script_translations"):
        place = 0 if called(call) == "load_plugin_textdomain" else 1
        if sources.text(argument(call, place)) != DOMAIN:
            yield call, f"{called(call)}() brings other translations than ours"


def translatable(sources: Sources) -> Iterator[tuple[Node, str]]:
    """Translators see the sources only: a text that is put together there is never found."""
    for call in sources.calls(*_DOMAIN_AT):
        texts = [argument(call, place) for place in _TEXTS.get(called(call), (0,))]
        if any(one is None or one.kind != "string" or not str(one["value"]).strip() for one in texts):
            yield call, f"{called(call)}() of something that is not one plain text"
        elif any(_values(one) > 1 for one in texts if one):
            yield call, "several values without numbers: other languages need another order"


def _values(text: Node) -> int:
    return str(text["value"]).count("%s") + str(text["value"]).count("%d")
