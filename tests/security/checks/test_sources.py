"""Checks of what is written: secrets, versions, rights, addresses, libraries, scripts."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import tomllib
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from app.config import Config, ConfigError
from connectors.shopify.normalise import READERS
from connectors.shopify.scopes import OPTIONAL_SCOPES, SCOPES
from connectors.shopify.version import API_VERSION
from connectors.shopify.webhooks import COMPLIANCE
from tests.app.web.conftest import Site
from tests.proof import Figure
from tests.security.checks import needs
from tests.security.checks.tree import ROOT, of_product, read, tracked

APP = tomllib.loads((ROOT / "connectors/shopify/shopify.app.toml").read_text("utf-8"))
SECRETS: Mapping[str, str] = {
    "a secret or token of Shopify": r"\bshp(?:ss|at|pa|ca|rt|ua|it)_[0-9a-fA-F]{32}\b",
    "a private key": r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----",
    "a key of AWS": r"\bAKIA[0-9A-Z]{16}\b",
    "a token of GitHub": r"\bgh[pousr]_[A-Za-z0-9]{36}\b",
    "a key of Stripe": r"\b[rs]k_live_[0-9A-Za-z]{16,}",
    "a token of Slack": r"\bxox[abprs]-[0-9A-Za-z-]{10,}",
    "a key of SendGrid": r"\bSG\.[\w-]{20,}\.[\w-]{20,}",
    "a key of Resend": r"\bre_[A-Za-z0-9]{8}_[A-Za-z0-9]{20,}",
    "a key of WooCommerce": r"\bc[ks]_[0-9a-f]{40}\b",
    "a password in an address": r"\b(?:postgres(?:ql)?|rediss?|smtps?|mysql|amqps?)://[^\s:/@\"'{}<]+:(?!password@|PASSWORD@)[^\s@\"'{}<]{6,}@",
}
HINTS: Mapping[str, str] = {
    "a secret or token of Shopify": "shp",
    "a private key": "PRIVATE KEY",
    "a key of AWS": "AKIA",
    "a token of GitHub": "gh",
    "a key of Stripe": "k_live_",
    "a token of Slack": "xox",
    "a key of SendGrid": "SG.",
    "a key of Resend": "re_",
    "a key of WooCommerce": "_",
    "a password in an address": "://",
}
ENVIRONMENT = re.compile(
    r"(^|/)(\.env(\..*)?|.*\.(pem|p12|pfx|keystore|jks)|id_rsa|\.npmrc\.local|\.netrc|\.pgpass)$"
)
# Keys of a store that ran on a developer's machine while its messages were recorded, and is no more.
RECORDED = {
    "ck" + "_a00aa1095d1f501a32760d3dcbd489cc1091fb40",
    "cs" + "_ed7cbedc259717a679a86bfa83076d45af728cb3",
}
# Of the tests: keys that sign and seal nothing but what they made themselves.
FERNET = re.compile(r"(?<![\w+/=-])[\w-]{43}=(?![\w=])")


def test_committed_secret(figure: Figure) -> None:
    """No file of the project, in any folder, holds something that looks like a key; no .env is kept."""
    patterns = {what: re.compile(pattern) for what, pattern in SECRETS.items()}
    found, looked = list[str](), 0
    for path in tracked():
        name = str(path.relative_to(ROOT))
        if ENVIRONMENT.search(name):
            found.append(f"{name}: a file for secrets")
        if path.suffix in (".png", ".jpg", ".webp", ".woff2", ".gz"):
            continue
        text, looked = read(path), looked + 1
        found += [
            f"{name}: {what}"
            for what, pattern in patterns.items()
            if HINTS[what] in text  # most files are through here
            and set(pattern.findall(text)) - RECORDED
            and not (name.startswith("tests/") and what == "a password in an address")
            and not name.startswith("tests/plugin/planted/secrets/")  # faults that another check has to find
        ]
        if name.split("/")[0] not in ("tests", "package-lock.json", "requirements") and FERNET.search(text):
            found.append(f"{name}: an encryption key")
    assert found == []
    assert looked > 500
    figure("files", looked)


def test_the_patterns_know_a_secret_when_they_see_one() -> None:
    seen = ["shp" + "at_" + "0" * 32, "-----BEGIN " + "RSA PRIVATE KEY-----", "AKIA" + "A" * 16]
    seen += [
        "gh" + "p_" + "a" * 36,
        "sk_" + "live_" + "1" * 20,
        "xox" + "b-1234567890",
        "c" + "k_" + "0" * 40,
    ]
    seen += [
        "postgresql" + "://app:hunter22@db/x",
        "SG." + "a" * 22 + "." + "b" * 43,
        "re_" + "a" * 8 + "_" + "b" * 24,
    ]
    for text in seen:
        assert any(HINTS[what] in text and re.search(pattern, text) for what, pattern in SECRETS.items()), (
            text[:12]
        )


def test_deprecated_script_tag_scope() -> None:
    """Script tags are gone: nothing asks for the right, nothing of the product calls them."""
    asked = {*SCOPES, *OPTIONAL_SCOPES, *needs.asked_in_configuration(APP)}
    assert not {name for name in asked if "script_tag" in name}
    calls = re.compile(r"script_?tags?(?:Create|Update|s\()|ScriptTag\b|script_tags", re.I)
    assert [
        path.name
        for path in of_product(".py", ".graphql", ".toml", ".js", ".liquid")
        if calls.search(read(path))
    ] == []


def test_eol_api_version() -> None:
    """One version everywhere, and Shopify answers it today: a year from the day of its name on."""
    years = re.compile(r"[\"'/](20\d\d-(?:01|04|07|10))[\"'/]")
    written = {
        found
        for path in of_product(".py", ".toml", ".js", ".json", ".graphql")
        for found in years.findall(read(path))
    }
    assert written >= {API_VERSION} == {APP["webhooks"]["api_version"]}
    calls = {found for path in of_product(".py", ".graphql") for found in years.findall(read(path))}
    assert calls == {API_VERSION}, "other versions are those of Shopify's own extension surfaces"
    today = datetime.now(UTC).date()
    for version in written:
        year, month = map(int, version.split("-"))
        assert date(year, month, 1) <= today < date(year + 1, month, 1), f"{version} is not served today"


def test_scope_over_request(figure: Figure) -> None:
    """Each right that the app asks for is needed by an operation, a topic or a door of ours, by what the
    Admin API's own schema says; and each operation of the first day has its right."""
    asked = needs.asked_in_configuration(APP)
    idle = {*asked, *SCOPES, *OPTIONAL_SCOPES} - needs.needed()
    assert idle == set(), f"asked for, used by nothing: {idle}"
    assert asked == {*SCOPES, *OPTIONAL_SCOPES}
    figure("rights", len(asked))


