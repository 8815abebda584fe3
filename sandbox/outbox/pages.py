"""The outbox in a browser: every mail that the sandbox's sink kept, and why it was sent."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Flask, abort, jsonify, redirect, render_template, request
from werkzeug import Response

from sandbox.outbox.clock_page import Run, clock_page, time_now
from sandbox.outbox.command import doorstep
from sandbox.outbox.letter import FRAME_HEADERS, as_json, for_frame, letter_of, take_apart
from sandbox.outbox_store import Mail, count, find, listing, outbox_path, shops
from sandbox.settings import HOST, Settings

PAGE = 100
TABS = {"html": "HTML", "text": "Text", "source": "Source", "headers": "Headers", "why": "Why it was sent"}


def create_dev_app(settings: Settings, run: Run = doorstep) -> Flask:
    """Everything below /dev. `run` is the command line that explains and moves time."""
    app = Flask(__name__, static_url_path="/outbox/static")
    app.config["TRUSTED_HOSTS"] = [HOST, "localhost"]
    app.jinja_env.autoescape = True
    app.jinja_env.filters |= {"moment": moment, "span": span}
    app.register_blueprint(clock_page(settings, run))
    path = outbox_path(settings.folder)

    @app.context_processor
    def frame() -> dict[str, object]:
        stores = [(f"http://{HOST}:{port}/", name) for port, name in _stores(settings)]
        return {"clock": time_now(settings), "stores": stores, "app_address": settings.app_address}

    @app.get("/")
    def front() -> Response:
        return redirect("/dev/outbox")

    @app.get("/outbox")
    def outbox() -> str:
        shop, to = request.args.get("shop", ""), request.args.get("to", "").strip()
        mails = listing(path, shop, to, PAGE + 1, request.args.get("before", type=int))
        return render_template(
            "list.html.j2",
            mails=mails[:PAGE],
            more=len(mails) > PAGE,
            total=count(path, shop, to),
            shops=shops(path),
            shop=shop,
            to=to,
        )

    @app.get("/outbox.json")
    def outbox_json() -> Response:
        mails = listing(path, request.args.get("shop", ""), request.args.get("to", "").strip())
        return jsonify([as_json(mail, letter_of(path, mail)) for mail in mails])

    @app.get("/outbox/<int:mail_id>")
    def one(mail_id: int) -> str:
        mail, raw = _wanted(mail_id)
        tab = request.args.get("show", "html")
        if tab not in TABS:
            abort(404)
        why = run("explain", mail.row) if tab == "why" and mail.row else None
        letter = take_apart(raw)
        return render_template("mail.html.j2", mail=mail, letter=letter, tab=tab, tabs=TABS, why=why)

    @app.get("/outbox/<int:mail_id>/html")
    def html(mail_id: int) -> tuple[str, dict[str, str]]:
        return for_frame(take_apart(_wanted(mail_id)[1]).html), dict(FRAME_HEADERS)

    @app.get("/outbox/<int:mail_id>.eml")
    def eml(mail_id: int) -> Response:
        headers = {"Content-Disposition": f'attachment; filename="{mail_id}.eml"'}
        return Response(_wanted(mail_id)[1], mimetype="message/rfc822", headers=headers)

    def _wanted(mail_id: int) -> tuple[Mail, bytes]:
        found = find(path, mail_id)
        if found is None:
            abort(404)
        return found

    return app


def moment(iso: str | None) -> str:
    """An instant as people write it, in UTC; empty for None."""
    if not iso:
        return ""
    at = datetime.fromisoformat(iso).astimezone(UTC)
    return f"{at:%a} {at.day} {at:%b %Y, %H:%M}"


def span(seconds: float) -> str:
    """Days and hours, or minutes below two hours."""
    minutes = round(seconds / 60)
    if minutes < 120:
        return f"{minutes} min"
    days, hours = divmod(minutes // 60, 24)
    parts = [f"{days} {'day' if days == 1 else 'days'}"] if days else []
    return " ".join([*parts, f"{hours} h"] if hours else parts)


def _stores(settings: Settings) -> tuple[tuple[int, str], ...]:
    return (settings.shopify_port, "Coffee shop"), (settings.woocommerce_port, "Home and light shop")
