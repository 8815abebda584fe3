"""The doors into a shop: grant page, codes, id tokens, refresh tokens, back office, uninstall."""

from __future__ import annotations

import base64
import hashlib
import hmac
import time
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import jwt
import pytest

from tests.sandbox.shopify.running import KEY, MAIN, SECRET, Api, Receiver, Store

OTHER = "throwaway.myshopify.com"
APP = "http://127.0.0.1:8000"
GRANT = {
    "client_id": KEY,
    "scope": "read_orders,read_products",
    "redirect_uri": f"{APP}/shopify/callback",
    "state": "b7d0-state",
}
ALIVE = "{ shop { name } }"


def test_the_grant_page_asks_and_approve_comes_first(store: Store) -> None:
    page = store.call("GET", f"/admin/oauth/authorize?{urlencode(GRANT)}")
    assert page.status_code == 200
    form = Form.of(page.text)
    assert form.fields == GRANT
    assert form.buttons == [("decision", "approve"), ("decision", "cancel")]
    assert "read orders" in page.text


@pytest.mark.parametrize(
    "changed",
    [
        {"client_id": "somebody-else"},
        {"redirect_uri": "https://evil.example/callback"},
        {"redirect_uri": f"{APP}.evil.example/callback"},
        {"state": ""},
        {"scope": ""},
    ],
)
def test_a_grant_that_cannot_be_is_refused_on_both_ways(store: Store, changed: dict[str, str]) -> None:
    asked = {**GRANT, **changed}
    assert store.call("GET", f"/admin/oauth/authorize?{urlencode(asked)}").status_code == 400
    answer = store.call("POST", "/admin/oauth/authorize", data={**asked, "decision": "approve"})
    assert answer.status_code == 400


def test_approval_leads_back_with_a_signed_query(store: Store) -> None:
    answer = store.call("POST", "/admin/oauth/authorize", data={**GRANT, "decision": "approve"})
    address = urlsplit(answer.headers["Location"])
    query = dict(parse_qsl(address.query))
    assert f"{address.scheme}://{address.netloc}{address.path}" == GRANT["redirect_uri"]
    assert (query["shop"], query["state"]) == (MAIN, GRANT["state"])
    assert abs(int(query["timestamp"]) - time.time()) < 60
    padded = query["host"] + "=" * (-len(query["host"]) % 4)
    assert base64.b64decode(padded) == b"admin.shopify.com/store/hollow-pine"
    signed = "&".join(f"{key}={query[key]}" for key in sorted(query) if key != "hmac")
    assert query["hmac"] == hmac.new(SECRET.encode(), signed.encode(), hashlib.sha256).hexdigest()


def test_the_callback_may_have_the_apps_outside_name(store: Store) -> None:
    asked = {**GRANT, "redirect_uri": "https://doorstep.example/shopify/callback"}
    answer = store.call("POST", "/admin/oauth/authorize", data={**asked, "decision": "approve"})
    assert answer.headers["Location"].startswith("https://doorstep.example/shopify/callback?")


def test_cancel_gives_no_code(store: Store) -> None:
    answer = store.call("POST", "/admin/oauth/authorize", data={**GRANT, "decision": "cancel"})
    assert answer.status_code == 302
    assert "code" not in answer.headers["Location"]


def test_a_code_is_worth_one_expiring_token(store: Store) -> None:
    code = store.code("read_orders,read_products")
    answer = store.token(code=code)
    token = answer.json()
    assert answer.status_code == 200
    assert (token["expires_in"], token["refresh_token_expires_in"]) == (3600, 7_776_000)
    assert token["scope"] == "read_orders,read_products"
    assert Api(store, token["access_token"]).data(ALIVE)
    again = store.token(code=code)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_request")


def test_a_code_belongs_to_its_shop(store: Store) -> None:
    store.post("/sandbox/shops", {"domain": OTHER})
    assert store.token(OTHER, code=store.code()).status_code == 400


def test_wrong_secret_and_tokens_that_never_end_are_refused(store: Store) -> None:
    wrong = store.token(code=store.code(), client_secret="shpss_guess")
    assert (wrong.status_code, wrong.json()["error"]) == (401, "invalid_client")
    assert store.token(code=store.code(), client_id="other").json()["error"] == "invalid_client"
    assert store.token(code=store.code(), expiring=0).json()["error"] == "invalid_request"


