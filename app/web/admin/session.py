"""The page that fetches a fresh token: loaded when a document came without one."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, render_template, request

from app.models.shop import UNINSTALLED
from app.web.admin.doors import PREFIXES, RELOAD, platform_of_request
from app.web.admin.frame import frame_of
from app.web.admin.refusal import NO_SHOP, in_frame, named_shop, refusal
from app.web.guards import open_to_all, runtime

blueprint = Blueprint("session", __name__)


@blueprint.get("/session")
@open_to_all("holds nothing but the script that asks the back office for a token")
def session() -> Response:
    platform = platform_of_request()
    shop = named_shop(platform)
    if shop is None or shop.state == UNINSTALLED:
        return refusal(platform, NO_SHOP, 404)
    frame = frame_of(shop.domain, platform, runtime().config)
    page = render_template("admin/session.html", frame=frame, wanted=_inside(PREFIXES[platform]))
    return in_frame(make_response(page), frame)


def _inside(prefix: str) -> str:
    """The wanted page if it is one of ours, else the first one: never a stranger's address."""
    wanted = request.args.get(RELOAD, "")
    path = wanted.partition("?")[0]
    tame = wanted.isascii() and wanted.isprintable() and "\\" not in wanted and ".." not in wanted
    return wanted if tame and (path == prefix or path.startswith(f"{prefix}/")) else f"{prefix}/"
