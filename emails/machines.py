"""Who is no person: scanners, previews and proxies that fetch what a mail links to, or its pictures."""

from __future__ import annotations

import re

# What browsers begin with, those of mail programs and of apps among them.
_BROWSER = re.compile(r"(Mozilla|Opera|UCWEB|SAMSUNG|BlackBerry|Nokia)\S*[ /(]", re.IGNORECASE)
# A program that says what it is "compatible" with is none of the browsers that say so.
_COMPATIBLE = re.compile(r"\(compatible; (?!MSIE|Konqueror|Opera)", re.IGNORECASE)
# Programs that do as they should name an address; browsers name none.
_ADDRESS = re.compile(r"https?://|www\.|@[a-z0-9-]+\.[a-z]|\b[a-z0-9-]+\.(?:com|org|net|io)\b", re.IGNORECASE)
_PROGRAM = re.compile(
    r"bot\b|bot[/_ -]|robot|crawl|spider|slurp|scan|scrape|preview|fetch|archiv|analy[sz]er|synthetic"
    r"|insights|headless|phantom|lighthouse|pagespeed|ptst/|agent\b|google-|google favicon|googleother"
    r"|bingpreview|proofpoint|mimecast|barracuda|safelinks|urldefense|symantec|trendmicro|messagelabs|fireeye"
    r"|ironport|facebookexternalhit|facebookcatalog|whatsapp|slack|telegrambot|skypeuri|snapchat|linkedinbot"
    r"|embedly|python|curl|wget|java/|\(java\)|go-http|okhttp|libwww|axios|httpclient|http-client",
    re.IGNORECASE,
)
# A mail program's proxy that loads pictures before anybody looks, or in place of whoever does. Apple's names
# nothing but "Mozilla/5.0".
_PROXY = re.compile(r"GoogleImageProxy|YahooMailProxy|^Mozilla/5\.0$", re.IGNORECASE)


def is_machine(agent: str) -> bool:
    """A scanner of mails, a preview or a program: it follows every link and means nothing by it."""
    said = agent.strip()
    return _BROWSER.match(said) is None or any(
        words.search(said) for words in (_COMPATIBLE, _ADDRESS, _PROGRAM)
    )


def is_proxy(agent: str) -> bool:
    """Whether an open says nothing of a person: a privacy proxy loaded the pictures, or a machine."""
    return _PROXY.search(agent.strip()) is not None or is_machine(agent)
