// What the keyboard tests read in a document and its open shadow trees. Tests only; put in by keyboard.py.
window.keys ??= (() => {
  const CONTROLS = "a[href], area[href], button, input, select, textarea, summary, audio[controls],"
    + " video[controls], [contenteditable=true], [tabindex]";
  const known = new Map();   // element -> number, so that Python can name it
  const atRest = new Map();  // element -> how it and its neighbours look without the focus

  function* deep(root) {
    for (const element of root.querySelectorAll("*")) {
      yield element;
      if (element.shadowRoot) yield* deep(element.shadowRoot);
    }
  }

  const number = (element) => {
    if (!known.has(element)) known.set(element, known.size);
    return known.get(element);
  };

  const name = (element) => {
    const words = element.getAttribute("aria-label") || element.textContent.trim() || element.name || element.id;
    return `${element.localName} ${String(words).replace(/\s+/g, " ").slice(0, 60)}`.trim();
  };

  const look = (element) => {
    const around = [element, element.nextElementSibling, ...(element.labels ?? [])];
    // A whole card may wear the ring of the one link in it.
    for (let one = element.parentElement; one && around.length < 8; one = one.parentElement) around.push(one);
    return around.filter(Boolean).map((one) => {
      const s = getComputedStyle(one);
      const ring = s.outlineStyle === "none" || parseFloat(s.outlineWidth) === 0 ? "" : s.outline;
      return [ring, s.boxShadow, s.border, s.backgroundColor, s.color, s.textDecoration].join("|");
    }).join("||");
  };

  const operable = (element) => element.matches(CONTROLS)
    && !element.matches(":disabled, input[type=hidden], [inert], [inert] *")
    && element.tabIndex >= 0
    && element.checkVisibility({visibilityProperty: true})
    && element.getClientRects().length > 0;

  // Of radio buttons that belong together the keyboard enters one; arrows lead to the others.
  const group = (element) => element.type === "radio" && element.name
    ? `radio ${element.form?.id ?? ""} ${element.name}` : "";

  const covered = (element) => {
    const box = element.getBoundingClientRect();
    let top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
    while (top?.shadowRoot) {
      const inner = top.shadowRoot.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
      if (!inner || inner === top) break;
      top = inner;
    }
    for (let one = top; one; one = one.parentElement) {
      if (one.contains(element)) return false;
      if (["fixed", "sticky"].includes(getComputedStyle(one).position)) return true;
    }
    return false;
  };

  return {
    expected() {
      return [...deep(document)].filter(operable).map((element) => {
        atRest.set(element, look(element));
        return {number: number(element), name: name(element), group: group(element)};
      });
    },
    focused() {
      let element = document.activeElement;
      while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
      if (!element || element === document.body || element === document.documentElement) return null;
      return {
        number: number(element), name: name(element), group: group(element),
        frame: element.localName === "iframe",
        visible: !atRest.has(element) || atRest.get(element) !== look(element),
        covered: covered(element),
      };
    },
    element() {
      let element = document.activeElement;
      while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
      return element;
    },
  };
})();
