/** What the inspected node sees, outlined: on the pad, on the picture that the network sees, on the input layer. */

import { type BokehDocument, setData, sourceNamed } from "./bokeh";
import { h } from "./dom";
import type { Hub } from "./hub";
import type { InspectionMessage, NetworkMessage } from "./wire";

type Field = InspectionMessage["field"];
/** Left, top, right and bottom as shares of the side of what it lies on. */
type Place = number[] | null;

/** Over an element, whose children may stand outside of it; `place` says where. */
function outlineOn(hub: Hub, holder: HTMLElement, place: (field: Field, pad: Place) => Place): void {
  const line = h("div", { class: "field-outline", "aria-hidden": "true", hidden: true });
  holder.append(line);
  hub.on("field", ({ field, pad }) => {
    const at = place(field, pad);
    line.hidden = at === null;
    if (!at) return;
    const [left, top, right, bottom] = at;
    const [x, y, width, height] = [left, top, right - left, bottom - top].map((share) => `${100 * share}%`);
    Object.assign(line.style, { left: x, top: y, width, height });
  });
}

export function outlineOnPad(hub: Hub, figure: HTMLElement): void {
  outlineOn(hub, figure, (_, pad) => pad);
}

/** `size`: pixels along a side of the picture. */
export function outlineOnPicture(hub: Hub, holder: HTMLElement, size: number): void {
  outlineOn(hub, holder, (field) => field && [field.col0, field.row0, field.col1, field.row1].map((edge) => edge / size));
}

/** Hears of the nodes of the input layer at the corners of what is seen, in their order around, when they change. */
export function onCorners(hub: Hub, tell: (nodes: number[]) => void): void {
  let shown = "";
  hub.on("network", () => (shown = ""));
  hub.on("field", ({ field }) => {
    const nodes = field && hub.network ? corners(hub.network, field) : [];
    if (nodes.join() === shown) return;
    shown = nodes.join();
    tell(nodes);
  });
}

function corners({ layers }: NetworkMessage, { row0, row1, col0, col1 }: NonNullable<Field>): number[] {
  const cols = layers[0].shape[2];
  const frame = (cols - 28) / 2;
  const node = (row: number, col: number): number => (row + frame) * cols + col + frame;
  return [node(row0, col0), node(row0, col1 - 1), node(row1 - 1, col1 - 1), node(row1 - 1, col0)];
}

/** A path around the cells in the flat plot. */
export function outlineInPlot(hub: Hub, document: BokehDocument): void {
  onCorners(hub, (nodes) => {
    const { network } = hub;
    if (!network || !nodes.length) return setData(sourceNamed(document, "vizapp-field"), { x: [], y: [] });
    const { flat, flat_size } = network;
    const half = flat_size[nodes[0]] / 2;
    const [first, , last] = nodes;
    const [left, right] = [flat[2 * first] - half, flat[2 * last] + half];
    const [top, bottom] = [flat[2 * first + 1] + half, flat[2 * last + 1] - half];
    const path = { x: [left, right, right, left, left], y: [top, top, bottom, bottom, top] };
    setData(sourceNamed(document, "vizapp-field"), path);
  });
}
