"""The merchant's admin, as far as it holds the app: its frame, and the stand-in for App Bridge."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, Response, jsonify, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from connectors.shopify.scopes import OPTIONAL_SCOPES
from sandbox.back_office.look import Frame
from sandbox.settings import Settings
from sandbox.shopify.oauth import installation
from sandbox.shopify.oauth.id_tokens import new_id_token
from sandbox.shopify.oauth.pages import Pages
from sandbox.shopify.oauth.routes import APP_NAME, declared_scopes, frame_address, signed_start
from sandbox.shopify.shop import Shop
from sandbox.shopify.webhooks import Announcer, new_event_id

# What the back office itself says to the frame.
_OWN = frozenset({"shop", "host", "hmac", "timestamp", "embedded", "id_token", "locale", "session"})
_BRIDGE = """// Stands in for App Bridge: gives the page in the frame id tokens, and lets it ask for rights.
window.shopify = {
  idToken: async () => {
    const answer = await fetch(%(address)s, {cache: "no-store"});
    if (!answer.ok) throw new Error("no id token: " + answer.status);
    return (await answer.json()).id_token;
  },
  scopes: {
    // The real one shows a dialog; here the merchant says yes, unless the shop has the quirk that says no.
    request: async (scopes) => {
      const asked = new URLSearchParams({ scopes: scopes.join(",") });
      const answer = await fetch(%(rights)s, { method: "POST", body: asked });
      if (!answer.ok) throw new Error("the rights were not given: " + answer.status);
      return await answer.json();
    },
  },
};
// No frame may move the window around it by itself: the back office does it when it is asked.
window.open = ((own) => (url, target, ...rest) =>
  target === "_top" ? void parent.postMessage({ type: "sandbox:open", url: String(url) }, "*")
    : own(url, target, ...rest))(window.open.bind(window));
"""


def back_office_routes(
    current: Callable[[], Shop], pages: Pages, settings: Settings, announcer: Announcer | None = None
) -> Blueprint:
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

    @routes.post("/sandbox/rights")
    def rights() -> AnyResponse:
        """What App Bridge's `scopes.request` comes to: rights that the app's file names as optional."""
        shop = current()
        asked = tuple(filter(None, request.form.get("scopes", "").split(",")))
        if installation.installed_scopes(shop) is None or not set(asked) <= set(OPTIONAL_SCOPES):
            return _shared(jsonify(error="not installed, or not optional scopes of this app"), 409)
        yes = not shop.quirks().get("decline_rights")
        if yes:
            _grant(shop, asked)
        have = list(installation.installed_scopes(shop) or ())
        detail = {"granted": have, "optional": list(OPTIONAL_SCOPES)}
        return _shared(jsonify(result="granted-all" if yes else "declined-all", detail=detail), 200)

    def _grant(shop: Shop, asked: tuple[str, ...]) -> None:
        with shop.documents.transaction():
            before = installation.installed_scopes(shop) or ()
            installation.grant(shop, asked)
            have = installation.installed_scopes(shop) or ()
            if announcer is not None and have != before:
                body = {
                    "id": 1,
                    "shop_id": f"gid://shopify/Shop/{shop.profile()['id']}",
                    "previous": list(before),
                    "current": list(have),
                    "updated_at": shop.now_text(),
                }
                announcer.announce(shop, ("app/scopes_update",), body, new_event_id())

    @routes.get("/sandbox/app-bridge.js")
    def bridge() -> AnyResponse:
        own, shop = f"{request.host_url}sandbox", current().domain
        addresses = {"address": f"{own}/id-token?shop={shop}", "rights": f"{own}/rights?shop={shop}"}
        script = _BRIDGE % {name: f'"{address}"' for name, address in addresses.items()}
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
