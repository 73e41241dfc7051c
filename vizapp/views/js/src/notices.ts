/** Sentences from the server: what went wrong and what to do, without covering what they speak of. */

import type { Props } from "./bokeh";
import { h } from "./dom";
import { hubOf } from "./hub";

const SHOWN_MS = 8000;

export function render({ view }: Props): HTMLElement {
  const list = h("div", { class: "v-notices", role: "log", "aria-label": "Notices", "aria-live": "polite" });
  hubOf(view.model.document).on("notice", ({ text, level }) => {
    const close = h("button", { type: "button", "aria-label": "Dismiss", onclick: () => note.remove() }, "×");
    const note = h("div", { class: `notice-item ${level}` }, h("span", {}, text), close);
    if (level === "error") note.setAttribute("role", "alert");
    const same = [...list.children].find((item) => item.firstChild?.textContent === text);
    same?.remove();
    list.append(note);
    if (list.children.length > 3) list.firstChild?.remove();
    // Not under the eyes of somebody who points at it or has come to it with the keyboard.
    const leave = (): void => {
      if (note.matches(":hover, :focus-within")) window.setTimeout(leave, 1000);
      else note.remove();
    };
    window.setTimeout(leave, SHOWN_MS);
  });
  return list;
}
