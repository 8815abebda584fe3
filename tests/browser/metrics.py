"""A page as a slow phone gets it: the network and the processor are throttled as Lighthouse's mobile
profile does, and Chromium's own observers tell what it cost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Browser, CDPSession

# Lighthouse's "applied" slow 4G: 150 ms round trips and 1.6 Mbit/s, with what its throttling adds.
_NETWORK = {"offline": False, "latency": 562.5, "downloadThroughput": 184_320, "uploadThroughput": 84_375}
_PROCESSOR = 4

_OBSERVE = """(() => {
  window.cost = {lcp: 0, cls: 0, tbt: 0, fcp: 0};
  const watch = (type, take) => new PerformanceObserver((list) => list.getEntries().forEach(take))
    .observe({type, buffered: true});
  watch("paint", (entry) => { if (entry.name === "first-contentful-paint") cost.fcp = entry.startTime; });
  watch("largest-contentful-paint", (entry) => { cost.lcp = entry.startTime; });
  watch("layout-shift", (entry) => { cost.cls += entry.value; });
  watch("longtask", (entry) => { cost.tbt += Math.max(0, entry.duration - 50); });
})()"""
# Widgets may wait until they come into view: everything is scrolled past, slowly enough to be painted.
_SCROLL = """async () => {
  for (let y = 0; y < document.documentElement.scrollHeight; y += innerHeight / 2) {
    scrollTo(0, y);
    await new Promise((done) => setTimeout(done, 60));
  }
}"""


@dataclass(frozen=True)
class Cost:
    """Milliseconds, except `cls` (all layout shifts added up, whatever their session; what the
    reader's own touch would excuse counts too), `kilobytes` (as transferred) and `requests`."""

    fcp: float
    lcp: float
    cls: float
    tbt: float
    kilobytes: float
    requests: int

    def figures(self) -> dict[str, float]:
        return {
            "fcp_ms": round(self.fcp),
            "lcp_ms": round(self.lcp),
            "cls": round(self.cls, 4),
            "tbt_ms": round(self.tbt),
            "transferred_kb": round(self.kilobytes, 1),
            "requests": self.requests,
        }


def measure(browser: Browser, address: str, without: tuple[str, ...] = ()) -> Cost:
    """Loads the page with an empty cache and scrolls through it. `without`: patterns of addresses that
    are not fetched, to see what they cost (`*/static/widgets/*`)."""
    with browser.new_context(viewport={"width": 412, "height": 823}, device_scale_factor=1.75) as context:
        page = context.new_page()
        page.add_init_script(_OBSERVE)
        devtools = context.new_cdp_session(page)
        travelled = _count(devtools)
        devtools.send("Network.setBlockedURLs", {"urls": list(without)})
        devtools.send("Network.emulateNetworkConditions", _NETWORK)
        devtools.send("Emulation.setCPUThrottlingRate", {"rate": _PROCESSOR})
        page.goto(address, wait_until="networkidle")
        painted = page.evaluate("() => ({lcp: cost.lcp})")
        page.evaluate(_SCROLL)
        page.wait_for_load_state("networkidle")
        told: dict[str, float] = page.evaluate("() => cost") | painted
    return Cost(told["fcp"], told["lcp"], told["cls"], told["tbt"], sum(travelled) / 1000, len(travelled))


def _count(devtools: CDPSession) -> list[float]:
    """Grows by the bytes of each answer that has come."""
    bytes_of: list[float] = []

    def finished(event: dict[str, Any]) -> None:
        bytes_of.append(event["encodedDataLength"])

    devtools.on("Network.loadingFinished", finished)
    devtools.send("Network.enable")
    return bytes_of
