"""By the platform's check: the line of the product that the check's test guards, and what it would be
without. Where a check is about what is written, the line is where the forbidden thing would stand.

`python -m tests.security.checks` takes each line out in a copy of the project and sees the test fail.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Guard:
    """`old` stands once in `file`; `new` is the same without what protects."""

    file: str
    old: str
    new: str


_PLANTED = "shp" + "ss_" + "0123456789abcdef" * 2

GUARDED: Mapping[str, Guard] = {
    "ACTIVE_UPLOADS_AND_PRIVILEGED_PREVIEWS": Guard(
        "app/services/logo.py", "if not _ends_where_it_should(data):", "if not data:"
    ),
    "APP_PROXY_LIQUID_INJECTION": Guard(
        "app/web/shopper_page.py", "text = without_liquid(text)", "text = str(text)"
    ),
    "APP_PROXY_UNVERIFIED_SIGNATURE": Guard(
        "connectors/app_proxy.py", "if not (any(signed) and once and", "if not (once and"
    ),
    "COMMITTED_SECRET": Guard(
        "app/config.py", 'shopify_api_key: str = ""', f'shopify_api_key: str = "{_PLANTED}"'
    ),
    "CREDENTIAL_BROWSER_LEAKAGE": Guard(
        "app/web/admin/doors.py",
        'for name, value in request.args.items() if name != "id_token"}',
        "for name, value in request.args.items()}",
    ),
    "CREDENTIAL_LOG_LEAKAGE": Guard(
        "wire/target.py", 'shown=f"{origin}{path}",', 'shown=f"{origin}{path}?{query}",'
    ),
    "CROSS_SITE_SCRIPTING": Guard(
        "emails/clean.py",
        'return url if parts.scheme in ("http", "https") and host else None',
        "return url if parts or host else None",
    ),
    "CSRF_MISSING_PROTECTION": Guard(
        "app/web/admin/doors.py",
        'if request.headers.get("Authorization") or not _is_document():',
        'if request.headers.get("Authorization"):',
    ),
    "DEPENDENCY_REACHABILITY": Guard(
        "connectors/shopify/official.py",
        "from shopify.session import Session",
        "from shopify.resources import Order as Order\nfrom shopify.session import Session",
    ),
    "DEPRECATED_SCRIPT_TAG_SCOPE": Guard(
        "connectors/shopify/scopes.py", "\nSCOPES = (\n", '\nSCOPES = (\n    "write_script_tags",\n'
    ),
    "EOL_API_VERSION": Guard(
        "connectors/shopify/version.py", 'API_VERSION = "2026-10"', 'API_VERSION = "2025-07"'
    ),
    "EXPIRING_OFFLINE_TOKEN": Guard(
        "connectors/shopify/tokens.py", '{"code": code, "expiring": 1}', '{"code": code}'
    ),
    "INSECURE_WEBHOOK_URL": Guard(
        "app/config.py",
        'elif parts.scheme == "http" and not is_loopback(value):',
        'elif parts.scheme == "gopher":',
    ),
    "LIQUID_UNSAFE_RENDER": Guard(
        "connectors/shopify/extension/blocks/tracking_lookup.liquid",
        "{{ block.settings.heading | default: title | escape }}",
        "{{ block.settings.heading | default: title }}",
    ),
    "METAFIELD_OFFLINE_TOKEN": Guard(
        "app/services/store_writes.py",
        "store = stores.open(session, owed.shop_id, real)",
        "store = stores.open(session, 1, real)",
    ),
    "MISSING_AUTHORIZATION_CHECK": Guard(
        "app/web/guards.py", "if carried[0] != front.shop_id:", "if carried is None:"
    ),
    "MISSING_COMPLIANCE_WEBHOOKS": Guard("connectors/shopify/shopify.app.toml", '  "shop/redact",\n', ""),
    "MISSING_EMBEDDED_CSP": Guard(
        "app/web/admin/doors.py",
        "return in_frame(make_response(view(seen, **rest)), seen.frame)",
        "return make_response(view(seen, **rest))",
    ),
    "MISSING_TENANT_ISOLATION": Guard(
        "migrations/versions/0002_row_security.py",
        'op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")',
        "pass",
    ),
    "OPEN_REDIRECT": Guard(
        "app/web/admin/session.py",
        "return wanted if tame and (path == prefix",
        "return wanted if wanted or (path == prefix",
    ),
    "OVERBROAD_DATA_ACCESS": Guard(
        "app/queries/reviews.py",
        "AND product_id = :product AND state = 'published'\"",
        'AND product_id = :product"',
    ),
    "REQUEST_CONTROLLED_ADMIN_CONTEXT": Guard(
        "app/web/admin/doors.py",
        "domain, user = _vouched(platform, token)",
        'domain, user = request.args.get("shop") or _vouched(platform, token)[0], "anybody"',
    ),
    "REQUEST_DERIVED_SHOP_SCOPE": Guard(
        "connectors/app_proxy.py", '_OURS_ONCE = ("shop", "path_prefix",', '_OURS_ONCE = ("path_prefix",'
    ),
    "SCOPE_OVER_REQUEST": Guard(
        "connectors/shopify/scopes.py", "\nSCOPES = (\n", '\nSCOPES = (\n    "read_themes",\n'
    ),
    "SESSION_LIFECYCLE_AND_REPLAY": Guard(
        "app/services/install.py", '" AND used_at IS NULL AND expires_at', '" AND expires_at'
    ),
    "SQL_INJECTION": Guard(
        "app/queries/reviews.py",
        "\" WHERE shop_id = :shop AND product_id = :product AND state = 'published'\"",
        "\" WHERE shop_id = :shop AND product_id = '\" + product_id + \"' AND state = 'published'\"",
    ),
    "SSRF_REQUEST_FORGERY": Guard(
        "wire/addresses.py",
        "if not addresses or not all(is_public(address) for address in addresses):",
        "if not addresses:",
    ),
    "STATIC_FRAME_ANCESTORS": Guard(
        "app/web/admin/frame.py", 'own = f"https://{domain}"', 'own = "https://*.myshopify.com"'
    ),
    "TEXT_SETTING_HTML_SMUGGLING": Guard(
        "emails/i18n.py",
        "escape(mine) if self.markup else mine",
        'type(escape(""))(mine) if self.markup else mine',
    ),
    "THEME_EXTENSION_XSS": Guard(
        "connectors/shopify/extension/blocks/tracking_lookup.liquid",
        "{{ block.settings.text | default: lead | escape }}",
        "{{ block.settings.text | default: lead }}",
    ),
    "UNAUTHENTICATED_ENDPOINT": Guard(
        "app/web/admin/home.py", "@merchant\ndef home(seen: Merchant)", "def home(seen: Merchant)"
    ),
    "UNSAFE_INNERHTML": Guard("static/widgets/reviews.js", "button.textContent = ", "button.innerHTML = "),
    "UNSCOPED_SHOP_CONFIG_WRITE": Guard(
        "app/web/admin/brand.py",
        "kits.save(session, seen.shop_id,",
        'kits.save(session, int(request.values.get("shop_id", 0)),',
    ),
    "WEAK_SHOP_VALIDATION": Guard(
        "connectors/shopify/domain.py", "_SHOP.fullmatch(name)", "_SHOP.match(name)"
    ),
}
