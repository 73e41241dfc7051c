// The workspace's columns: dragged, moved with the arrow keys, folded; remembered for the next visit.
(() => {
  const KEY = "vizapp:layout";
  const root = document.documentElement;
  // Columns in px, the flat plot in % of what both views have.
  const LEAST = { input: 300, inspector: 260, flat: 25 };
  const MOST = { input: 520, inspector: 720, flat: 75 };
  const FOLDS = ["input", "inspector", "timeline"];
  const TITLES = { input: "the input", inspector: "the inspector", flat: "the flat plot", timeline: "the timeline" };
  const bounded = (name, value) => Math.min(MOST[name], Math.max(LEAST[name], value));

  // What is stored may be anything: only what is known and in bounds is taken over.
  const layout = { sizes: {}, folded: [] };
  try {
    const kept = JSON.parse(localStorage.getItem(KEY)) ?? {};
    for (const name of Object.keys(LEAST)) {
      const size = kept.sizes?.[name];
      if (Number.isFinite(size)) layout.sizes[name] = bounded(name, size);
    }
    layout.folded = FOLDS.filter((name) => Array.isArray(kept.folded) && kept.folded.includes(name));
  } catch {
    // Forbidden, or not JSON: as on a first visit.
  }
  const keep = () => {
    try {
      localStorage.setItem(KEY, JSON.stringify(layout));
    } catch {
      // Not remembered, then.
    }
  };
  const apply = () => {
    const set = (name, value, unit) =>
      value === undefined ? root.style.removeProperty(`--${name}`) : root.style.setProperty(`--${name}`, `${value}${unit}`);
    const { input, inspector, flat } = layout.sizes;
    set("input", input, "px");
    set("inspector", inspector, "px");
    set("flat", flat, "fr");
    set("scene", flat === undefined ? undefined : 100 - flat, "fr");
    for (const name of FOLDS) root.toggleAttribute(`data-fold-${name}`, layout.folded.includes(name));
  };
  apply();

  const folded = (name) => layout.folded.includes(name);
  /** Everything that stands between the panes says again how wide they are. */
  const lines = [];
  const changed = () => {
    apply();
    for (const show of lines) show();
    dispatchEvent(new Event("resize"));
  };
  const toggle = (name) => {
    layout.folded = folded(name) ? layout.folded.filter((other) => other !== name) : [...layout.folded, name];
    changed();
    keep();
  };
  const panes = () => document.querySelector(".panes").getBoundingClientRect().width;
  const measure = (name) => {
    const { width } = document.getElementById(name).getBoundingClientRect();
    return name === "flat" ? (100 * width) / (panes() || 1) : width;
  };

  const split = (line) => {
    const name = line.dataset.sizes;
    const size = (value) => {
      layout.sizes[name] = Math.round(10 * bounded(name, value)) / 10;
      changed();
    };
    const attributes = {
      role: "separator",
      "aria-orientation": "vertical",
      "aria-controls": line.dataset.controls,
      "aria-label": `Width of ${TITLES[name]}`,
      "aria-valuemin": LEAST[name],
      "aria-valuemax": MOST[name],
      title: "Drag, or use the arrow keys; a double click brings the usual width back",
    };
    for (const [key, value] of Object.entries(attributes)) line.setAttribute(key, value);
    const show = () => {
      // The line beside a folded column moves nothing.
      line.tabIndex = folded(name) ? -1 : 0;
      line.setAttribute("aria-disabled", String(folded(name)));
      line.setAttribute("aria-valuenow", String(Math.round(bounded(name, measure(name)))));
    };
    lines.push(show);
    show();
    // Its column grows towards the right, but for the one at the right.
    const sign = name === "inspector" ? -1 : 1;
    const share = () => (name === "flat" ? 100 / (panes() || 1) : 1);
    line.addEventListener("pointerdown", (event) => {
      if (event.button !== 0 || folded(name)) return;
      const [start, before] = [event.clientX, measure(name)];
      line.setPointerCapture(event.pointerId);
      const move = (to) => size(before + sign * share() * (to.clientX - start));
      line.addEventListener("pointermove", move);
      const end = () => {
        line.removeEventListener("pointermove", move);
        keep();
      };
      line.addEventListener("lostpointercapture", end, { once: true });
    });
    line.addEventListener("keydown", (event) => {
      const step = { ArrowLeft: -16, ArrowRight: 16 }[event.key];
      const end = { Home: LEAST[name], End: MOST[name] }[event.key];
      if (event.key === "Enter" && FOLDS.includes(name)) {
        document.querySelector(`.fold[data-sizes="${name}"]`).focus();
        toggle(name);
      } else if (step !== undefined) size(measure(name) + sign * share() * step);
      else if (end !== undefined) size(end);
      else return;
      event.preventDefault();
      keep();
    });
    line.addEventListener("dblclick", () => {
      delete layout.sizes[name];
      changed();
      keep();
    });
  };

  /** A button beside the line, since a separator may hold nothing that can be pressed. */
  const fold = (name, before) => {
    const button = document.createElement("button");
    const mark = document.createElement("span");
    button.type = "button";
    button.className = "fold";
    button.dataset.sizes = name;
    button.append(mark);
    const show = () => {
      mark.dataset.way = name === "timeline" ? (folded(name) ? "up" : "down") : (name === "input") === folded(name) ? "right" : "left";
      button.title = `${folded(name) ? "Show" : "Fold"} ${TITLES[name]}`;
      button.setAttribute("aria-label", button.title);
      button.setAttribute("aria-expanded", String(!folded(name)));
      button.setAttribute("aria-controls", name);
    };
    button.addEventListener("click", () => toggle(name));
    lines.push(show);
    show();
    before.parentElement.insertBefore(button, before);
  };
  // Once: some library says it again when it is done.
  document.addEventListener("DOMContentLoaded", () => {
    for (const line of document.querySelectorAll(".splitter")) {
      split(line);
      if (FOLDS.includes(line.dataset.sizes)) fold(line.dataset.sizes, line.nextSibling);
    }
    fold("timeline", document.getElementById("timeline"));
    addEventListener("resize", () => lines.forEach((show) => show()));
  }, { once: true });
})();
