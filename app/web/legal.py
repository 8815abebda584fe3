"""What everybody may read: who we are, what is kept of whom and why, on which terms, and where there is help.

These pages are in English, like all pages for merchants; shoppers are told in their own language by the
shop that they bought from.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Blueprint, render_template

from app.web.guards import open_to_all, runtime
from app.words.plans import EVERY_PLAN, PLANS

blueprint = Blueprint("legal", __name__)

OPEN = open_to_all("says the same to everybody")


@blueprint.get("/")
@OPEN
def welcome() -> str:
    """Whoever opens the bare address: a merchant who was told of us, a reviewer, somebody with a mail."""
    return _drawn("welcome")


@blueprint.get("/privacy")
@OPEN
def privacy() -> str:
    return _drawn("privacy")


@blueprint.get("/terms")
@OPEN
def terms() -> str:
    return _drawn("terms")


@blueprint.get("/support")
@OPEN
def support() -> str:
    return _drawn("support")


def _drawn(name: str) -> str:
    """`host`: whose Doorstep it is, as far as the program knows: the operator's own address."""
    config = runtime().config
    return render_template(
        f"legal/{name}.html",
        page=name,
        host=urlsplit(config.address).hostname,
        contact=config.support_email,
        billing=config.billing,
        plans=PLANS,
        every_plan=EVERY_PLAN,
    )
