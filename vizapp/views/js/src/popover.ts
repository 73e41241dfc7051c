/** A summary that opens a small panel; Escape or a click elsewhere closes it. */

import { h } from "./dom";

export function popover(summary: HTMLElement, panel: HTMLElement): HTMLDetailsElement {
  const details = h("details", { class: "v-popover" }, summary, panel);
  document.addEventListener("pointerdown", (event) => {
    if (!event.composedPath().includes(details)) details.open = false;
  });
  details.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !details.open) return;
    details.open = false;
    summary.focus();
    event.stopPropagation();
  });
  return details;
}
