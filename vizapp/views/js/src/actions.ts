/** What can be taken from a pane: the numbers behind it, and pictures of it. */

import type { Props } from "./bokeh";
import { h } from "./dom";
import { type Hub, hubOf } from "./hub";
import { isTextField } from "./keys";
import { fileName, picture, save } from "./pictures";
import { popover } from "./popover";

const NAMES: Record<string, string> = {
  pad: "the drawing",
  seen: "what the network sees",
  flat: "the flat plot",
  scene: "the 3D scene",
  inspector: "the inspector",
  timeline: "the confidence curve",
  hesitation: "the hesitation",
  reliability: "the reliability diagram",
  crossing: "the map of the crossed sweep",
  landscape: "the map of the test images",
};
/** Those that have numbers behind them; the inspector's are in it. */
const TABLED = ["seen", "flat", "scene"];
/** Those where there is room for icons only. */
const COMPACT = ["pad", "seen"];

export const TABLE = "M2 3.5h12v9H2zM2 6.5h12M2 9.5h12M6 3.5v9";
const PICTURE = "M2 3.5h12v9H2zM2 11l3.5-3.5 3 3L11 8l3 3M10.5 6.2a.6.6 0 1 0 .01 0";

export function render({ model, view }: Props): HTMLElement {
  const hub = hubOf(view.model.document);
  const pane = model.pane as string;
  const table = h(
    "button",
    { type: "button", title: `Table: the numbers behind ${NAMES[pane]}`, "aria-label": `Table: ${NAMES[pane]}`, onclick: () => hub.emit("tables", { pane }) },
    icon(TABLE),
    h("span", {}, "Table"),
  );
  if (TABLED.includes(pane)) {
    // A single letter, so only while the pane has the focus.
    document.getElementById(pane)?.addEventListener("keydown", (event) => {
      if (event.key.toLowerCase() !== "t" || event.ctrlKey || event.metaKey || event.altKey || isTextField(event.composedPath()[0])) return;
      event.preventDefault();
      table.click();
    });
  }
  return h(
    "div",
    { class: COMPACT.includes(pane) ? "v-actions compact" : "v-actions", role: "group", "aria-label": `Take from ${NAMES[pane]}` },
    ...(TABLED.includes(pane) ? [table] : []),
    pictures(hub, pane),
  );
}

/** A button that offers a picture as PNG or SVG. */
export function pictures(hub: Hub, pane: string): HTMLElement {
  const summary = h("summary", { title: `Picture of ${NAMES[pane]}`, "aria-label": `Picture of ${NAMES[pane]}` }, icon(PICTURE), h("span", {}, "Picture"));
  const files = (["png", "svg"] as const).map((kind) => {
    const make = async (): Promise<void> => {
      details.open = false;
      summary.focus();
      try {
        save(await picture(hub, pane, kind), fileName(hub, pane, kind));
      } catch (error) {
        const text = error instanceof Error && error.message ? error.message : "The picture could not be made.";
        hub.emit("notice", { type: "notice", level: "error", text });
      }
    };
    const title = `Save a picture of ${NAMES[pane]} as ${kind.toUpperCase()}`;
    return h("button", { type: "button", title, onclick: () => void make() }, kind.toUpperCase());
  });
  const details = popover(summary, h("div", { class: "popover files" }, ...files), { aside: false, below: pane === "pad" });
  return details;
}

export function icon(path: string): SVGSVGElement {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const line = document.createElementNS("http://www.w3.org/2000/svg", "path");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("aria-hidden", "true");
  line.setAttribute("d", path);
  svg.append(line);
  return svg;
}
