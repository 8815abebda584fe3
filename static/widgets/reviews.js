/* <doorstep-reviews product base>: what buyers wrote about a product. Brings stars.js, which lies beside it.
   `how` says how a review is written. A page that reserves the room beforehand does not move at all:
     doorstep-reviews { display: block; min-height: 32em }
     @media (max-width: 46em) { doorstep-reviews { min-height: 54em } } */
(() => {
  "use strict";
  if (customElements.get("doorstep-reviews")) return;

  const define = () => {
    if (customElements.get("doorstep-reviews")) return;
    const { Widget, PIECES, make, draw, stars, say, words, whole, tenth, lang } = window.doorstepWidgets;
    const LIST = `${PIECES}
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
    .how { margin-top: 1em }
    li { padding: 1.25em 0; border-bottom: 1px solid var(--doorstep-line, #e3e6ea); overflow-wrap: anywhere }
    li:first-child { padding-top: .25em }
    .head { display: flex; flex-wrap: wrap; gap: .25em .75em; align-items: center }
    .head b { font-weight: 600 } .head .quiet { margin-inline-start: auto }
    .text { margin-top: .375em; white-space: pre-line; max-width: 42em }
    .badge { display: inline-flex; gap: .4em; align-items: center; margin-top: .75em; padding: .1em .75em; border-radius: 1em; background: var(--doorstep-plate, #eceef0); font-size: .875em }
    .badge svg { width: .9em; height: .9em; stroke: currentColor; stroke-width: 2.5 }
    :host([empty]) { min-height: 0 !important }
    .empty { padding: 1em 0 }
    @media (max-width: 46em) { :host { min-height: 54em } }
    @container (min-width: 42em) { .frame { grid-template-columns: 15em minmax(0, 1fr); gap: 3em } }`;

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
        if (!told.count) return this.show(make("h2", {}, words.title), make("div", { class: "empty" }, make("p", {}, words.none), told.asked ? make("p", { class: "quiet" }, words.first, this.hasAttribute("how") ? ` ${words.how}` : "") : ""));
        this.rows = [5, 4, 3, 2, 1].map((n) => this.row(n, told.distribution[n] || 0));
        const score = make("div", { class: "score" }, make("b", {}, tenth.format(told.average)), make("div", {}, stars(told.average), make("p", { class: "quiet" }, `${words.of}, ${say(words.count, told.count)}`)));
        const side = make("div", {}, make("h2", {}, words.title), score, ...this.rows, make("p", { class: "quiet" }, words.choose));
        /* Said only while it is true. */
        if (told.asked) side.append(make("p", { class: "quiet fair" }, words.fair));
        this.main = make("div", {});
        const how = told.asked && this.hasAttribute("how") ? make("p", { class: "quiet how" }, words.how) : "";
        this.show(make("div", { class: "frame" }, side, make("div", {}, this.main, how)));
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

    customElements.define("doorstep-reviews", Reviews);
  };

  if (window.doorstepWidgets) return define();
  const beside = document.createElement("script");
  beside.src = document.currentScript.src.replace(/reviews\.js/, "stars.js");
  beside.onload = define;
  document.head.append(beside);
})();
