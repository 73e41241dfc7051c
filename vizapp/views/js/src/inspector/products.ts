/** Inputs, weights and their products as pictures side by side: in the shape of the layer below, or of a patch of it. */

import { h, number } from "../dom";
import type { Hub } from "../hub";
import { type Ramp } from "./colours";
import { label, type Pane, pick, pointAt, say, shown } from "./part";
import { acrossOf, Picture } from "./picture";
import { Scale } from "./scale";
import { Table } from "./table";

/** Room beside the pictures, px: the signs between them, and where there are several rows their names and sums. */
const SIGNS = 28;
const NAME = 42;
const SUM = 52;
/** A picture does not get larger than this, px. */
const LARGEST = 220;

export interface Factors {
  node: number;
  inputs: Float32Array;
  weights: Float32Array;
  maps: number;
  rows: number;
  cols: number;
  /** Each map in a row of its own, with its sum. */
  apart: boolean;
  /** What the inputs are, in the table: node ids, or null for pixels. */
  sources: Uint16Array | null;
  input_ramp: Ramp;
  weight_ramp: Ramp;
  product_ramp: (products: Float32Array) => Ramp;
  name: (index: number) => string;
  words: { inputs: string; weights: string; products: string };
}

export class Products {
  readonly root: HTMLElement;
  private readonly grid = h("div", { class: "products pictures" });
  private readonly line = h("p", { class: "at num muted pictures" });
  private readonly table: Table;
  private readonly heads = [h("span", { class: "caption" }), h("span", { class: "caption" }), h("span", { class: "caption" })];
  private readonly scales = [new Scale(), new Scale(), new Scale()];
  private readonly rows: Row[] = [];
  private readonly hub: Hub;
  private factors: Factors | null = null;
  private products = new Float32Array(0);
  /** The number under the pointer. */
  private here: number | null = null;

  constructor(private readonly pane: Pane) {
    this.hub = pane.hub;
    this.table = new Table(pane.hub, "Inputs, weights and products");
    const [inputs, weights, products] = this.heads;
    this.grid.append(h("span", { class: "map" }), inputs, h("span"), weights, h("span"), products, h("span", { class: "sum caption" }, "sum"));
    const [a, w, p] = this.scales.map(({ root }) => root);
    this.grid.append(h("span", { class: "map" }), a, h("span"), w, h("span"), p, h("span", { class: "sum" }));
    this.root = h("div", {}, this.grid, this.line, this.table.root);
  }

  show(factors: Factors): void {
    const { inputs, weights, maps, rows, cols, apart, words } = factors;
    this.factors = factors;
    if (this.products.length !== inputs.length) this.products = new Float32Array(inputs.length);
    for (let i = 0; i < inputs.length; i++) this.products[i] = inputs[i] * weights[i];
    [words.inputs, words.weights, words.products].forEach((text, i) => say(this.heads[i], text));
    this.grid.classList.toggle("apart", apart && maps > 1);
    const ramps = [factors.input_ramp, factors.weight_ramp, factors.product_ramp(this.products)];
    if (!this.pane.tables) {
      this.paint(apart ? maps : 1, apart ? 1 : maps, rows, cols, ramps);
      ramps.forEach((ramp, i) => this.scales[i].show(ramp));
    } else {
      this.table.offer(factors.node, () => this.content(factors));
    }
    this.tell();
  }

  /** What the pointer is on, in whichever pane: a source is found in all pictures. */
  point(node: number | null): void {
    const sources = this.factors?.sources;
    const at = node === null || !sources ? -1 : sources.indexOf(node);
    if (sources) this.here = at < 0 ? null : at;
    this.tell();
  }

