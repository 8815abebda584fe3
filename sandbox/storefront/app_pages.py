"""Pages below /apps/doorstep: the store asks the app, and puts what it answers into its own theme."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import Blueprint, Response
from markupsafe import Markup

from sandbox.app_proxy import METHODS, PREFIX, Answer, ProxyProblem
from sandbox.storefront import shopper
from sandbox.storefront.theme import Theme

# Of an answer that is set into the theme these still count; the page around it is the store's.
_KEPT = ("Cache-Control", "Location", "Referrer-Policy", "X-Robots-Tag", "Retry-After")


@dataclass(frozen=True, slots=True)
class AppPage:
    """`fragment`: to be set into the theme; None: the answer passes through as it is."""

    answer: Answer
    fragment: str | None = None


# Asks the app for a path on behalf of whoever is logged in with this e-mail address ("" nobody).
# Raises ProxyProblem.
AskApp = Callable[[str, str], AppPage]


def app_page_routes(pages: Blueprint, theme: Theme, ask_app: AskApp) -> None:
    @pages.route(f"{PREFIX}/", defaults={"path": ""}, methods=METHODS)
    @pages.route(f"{PREFIX}/<path:path>", methods=METHODS)
    def app_page(path: str) -> Response:
        try:
            page = ask_app(path, shopper.logged_in(theme.front().name))
        except ProxyProblem as problem:
            return theme.page("refused", problem.status, message=problem.message)
        answer = page.answer
        if page.fragment is None:
            return Response(answer.body, answer.status, dict(answer.headers))
        response = theme.page("from_app", answer.status, fragment=Markup(page.fragment))
        for name in _KEPT:
            if name in answer.headers:
                response.headers[name] = answer.headers[name]
        return response
