"""The app with the sandbox's own pages beside it, on one port: `gunicorn sandbox.wsgi:application`."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING

from werkzeug.middleware.dispatcher import DispatcherMiddleware

from app.config import Config
from app.factory import create_app
from sandbox.outbox.pages import create_dev_app
from sandbox.settings import Settings

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication


def build(environ: Mapping[str, str]) -> WSGIApplication:
    """Raises ConfigError or SettingsError where the environment is not a sandbox's."""
    dev = create_dev_app(Settings.from_environ(environ))
    return DispatcherMiddleware(create_app(Config.from_environ(environ)), {"/dev": dev})


def __getattr__(name: str) -> WSGIApplication:
    """`application` comes to be when the server asks for it: importing this module reads nothing."""
    if name == "application":
        return build(os.environ)
    raise AttributeError(name)
