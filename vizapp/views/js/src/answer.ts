/** The answer: probabilities of the ten digits as bars, first and second guess. */

import type { Props } from "./bokeh";
import { h, percent } from "./dom";
import { type Hub, hubOf } from "./hub";
import type { FrameMessage } from "./wire";

/** The answer is said when neither pen nor numbers have moved for so long. */
const REST_MS = 700;

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
  const root = h("div", { class: "v-answer", "data-testid": "answer" }, h("p", { class: "guess" }, first, words), list, live(hub));

  const show = ({ probabilities, ack }: FrameMessage): void => {
    root.classList.toggle("empty", probabilities === null);
    const order = ranked(probabilities);
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
    hub.emit("painted", { pane: "answer", ack });
  };
  hub.on("frame", show);
  if (hub.frame) show(hub.frame);
  return root;
}

/** The digits, the likeliest first. */
function ranked(probabilities: number[] | null): number[] {
  return probabilities ? [...probabilities.keys()].sort((a, b) => probabilities[b] - probabilities[a]) : [];
}

/** What a screen reader hears: one sentence when the pen rests, never during a stroke, and none twice. */
function live(hub: Hub): HTMLElement {
  const element = h("span", { class: "visually-hidden", role: "status", "aria-live": "polite", "data-testid": "said" });
  let timer = 0;
  let down = false;
  const say = (): void => {
    const text = sentence(hub.frame?.probabilities ?? null);
    if (element.textContent !== text) element.textContent = text;
  };
  const wait = (): void => {
    clearTimeout(timer);
    if (!down && hub.frame) timer = window.setTimeout(say, REST_MS);
  };
  hub.on("frame", wait);
  hub.on("pen", (pen) => {
    down = pen.down;
    wait();
  });
  wait();
  return element;
}

function sentence(probabilities: number[] | null): string {
  if (!probabilities) return "No answer: the pad is empty.";
  const [a, b] = ranked(probabilities);
  const share = (digit: number): string => `${Math.round(100 * probabilities[digit])} %`;
  return `${a} with ${share(a)}, then ${b} with ${share(b)}`;
}
