// What the back office does for the app's page in its frame: hands out fresh tokens where the platform
// has no bridge of its own, and keeps the address bar and the menu at the page that the frame shows.
"use strict";
(() => {
  const frame = document.querySelector("iframe[data-origin]");
  const { origin, token: tokenAddress } = frame.dataset;
  const entries = [...document.querySelectorAll(".menu a[data-path]")];

  const fromFrame = (event) => event.origin === origin && event.source === frame.contentWindow && event.data;

  async function answerWithToken() {
    const answer = await fetch(tokenAddress, { method: "POST", cache: "no-store", credentials: "same-origin" });
    if (!answer.ok) return;
    const { token } = await answer.json();
    frame.contentWindow.postMessage({ type: "doorstep:token", token }, origin);
  }

  function show(path) {
    const home = entries.find((entry) => entry.dataset.path === "/");
    const nearest = entries.find((entry) => entry !== home && (path === entry.dataset.path || path.startsWith(entry.dataset.path + "/")));
    for (const entry of entries) entry.removeAttribute("aria-current");
    (nearest || home).setAttribute("aria-current", "page");
    const address = new URL(home.href);
    if (address.searchParams.has("page")) {
      address.searchParams.delete("path");
      if (path !== "/") address.searchParams.set("path", path);
    } else if (path !== "/") address.pathname = address.pathname.replace(/\/$/, "") + path;
    history.replaceState(null, "", address);
  }

  addEventListener("message", (event) => {
    const said = fromFrame(event);
    if (!said) return;
    if (said.type === "doorstep:token" && tokenAddress) answerWithToken();
    if (said.type === "sandbox:open" && /^https?:/.test(said.url)) location.assign(said.url);
    if (said.type === "doorstep:path" && /^\/[\w\-./]*$/.test(said.path)) show(said.path);
  });
})();
