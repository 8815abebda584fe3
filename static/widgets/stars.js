/* <doorstep-stars product base>: a product's average in stars; and what <doorstep-reviews> in reviews.js
   is made of. Needs nothing else. Looks: --doorstep-accent, -star, -ink, -secondary, -line, -plate, -radius and
   -heading-font. Every text goes in as text, never as markup; no style attribute is written.
   A page that reserves the room before this script runs does not move at all:
     doorstep-stars { display: block; min-height: 1.5em } */
(() => {
  "use strict";
  if (window.doorstepWidgets) return;

  const WORDS = {
    en: {
      title: "Reviews", of: "out of 5", count: ["%n review", "%n reviews"], stars: ["%n star", "%n stars"],
      given: "%n of 5 stars", choose: "Choose a row to see only those reviews.",
      fair: "Every buyer is asked, and good and bad are published alike. Verified buyers ordered it here.",
      verified: "Verified buyer", more: "Show more", only: "Only %s", clear: "show all", list: "Reviews of buyers",
      row: ["%s: %n review", "%s: %n reviews"], none: "No reviews yet",
      first: "Whoever buys it is asked some days after it has arrived.",
      noneOf: "Nobody has given that many stars.", failed: "The reviews did not load.", again: "Try again",
      loading: "Reviews are loading",
      how: "You bought it? Your review is written through the link in the mail that asks you.",
    },
    de: {
      title: "Bewertungen", of: "von 5", count: ["%n Bewertung", "%n Bewertungen"], stars: ["%n Stern", "%n Sterne"],
      given: "%n von 5 Sternen", choose: "Wählen Sie eine Zeile, um nur diese zu sehen.",
      fair: "Alle, die kaufen, werden gefragt, und Gutes wie Schlechtes wird veröffentlicht. Verifiziert heißt: hier bestellt.",
      verified: "Verifizierter Kauf", more: "Mehr zeigen", only: "Nur %s", clear: "alle zeigen", list: "Bewertungen von Käufern",
      row: ["%s: %n Bewertung", "%s: %n Bewertungen"], none: "Noch keine Bewertungen",
      first: "Wer es kauft, wird einige Tage nach der Ankunft gefragt.",
      noneOf: "So viele Sterne hat noch niemand gegeben.", failed: "Die Bewertungen wurden nicht geladen.", again: "Noch einmal",
      loading: "Bewertungen werden geladen",
      how: "Sie haben es gekauft? Ihre Bewertung schreiben Sie über den Link in der Mail, die danach fragt.",
    },
  };
  const lang = (document.documentElement.lang || "en").toLowerCase();
  const words = WORDS[lang.split("-")[0]] || WORDS.en;
  const numbers = (digits) => new Intl.NumberFormat(lang in WORDS || lang.includes("-") ? lang : undefined, { minimumFractionDigits: digits, maximumFractionDigits: digits });
  const whole = numbers(0), tenth = numbers(1);
  const say = (told, n, s = "") => (Array.isArray(told) ? told[n === 1 ? 0 : 1] : told).replace("%n", typeof n === "number" ? whole.format(n) : n).replace("%s", s);

  const SHARED = `
    :host { display: block; color: var(--doorstep-ink, inherit); line-height: 1.5; font-variant-numeric: lining-nums tabular-nums; text-align: start }
    :host([hidden]) { display: none }
    * { box-sizing: border-box }
    svg { width: 1.15em; height: 1.15em; flex: none; stroke: var(--doorstep-star, #a8640f); stroke-width: 1.5; stroke-linejoin: round; fill: none }
    .stars { display: inline-flex; gap: .1em; vertical-align: -.2em }
    .full { fill: var(--doorstep-star, #a8640f) }
    .unseen { position: absolute; width: 1px; height: 1px; margin: -1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap }
    :focus-visible { outline: 2px solid var(--doorstep-accent, currentColor); outline-offset: 2px; border-radius: 2px }`;
  const BADGE = `
    :host { min-height: 1.5em }
    a { display: flex; width: max-content; max-width: 100%; height: 1.5em; gap: .5em; align-items: center; color: inherit; text-decoration: none; white-space: nowrap }
    a span:last-child { text-decoration: underline; text-underline-offset: .2em; text-decoration-thickness: 1px }
    .none { color: var(--doorstep-secondary, #5c6470) }`;
  const PIECES = `
    .chip { display: inline-flex; gap: .5em; align-items: center; min-height: 2.75em; padding: 0 1em; margin-bottom: .75em; border: 1px solid var(--doorstep-accent, currentColor); border-radius: 2em }
    .wide { min-height: 3em; padding: 0 1.5em; margin-top: 1.25em; border: 1px solid var(--doorstep-accent, currentColor); border-radius: var(--doorstep-radius, 8px); color: var(--doorstep-accent, inherit); font-weight: 600 }
    .wide[aria-busy=true] { opacity: .6 }
    .bone { background: var(--doorstep-plate, #eceef0); border-radius: .3em; height: 1em; margin: .6em 0; animation: wait 1.2s ease-in-out infinite alternate }
    .bone.tall { height: 2.75em; width: 60% } .bone.short { width: 40% } .bone.block { height: 4em }
    @keyframes wait { to { opacity: .5 } }
    @media (prefers-reduced-motion: reduce) { .bone { animation: none } }`;
  const sheets = {};
  const sheet = (text) => {
    if (!sheets[text]) (sheets[text] = new CSSStyleSheet()).replaceSync(text);
    return sheets[text];
  };

  const make = (name, set = {}, ...inside) => {
    const element = document.createElement(name);
    for (const key in set) key === "class" || key.includes("-") || key === "role" ? element.setAttribute(key, set[key]) : (element[key] = set[key]);
    element.append(...inside);
    return element;
  };
  const draw = (name, set, ...inside) => {
    const element = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const key in set) element.setAttribute(key, set[key]);
    element.append(...inside);
    return element;
  };
  const STAR = "M12 2.5l2.9 6.2 6.7.8-5 4.6 1.4 6.7L12 17.4l-6 3.4 1.4-6.7-5-4.6 6.7-.8z";
  let drawn = 0;
  /* Five stars, the last one filled in part: an average of 4.6 shows 4.6 of them. */
  const stars = (value) => {
    const row = make("span", { class: "stars", role: "img", "aria-label": say(words.given, Number.isInteger(value) ? value : tenth.format(value)) });
    for (let n = 1; n <= 5; n++) {
      const share = Math.max(0, Math.min(1, value - n + 1));
      const svg = draw("svg", { viewBox: "0 0 24 24", "aria-hidden": "true" }, draw("path", { d: STAR, ...(share === 1 && { class: "full" }) }));
      if (share > 0 && share < 1) {
        const id = `part-${++drawn}`;
        svg.prepend(draw("clipPath", { id }, draw("rect", { width: 2.4 + 19.2 * share, height: 24 })), draw("path", { d: STAR, class: "full", "clip-path": `url(#${id})`, stroke: "none" }));
      }
      row.append(svg);
    }
    return row;
  };

  /* Badge and list of a product ask once, together. */
  const asked = new Map();
  const ask = (base, product, stars, page) => {
    const query = new URLSearchParams({ product, lang: lang.split("-")[0] in WORDS ? lang : "en" });
    if (stars) query.set("stars", stars);
    if (page) query.set("page", page);
    const address = `${base.replace(/\/$/, "")}/reviews.json?${query}`;
    if (!asked.has(address)) {
      const answer = fetch(address, { credentials: "omit", headers: { Accept: "application/json" } }).then((got) => {
        if (!got.ok) throw new Error(got.status);
        return got.json();
      });
      answer.catch(() => asked.delete(address));
      asked.set(address, answer);
    }
    return asked.get(address);
  };

  class Widget extends HTMLElement {
    connectedCallback() {
      if (this.shadowRoot) return;
      this.attachShadow({ mode: "open" }).adoptedStyleSheets = [sheet(SHARED), sheet(this.constructor.style)];
      this.start();
    }
    ask(stars, page) {
      return ask(this.getAttribute("base") || "/apps/doorstep", this.getAttribute("product") || "", stars, page);
    }
    show(...inside) {
      this.shadowRoot.replaceChildren(...inside);
    }
  }

  class Stars extends Widget {
    static style = BADGE;
    async start() {
      try {
        const told = await this.ask();
        if (!told.count) return this.show(make("span", { class: "none" }, words.none));
        this.show(make("a", { href: "#doorstep-reviews" }, stars(told.average), make("span", {}, tenth.format(told.average)), make("span", {}, say(words.count, told.count))));
      } catch {
        this.show();
      }
    }
  }

  customElements.define("doorstep-stars", Stars);
  window.doorstepWidgets = { Widget, PIECES, make, draw, stars, say, words, whole, tenth, lang };
})();
