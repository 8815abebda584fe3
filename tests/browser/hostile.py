"""150 texts that would run a script, break out of an attribute, a comment, a JSON block or a Liquid
template, if any place that shows them forgot to escape. Each opens a dialog where it works."""

from __future__ import annotations

import html
from itertools import product
from urllib.parse import quote

_CALLS = ("alert(1)", "confirm`1`", "prompt(document.domain)")
_SELF_STARTING = (
    "<img src=x onerror={0}>",
    "<svg onload={0}>",
    "<svg><animate onbegin={0} attributeName=x dur=1s>",
    "<body onload={0}>",
    "<input autofocus onfocus={0}>",
    "<details open ontoggle={0}>",
    "<video><source onerror={0}></video>",
    "<audio src=x onerror={0}>",
    "<iframe srcdoc='&lt;script&gt;parent.{0}&lt;/script&gt;'></iframe>",
    "<iframe src='javascript:parent.{0}'></iframe>",
    "<object data='javascript:{0}'></object>",
    "<script>{0}</script>",
    "<ScRiPt>{0}</sCrIpT>",
    "<script src='data:text/javascript,{0}'></script>",
    "<math><mtext></p><style><img src=x onerror={0}>",
    "<select autofocus onfocus={0}></select>",
    "<textarea autofocus onfocus={0}>",
    "<marquee onstart={0}>x</marquee>",
    "<style>@keyframes a{{}}</style><b style='animation-name:a' onanimationstart={0}>x</b>",
    "<form><button formaction='javascript:{0}' autofocus onfocus={0}>x</button></form>",
    "<link rel=stylesheet href=x onerror={0}>",
    "<meta http-equiv=refresh content='0;url=javascript:{0}'>",
    "<base href='javascript:{0}//'><a href=x>y</a>",
    "<template><script>{0}</script></template><img src=x onerror={0}>",
)
_BREAKING_OUT = (
    '"><img src=x onerror={0}>',
    "'><img src=x onerror={0}>",
    '" autofocus onfocus={0} x="',
    "' autofocus onfocus={0} x='",
    "</title><script>{0}</script>",
    "</textarea><script>{0}</script>",
    "</script><script>{0}</script>",
    "</style><script>{0}</script>",
    "--><script>{0}</script>",
    "]]><script>{0}</script>",
    "</option></select><img src=x onerror={0}>",
    "</noscript><img src=x onerror={0}>",
    "`><img src=x onerror={0}>",
    '\\"><img src=x onerror={0}>',
    "</template><img src=x onerror={0}>",
)
_AS_ADDRESS = (
    "javascript:{0}",
    "JaVaScRiPt:{0}",
    "java\tscript:{0}",
    "\x01javascript:{0}",
    "data:text/html,<script>{0}</script>",
    "vbscript:{0}",
)
_IN_TEMPLATES = (
    "{{ '<script>alert(1)</script>' }}",
    "{% raw %}<img src=x onerror=alert(1)>{% endraw %}",
    "{{ 7 | times: 7 }}{% assign a = 'x' %}",
    "{{ self.__init__.__globals__ }}",
    "{% include 'x' %}<script>alert(1)</script>",
    "{{constructor.constructor('alert(1)')()}}",
    "${alert(1)}",
    "#{alert(1)}",
)


def hostile_texts() -> tuple[str, ...]:
    """All different, the same on every run."""
    shapes = (*_SELF_STARTING, *_BREAKING_OUT, *_AS_ADDRESS)
    plain = [shape.format(call) for shape, call in product(shapes, _CALLS)]
    encoded = [
        change(_SELF_STARTING[0].format("alert(1)"))
        for change in (html.escape, quote, lambda text: html.escape(html.escape(text)))
    ]
    encoded += [
        "\uff1cimg src=x onerror=alert(1)\uff1e",
        "\u202e<img src=x onerror=alert(1)>",
        "<img src=x one\x00rror=alert(1)>",
        "<<script>alert(1)//<</script>",
    ]
    return tuple([*plain, *_IN_TEMPLATES, *encoded][:150])