def test_only_one_offline_token_is_alive(store: Store) -> None:
    first = store.install()
    second = store.install_with("read_products")
    assert Api(store, first).raw(ALIVE).status_code == 401
    assert Api(store, second).data(ALIVE)


def test_refresh_rotates_and_the_old_one_lives_until_the_new_one_is_used(store: Store) -> None:
    first = store.token(code=store.code()).json()
    second = _refresh(store, first["refresh_token"])
    assert Api(store, first["access_token"]).raw(ALIVE).status_code == 401
    assert second["refresh_token"] != first["refresh_token"]
    repeated = _refresh(store, first["refresh_token"])
    assert Api(store, second["access_token"]).raw(ALIVE).status_code == 401, "only one is alive"
    assert Api(store, repeated["access_token"]).data(ALIVE)
    used = store.token(grant_type="refresh_token", refresh_token=first["refresh_token"])
    assert (used.status_code, used.json()["error"]) == (400, "invalid_grant"), "its successor is in use"
    third = _refresh(store, repeated["refresh_token"])
    assert Api(store, third["access_token"]).data(ALIVE)
    dead = store.token(grant_type="refresh_token", refresh_token=first["refresh_token"])
    assert (dead.status_code, dead.json()["error"]) == (400, "invalid_grant")


def test_a_refresh_with_the_successor_ends_the_one_before(store: Store) -> None:
    first = store.token(code=store.code()).json()
    second = _refresh(store, first["refresh_token"])
    third = _refresh(store, second["refresh_token"])
    for spent in (first, third):
        answer = store.token(grant_type="refresh_token", refresh_token=spent["refresh_token"])
        assert answer.status_code == (400 if spent is first else 200)


def test_tokens_end_in_time(store: Store) -> None:
    store.post("/sandbox/quirks", {"access_seconds": 0, "refresh_seconds": 0})
    token = store.token(code=store.code()).json()
    assert (token["expires_in"], token["refresh_token_expires_in"]) == (0, 0)
    assert Api(store, token["access_token"]).raw(ALIVE).status_code == 401
    dead = store.token(grant_type="refresh_token", refresh_token=token["refresh_token"])
    assert dead.json()["error"] == "invalid_grant"


def test_an_id_token_is_worth_a_token(store: Store) -> None:
    store.install()
    token = store.get("/sandbox/id-token")["id_token"]
    claims = jwt.decode(token, SECRET, algorithms=["HS256"], audience=KEY)
    assert claims["dest"] == f"https://{MAIN}"
    assert claims["iss"] == f"https://{MAIN}/admin"
    assert claims["exp"] - claims["iat"] == 60
    assert {"sub", "jti", "sid", "nbf"} <= set(claims)
    answer = store.exchange(token)
    assert answer.status_code == 200
    assert Api(store, answer.json()["access_token"]).data(ALIVE)


@pytest.mark.parametrize(
    "changed",
    [
        {"aud": "somebody-else"},
        {"dest": f"https://{OTHER}"},
        {"iss": f"https://{OTHER}/admin"},
        {"exp": 1_700_000_000},
        {"exp": None},
    ],
)
def test_a_forged_or_old_id_token_is_refused(store: Store, changed: dict[str, Any]) -> None:
    store.install()
    good = store.get("/sandbox/id-token")["id_token"]
    claims = jwt.decode(good, SECRET, algorithms=["HS256"], audience=KEY)
    forged = {key: value for key, value in {**claims, **changed}.items() if value is not None}
    answer = store.exchange(jwt.encode(forged, SECRET, algorithm="HS256"))
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_subject_token")
    stranger = jwt.encode(claims, "another-secret-of-thirty-two-letters", algorithm="HS256")
    assert store.exchange(stranger).json()["error"] == "invalid_subject_token"


