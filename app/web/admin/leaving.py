"""Out of the frame: what Shopify shows to the whole window only, like its grant page and its page of plans.

A document opens the address itself; a request of a page is told it, and the page (or App Bridge) opens it.
"""

from __future__ import annotations

from flask import Response, make_response, render_template, request

from app.web.admin.frame import Frame
from app.web.admin.refusal import in_frame

LEAVE = "X-Shopify-API-Request-Failure-Reauthorize-Url"


def leave_frame(frame: Frame, url: str) -> Response:
    """`url` is ours to choose, never what a request says."""
    if request.headers.get("Authorization") or request.headers.get("HX-Request"):
        answer = make_response("", 401)
        answer.headers[LEAVE] = url
        return in_frame(answer, frame)
    return in_frame(make_response(render_template("admin/leave.html", frame=frame, url=url)), frame)
