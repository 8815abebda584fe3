"""The platform's 34 checks: each has a test, a line that it guards, and a row in the documentation."""

from __future__ import annotations

from tests.proof import FULL, Count, Figure
from tests.security.checks.guarded import GUARDED
from tests.security.checks.removing import copy, row_of, test_of
from tests.security.checks.tree import ROOT, read

CHECKS = (
    "APP_PROXY_LIQUID_INJECTION", "APP_PROXY_UNVERIFIED_SIGNATURE", "COMMITTED_SECRET",
    "CREDENTIAL_BROWSER_LEAKAGE", "CREDENTIAL_LOG_LEAKAGE", "CROSS_SITE_SCRIPTING", "CSRF_MISSING_PROTECTION",
    "DEPRECATED_SCRIPT_TAG_SCOPE", "EOL_API_VERSION", "EXPIRING_OFFLINE_TOKEN", "INSECURE_WEBHOOK_URL",
    "LIQUID_UNSAFE_RENDER", "METAFIELD_OFFLINE_TOKEN", "MISSING_AUTHORIZATION_CHECK",
    "MISSING_COMPLIANCE_WEBHOOKS", "MISSING_EMBEDDED_CSP", "MISSING_TENANT_ISOLATION", "OPEN_REDIRECT",
    "OVERBROAD_DATA_ACCESS", "REQUEST_CONTROLLED_ADMIN_CONTEXT", "REQUEST_DERIVED_SHOP_SCOPE",
    "SCOPE_OVER_REQUEST", "SESSION_LIFECYCLE_AND_REPLAY", "SQL_INJECTION", "SSRF_REQUEST_FORGERY",
    "STATIC_FRAME_ANCESTORS", "TEXT_SETTING_HTML_SMUGGLING", "THEME_EXTENSION_XSS",
    "UNAUTHENTICATED_ENDPOINT", "UNSAFE_INNERHTML", "UNSCOPED_SHOP_CONFIG_WRITE", "WEAK_SHOP_VALIDATION",
    "ACTIVE_UPLOADS_AND_PRIVILEGED_PREVIEWS", "DEPENDENCY_REACHABILITY",
)  # fmt: skip
# Whose tests need no server; taken out together in one copy.
QUICK = ("EOL_API_VERSION", "INSECURE_WEBHOOK_URL", "LIQUID_UNSAFE_RENDER", "UNSAFE_INNERHTML")


def test_every_check_has_its_test_and_its_line() -> None:
    assert len(CHECKS) == 34
    assert set(CHECKS) == set(GUARDED)
    for check in CHECKS:
        assert test_of(check)
        guard = GUARDED[check]
        assert read(ROOT / guard.file).count(guard.old) == 1, (
            f"{check}: {guard.file} holds not once: {guard.old}"
        )
        assert guard.new != guard.old


def test_the_documentation_names_them() -> None:
    told = read(ROOT / "docs/shopify.md")
    assert [check for check in CHECKS if row_of(check) not in told] == [], (
        "python -m tests.security.checks --table"
    )


def test_each_check_fails_without_the_line_that_it_guards(count: Count, figure: Figure) -> None:
    """A few at once here; all, each alone, with full counts."""
    chosen = CHECKS if FULL else QUICK
    assert count(len(QUICK), len(CHECKS)) == len(chosen)
    groups = [[check] for check in CHECKS] if FULL else [list(QUICK)]
    unseen = list[str]()
    with copy() as at:
        for group in groups:
            with at.without([GUARDED[check] for check in group]):
                failed = at.run(group).failed
            unseen += [check for check in group if f"test_{check.lower()}" not in failed]
        if FULL:
            assert at.run(CHECKS).failed == frozenset()
    assert unseen == []
    figure("seen_to_fail", len(chosen))