def test_the_back_office_frames_the_app_once_it_is_installed(store: Store) -> None:
    before = store.call("GET", "/admin/apps/doorstep")
    assert "<iframe" not in before.text
    assert f"{APP}/shopify/install?" in before.text
    assert store.call("GET", "/sandbox/id-token").status_code == 409
    store.install()
    for host, path in (
        (MAIN, "/admin/apps/doorstep"),
        ("admin.shopify.com", f"/store/hollow-pine/apps/{KEY}/"),
        ("127.0.0.1", "/admin/apps/doorstep"),
    ):
        page = store.call("GET", path, host)
        frame = urlsplit(Form.of(page.text).frames[0])
        query = dict(parse_qsl(frame.query))
        assert f"{frame.scheme}://{frame.netloc}{frame.path}" == f"{APP}/shopify/app"
        assert query["shop"] == MAIN
        assert query["embedded"] == "1"
        signed = urlencode(sorted((key, value) for key, value in query.items() if key != "hmac"))
        assert query["hmac"] == hmac.new(SECRET.encode(), signed.encode(), hashlib.sha256).hexdigest()
        assert jwt.decode(query["id_token"], SECRET, algorithms=["HS256"], audience=KEY)
    assert store.call("GET", "/store/hollow-pine/apps/other", "admin.shopify.com").status_code == 404


def test_the_stand_in_for_app_bridge_is_readable_by_the_apps_page(store: Store) -> None:
    store.install()
    script = store.call("GET", "/sandbox/app-bridge.js", "127.0.0.1").text
    assert "window.shopify" in script and "/sandbox/id-token?shop=hollow-pine.myshopify.com" in script
    answer = store.call("GET", "/sandbox/id-token", "127.0.0.1")
    assert answer.headers["Access-Control-Allow-Origin"] == APP


def test_uninstall_tells_then_ends_everything(store: Store, api: Api, receiver: Receiver) -> None:
    api.subscribe(receiver.address, "app/uninstalled", "orders/create")
    store.post("/sandbox/uninstall")
    store.order()
    store.settle()
    assert receiver.topics() == ["app/uninstalled"]
    assert receiver.only("app/uninstalled").body["myshopify_domain"] == MAIN
    assert api.raw(ALIVE).status_code == 401
    assert store.call("GET", "/sandbox/id-token").status_code == 409
    fresh = Api(store, store.install())
    assert fresh.data("{ webhookSubscriptions(first: 5) { nodes { id } } }") == {
        "webhookSubscriptions": {"nodes": []}
    }


def test_shops_are_kept_apart(store: Store, api: Api, receiver: Receiver) -> None:
    assert store.call("GET", "/sandbox/orders", OTHER).status_code == 404
    store.post("/sandbox/shops", {"domain": OTHER})
    store.post("/sandbox/shops", {"domain": OTHER})
    assert store.get("/sandbox/orders", OTHER) == []
    other = Api(store, store.install(OTHER), OTHER)
    assert other.data(ALIVE)["shop"]["name"] == "Throwaway"
    assert Api(store, api.token, OTHER).raw(ALIVE).status_code == 401
    other.subscribe(receiver.address, "orders/create")
    store.order()
    store.order(shop=OTHER)
    store.settle()
    assert [one.headers["X-Shopify-Shop-Domain"] for one in receiver.got] == [OTHER]
    assert len(store.get("/sandbox/orders", OTHER)) == 1
    assert store.call("GET", f"/sandbox/orders?shop={OTHER}", "127.0.0.1").json()[0]["number"] == "#1001"
    assert store.call("POST", "/sandbox/shops", json={"domain": "evil.example"}).status_code == 400


def _refresh(store: Store, token: str) -> Any:
    answer = store.token(grant_type="refresh_token", refresh_token=token)
    assert answer.status_code == 200, answer.text
    return answer.json()


class Form(HTMLParser):
    """The hidden fields and buttons of a page's first form, and the addresses of its frames."""

    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}
        self.buttons: list[tuple[str, str]] = []
        self.frames: list[str] = []

    @classmethod
    def of(cls, text: str) -> Form:
        form = cls()
        form.feed(text)
        return form

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "input":
            self.fields[given["name"]] = given["value"]
        elif tag == "button" and "name" in given:
            self.buttons.append((given["name"], given["value"]))
        elif tag == "iframe":
            self.frames.append(given["src"])
