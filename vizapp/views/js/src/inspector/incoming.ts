/** What comes into a node: for a dense one the whole layer below, for a convolution a patch of each of its maps. */

import type { Hub } from "../hub";
import { nodeName } from "../network";
import { activation, diverging, sequential } from "./colours";
import type { InspectionMessage } from "./messages";
import { type Pane, type Part, say, section, shown } from "./part";
import { h } from "../dom";
import { acrossOf } from "./picture";
import { Products } from "./products";

export class Incoming implements Part {
  readonly root: HTMLElement;
  private readonly title = h("h3");
  private readonly words = h("p", { class: "muted" });
  private readonly products: Products;
  private readonly hub: Hub;

  constructor(pane: Pane) {
    this.hub = pane.hub;
    this.products = new Products(pane);
    this.root = section(this.title, this.words, this.products.root);
  }

  show(message: InspectionMessage): void {
    const { bias, kind, sources } = message;
    if (!shown(this.root, bias !== null && sources.length > 0)) return;
    const [maps, rows, cols] = shapeOf(message);
    say(this.title, kind === "conv" ? "Patch × kernel" : "Inputs × weights");
    say(this.words, explained(this.hub, message));
    this.products.show({
      node: message.node,
      inputs: message.inputs,
      weights: message.weights,
      maps,
      rows,
      cols,
      apart: kind === "conv",
      sources,
      input_ramp: activation(this.hub, Array.from({ length: maps }, (_, map) => sources[map * rows * cols]), message.inputs),
      weight_ramp: diverging(this.hub, message.weights),
      product_ramp: (products) => diverging(this.hub, products),
      name: (i) => nodeName(this.hub.network!, sources[i]),
      words: {
        inputs: kind === "conv" ? "patch a" : "inputs a",
        weights: kind === "conv" ? "kernel w" : "weights w",
        products: "w · a",
      },
    });
  }

  point(node: number | null): void {
    this.products.point(node);
  }
}

/** Maps, rows and columns; units of a dense layer are wrapped into rows. */
function shapeOf({ shape }: InspectionMessage): [number, number, number] {
  if (shape.length === 3) return [shape[0], shape[1], shape[2]];
  const across = acrossOf(shape[0]);
  return [1, Math.ceil(shape[0] / across), across];
}

function explained({ network }: Hub, { kind, kernel, map, sources }: InspectionMessage): string {
  if (kind === "conv" && kernel && map) {
    const count = kernel.weights.length;
    return `These ${count} weights are shared by all ${map.rows * map.cols} nodes of the map.`;
  }
  const below = network?.layers.find(({ offset, count }) => sources[0] >= offset && sources[0] < offset + count);
  if (!below) return "";
  const maps = below.shape.length === 3 && below.shape[0] > 1 ? `, its ${below.shape[0]} maps row by row` : "";
  const wrapped = below.shape.length === 1 ? ", row by row" : "";
  return `All ${sources.length} nodes of ${below.name}${maps}${wrapped}.`;
}

/** For a node of the input: the finer pixels of the drawing that it averages. */
export class Ink implements Part {
  readonly root: HTMLElement;
  private readonly words = h("p", { class: "muted" });
  private readonly products: Products;
  private readonly hub: Hub;

  constructor(pane: Pane) {
    this.hub = pane.hub;
    this.products = new Products(pane);
    this.root = section("The pixels of the drawing that it averages", this.words, this.products.root);
  }

  show({ node, kind, ink, field, empty }: InspectionMessage): void {
    if (!shown(this.root, kind === "input")) return;
    // Fitted and centred, a drawing leaves pixels at the border that none of its own lie under.
    const some = ink !== null && ink.values.length > 0;
    shown(this.products.root, some);
    if (!some) {
      say(this.words, !field ? "None: it lies outside the picture." : empty ? "There is no ink on the pad." : "None: the drawing does not reach this far.");
      return;
    }
    const { rows, cols } = ink;
    say(
      this.words,
      `The drawing is first inked ${rows * cols === 1 ? "at this size" : "finer"}; each of these ${rows}×${cols} pixels counts by its overlap.`,
    );
    this.products.show({
      node,
      inputs: ink.values,
      weights: ink.weights,
      maps: 1,
      rows,
      cols,
      apart: false,
      sources: null,
      input_ramp: sequential(this.hub, 1),
      weight_ramp: diverging(this.hub, ink.weights),
      product_ramp: (products) => diverging(this.hub, products),
      name: (i) => `pixel (${Math.floor(i / cols)}, ${i % cols})`,
      words: { inputs: "ink p", weights: "weights w", products: "w · p" },
    });
  }

  point(): void {
    this.products.point(null);
  }
}
