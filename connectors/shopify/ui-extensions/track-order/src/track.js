// Where the order is, in one sentence, and the way to the page that says more. Until the app knows the order,
// and where it does not know it at all, there is nothing to see.
import { h, render } from "preact";
import { ADDRESS } from "./address.js";

// Milliseconds. A page of thanks is often faster than the store's message about the order.
const PAUSES = [0, 2000, 4000, 8000];

const wait = (pause) => new Promise((done) => setTimeout(done, pause));

async function ask(order, confirmation) {
  const query = new URLSearchParams({ order, confirmation: confirmation || "" });
  // Asked for each time: a token lives for some minutes, and the platform keeps one ready.
  const token = await shopify.sessionToken.get();
  return fetch(`${ADDRESS}/shopper/tracking.json?${query}`, { headers: { Authorization: `Bearer ${token}` } });
}

export async function find(order, confirmation, pauses = PAUSES) {
  if (!order) return null;
  for (const pause of pauses) {
    await wait(pause);
    try {
      const answer = await ask(order, confirmation);
      if (answer.ok) return await answer.json();
      if (answer.status !== 404 && answer.status < 500) return null;
    } catch {
      // The next try may reach the app.
    }
  }
  return null;
}

export function Track({ found }) {
  if (!found) return null;
  return h(
    "s-stack",
    { gap: "small" },
    h("s-heading", {}, found.headline),
    h("s-link", { href: found.url }, shopify.i18n.translate("track")),
  );
}

export async function show(order, confirmation, pauses) {
  const found = await find(order, confirmation, pauses);
  render(h(Track, { found }), document.body);
}
