/** Curves along a sweep, with a cursor that takes all panes along. */

import type { Props } from "./bokeh";
import { h } from "./dom";
import { hubOf } from "./hub";
import { lockable } from "./locks";
import type { SideChart } from "./timeline/chart";
import { Confidence } from "./timeline/confidence";
import { Head } from "./timeline/head";
import { Sheet } from "./timeline/sheet";

/** All that says what is on the timeline: locked together. */
const STATE = ["sweep", "start", "end", "way", "ways", "cursor", "overlay", "crossed", "across"];

export function render({ view }: Props): HTMLElement {
  const hub = hubOf(view.model.document);
  const sheet = new Sheet(hub);
  const head = new Head(hub, sheet);
  const curve = new Confidence(hub, sheet);
  const side = h("div", { class: "side" });
  const charts: Record<string, SideChart> = {};
  let shown: SideChart | null = null;
  const show = (): void => {
    const next = (sheet.head && charts[hub.settings?.chart ?? ""]) || null;
    if (next === shown) return;
    shown?.shown(false);
    shown = next;
    side.replaceChildren(...(next ? [next.element] : []));
    next?.shown(true);
  };
  const body = h("div", { class: "body", hidden: true }, curve.element, side);
  sheet.on("head", (message) => {
    body.hidden = message === null;
    document.documentElement.toggleAttribute("data-sweep", message !== null);
    show();
  });
  hub.on("settings", show);
  return h("div", { class: "v-timeline" }, lockable(hub, STATE, head.element), body);
}
