// A fresh token of the back office on every request, and nothing else that a page could do without.
(() => {
  const own = document.currentScript.dataset;
  const LIFE = 40_000; // milliseconds; tokens live a minute
  let token = "", fetched = 0;

  const asked = () => window.shopify?.idToken ? window.shopify.idToken() : askParent();

  // WordPress: the plugin's page around us holds the nonce that a token costs.
  const askParent = () => new Promise((resolve, reject) => {
    const late = setTimeout(() => done(() => reject(new Error("the back office gives no token"))), 8_000);
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
    asked().then((given) => {
      const target = new URL(own.wanted, location.origin);
      target.searchParams.set("id_token", given);
      location.replace(target);
    });
    return;
  }

  // The address must not keep the token that the first load came with.
  const here = new URL(location);
  if (here.searchParams.has("id_token")) {
    for (const name of ["id_token", "hmac", "timestamp", "session", "embedded", "locale", "host"]) here.searchParams.delete(name);
    history.replaceState(history.state, "", here);
  }

  document.addEventListener("htmx:confirm", (event) => {
    event.preventDefault();
    if (event.detail.question && !confirm(event.detail.question)) return;
    fresh().then(() => event.detail.issueRequest(true), () => document.dispatchEvent(new CustomEvent("doorstep:away")));
  });
  document.addEventListener("htmx:configRequest", (event) => {
    event.detail.headers.Authorization = `Bearer ${token}`;
  });
  document.addEventListener("htmx:pushedIntoHistory", (event) => {
    parent.postMessage({ type: "doorstep:path", path: event.detail.path }, own.parent);
  });
})();
