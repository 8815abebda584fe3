"""The few pages of the fake back office that an installation needs, as plain HTML."""

from __future__ import annotations

from collections.abc import Mapping

from markupsafe import Markup

_FRAME = Markup("""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}</title><style>
body{{margin:0;font:16px/1.5 system-ui,sans-serif;color:#1f2a26;background:#eef1ee}}
header{{background:#1b2420;color:#fff;padding:12px 20px}}
main{{max-width:38rem;margin:8vh auto;background:#fff;border-radius:12px;padding:24px 28px}}
main.wide{{max-width:none;margin:0;padding:0;border-radius:0}}
iframe{{display:block;width:100%;height:calc(100vh - 48px);border:0}}
button{{font:inherit;padding:8px 18px;border-radius:8px;border:1px solid #1b2420;background:#fff}}
button.yes{{background:#1b2420;color:#fff}}
</style></head><body><header>{shop} · back office</header>{body}</body></html>""")


def grant_page(shop: str, app: str, scopes: tuple[str, ...], asked: Mapping[str, str]) -> str:
    """Approve is the first button, so that Enter and a plain submit mean yes."""
    rights = Markup("").join(Markup("<li>{}</li>").format(scope.replace("_", " ")) for scope in scopes)
    fields = Markup("").join(
        Markup('<input type="hidden" name="{}" value="{}">').format(name, value)
        for name, value in asked.items()
    )
    body = Markup(
        "<main><h1>Install {}?</h1><p>It asks for these rights:</p><ul>{}</ul>"
        '<form method="post">{}<button class="yes" name="decision" value="approve">Install</button> '
        '<button name="decision" value="cancel">Cancel</button></form></main>'
    ).format(app, rights, fields)
    return _page(f"Install {app}", shop, body)


def app_page(shop: str, app: str, frame_address: str) -> str:
    body = Markup('<main class="wide"><iframe title="{}" src="{}"></iframe></main>').format(
        app, frame_address
    )
    return _page(app, shop, body)


def install_page(shop: str, app: str, start_address: str, managed_address: str) -> str:
    """Two ways in: the app's own OAuth, and the consent that the back office asks for itself."""
    body = Markup(
        "<main><h1>{0} is not installed</h1>"
        '<form method="post" action="{2}"><button class="yes">Install {0}</button></form>'
        '<p><a href="{1}">Install through the app\'s own address</a></p></main>'
    ).format(app, start_address, managed_address)
    return _page(app, shop, body)


def problem_page(shop: str, words: str) -> str:
    return _page("Not possible", shop, Markup("<main><h1>Not possible</h1><p>{}</p></main>").format(words))


def _page(title: str, shop: str, body: Markup) -> str:
    return str(_FRAME.format(title=title, shop=shop, body=body))
