"""The platform's own package: a few pure helpers of it are used, and nothing that knows a shop."""

from __future__ import annotations

import ast

from tests.connectors.shopify.samples import ROOT

# All of it that may be used; tests may ask for second opinions. Its GraphQL client, its sessions as state,
# its resources and its token calls are not here: they keep one shop for the whole process.
USED = {"shopify.api_access.ApiAccess", "shopify.session.Session"}
OF_SESSION = {"calculate_hmac", "create_permission_url", "secret", "api_key"}


def test_only_pure_helpers_of_the_package_are_imported_and_in_one_file() -> None:
    found = {
        (str(path.relative_to(ROOT)), name)
        for room in ("app", "connectors", "emails", "flows", "wire", "sandbox")
        for path in (ROOT / room).rglob("*.py")
        for name in _imported(path.read_text("utf-8"))
    }
    assert found == {("connectors/shopify/official.py", name) for name in USED}


def test_of_a_session_nothing_is_used_that_calls_or_keeps_a_shop() -> None:
    tree = ast.parse((ROOT / "connectors/shopify/official.py").read_text("utf-8"))
    used = {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id in ("Session", "Signer", "session")
    }
    assert used == OF_SESSION


def _imported(source: str) -> list[str]:
    names: list[str] = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names if alias.name.split(".")[0] == "shopify"]
        elif isinstance(node, ast.ImportFrom) and f"{node.module}.".startswith("shopify."):
            names += [f"{node.module}.{alias.name}" for alias in node.names]
    return names
