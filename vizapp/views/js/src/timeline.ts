/** Curves along a sweep, with a cursor that takes all panes along. */

import { pictures } from "./actions";
import type { Props } from "./bokeh";
import { h } from "./dom";
import { type Hub, hubOf } from "./hub";
import { lockable } from "./locks";
import type { SideChart } from "./timeline/chart";
import { CHARTS } from "./timeline/charts";
import { Confidence } from "./timeline/confidence";
import { offerFigure } from "./timeline/figure";
import { Head } from "./timeline/head";
import { Play } from "./timeline/play";
import { Sheet } from "./timeline/sheet";
import { timeCurves } from "./timeline/timing";

/** All that says what is on the timeline: locked together. */
const STATE = ["sweep", "start", "end", "way", "ways", "cursor", "overlay", "crossed", "across"];

export function render({ view }: Props): HTMLElement {
  const hub = hubOf(view.model.document);
  const sheet = new Sheet(hub);
  const play = new Play(sheet);
  const curve = new Confidence(hub, sheet, () => play.toggle());
  const head = new Head(hub, sheet, play, (all) => {
    curve.all = all;
    curve.show();
  });
  offerFigure(hub, sheet, curve);
  timeCurves(hub, sheet);
  const body = h("div", { class: "body", hidden: true }, curve.element, sideOf(hub, sheet));
  sheet.on("head", (message) => {
    body.hidden = message === null;
    document.documentElement.toggleAttribute("data-sweep", message !== null);
  });
  return h("div", { class: "v-timeline" }, lockable(hub, STATE, head.element), body);
}

/** One chart beside the curve, of those that can be chosen; each is made when it is first wanted. */
function sideOf(hub: Hub, sheet: Sheet): HTMLElement {
  const made = new Map<string, SideChart>();
  const place = h("div", { class: "chart" });
  const tools = h("div", { class: "chart-tools" });
  const choice = h("select", { "aria-label": "Chart beside the curve", onchange: () => hub.send({ type: "set", name: "chart", value: choice.value }) }, ...Object.keys(CHARTS).map((name) => h("option", { value: name }, name)));
  let shown: SideChart | null = null;
  const show = (): void => {
    const name = hub.settings?.chart ?? "";
    const make = CHARTS[name];
    if (sheet.head && make && !made.has(name)) made.set(name, make(sheet, hub));
    choice.value = name;
    const next = (sheet.head && made.get(name)) || null;
    if (next === shown) return;
    shown?.shown(false);
    shown = next;
    place.replaceChildren(...(next ? [next.element] : []));
    tools.replaceChildren(...(next?.tools ? [next.tools] : []));
    next?.shown(true);
  };
  sheet.on("head", show);
  hub.on("settings", show);
  const bar = h("div", { class: "bar" }, lockable(hub, ["chart"], choice), tools, h("div", { class: "v-actions compact" }, pictures(hub, "timeline")));
  return h("div", { class: "side" }, bar, place);
}
