// A fresh token of the back office on every request, and what a page does while it waits or when it fails.
(() => {
  const own = document.currentScript.dataset;
  const LIFE = 40_000, PATIENCE = 8_000, SHOWN_AFTER = 300; // milliseconds; tokens live a minute
  const page = (selector) => document.querySelector(selector);
  let token = "", fetched = 0;

  // App Bridge draws the menu that s-app-nav names, so that the tabs would say it twice.
  if (window.shopify?.idToken) document.documentElement.dataset.menu = "host";

  // --- the token ---

  const asked = () => window.shopify?.idToken ? window.shopify.idToken() : askParent();

  // WordPress: the plugin's page around us holds the nonce that a token costs.
  const askParent = () => new Promise((resolve, reject) => {
    const late = setTimeout(() => done(() => reject(new Error("the back office gives no token"))), PATIENCE);
    const heard = (event) => {
      if (event.origin === own.parent && event.data?.type === "doorstep:token") done(() => resolve(event.data.token));
    };
    const done = (then) => { clearTimeout(late); removeEventListener("message", heard); then(); };
    addEventListener("message", heard);
    parent.postMessage({ type: "doorstep:token" }, own.parent);
  });

  const fresh = async () => {
    if (!token || Date.now() - fetched > LIFE) {
      token = await asked();
      fetched = Date.now();
    }
    return token;
  };

  if (own.wanted) {
    const late = () => { page("#coming").hidden = true; page("#late").hidden = false; };
    const patience = setTimeout(late, PATIENCE);
    asked().then((given) => {
      clearTimeout(patience);
      const target = new URL(own.wanted, location.origin);
      target.searchParams.set("id_token", given);
      location.replace(target);
    }, late);
    return;
  }

  // The address must not keep the token that the first load came with.
  const here = new URL(location);
  if (here.searchParams.has("id_token")) {
    for (const name of ["id_token", "again", "hmac", "timestamp", "session", "embedded", "locale", "host"]) here.searchParams.delete(name);
    history.replaceState(history.state, "", here);
  }

  const on = (name, heard) => document.addEventListener(name, heard);

  on("htmx:confirm", (event) => {
    event.preventDefault();
    const { elt, question, issueRequest } = event.detail;
    const words = question || (leaves(elt) && unsaved() ? page("form[data-guard]").dataset.guard : "");
    const go = () => fresh().then(() => issueRequest(true), () => away(() => htmx.trigger(elt, "click")));
    words ? ask(words).then((yes) => yes && go()) : go();
  });
  on("htmx:configRequest", (event) => { event.detail.headers.Authorization = `Bearer ${token}`; });
  on("htmx:historyCacheMiss", (event) => {
    event.preventDefault();
    const { xhr } = event.detail;
    fresh().then(() => { xhr.setRequestHeader("Authorization", `Bearer ${token}`); xhr.send(); }, () => away(() => location.reload()));
  });
  // The back office keeps its menu and its address bar at our page.
  const tellPlace = () => parent.postMessage({ type: "doorstep:path", path: location.pathname.replace(/^\/\w+\/app/, "") || "/" }, own.parent);
  on("htmx:pushedIntoHistory", tellPlace);
  on("htmx:historyRestore", tellPlace);

  // --- what fails: the page stays as it is, with all that was typed ---

  const repeat = ({ requestConfig: was, target }) => htmx.ajax(was.verb, was.path, {
    source: was.elt, event: was.triggeringEvent, target, headers: { "X-Again": "1" },
  });

  const trouble = (title, words, again) => {
    const banner = page("#trouble");
    banner.querySelector("[data-title]").textContent = title;
    banner.querySelector("[data-words]").textContent = words;
    banner.querySelector("[data-again]").onclick = () => { banner.hidden = true; again(); };
    banner.querySelector("[data-close]").onclick = () => { banner.hidden = true; };
    banner.hidden = false;
  };
  const away = (again) => trouble("Your back office does not answer.", "Nothing was changed. What you typed is still here.", again);

  on("htmx:beforeOnLoad", (event) => {
    const { xhr, requestConfig } = event.detail;
    const outside = xhr.getResponseHeader("X-Shopify-API-Request-Failure-Reauthorize-Url");
    if (outside) { event.preventDefault(); open(outside, "_top"); return; }
    const stale = xhr.status === 401 && xhr.getResponseHeader("X-Shopify-Retry-Invalid-Session-Request");
    if (!stale || requestConfig.headers["X-Again"]) return;
    event.preventDefault();
    token = "";
    fresh().then(() => repeat(event.detail), () => away(() => repeat(event.detail)));
  });
  on("htmx:responseError", (event) => {
    const { xhr } = event.detail;
    const told = new DOMParser().parseFromString(xhr.responseText, "text/html").querySelector("[data-reason]");
    const words = told?.textContent.trim().replace(/\s+/g, " ") || `Status ${xhr.status}.`;
    trouble("That did not work.", `${words} What you typed is still here.`, () => repeat(event.detail));
  });
  for (const name of ["htmx:sendError", "htmx:timeout"]) {
    on(name, (event) => trouble("No connection.", "Nothing came back, so it may not be saved. What you typed is still here.", () => repeat(event.detail)));
  }
  on("htmx:historyCacheMissLoadError", () => trouble("That page did not come.", "", () => location.reload()));

  // --- while it waits ---

  let waiting = 0;
  const rest = () => { clearTimeout(waiting); delete document.body.dataset.loading; page("#main")?.removeAttribute("aria-busy"); };
  on("htmx:beforeRequest", (event) => {
    const whole = event.detail.boosted && event.detail.requestConfig.verb === "get";
    page("#trouble").hidden = true;
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      page("#main").setAttribute("aria-busy", "true");
      if (whole) document.body.dataset.loading = "page";
    }, SHOWN_AFTER);
  });
  on("htmx:afterRequest", rest);

  // --- another page is there: its heading has the focus, so that it is read out ---

  const arrived = () => page("h1[tabindex]")?.focus({ preventScroll: true });
  on("htmx:afterSettle", (event) => {
    if (event.detail.boosted) arrived();
    // A form that came back: the first thing that needs another look.
    if (event.detail.xhr?.status > 299) {
      const first = event.detail.target.querySelector("[aria-invalid=true]");
      if (first) first.focus(); else event.detail.target.querySelector("[role=alert]")?.scrollIntoView({ block: "center" });
    }
  });
  on("htmx:historyRestore", arrived);

  // What a form was answered with has the focus too.
  on("htmx:afterSettle", () => {
    const told = page("[data-told]");
    told?.focus();
    told?.removeAttribute("data-told");
  });

  // --- questions in a dialog of the page: browsers ask none for a page in a frame ---

  const ask = (words) => new Promise((resolve) => {
    const dialog = page("#ask");
    dialog.querySelector("p").textContent = words;
    dialog.returnValue = "";
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
    dialog.showModal();
    dialog.querySelector("[value=no]").focus();
  });
  let typed = false;
  const unsaved = () => typed && page("form[data-guard]");
  const leaves = (elt) => elt.matches("a[href]") && !elt.target;
  on("input", (event) => { if (event.target.form?.matches("[data-guard]")) typed = true; });
  on("reset", (event) => { if (event.target.matches("[data-guard]")) typed = false; });
  on("htmx:afterSwap", (event) => {
    const { boosted, requestConfig, xhr } = event.detail;
    if (boosted || requestConfig?.elt.matches("[data-guard]")) typed = xhr.status > 299;
  });

  // --- ten seconds to take it back: the server's seconds, counted down ---

  let counting = 0;
  htmx.onLoad(() => {
    const bar = page(".undo-bar:not([data-until])");
    if (!bar) return;
    bar.dataset.until = Date.now() + bar.dataset.seconds * 1000;
    clearInterval(counting);
    counting = setInterval(() => {
      const left = Math.ceil((bar.dataset.until - Date.now()) / 1000);
      if (left > 0 && bar.isConnected) { bar.querySelector("[data-left]").textContent = left; return; }
      clearInterval(counting);
      const held = bar.contains(document.activeElement);
      bar.remove();
      if (held) arrived();
    }, 250);
  });

  // --- further rights: the back office asks for them; what came of it, the store says to our server ---

  on("click", (event) => {
    const button = event.target.closest("[data-rights]");
    if (!button) return;
    if (!window.shopify?.scopes) { away(() => button.click()); return; }
    button.disabled = true;
    window.shopify.scopes.request(button.dataset.rights.split(",")).then(
      () => { button.disabled = false; htmx.trigger(button, "asked"); },
      () => { button.disabled = false; away(() => button.click()); },
    );
  });
  htmx.onLoad((part) => part.querySelector("[data-rights][data-now]")?.click());

  // --- files: a link could not bring the token, so they are fetched and then kept ---

  on("submit", async (event) => {
    const form = event.target.closest("form[data-download]");
    if (!form) return;
    event.preventDefault();
    const button = form.querySelector("button"), again = () => form.requestSubmit();
    button.disabled = true;
    try {
      const headers = { Authorization: `Bearer ${await fresh()}` };
      const answer = await fetch(form.action, { method: "POST", headers, body: new URLSearchParams(new FormData(form)) });
      if (!answer.ok) throw new Error(`Status ${answer.status}.`);
      const link = document.createElement("a");
      link.href = URL.createObjectURL(await answer.blob());
      link.download = /filename="([^"]+)"/.exec(answer.headers.get("Content-Disposition"))?.[1] ?? "file";
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
    } catch (error) {
      trouble("The file did not come.", error.message, again);
    } finally {
      button.disabled = false;
    }
  });

  // --- small controls ---

  const told = (input) => input.dispatchEvent(new Event("input", { bubbles: true }));
  on("click", (event) => {
    const button = event.target.closest("[data-stepper] [data-by]");
    if (!button) return;
    const input = button.parentElement.querySelector("input");
    button.dataset.by > 0 ? input.stepUp() : input.stepDown();
    told(input);
  });
  // A block moves one place; the first one stays the first.
  on("click", (event) => {
    const button = event.target.closest("[data-move]");
    if (!button) return;
    const row = button.closest("li"), up = button.dataset.move < 0;
    const other = up ? row.previousElementSibling : row.nextElementSibling;
    if (!other || (up && !other.previousElementSibling)) return;
    up ? other.before(row) : other.after(row);
    button.focus();
    const rows = [...row.parentElement.children], name = row.querySelector(".name").textContent.trim();
    page("[data-moved]").textContent = `${name}: place ${rows.indexOf(row) + 1} of ${rows.length}`;
    told(row.querySelector("input"));
  });
  // Something to put in goes where the cursor stands in the field above it.
  on("click", (event) => {
    const button = event.target.closest("[data-insert]");
    if (!button) return;
    const field = button.closest(".card").querySelector("textarea");
    field.setRangeText(button.dataset.insert, field.selectionStart, field.selectionEnd, "end");
    field.focus();
    told(field);
  });
  // Lines to take along. A frame may have no clipboard: then they are selected, ready for the keyboard.
  htmx.onLoad(() => document.querySelectorAll("[data-copy]").forEach((button) => { button.hidden = false; }));
  on("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    const lines = document.getElementById(button.dataset.copy);
    getSelection().selectAllChildren(lines);
    const copied = await navigator.clipboard?.writeText(lines.textContent).then(() => true, () => false);
    button.textContent = copied || document.execCommand("copy") ? "Copied" : "Selected";
  });
  // A colour is picked or written; the written one is what is sent.
  on("input", (event) => {
    const both = event.target.closest(".colour");
    if (!both) return;
    const [picker, written] = both.querySelectorAll("input");
    if (event.target === picker) written.value = picker.value;
    else if (/^#[0-9a-f]{6}$/i.test(written.value)) picker.value = written.value;
  });
})();
