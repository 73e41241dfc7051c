/** What follows from a node: its weights to the layer above, and how the classes would answer to more of it. */

import { h, number } from "../dom";
import type { Hub } from "../hub";
import { nodeName } from "../network";
import type { NetworkMessage } from "../wire";
import { diverging, largest } from "./colours";
import type { InspectionMessage } from "./messages";
import { label, type Pane, type Part, pick, pointAt, say, section, shown, standsFor } from "./part";
import { acrossOf, Picture } from "./picture";
import { Scale } from "./scale";
import { Table } from "./table";

/** Of a wide layer above, so many weights are listed one by one. */
const LISTED = 6;
const CELL = 10;

interface Bar {
  node: number | null;
  name: string;
  value: number;
}

/** Signed numbers as bars from a common middle. */
class Bars {
  readonly root = h("ol", { class: "signed-bars" });
  private readonly rows: { item: HTMLElement; name: HTMLElement; bar: HTMLElement; value: HTMLElement }[] = [];
  private bars: Bar[] = [];

  constructor(
    private readonly hub: Hub,
    name: string,
    private readonly key: string,
  ) {
    label(this.root, name);
  }

  show(bars: Bar[], most: number): void {
    this.bars = bars;
    this.root.style.setProperty("--name", `${0.9 * Math.max(...bars.map(({ name }) => name.length))}ch`);
    while (this.rows.length < bars.length) this.add();
    this.rows.forEach(({ item, name, bar, value }, i) => {
      if (!shown(item, i < bars.length)) return;
      const share = most > 0 ? bars[i].value / most : 0;
      say(name, bars[i].name);
      say(value, number(bars[i].value));
      bar.style.transform = `scaleX(${share.toFixed(4)})`;
      bar.classList.toggle("minus", share < 0);
    });
  }

  point(node: number | null): void {
    this.rows.forEach(({ item }, i) => item.classList.toggle("pointed", node !== null && this.bars[i]?.node === node));
  }

  private add(): void {
    const at = this.rows.length;
    const name = h("span", { class: "name" });
    const bar = h("span", { class: "bar" });
    const value = h("span", { class: "value num", "data-number": `${this.key}-${at}` });
    const button = h("button", { type: "button" }, name, h("span", { class: "track" }, bar), value);
    standsFor(this.hub, button, () => this.bars[at]?.node ?? null);
    const item = h("li", {}, button);
    this.rows.push({ item, name, bar, value });
    this.root.append(item);
  }
}

export class Outgoing implements Part {
  readonly root: HTMLElement;
  private readonly title = h("h3");
  private readonly picture = new Picture();
  private readonly scale = new Scale();
  private readonly bars: Bars;
  private readonly table: Table;
  private readonly wide: HTMLElement;
  private readonly hub: Hub;
  private first = 0;

  constructor(private readonly pane: Pane) {
    this.hub = pane.hub;
    this.bars = new Bars(this.hub, "Outgoing weights", "out");
    this.table = new Table(this.hub, "Outgoing weights");
    this.picture.onPoint = (index) => pointAt(this.hub, index === null ? null : this.first + index);
    this.picture.onPick = (index, event) => pick(this.hub, [this.first + index], event);
    this.wide = h("div", { class: "wide pictures" }, this.picture.root, this.scale.root);
    this.root = section(this.title, h("div", { class: "outgoing" }, this.wide, this.bars.root), this.table.root);
  }

  show({ node, out }: InspectionMessage): void {
    const { network } = this.hub;
    if (!shown(this.root, out !== null) || !out || !network) return;
    const { layer, first, weights } = out;
    this.first = first;
    const classes = toClasses(network, out);
    say(this.title, classes ? "Weight to each class: its effect on the logit" : `Weights to ${layer}, the strongest listed`);
    shown(this.wide, !classes);
    shown(this.table.root, !classes);
    const order = Array.from(weights.keys());
    if (!classes) {
      order.sort((a, b) => Math.abs(weights[b]) - Math.abs(weights[a])).splice(LISTED);
      if (this.pane.tables) this.table.offer(node, () => content((i) => nodeName(network, first + i), first, weights));
      else this.paint(layer, weights);
    }
    const name = (i: number): string => (classes ? String(i) : nodeName(network, first + i));
    this.bars.show(order.map((i) => ({ node: first + i, name: name(i), value: weights[i] })), largest(weights));
  }

  point(node: number | null): void {
    const at = node === null ? -1 : node - this.first;
    if (this.picture.count) this.picture.mark("focus", at >= 0 && at < this.picture.count ? [at] : []);
    this.bars.point(node);
  }

  private paint(layer: string, weights: Float32Array): void {
    const across = acrossOf(weights.length);
    this.picture.tile(1, Math.ceil(weights.length / across), across);
    this.picture.fit(Math.max(1, Math.min(CELL, Math.floor((0.36 * this.pane.width) / across))));
    const ramp = diverging(this.hub, weights);
    this.picture.paint(weights, ramp);
    this.picture.describe(`Weights to the ${weights.length} nodes of ${layer}, row by row`);
    this.scale.show(ramp);
  }
}

function content(name: (i: number) => string, first: number, weights: Float32Array): { columns: string[]; rows: { node: number; cells: string[] }[] } {
  return {
    columns: ["to", "weight"],
    rows: Array.from(weights, (weight, i) => ({ node: first + i, cells: [name(i), number(weight)] })),
  };
}

function toClasses({ size }: NetworkMessage, { first, weights }: NonNullable<InspectionMessage["out"]>): boolean {
  return first + weights.length === size.length;
}

const EFFECT = "How each logit would change per unit that this node's output grows, for this drawing.";
const NO_EFFECT = "None for this drawing: a larger node wins its pool, or all nodes that it feeds are silent.";

export class Effect implements Part {
  readonly root: HTMLElement;
  private readonly words = h("p", { class: "muted" });
  private readonly bars: Bars;
  private readonly hub: Hub;

  constructor({ hub }: Pane) {
    this.hub = hub;
    this.bars = new Bars(hub, "Effect on each class", "effect");
    this.root = section("Effect on each class", this.words, this.bars.root);
  }

  show({ effect, out }: InspectionMessage): void {
    const { network } = this.hub;
    // Right below the output its weights are its effect.
    const told = !!network && !!out && toClasses(network, out);
    if (!shown(this.root, effect !== null && !told) || !effect || !network) return;
    say(this.words, effect.some((value) => value !== 0) ? EFFECT : NO_EFFECT);
    const first = network.layers[network.layers.length - 1].offset;
    this.bars.show(Array.from(effect, (value, k) => ({ node: first + k, name: String(k), value })), largest(effect));
  }

  point(node: number | null): void {
    this.bars.point(node);
  }
}
