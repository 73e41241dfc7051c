/** Sentences from the server: what went wrong and what to do, without covering what they speak of. */

import type { Props } from "./bokeh";
import { h } from "./dom";
import { hubOf } from "./hub";

const SHOWN_MS = 8000;

export function render({ view }: Props): HTMLElement {
  const list = h("div", { class: "v-notices", role: "alert" });
  hubOf(view.model.document).on("notice", ({ text, level }) => {
    const close = h("button", { type: "button", "aria-label": "Dismiss", onclick: () => note.remove() }, "×");
    const note = h("div", { class: `notice-item ${level}` }, h("span", {}, text), close);
    const same = [...list.children].find((item) => item.firstChild?.textContent === text);
    same?.remove();
    list.append(note);
    if (list.children.length > 3) list.firstChild?.remove();
    setTimeout(() => note.remove(), SHOWN_MS);
  });
  return list;
}
