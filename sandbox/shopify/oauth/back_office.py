"""The merchant's admin, as far as it holds the app: its frame, and the stand-in for App Bridge."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, Response, jsonify, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from sandbox.back_office.look import Frame
from sandbox.settings import Settings
from sandbox.shopify.oauth import installation
from sandbox.shopify.oauth.id_tokens import new_id_token
from sandbox.shopify.oauth.pages import Pages
from sandbox.shopify.oauth.routes import APP_NAME, declared_scopes, frame_address, signed_start
from sandbox.shopify.shop import Shop

# What the back office itself says to the frame.
_OWN = frozenset({"shop", "host", "hmac", "timestamp", "embedded", "id_token", "locale", "session"})
_BRIDGE = """// Stands in for App Bridge: gives the page in the frame a fresh id token.
window.shopify = {
  idToken: async () => {
    const answer = await fetch(%(address)s, {cache: "no-store"});
    if (!answer.ok) throw new Error("no id token: " + answer.status);
    return (await answer.json()).id_token;
  },
  scopes: {
    // The real one shows a dialog of its own; this one asks in the browser's.
    request: async (scopes) => {
      const yes = new URLSearchParams(%(answers)s).get("scopes") !== "ask" || confirm("Doorstep asks for: " + scopes.join(", "));
      const asked = new URLSearchParams({ shop: %(shop)s, scopes: yes ? scopes.join(",") : "" });
      const answer = await fetch(%(rights)s, { method: "POST", body: asked });
      if (!answer.ok) throw new Error("the rights were not given: " + answer.status);
      return await answer.json();
    },
  },
};
"""


def back_office_routes(current: Callable[[], Shop], pages: Pages, settings: Settings) -> Blueprint:
    """`current` also finds the shop in /store/<handle>/ addresses."""
    routes = Blueprint("back_office", __name__)
    known = ("doorstep", settings.shopify_key)

    @routes.get("/admin")
    @routes.get("/admin/")
    def first() -> AnyResponse:
        return redirect(f"/admin/apps/doorstep{_query()}")

    @routes.get("/admin/orders")
    def orders() -> AnyResponse:
        return pages.orders()

    @routes.get("/admin/apps/<app>")
    @routes.get("/admin/apps/<app>/")
    @routes.get("/admin/apps/<app>/<path:path>")
    @routes.get("/store/<handle>/apps/<app>")
    @routes.get("/store/<handle>/apps/<app>/")
    @routes.get("/store/<handle>/apps/<app>/<path:path>")
    def app_page(app: str, handle: str = "", path: str = "") -> AnyResponse:
        shop = current()
        if app not in known:
            return pages.problem("There is no such app.", 404)
        if installation.installed_scopes(shop) is None:
            managed = f"{request.path.removesuffix(path).rstrip('/')}/install{_query()}"
            return pages.install(APP_NAME, signed_start(shop, settings), managed)
        return pages.app(path, Frame(frame_address(shop, settings, path, _passed_on()), settings.app_address))

    @routes.post("/admin/apps/<app>/install")
    @routes.post("/store/<handle>/apps/<app>/install")
    def consent(app: str, handle: str = "") -> AnyResponse:
        if app not in known:
            return pages.problem("There is no such app.", 404)
        installation.install(current(), declared_scopes())
        return redirect(f"{request.path.removesuffix('/install')}{_query()}", 303)

    @routes.get("/sandbox/id-token")
    def id_token() -> AnyResponse:
        shop = current()
        if installation.installed_scopes(shop) is None:
            return _shared(jsonify(error="the app is not installed"), 409)
        return _shared(
            jsonify(id_token=new_id_token(shop, settings.shopify_key, settings.shopify_secret)), 200
        )

    @routes.get("/sandbox/app-bridge.js")
    def bridge() -> AnyResponse:
        address = f"{request.host_url}sandbox/id-token?shop={current().domain}"
        script = _BRIDGE % {"address": f'"{address}"'}
        return Response(script, mimetype="text/javascript", headers={"Cache-Control": "no-store"})

    def _shared(answer: Response, status: int) -> Response:
        """Readable by the app's page, which lives on another port."""
        answer.status_code = status
        answer.headers["Access-Control-Allow-Origin"] = settings.app_address
        answer.headers["Cache-Control"] = "no-store"
        return answer

    return routes


def _passed_on() -> dict[str, str]:
    """What the address says besides the shop reaches the app's page, unsigned words included."""
    return {name: value for name, value in request.args.items() if name not in _OWN}


def _query() -> str:
    return f"?{request.query_string.decode()}" if request.query_string else ""