def test_insecure_webhook_url() -> None:
    """Every address that Shopify is told is https, and the app does not start with another one."""
    for address in addresses_in(APP):
        assert address.startswith(("https://YOUR_ADDRESS/", "https://YOUR_ADDRESS")), address
    for wrong in ("http://mail.example.com", "http://10.0.0.1", "ftp://mail.example.com", "mail.example.com"):
        with pytest.raises(ConfigError) as refused:
            Config.from_environ({"DOORSTEP_ADDRESS": wrong})
        assert any("DOORSTEP_ADDRESS must be" in one for one in refused.value.problems), wrong


def addresses_in(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for inner in value.values():
            yield from addresses_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from addresses_in(inner)
    elif isinstance(value, str) and ("://" in value or value.startswith("/")):
        yield value


def test_missing_compliance_webhooks(site: Site) -> None:
    """The three demands by law are asked for, come in, are worked on, and are refused unsigned."""
    topics = {"customers/data_request", "customers/redact", "shop/redact"}
    listed = [one for part in APP["webhooks"]["subscriptions"] for one in part.get("compliance_topics", ())]
    assert sorted(listed) == sorted(topics) == sorted(COMPLIANCE)
    for place, topic in enumerate(sorted(topics)):
        body = json.dumps(
            {
                "shop_id": 954889,
                "shop_domain": "hollow-pine.myshopify.com",
                "customer": {"id": 191167, "email": "mia@example.com", "phone": None},
                "orders_requested": [299938],
                "orders_to_redact": [299938],
                "data_request": {"id": 9999},
            }
        ).encode()
        bad = {"X-Shopify-Hmac-Sha256": "bm90IHRoZSBzaWduYXR1cmU="}
        assert site.shop(topic, body, f"c{place}", **bad)[0] == 401, topic
        assert site.shop(topic, body, f"c{place}") == (200, "stored"), topic
        assert topic in READERS, topic
    site.settle()
    kinds = {row.kind for row in site.rows("SELECT kind FROM privacy_requests")}
    assert len(kinds) == 3, kinds


def test_unsafe_innerhtml(figure: Figure) -> None:
    """No script of ours writes markup: what it shows, it makes of elements and text."""
    writes = re.compile(
        r"\.(?:inner|outer)HTML\s*[+=]?=(?!=)|insertAdjacentHTML|document\.write|createContextualFragment"
        r"|setHTMLUnsafe|\beval\s*\(|new Function\(|srcdoc\s*=|dangerouslySetInnerHTML|\.html\("
    )
    scripts = [path for path in of_product(".js", ".jsx", ".mjs") if "vendor" not in path.parts]
    pages = of_product(".html", ".liquid", ".j2")
    found = [f"{path.name}: {hit[0]}" for path in scripts for hit in writes.finditer(read(path))]
    for page in pages:
        for script in re.findall(r"<script(?![^>]*\bsrc=)[^>]*>(.*?)</script>", read(page), re.S):
            found += [f"{page.name}: {hit[0]}" for hit in writes.finditer(script)]
    assert found == []
    assert len(scripts) >= 4
    figure("scripts", len(scripts))


# What must at least be in place, and why: flaws that were reachable the way we use the library.
FLOORS: Mapping[str, tuple[tuple[int, ...], str]] = {
    "jinja2": ((3, 1, 6), "templates that broke out of the sandbox"),
    "werkzeug": ((3, 1, 4), "names of devices in paths; multipart bodies without an end"),
    "flask": ((3, 1, 1), "the order in which rotated keys sign"),
    "requests": ((2, 32, 4), "credentials of .netrc sent to another host"),
    "urllib3": ((2, 6, 0), "chains of compression, and redirects that were not switched off"),
    "cryptography": ((44, 0, 1), "the OpenSSL that it brings"),
    "pyjwt": ((2, 10, 1), "a part of the issuer counted as the issuer"),
    "pillow": ((11, 3, 0), "pictures that write beyond their buffer"),
    "gunicorn": ((23, 0, 0), "requests that two servers read differently"),
    "idna": ((3, 7), "names that take for ever"),
    "certifi": ((2024, 7, 4), "an authority that is trusted no more"),
    "setuptools": ((78, 1, 1), "paths that leave their folder"),
}
# What of the official package may be called: it keeps its shop in process-wide state elsewhere.
OFFICIAL = {"shopify.api_access.ApiAccess", "shopify.session.Session"}
_FORBIDDEN = re.compile(
    r"\b(?:pickle|marshal|shelve|dill)\.loads?\b|yaml\.(?:unsafe_)?load\(|\bverify\s*=\s*False\b|shell\s*=\s*True"
)


def test_dependency_reachability() -> None:
    """Every library is locked by hash at a version without a flaw that we would reach, and the parts of
    them that are known to be dangerous are called nowhere."""
    for lock in ("build", "production", "run", "dev"):
        text = read(ROOT / f"requirements/{lock}.txt")
        pinned = dict(re.findall(r"^([a-z0-9-]+)==([0-9][\w.]*)", text, re.M))
        blocks = re.split(r"^(?=[a-z0-9-]+==)", text, flags=re.M)[1:]
        assert all("--hash=sha256:" in block for block in blocks), lock
        for name, (floor, why) in FLOORS.items():
            if name in pinned:
                given = tuple(int(part) for part in re.findall(r"\d+", pinned[name]))
                assert given >= floor, f"{lock}: {name} {pinned[name]}: {why}"
    assert {"jinja2", "werkzeug", "requests", "pyjwt"} <= set(
        re.findall(r"^([a-z0-9-]+)==", read(ROOT / "requirements/production.txt"), re.M)
    )
    packages = json.loads(read(ROOT / "package-lock.json"))["packages"]
    loose = [
        name
        for name, one in packages.items()
        if name.startswith("node_modules/")
        and not (one.get("integrity") or one.get("link") or name.endswith("/nothing"))
    ]
    assert loose == []
    files = [
        path for path in of_product(".py") if re.search(r"^\s*(?:from|import) shopify\b", read(path), re.M)
    ]
    used = {name for path in files for name in imported_from("shopify", path)}
    assert used == OFFICIAL
    calls = [path.name for path in of_product(".py") if _FORBIDDEN.search(read(path))]
    # Compiled mails beside the code, written by whoever may write the code itself, as Python's own are.
    assert calls == ["stored.py"]


def imported_from(package: str, path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(read(path))):
        if (
            isinstance(node, ast.ImportFrom)
            and (node.module or "").split(".")[0] == package
            and not node.level
        ):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name.split(".")[0] == package)


def test_git_ignores_what_is_made_on_this_machine() -> None:
    """The data folder holds the installation's keys."""
    ignored = read(ROOT / ".gitignore").split()
    assert {"var/", ".venv/", "node_modules/"} <= set(ignored)
    assert not [path for path in tracked() if path.relative_to(ROOT).parts[0] == "var"]
    assert subprocess.run(["git", "--version"], capture_output=True).returncode == 0
