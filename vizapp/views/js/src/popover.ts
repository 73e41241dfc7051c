/** A summary that opens a small panel; Escape, a click or the focus elsewhere closes it. */

import { h } from "./dom";

const GAP = 8;
const EDGE = 4;

export interface PopoverOptions {
  /** The panel acts on the views: it opens beside them where there is room, and in line with the page on small screens. */
  aside?: boolean;
  /** Under the summary, and not over it. */
  below?: boolean;
}

export function popover(summary: HTMLElement, content: HTMLElement, options: PopoverOptions = {}): HTMLDetailsElement {
  const panel = h("div", { class: "layer" }, content);
  const details = h("details", { class: "v-popover" }, summary, panel);
  const { aside = true, below = false } = options;
  const floats = (): boolean => "popover" in panel && !(aside && matchMedia("(max-width: 1000px)").matches);
  const show = (): void => {
    const floating = details.open && floats();
    // On top of everything, whatever scrolls or is cut off around it.
    panel.popover = floating ? "manual" : null;
    if (!floating) return;
    if (!panel.matches(":popover-open")) panel.showPopover();
    place(summary, panel, aside, below);
  };
  details.addEventListener("toggle", show);
  window.addEventListener("resize", () => {
    if (details.open) show();
  });
  document.addEventListener("pointerdown", (event) => {
    if (!event.composedPath().includes(details)) details.open = false;
  });
  details.addEventListener("focusout", ({ relatedTarget }) => {
    if (relatedTarget instanceof Node && !details.contains(relatedTarget)) details.open = false;
  });
  details.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !details.open) return;
    details.open = false;
    summary.focus();
    event.stopPropagation();
  });
  return details;
}

/** Where it covers least: right of the views, left of them, or else at the summary. */
function place(summary: HTMLElement, panel: HTMLElement, aside: boolean, below: boolean): void {
  const { offsetWidth: width, offsetHeight: height } = panel;
  const at = summary.getBoundingClientRect();
  const views = aside ? document.querySelector(".panes")?.getBoundingClientRect() : undefined;
  const within = (value: number, size: number, room: number): number => Math.max(EDGE, Math.min(value, room - size - EDGE));
  let left = at.right - width;
  let top = at.top - height - GAP;
  if (views && views.right + width + GAP <= innerWidth) [left, top] = [innerWidth - width - EDGE, at.bottom - height];
  else if (views && views.left - width - 2 * GAP >= 0) [left, top] = [views.left - width - GAP, at.bottom - height];
  else if (below || top < GAP) top = at.bottom + GAP;
  panel.style.left = `${within(left, width, innerWidth)}px`;
  panel.style.top = `${within(top, height, innerHeight)}px`;
}
