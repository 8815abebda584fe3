/* <doorstep-reviews product base> and <doorstep-stars product base>: what buyers wrote about a product.
   Needs nothing else. Looks: --doorstep-accent, -star, -ink, -secondary, -line, -plate, -radius and
   -heading-font. Every text goes in as text, never as markup; no style attribute is written.
   A page that reserves the room before this script runs does not move at all:
     doorstep-stars { display: block; min-height: 1.5em }
     doorstep-reviews { display: block; min-height: 32em }
     @media (max-width: 46em) { doorstep-reviews { min-height: 54em } } */
(() => {
  "use strict";
  if (customElements.get("doorstep-reviews")) return;

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
  const LIST = `
    :host { min-height: 32em; container-type: inline-size }
    h2, h3 { font-family: var(--doorstep-heading-font, inherit); font-weight: 400; line-height: 1.2; margin: 0; overflow-wrap: anywhere }
    h2 { font-size: 1.5em } h3 { font-size: 1.15em; margin-top: .5em }
    p { margin: 0 } ul { list-style: none; margin: 0; padding: 0 }
    .quiet { color: var(--doorstep-secondary, #5c6470); font-size: .875em }
    .frame { display: grid; gap: 2em }
    .score { display: flex; gap: 1em; align-items: center; margin: .75em 0 1em }
    .score b { font: 400 2.75em/1 var(--doorstep-heading-font, inherit) }
    button { font: inherit; color: inherit; cursor: pointer; background: none; border: 0; padding: 0 }
    .row { display: grid; grid-template-columns: 4.5em 1fr 2.5em; gap: .75em; align-items: center; width: calc(100% + 1em); margin: 0 -.5em; padding: 0 .5em; min-height: 2.75em; text-align: start; border-radius: var(--doorstep-radius, 8px); border: 2px solid transparent }
    .row[aria-pressed=true] { border-color: var(--doorstep-accent, currentColor) }
    .row[aria-pressed=true] > :first-child, .row:hover > :first-child { text-decoration: underline; text-underline-offset: .2em }
    .row > :last-child { text-align: end }
    .bar { display: block; width: 100%; height: .5em; border-radius: 1em; background: var(--doorstep-plate, #eceef0); stroke: none }
    .bar rect { fill: var(--doorstep-star, #a8640f) }
    .fair { margin-top: 1em; padding-top: 1em; border-top: 1px solid var(--doorstep-line, #e3e6ea) }
    .chip { display: inline-flex; gap: .5em; align-items: center; min-height: 2.75em; padding: 0 1em; margin-bottom: .75em; border: 1px solid var(--doorstep-accent, currentColor); border-radius: 2em }
    li { padding: 1.25em 0; border-bottom: 1px solid var(--doorstep-line, #e3e6ea); overflow-wrap: anywhere }
    li:first-child { padding-top: .25em }
    .head { display: flex; flex-wrap: wrap; gap: .25em .75em; align-items: center }
    .head b { font-weight: 600 } .head .quiet { margin-inline-start: auto }
    .text { margin-top: .375em; white-space: pre-line; max-width: 42em }
    .badge { display: inline-flex; gap: .4em; align-items: center; margin-top: .75em; padding: .1em .75em; border-radius: 1em; background: var(--doorstep-plate, #eceef0); font-size: .875em }
    .badge svg { width: .9em; height: .9em; stroke: currentColor; stroke-width: 2.5 }
    .wide { min-height: 3em; padding: 0 1.5em; margin-top: 1.25em; border: 1px solid var(--doorstep-accent, currentColor); border-radius: var(--doorstep-radius, 8px); color: var(--doorstep-accent, inherit); font-weight: 600 }
    .wide[aria-busy=true] { opacity: .6 }
    :host([empty]) { min-height: 0 !important }
    .empty { padding: 1em 0 }
    .bone { background: var(--doorstep-plate, #eceef0); border-radius: .3em; height: 1em; margin: .6em 0; animation: wait 1.2s ease-in-out infinite alternate }
    .bone.tall { height: 2.75em; width: 60% } .bone.short { width: 40% } .bone.block { height: 4em }
    @keyframes wait { to { opacity: .5 } }
    @media (prefers-reduced-motion: reduce) { .bone { animation: none } }
    @media (max-width: 46em) { :host { min-height: 54em } }
    @container (min-width: 42em) { .frame { grid-template-columns: 15em minmax(0, 1fr); gap: 3em } }`;
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

  class Reviews extends Widget {
    static style = LIST;
    start() {
      if (!this.id) this.id = "doorstep-reviews";
      this.load();
    }
    async load() {
      const bones = (...kinds) => kinds.map((kind) => make("div", { class: `bone ${kind}` }));
      this.show(make("div", { class: "frame", role: "status", "aria-label": words.loading }, make("div", {}, ...bones("short", "tall", "", "", "", "", "")), make("div", {}, ...bones("short", "", "block", "short", "", "block"))));
      try {
        this.told = await this.ask();
      } catch {
        const again = make("button", { class: "wide", type: "button", onclick: () => this.load() }, words.again);
        return this.show(make("h2", {}, words.title), make("div", { class: "empty", role: "alert" }, make("p", {}, words.failed), again));
      }
      this.stars = 0;
      this.build();
    }
    build() {
      const told = this.told;
      /* Out of sight the reserved room may go; in sight that would move the page. */
      if (!told.count && this.getBoundingClientRect().top > innerHeight) this.setAttribute("empty", "");
      if (!told.count) return this.show(make("h2", {}, words.title), make("div", { class: "empty" }, make("p", {}, words.none), told.asked ? make("p", { class: "quiet" }, words.first) : ""));
      this.rows = [5, 4, 3, 2, 1].map((n) => this.row(n, told.distribution[n] || 0));
      const score = make("div", { class: "score" }, make("b", {}, tenth.format(told.average)), make("div", {}, stars(told.average), make("p", { class: "quiet" }, `${words.of}, ${say(words.count, told.count)}`)));
      const side = make("div", {}, make("h2", {}, words.title), score, ...this.rows, make("p", { class: "quiet" }, words.choose));
      /* Said only while it is true. */
      if (told.asked) side.append(make("p", { class: "quiet fair" }, words.fair));
      this.main = make("div", {});
      this.show(make("div", { class: "frame" }, side, this.main));
      this.fill(told);
      this.fit();
    }
    /* What was reserved is what is used: reviews that would push the page down wait behind "Show more". */
    fit() {
      const most = parseFloat(getComputedStyle(this).minHeight) || Infinity;
      const kept = [];
      while (this.list.children.length > 1 && this.getBoundingClientRect().height > most + 1) {
        if (!this.button) this.main.append((this.button = this.more(null)));
        kept.unshift(this.list.lastChild);
        kept[0].remove();
      }
      this.kept = kept;
    }
    row(n, count) {
      const name = say(words.stars, n);
      const share = { width: `${(100 * count) / this.told.count}%`, height: "100%", rx: 4 };
      const bar = draw("svg", { class: "bar", "aria-hidden": "true" }, draw("rect", share));
      const set = { class: "row", type: "button", "aria-pressed": "false", onclick: () => this.only(this.stars === n ? 0 : n) };
      return make("button", set, make("span", {}, name), bar, make("span", {}, whole.format(count)));
    }
    /* A chosen row stays a row; a chip over the list takes the choice back. */
    async only(n) {
      this.stars = n;
      this.rows.forEach((row, at) => row.setAttribute("aria-pressed", String(5 - at === n)));
      try {
        const told = n ? await this.ask(n) : this.told;
        if (this.stars === n) this.fill(told);
      } catch {
        if (this.stars === n) this.trouble(() => this.only(n));
      }
    }
    fill(told) {
      this.kept = [];
      this.list = make("ul", { "aria-label": words.list });
      this.main.replaceChildren(this.list);
      if (this.stars) {
        const name = say(words.stars, this.stars);
        this.main.prepend(make("button", { class: "chip", type: "button", onclick: () => this.clear() }, say(words.only, 0, name), make("span", { "aria-hidden": "true" }, "\u00d7"), make("span", { class: "unseen" }, words.clear)));
      }
      if (!told.reviews.length) this.list.replaceWith(make("p", { class: "quiet", role: "status" }, words.noneOf));
      this.add(told);
    }
    clear() {
      const at = 5 - this.stars;
      this.only(0);
      this.rows[at].focus();
    }
    add(told) {
      const items = told.reviews.map((review) => this.item(review));
      this.list.append(...items);
      this.button = told.next ? this.more(told.next) : null;
      if (this.button) this.main.append(this.button);
      return items[0];
    }
    more(next) {
      const button = make("button", { class: "wide", type: "button" }, words.more);
      button.onclick = async () => {
        let first = this.kept[0];
        if (first) {
          this.list.append(...this.kept);
          this.kept = [];
          if (!next) button.remove();
        } else {
          button.setAttribute("aria-busy", "true");
          try {
            const told = await this.ask(this.stars, next);
            button.remove();
            first = this.add(told);
          } catch {
            button.removeAttribute("aria-busy");
            button.textContent = `${words.failed} ${words.again}`;
            return;
          }
        }
        first.tabIndex = -1;
        first.focus({ preventScroll: true });
      };
      return button;
    }
    item(review) {
      const head = make("div", { class: "head" }, stars(review.stars), make("b", { dir: "auto" }, review.name), make("span", { class: "quiet" }, review.day));
      const item = make("li", { lang: review.language }, head);
      head.lang = lang;
      if (review.title) item.append(make("h3", { dir: "auto" }, review.title));
      if (review.body) item.append(make("p", { class: "text", dir: "auto" }, review.body));
      if (review.verified) item.append(make("span", { class: "badge", lang }, draw("svg", { viewBox: "0 0 20 20", "aria-hidden": "true" }, draw("path", { d: "M4 10.5l4 4 8-9" })), words.verified));
      return item;
    }
    trouble(retry) {
      this.main.replaceChildren(make("div", { class: "empty", role: "alert" }, make("p", {}, words.failed), make("button", { class: "wide", type: "button", onclick: retry }, words.again)));
    }
  }

  customElements.define("doorstep-stars", Stars);
  customElements.define("doorstep-reviews", Reviews);
})();
