// What tests ask a page about itself, shadow roots included.
window.deep = (() => {
  const walk = (root = document, out = []) => {
    for (const element of root.querySelectorAll("*")) {
      out.push(element);
      if (element.shadowRoot) walk(element.shadowRoot, out);
    }
    return out;
  };
  const parentOf = (element) => element.parentElement ?? element.getRootNode().host ?? null;
  const inside = (element, other) => {
    for (let e = element; e; e = e.assignedSlot ?? parentOf(e)) if (e === other) return true;
    return false;
  };
  const at = (x, y) => {
    let element = document.elementFromPoint(x, y);
    for (;;) {
      const below = element?.shadowRoot?.elementFromPoint(x, y);
      if (!below || below === element) return element;
      element = below;
    }
  };
  const focused = () => {
    let element = document.activeElement;
    while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
    return element;
  };
  const nameOf = (e) => {
    const text = e.getAttribute("aria-label") || e.labels?.[0]?.textContent || e.textContent || e.title || "";
    return text.trim().replace(/\s+/g, " ").slice(0, 60) || `<${e.tagName.toLowerCase()} class="${e.className}">`;
  };
  const seen = (e) => e.checkVisibility({ visibilityProperty: true, opacityProperty: true }) && e.getClientRects().length > 0;
  const dialogOf = (e) => {
    for (let d = e; d; d = parentOf(d)) if (d instanceof HTMLDialogElement && d.open) return d;
    return null;
  };
  // What a person can see and press, unless a dialog keeps them from it.
  const controls = () => {
    const matching = 'button, input:not([type="file"]), select, textarea, summary, a[href]:not(.skip), [tabindex="0"]';
    const all = walk().filter((e) => e.matches(matching) && seen(e));
    const modal = all.map(dialogOf).find(Boolean);
    return modal ? all.filter((e) => inside(e, modal)) : all;
  };
  const role = (e) => e.getAttribute("role");

  // Controls whose centre belongs to something else: covered, or cut off. What can be scrolled to is scrolled to first.
  const unpressable = () => {
    const found = [];
    for (const control of controls()) {
      // A splitter is taken anywhere along its line; names stand on pictures.
      if (control.disabled || ["separator", "application"].includes(role(control))) continue;
      control.scrollIntoView({ block: "nearest", inline: "nearest", behavior: "instant" });
      const box = control.getBoundingClientRect();
      const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
      const hit = at(x, y);
      // A check box is pressed by its label, too.
      const owners = [control, ...(control.labels ?? [])];
      if (hit && owners.some((owner) => inside(hit, owner))) continue;
      found.push(`${nameOf(control)} at ${Math.round(x)}, ${Math.round(y)} is under ${hit ? nameOf(hit) : "nothing"}`);
    }
    scrollTo(0, 0);
    return found;
  };

  // When every colour and place on its way to another one has arrived.
  const settled = () => {
    const running = walk().flatMap((e) => e.getAnimations()).filter((a) => a.effect.getComputedTiming().endTime < Infinity);
    // Not waited for: one of what is not shown need not ever end.
    for (const animation of running) animation.finish();
    return running.length;
  };

  const scrolls = (e) => ["auto", "scroll"].includes(getComputedStyle(e).overflowX);
  // What is beside the screen, and texts wider than their boxes, where no scroll bar and no dots make up for it.
  const cutOff = () => {
    const found = [];
    const screen = document.documentElement.clientWidth;
    for (const e of walk()) {
      if (!seen(e) || e.closest(".skip, .visually-hidden, [aria-hidden=true], svg, .hidden-root, math")) continue;
      const style = getComputedStyle(e);
      const box = e.getBoundingClientRect();
      if (style.clipPath !== "none" || e.matches("option, canvas") || box.width < 2) continue;
      let held = e;
      while (held && getComputedStyle(held).overflowX === "visible") held = parentOf(held);
      const page = !held || held === document.documentElement || held === document.body;
      if ((page || !scrolls(held)) && (box.left < -1 || box.right > screen + 1)) found.push(`${nameOf(e)} is beside the screen`);
      const text = [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
      if (!text || scrolls(e) || style.textOverflow === "ellipsis" || !e.clientWidth) continue;
      if (e.scrollWidth > e.clientWidth + 1) found.push(`${nameOf(e)}: ${e.scrollWidth} px in ${e.clientWidth}`);
    }
    return [...new Set(found)];
  };

  const smallTargets = (least) => {
    const found = [];
    for (const e of controls()) {
      // A splitter is a line; what scrolls and what is drawn on is as large as its pane.
      if (["application", "separator", "region", "img"].includes(role(e))) continue;
      // Names that stand in the picture have their equals in the search.
      if (e.closest(".vz-labels")) continue;
      const boxes = [e, ...(e.labels ?? [])].map((b) => b.getBoundingClientRect());
      const [w, h] = [Math.max(...boxes.map((b) => b.width)), Math.max(...boxes.map((b) => b.height))];
      if (w < least - 0.5 || h < least - 0.5) found.push(`${nameOf(e)}: ${w.toFixed(0)}×${h.toFixed(0)}`);
    }
    return found;
  };

  const focus = () => {
    const e = focused();
    return e ? { tag: e.tagName.toLowerCase(), role: role(e), name: nameOf(e) } : null;
  };
  return { walk, parentOf, inside, at, focused, focus, nameOf, seen, controls, settled, unpressable, cutOff, smallTargets };
})();
