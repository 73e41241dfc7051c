/** What the pointer is on, in whichever pane, with exact numbers: a node, or the edges at a place of the raster. */

import type { Props } from "./bokeh";
import { h, number } from "./dom";
import { isTracing, showsClasses } from "./edges";
import { type Hub, hubOf } from "./hub";
import { layerIndexOf, nodeName } from "./network";
import { Question } from "./question";
import type { FoundEdge, LayerDoc } from "./wire";

const HINT = "to see its value and the edges that end in it, or between nodes for the edges there.";

export function render({ view }: Props): HTMLElement {
  const hub = hubOf(view.model.document);
  const name = h("span", { class: "name" }, "Point at a node");
  const values = h("span", { class: "values num" }, HINT);
  const list = h("ol", { class: "edge-list", "aria-label": "Strongest edges at the pointer" });
  const focus = new Question<number>(hub, (node, seq) => ({ type: "focus", seq, node }));

  const exact = (rows: number[][]): void => {
    const row = rows.find((r) => r[0] === hub.focus);
    if (!row || !hub.network) return;
    const layer = hub.network.layers[layerIndexOf(hub.network, row[0])];
    values.textContent = described(layer, row);
  };
  hub.on("focus", ({ node }) => {
    focus.ask(node ?? -1);
    // Left before its numbers came: a name without numbers says nothing.
    if (node === null && !values.textContent) forget();
    if (node === null || !hub.network) return;
    name.textContent = nodeName(hub.network, node);
    values.textContent = "";
    list.replaceChildren();
  });
  hub.on("frame", (frame) => exact(frame.values));
  hub.on("values", (message) => {
    exact(message.values);
    focus.answered();
  });
  hub.on("probe", ({ edges }) => {
    if (hub.focus !== null || edges.length === 0) return;
    name.textContent = "Strongest edges here";
    values.textContent = "click selects the first";
    list.replaceChildren(...edges.map((edge) => item(hub, edge)));
  });
  const forget = (): void => {
    if (hub.focus !== null && hub.network) return;
    name.textContent = "Point at a node";
    values.textContent = HINT;
    list.replaceChildren();
  };
  hub.on("preview", (preview) => {
    if (!preview) return forget();
    if (hub.focus !== null) return;
    const count = preview.nodes.length;
    name.textContent = preview.name;
    values.textContent = `${count.toLocaleString("en")} ${count === 1 ? "node" : "nodes"}; a click selects, with Shift it adds`;
    list.replaceChildren();
  });
  hub.on("network", forget);
  // The edges listed are those of the drawing before.
  hub.on("frame", () => {
    if (list.childElementCount) forget();
  });
  return h("div", { class: "v-readout", "data-testid": "readout" }, h("p", {}, name, values), list);
}

/** The numbers of a node [node, pre-activation, activation], by what its layer does. */
function described({ kind, activation }: LayerDoc, [, pre, output]: number[]): string {
  if (kind === "input") return `ink ${number(output)}`;
  if (kind === "pool") return `largest input ${number(output)}`;
  return `sum ${number(pre)}  →  ${activation === "identity" ? "value" : activation} ${number(output)}`;
}

/** One edge; pointing at it shows it in all views, a click selects its two nodes. */
function item(hub: Hub, edge: FoundEdge): HTMLElement {
  const button = h(
    "button",
    {
      type: "button",
      onclick: () => hub.send({ type: "pick", nodes: [edge.target, edge.source], mode: "replace", origin: "readout" }),
      onpointerenter: () => hub.emit("highlight", [highlighted(edge)]),
      onpointerleave: () => hub.emit("highlight", []),
    },
    h("span", {}, `${edge.from} → ${edge.to}`),
    h("span", { class: "num" }, `w ${number(edge.weight)}`),
    h("span", { class: "num" }, shown(hub, edge)),
  );
  return h("li", {}, button);
}

/** What the lens says of an edge: a share, two shares for two classes, or nothing but its being there. */
function shown(hub: Hub, { first, second }: FoundEdge): string {
  const { frame, settings } = hub;
  if (showsClasses(hub) && frame) return `${frame.contrast[0]}: ${share(first)}  ${frame.contrast[1]}: ${share(second)}`;
  return settings?.lens === "count" && !isTracing(hub) ? "1 edge" : share(second - first);
}

export function highlighted({ source, target, first, second }: FoundEdge): { source: number; target: number; value: number } {
  return { source, target, value: second >= first ? Math.max(first, second) : -first };
}

/** A share as a percentage with two digits that matter. */
export function share(value: number): string {
  const percentage = 100 * value;
  const text = Math.abs(percentage) >= 10 ? percentage.toFixed(0) : percentage.toPrecision(2);
  return `${(Math.abs(percentage) < 0.0005 && value !== 0 ? percentage.toExponential(0) : text).replace("-", "−")} %`;
}
