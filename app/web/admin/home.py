"""The first page: is it connected, what runs, what goes out next."""

from __future__ import annotations

from flask import Blueprint, render_template

from app.web.admin.doors import Merchant, merchant

blueprint = Blueprint("home", __name__)


@blueprint.get("")
@blueprint.get("/")
@merchant
def home(seen: Merchant) -> str:
    return render_template("admin/home.html", seen=seen, page="home")
