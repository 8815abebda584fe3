"""Where links into the theme editor lead: a page that says what a real one would do now."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, Response, request
from markupsafe import Markup

from sandbox.shopify.shop import Shop

_PAGE = Markup("""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Theme editor</title><style>
body{{margin:0;font:16px/1.6 system-ui,sans-serif;color:#1a1d21;background:#f6f7f8}}
main{{max-width:36rem;margin:6vh auto;background:#fff;border-radius:12px;padding:24px 28px}}
a{{color:#2a5bd7}}
</style></head><body><main><h1>Theme editor</h1>
<p>In a real shop the editor opens here, on the template “{template}”, with the app's “{block}” {done}.</p>
<p>The theme of this sandbox has every block of the app in place: see
<a href="/products/hearth-mug">a product</a> and <a href="/pages/track">the order look-up</a>.</p>
</main></body></html>""")


def theme_editor_routes(current: Callable[[], Shop]) -> Blueprint:
    routes = Blueprint("theme_editor", __name__)

    @routes.get("/admin/themes/current/editor")
    def editor() -> Response:
        current()
        embed = request.args.get("activateAppId", "")
        block = (embed or request.args.get("addAppBlockId", "")).rpartition("/")[2]
        return Response(
            str(
                _PAGE.format(
                    template=request.args.get("template", ""),
                    block=block.replace("_", " "),
                    done="switched on" if embed else "added",
                )
            )
        )

    return routes