  private paint(count: number, maps: number, rows: number, cols: number, ramps: Ramp[]): void {
    const several = count > 1;
    while (this.rows.length < count) {
      const row = new Row((index) => this.pointed(index), (index, event) => this.picked(index, event));
      this.rows.push(row);
      // Above the legends.
      for (const cell of row.cells) this.grid.insertBefore(cell, this.grid.children[this.grid.childElementCount - 7]);
    }
    const across = acrossOf(maps);
    const room = (this.pane.width - SIGNS - (several ? NAME + SUM : 0)) / 3;
    const per = maps * rows * cols;
    this.rows.forEach((row, at) => {
      if (!row.show(at < count)) return;
      const slice = (values: Float32Array): Float32Array => values.subarray(at * per, (at + 1) * per);
      const { inputs, weights } = this.factors!;
      [slice(inputs), slice(weights), slice(this.products)].forEach((values, i) => {
        const { scale } = ramps[i];
        const picture = row.pictures[i];
        picture.tile(maps, rows, cols, across);
        picture.fit(Math.max(1, Math.floor(Math.min(room, LARGEST) / picture.width)));
        picture.paint(values, several && typeof scale !== "number" ? { ...ramps[i], scale: scale[at] } : ramps[i]);
      });
      row.first = at * per;
      say(row.name, several ? `map ${at + 1}` : "");
      say(row.sum, several ? number(slice(this.products).reduce((sum, product) => sum + product, 0)) : "");
      const { words } = this.factors!;
      const which = several ? `map ${at + 1}: ` : "";
      row.pictures[0].describe(`${which}${words.inputs}, ${gist(slice(inputs))}`);
      row.pictures[1].describe(`${which}${words.weights}, ${gist(slice(weights))}`);
      row.pictures[2].describe(`${which}${words.products}, ${gist(slice(this.products))}`);
    });
  }

  private pointed(index: number | null): void {
    const sources = this.factors?.sources;
    if (sources) {
      pointAt(this.hub, index === null ? null : sources[index]);
    } else {
      this.here = index;
      this.tell();
    }
  }

  private picked(index: number, event: MouseEvent): void {
    const sources = this.factors?.sources;
    if (sources) pick(this.hub, [sources[index]], event);
  }

  /** The numbers at the pointer, always in the same place. */
  private tell(): void {
    const { factors, here } = this;
    if (!factors) return;
    for (const row of this.rows) {
      const at = here === null ? -1 : here - row.first;
      row.pictures.forEach((picture) => picture.mark("focus", at >= 0 && at < row.length ? [at] : []));
    }
    if (here === null || here >= factors.inputs.length) {
      say(this.line, "Point at a cell for its numbers.");
      return;
    }
    const [a, w, p] = [factors.inputs, factors.weights, this.products].map((values) => number(values[here]));
    say(this.line, `${factors.name(here)}: ${a} × ${w} = ${p}`);
  }

  private content({ inputs, weights, sources, name, words }: Factors): { columns: string[]; rows: { node: number | null; cells: string[] }[] } {
    label(this.table.root, `${words.inputs}, ${words.weights} and ${words.products}`);
    return {
      columns: ["from", words.inputs, words.weights, words.products],
      rows: Array.from(inputs, (input, i) => ({
        node: sources ? sources[i] : null,
        cells: [name(i), number(input), number(weights[i]), number(this.products[i])],
      })),
    };
  }
}

/** One map, or all of them together: three pictures with their signs. */
class Row {
  readonly pictures = [new Picture(), new Picture(), new Picture()];
  readonly name = h("span", { class: "map muted" });
  readonly sum = h("span", { class: "sum num" });
  readonly cells: HTMLElement[];
  first = 0;

  constructor(onPoint: (index: number | null) => void, onPick: (index: number, event: MouseEvent) => void) {
    const [inputs, weights, products] = this.pictures;
    for (const picture of this.pictures) {
      picture.onPoint = (index) => onPoint(index === null ? null : this.first + index);
      picture.onPick = (index, event) => onPick(this.first + index, event);
    }
    const sign = (text: string): HTMLElement => h("span", { class: "sign" }, text);
    this.cells = [this.name, inputs.root, sign("×"), weights.root, sign("="), products.root, this.sum];
  }

  get length(): number {
    return this.pictures[0].count;
  }

  show(visible: boolean): boolean {
    for (const cell of this.cells) shown(cell, visible);
    return visible;
  }
}

/** What a picture shows, in a few words. */
function gist(values: Float32Array): string {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) [low, high] = [Math.min(low, value), Math.max(high, value)];
  return values.length ? `${values.length} numbers from ${number(low)} to ${number(high)}` : "nothing";
}
