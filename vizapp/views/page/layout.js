// The workspace's columns: dragged, moved with the arrow keys, folded; remembered for the next visit.
(() => {
  const KEY = "vizapp:layout";
  const root = document.documentElement;
  const LEAST = { input: 334, inspector: 260, flat: 15 };
  const MOST = { input: 520, inspector: 720, flat: 85 };
  const read = () => {
    try {
      return JSON.parse(localStorage.getItem(KEY)) ?? {};
    } catch {
      return {}; // storage may be forbidden, and what is in it may be anything
    }
  };
  const kept = read();
  const layout = {
    sizes: typeof kept.sizes === "object" && kept.sizes ? kept.sizes : {},
    folded: Array.isArray(kept.folded) ? kept.folded : [],
  };
  const keep = () => {
    try {
      localStorage.setItem(KEY, JSON.stringify(layout));
    } catch {
      // Not remembered, then.
    }
  };
  const bounded = (name, value) => Math.min(MOST[name], Math.max(LEAST[name], value));
  const apply = () => {
    const { flat, ...columns } = layout.sizes;
    for (const [name, value] of Object.entries(columns)) {
      if (name in LEAST && Number.isFinite(value)) root.style.setProperty(`--${name}`, `${bounded(name, value)}px`);
    }
    if (Number.isFinite(flat)) {
      root.style.setProperty("--flat", `${bounded("flat", flat)}fr`);
      root.style.setProperty("--scene", `${100 - bounded("flat", flat)}fr`);
    }
    for (const name of ["input", "inspector"]) root.toggleAttribute(`data-fold-${name}`, layout.folded.includes(name));
  };
  apply();

  const TITLES = { input: "the input", inspector: "the inspector", flat: "the flat plot" };
  const measure = (name) => {
    const box = document.getElementById(name).getBoundingClientRect();
    if (name !== "flat") return box.width;
    return (100 * box.width) / document.querySelector(".panes").getBoundingClientRect().width;
  };
  const setUp = (splitter) => {
    const name = splitter.dataset.sizes;
    const say = () => splitter.setAttribute("aria-valuenow", String(Math.round(measure(name))));
    const size = (value) => {
      layout.sizes[name] = Math.round(bounded(name, value));
      apply();
      say();
      dispatchEvent(new Event("resize"));
    };
    const attributes = {
      role: "separator",
      tabindex: "0",
      "aria-orientation": "vertical",
      "aria-controls": splitter.dataset.controls,
      "aria-label": `Width of ${TITLES[name]}`,
      "aria-valuemin": LEAST[name],
      "aria-valuemax": MOST[name],
      title: "Drag, or use the arrow keys; a double click brings the usual width back",
    };
    for (const [key, value] of Object.entries(attributes)) splitter.setAttribute(key, value);
    say();
    // Its column grows towards the right, but for the one at the right.
    const sign = name === "inspector" ? -1 : 1;
    const share = () => (name === "flat" ? 100 / document.querySelector(".panes").getBoundingClientRect().width : 1);
    splitter.addEventListener("pointerdown", (event) => {
      if (event.target !== splitter) return;
      const [start, before] = [event.clientX, measure(name)];
      splitter.setPointerCapture(event.pointerId);
      const move = (to) => size(before + sign * share() * (to.clientX - start));
      splitter.addEventListener("pointermove", move);
      splitter.addEventListener("lostpointercapture", () => {
        splitter.removeEventListener("pointermove", move);
        keep();
      }, { once: true });
    });
    splitter.addEventListener("keydown", (event) => {
      const step = { ArrowLeft: -16, ArrowRight: 16 }[event.key];
      if (step === undefined || event.target !== splitter) return;
      event.preventDefault();
      size(measure(name) + sign * share() * step);
      keep();
    });
    splitter.addEventListener("dblclick", (event) => {
      if (event.target !== splitter) return;
      delete layout.sizes[name];
      for (const property of name === "flat" ? ["flat", "scene"] : [name]) root.style.removeProperty(`--${property}`);
      keep();
      say();
      dispatchEvent(new Event("resize"));
    });
    if (name !== "flat") fold(splitter, name);
  };
  /** A button beside the line, since a separator may hold nothing that can be pressed. */
  const fold = (splitter, name) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "fold";
    button.dataset.sizes = name;
    const show = () => {
      const folded = layout.folded.includes(name);
      button.textContent = (name === "input") === folded ? "›" : "‹";
      button.title = `${folded ? "Show" : "Fold"} ${TITLES[name]}`;
      button.setAttribute("aria-label", button.title);
      button.setAttribute("aria-expanded", String(!folded));
      button.setAttribute("aria-controls", name);
    };
    button.addEventListener("click", () => {
      layout.folded = layout.folded.includes(name)
        ? layout.folded.filter((other) => other !== name)
        : [...layout.folded, name];
      apply();
      show();
      keep();
      dispatchEvent(new Event("resize"));
    });
    show();
    splitter.parentElement.insertBefore(button, splitter.nextSibling);
  };
  document.addEventListener("DOMContentLoaded", () => document.querySelectorAll(".splitter").forEach((line) => setUp(line)));
})();
