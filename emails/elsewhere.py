"""Where else a brand is found: its places in other people's networks, as the foot of a mail names them."""

from __future__ import annotations

from urllib.parse import urlsplit

from emails.clean import web_address

MOST = 4
_NAMES = {
    "instagram.com": "Instagram",
    "facebook.com": "Facebook",
    "tiktok.com": "TikTok",
    "youtube.com": "YouTube",
    "pinterest.com": "Pinterest",
    "linkedin.com": "LinkedIn",
    "threads.net": "Threads",
    "threads.com": "Threads",
    "x.com": "X",
    "bsky.app": "Bluesky",
    "weibo.com": "Weibo",
    "xiaohongshu.com": "Xiaohongshu",
    "line.me": "LINE",
    "pf.kakao.com": "KakaoTalk",
    "blog.naver.com": "Naver Blog",
}


def elsewhere(written: str) -> tuple[tuple[str, str], ...]:
    """Names and addresses of what a merchant wrote, one address a line; what is none is passed over."""
    found = (place(line) for line in written.splitlines())
    return tuple(one for one in found if one is not None)[:MOST]


def place(line: str) -> tuple[str, str] | None:
    """The network's own name, else the host. None: no https address."""
    address = line.strip()
    if web_address(address) is None or not address.startswith("https://"):
        return None
    host = (urlsplit(address).hostname or "").removeprefix("www.")
    if "." not in host:
        return None
    known = next((name for end, name in _NAMES.items() if host == end or host.endswith(f".{end}")), None)
    return known or host, address
