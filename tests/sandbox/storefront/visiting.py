"""A visitor with a browser without scripts: cookies are kept, forms are sent, redirects are not followed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Protocol

import requests

FORM = {
    "email": "ida@example.com", "first_name": "Ida", "last_name": "van Dam", "street": "Lindenweg 3",
    "city": "Potsdam", "postcode": "14467", "state": "", "gift_note": "", "discount_code": "",
    "payment": "card",
}  # fmt: skip


class CallableStore(Protocol):
    def call(self, method: str, path: str, **options: Any) -> requests.Response: ...


@dataclass
class Visitor:
    store: CallableStore
    cookies: dict[str, str] = field(default_factory=dict)

    def get(self, path: str) -> requests.Response:
        return self._call("GET", path)

    def post(self, path: str, **form: str) -> requests.Response:
        return self._call("POST", path, data=form)

    def check_out(self, **changed: str) -> requests.Response:
        return self.post("/checkout", **FORM | changed)

    def _call(self, method: str, path: str, **options: Any) -> requests.Response:
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        answer = self.store.call(method, path, headers={"Cookie": cookie} if cookie else {}, **options)
        for name, value in answer.cookies.items():
            self.cookies[name] = value or ""
        for line in answer.raw.headers.getlist("Set-Cookie"):
            if "Max-Age=0" in line:
                self.cookies.pop(line.partition("=")[0], None)
        return answer
