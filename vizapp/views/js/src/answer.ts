/** The answer: probabilities of the ten digits as bars, first and second guess. */

import type { Props } from "./bokeh";
import { h, percent } from "./dom";
import { hubOf } from "./hub";
import type { FrameMessage } from "./wire";

export function render({ view }: Props): HTMLElement {
  const hub = hubOf(view.model.document);
  const first = h("span", { class: "first" }, "–");
  const words = h("span", { class: "words" }, "Loading the network…");
  const rows = Array.from({ length: 10 }, (_, digit) => {
    const bar = h("span", { class: "bar" });
    const value = h("span", { class: "value num" });
    const row = h("li", {}, h("span", { class: "digit num" }, String(digit)), h("span", { class: "track" }, bar), value);
    return { row, bar, value };
  });
  const list = h("ol", { class: "bars", "aria-label": "Probability of each digit" });
  list.append(...rows.map((r) => r.row));
  const live = h("span", { class: "visually-hidden", role: "status", "aria-live": "polite" });
  const root = h("div", { class: "v-answer", "data-testid": "answer" }, h("p", { class: "guess" }, first, words), list, live);

  let announce = 0;
  const show = ({ probabilities, ack }: FrameMessage): void => {
    root.classList.toggle("empty", probabilities === null);
    const order = probabilities ? [...probabilities.keys()].sort((a, b) => probabilities[b] - probabilities[a]) : [];
    rows.forEach(({ row, bar, value }, digit) => {
      const p = probabilities?.[digit] ?? 0;
      bar.style.transform = `scaleX(${p})`;
      value.textContent = probabilities ? percent(p) : "";
      row.classList.toggle("is-first", digit === order[0]);
      row.classList.toggle("is-second", digit === order[1]);
    });
    if (probabilities) {
      const [a, b] = order;
      first.textContent = String(a);
      words.textContent = `with ${percent(probabilities[a]).trim()}, then ${b} with ${percent(probabilities[b]).trim()}`;
    } else {
      first.textContent = "–";
      words.textContent = "No answer yet: the pad is empty.";
    }
    clearTimeout(announce);
    // A screen reader hears the answer once it rests, not at every movement.
    announce = window.setTimeout(() => {
      live.textContent = probabilities ? `The answer is ${first.textContent}, ${words.textContent}` : words.textContent;
    }, 700);
    hub.emit("painted", { pane: "answer", ack });
  };
  hub.on("frame", show);
  if (hub.frame) show(hub.frame);
  return root;
}
