/** The whole feature map of a node, enlarged; for a convolution also the sums before the activation function. */

import { h, number } from "../dom";
import type { Hub } from "../hub";
import { layerIndexOf, nodeName } from "../network";
import { activation, diverging } from "./colours";
import { contour } from "./contour";
import { drawnPixels, geometry } from "./drawn";
import type { InspectionMessage } from "./messages";
import { type Pane, type Part, pick, pointAt, say, section, shown } from "./part";
import { Picture } from "./picture";
import { Scale } from "./scale";
import { Table } from "./table";

/** Between two pictures, px. */
const SPACE = 12;

export class FeatureMap implements Part {
  readonly root: HTMLElement;
  private readonly title = h("h3");
  private readonly words = h("p", { class: "muted pictures" });
  private readonly sums = new Picture();
  private readonly outputs = new Picture();
  private readonly scales = { sums: new Scale(), outputs: new Scale() };
  private readonly head = h("span", { class: "caption" });
  private readonly tables: { sums: Table; outputs: Table };
  private readonly line = h("p", { class: "at num muted" });
  private readonly before: HTMLElement;
  private readonly hub: Hub;
  private shown: InspectionMessage | null = null;

  constructor(private readonly pane: Pane) {
    this.hub = pane.hub;
    this.tables = { sums: new Table(this.hub, "Sums z of the map"), outputs: new Table(this.hub, "Outputs of the map") };
    for (const picture of [this.sums, this.outputs]) {
      picture.onPoint = (index) => pointAt(this.hub, index === null ? null : this.first + index);
      picture.onPick = (index, event) => pick(this.hub, [this.first + index], event);
    }
    const sums = h("span", { class: "caption" }, "sums z");
    this.before = h("div", {}, sums, this.sums.root, this.scales.sums.root);
    const after = h("div", {}, this.head, this.outputs.root, this.scales.outputs.root);
    const pictures = h("div", { class: "maps pictures" }, this.before, after);
    const tables = [this.tables.sums.root, this.tables.outputs.root];
    this.root = section(this.title, this.words, pictures, this.line, ...tables);
  }

  show(message: InspectionMessage): void {
    const { map, kind, place, layer } = message;
    this.shown = message;
    if (!shown(this.root, map !== null) || !map) return;
    const convolution = kind === "conv";
    say(this.title, place.map === null ? `The whole ${layer}` : `Map ${place.map} of ${layer}, enlarged`);
    say(this.head, kind === "input" ? "ink a" : "outputs a");
    say(this.words, convolution ? "Left: the kernel's response over the drawing, whose outline is the line." : "");
    shown(this.words, convolution);
    shown(this.before, convolution);
    shown(this.tables.sums.root, convolution);
    if (this.pane.tables) {
      if (convolution) this.tables.sums.offer(message.node, () => content(message, "z", map.pre));
      this.tables.outputs.offer(message.node, () => content(message, "a", map.output));
    } else {
      this.paint(message);
    }
    this.point(this.hub.focus);
  }

  point(node: number | null): void {
    const { shown: message, hub } = this;
    const map = message?.map;
    if (!message || !map || !hub.network) return;
    const at = node === null ? -1 : node - map.first;
    const here = at >= 0 && at < map.output.length ? at : null;
    for (const picture of [this.sums, this.outputs]) picture.mark("focus", here === null ? [] : [here]);
    const told = here ?? message.node - map.first;
    const sum = message.kind === "conv" ? `z = ${number(map.pre[told])}, ` : "";
    say(this.line, `${nodeName(hub.network, map.first + told)}: ${sum}a = ${number(map.output[told])}`);
  }

  private get first(): number {
    return this.shown?.map?.first ?? 0;
  }

  private paint({ map, kind, node }: InspectionMessage): void {
    if (!map) return;
    const { hub } = this;
    const { rows, cols, pre, output, first } = map;
    const cell = Math.max(1, Math.min(14, Math.floor((this.pane.width - SPACE) / 2 / cols)));
    const ramp = activation(hub, [first], output);
    this.outputs.tile(1, rows, cols);
    this.outputs.fit(cell);
    this.outputs.paint(output, ramp);
    this.outputs.mark("own", [node - first]);
    this.outputs.describe(`Outputs of the map, ${rows} by ${cols}, from 0 to ${number(Math.max(...output))}; the node is outlined`);
    this.scales.outputs.show(ramp);
    if (kind !== "conv") return;
    const sums = diverging(hub, pre);
    this.sums.tile(1, rows, cols);
    this.sums.fit(cell);
    this.sums.paint(pre, sums);
    this.sums.mark("own", [node - first]);
    this.sums.describe(`Sums of the map before the activation function, from ${number(Math.min(...pre))} to ${number(Math.max(...pre))}`);
    this.scales.sums.show(sums);
    this.outline(node);
  }

  /** The drawing's outline, where each node of the map sees it. */
  private outline(node: number): void {
    const { network } = this.hub;
    const ink = drawnPixels(this.hub, this.pane.compare);
    if (!network || !ink) return this.sums.draw("ink", "");
    const { step, start } = geometry(network, layerIndexOf(network, node));
    const shift = 0.5 - start / step;
    this.sums.draw("ink", contour(ink), `matrix(${1 / step} 0 0 ${1 / step} ${shift} ${shift})`);
  }
}

function content({ map, layer }: InspectionMessage, what: string, values: Float32Array): { columns: string[]; rows: { node: null; cells: string[] }[] } {
  const { rows, cols } = map!;
  return {
    columns: [`${layer} ${what}`, ...Array.from({ length: cols }, (_, col) => String(col))],
    rows: Array.from({ length: rows }, (_, row) => ({
      node: null,
      cells: [`row ${row}`, ...Array.from(values.subarray(row * cols, (row + 1) * cols), number)],
    })),
  };
}
