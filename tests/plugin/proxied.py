"""A shop whose pages are Doorstep's, and a stand-in for Doorstep: real bytes on both sides of the plugin."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.plugin.front_shop import FrontShop, StandIn, front_shop

OURS = ("shop", "logged_in_customer_id", "path_prefix", "timestamp", "signature")


PAGE = (
    "<style>.doorstep { color: red }</style>\n"
    '<div class="doorstep" lang="en"><h1>Where is it &amp; when?</h1></div>'
)


JSON = {"Content-Type": "application/json"}


@pytest.fixture(scope="module")
def app() -> Iterator[StandIn]:
    told = StandIn()
    yield told
    told.close()


@pytest.fixture(scope="module")
def served(app: StandIn, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FrontShop]:
    with front_shop(tmp_path_factory.mktemp("shop"), app) as shop:
        yield shop


@pytest.fixture
def shop(served: FrontShop, app: StandIn) -> FrontShop:
    served.connect()
    served.options(permalink_structure="/%postname%/", test_theme="classic")
    served.options(**{"_transient_doorstep_away": None})
    app.says(200, PAGE)
    return served
