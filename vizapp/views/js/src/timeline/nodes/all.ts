/** All nodes of a layer along the sweep, a row for each: which of them switch, and where. */

import { h, number } from "../../dom";
import type { Hub } from "../../hub";
import { diverging, type Ramp, sequential } from "../../inspector/colours";
import { nodeName } from "../../network";
import { Question } from "../../question";
import { modeOf } from "../../selecting";
import type { SideChart } from "../chart";
import { type Sheet, rowAt } from "../sheet";
import type { Aggregate, NodeCurvesMessage, NodeMapMessage, NodesAsk, Order, Scaling } from "./messages";
import { Rows } from "./rows";
import { choice, NodesChart, ORIGIN, pick } from "./side";

const ALL = "";
/** Bounds of what the server makes (Python: views/topics/nodes_along.py). */
const [MIN_WIDTH, MAX_WIDTH, MAX_HEIGHT] = [64, 2400, 1600];

const ORDERS: [Order, string][] = [
  ["switch", "by switching"],
  ["node", "as numbered"],
  ["share", "by share"],
];
const SCALINGS: [Scaling, string][] = [
  ["own", "own range"],
  ["layer", "layer’s range"],
];
const AGGREGATES: [Aggregate, string][] = [
  ["mean", "mean"],
  ["max", "largest"],
];

type Map = Extract<NodesAsk, { type: "node_map" }>;

export function allNodes(sheet: Sheet, hub: Hub): SideChart {
  return new All(sheet, hub);
}

class All extends NodesChart {
  private answer: NodeMapMessage | null = null;
  private asked = "";
  private readonly question: Question<Omit<Map, "type" | "seq">>;
  private readonly values: Question<number>;
  /** Of nodes that were pointed at. */
  private readonly known = new globalThis.Map<number, NodeCurvesMessage>();
  private readonly rows: Rows;
  private readonly layer = choice<string>("Layer", [], () => this.changed());
  private readonly order = choice("Order of the rows: by where they first cross half of their range, as they are numbered, or by their share in the decision", ORDERS, () => this.changed());
  private readonly scaling = choice("What the colours span", SCALINGS, () => this.changed());
  private readonly aggregate = choice("Of the nodes that share a pixel", AGGREGATES, () => this.changed());
  private readonly moving = h("input", { type: "checkbox", checked: true, onchange: () => this.changed() });
  private place: { row: number; position: number } | null = null;

  constructor(sheet: Sheet, hub: Hub) {
    super(sheet, hub, "all nodes");
    this.question = new Question(hub, (about, seq) => ({ type: "node_map", seq, ...about }));
    this.values = new Question(hub, (node, seq) => ({ type: "node_curves", seq, nodes: [node], what: "output" }));
    this.rows = new Rows(hub, sheet);
    this.rows.onsize = () => this.resized();
    this.rows.onpoint = (place) => this.point(place);
    this.rows.onpick = (row, event) => this.answer && pick(hub, [this.answer.nodes[row]], modeOf(event));
    this.rows.onrun = (from, to, add) => this.answer && pick(hub, this.answer.nodes.subarray(from, to + 1), add ? "add" : "replace");
    this.tools.append(this.layer, this.order, this.numbers.toggle);
    this.foot.append(h("label", { class: "way", title: "Nodes that stay the same along the whole sweep are left out" }, this.moving, "changing ones only"), this.scaling, this.aggregate);
    this.stage.append(this.rows.plot.root);
    this.hear("node_map", (message) => {
      this.question.answered();
      if (this.current(message)) this.take(message);
    });
    this.hear("node_curves", (message) => {
      this.values.answered();
      if (!this.current(message) || message.nodes.length !== 1) return;
      this.known.set(message.nodes[0], message);
      this.say();
    });
    hub.on("network", () => this.fill());
    hub.on("selection", () => this.on && this.mark());
    hub.on("focus", ({ node, origin }) => this.on && origin !== ORIGIN && this.rows.outline(this.rowOf(node)));
    this.fill();
    this.numbers.of(() => this.table());
  }

  /** The layers of the network, the last hidden one chosen. */
  private fill(): void {
    const { network } = this.hub;
    if (!network || this.layer.dataset.network === network.name) return;
    this.layer.dataset.network = network.name;
    const layers = network.layers.map(({ name, count }): [string, string] => [name, `${name} (${count.toLocaleString("en")})`]);
    this.layer.replaceChildren(...[...layers, [ALL, "all layers"]].map(([value, text]) => h("option", { value }, text)));
    this.layer.value = network.layers[network.layers.length - 2].name;
    this.answer = null;
    this.rows.clear();
  }

  private get last(): boolean {
    const { network } = this.hub;
    return this.layer.value === network?.layers[network.layers.length - 2].name;
  }

  protected override ask(): void {
    this.fill();
    for (const option of this.order.options) option.disabled = option.value === "share" && !this.last;
    if (this.order.value === "share" && !this.last) this.order.value = "switch";
    const size = this.size;
    if (!size) {
      // The frame comes with its axes, and the question with its size.
      this.frame(null);
      if (!this.size) return;
    }
    const [width, height] = this.size!;
    this.asked = `${width} ${height}`;
    this.question.ask({
      layer: this.layer.value === ALL ? null : this.layer.value,
      order: this.order.value as Order,
      scaling: this.scaling.value as Scaling,
      aggregate: this.aggregate.value as Aggregate,
      width,
      height,
      moving: this.moving.checked,
    });
  }

  /** Pixels of the screen that the picture covers. */
  private get size(): [number, number] | null {
    const { plot } = this.rows;
    if (!plot.width || plot.y.domain[1] === 1) return null;
    const [left, top, right, bottom] = plot.frame;
    const within = (value: number, least: number, most: number): number => Math.max(least, Math.min(most, Math.round(value * devicePixelRatio)));
    return [within(right - left, MIN_WIDTH, MAX_WIDTH), within(bottom - top, 2, MAX_HEIGHT)];
  }

  private resized(): void {
    if (!this.on) return;
    const { size } = this;
    if (size && size.join(" ") !== this.asked) this.changed();
    this.draw();
  }

  private frame(message: NodeMapMessage | null): void {
    const { head } = this.sheet;
    const count = message?.nodes.length ?? 2;
    if (head) this.rows.frame([head.low, head.high], count, this.axisTitle, message ? ofAll(count, message.count) : "nodes");
  }

  private take(message: NodeMapMessage): void {
    this.answer = message;
    this.known.clear();
    this.frame(message);
    this.aggregate.hidden = message.nodes.length <= message.height;
    this.draw();
    this.numbers.of(() => this.table());
    if (this.place && this.place.row < message.nodes.length) this.point(this.place);
    this.element.dataset.rows = `${message.layer ?? ALL} ${message.order} ${message.nodes.length}`;
  }

  protected override moved(): void {
    this.rows.moved();
  }

  protected override draw(): void {
    const { answer, hub, rows } = this;
    if (!answer || !hub.network || !this.fits(answer)) return rows.moved();
    const ramp: Ramp = answer.signed ? diverging(hub, [1]) : sequential(hub, 1);
    const orders = { switch: "sorted by where they cross half of their range", node: "in their order", share: "sorted by their share in the decision" };
    const about = `Heat map of ${ofAll(answer.nodes.length, answer.count)} of ${answer.layer ?? "all layers"} along the sweep, ${orders[answer.order]}`;
    rows.paint(answer.levels, answer.width, answer.height, ramp.table, about);
    rows.legend(ramp.table, ...legendOf(answer));
    rows.groups(answer.layer === null && answer.order === "node" ? hub.network.layers.map(({ name, offset }) => ({ name, row: rowFrom(answer.nodes, offset) })) : []);
    this.mark();
    rows.moved();
  }

  private mark(): void {
    const { answer, hub } = this;
    if (!answer) return;
    const selected = new Set(hub.selection);
    const rows: number[] = [];
    answer.nodes.forEach((node, row) => selected.has(node) && rows.push(row));
    this.rows.mark(rows);
  }

  private rowOf(node: number | null): number | null {
    const row = node === null || !this.answer ? -1 : this.answer.nodes.indexOf(node);
    return row < 0 ? null : row;
  }

  private point(place: { row: number; position: number } | null): void {
    const { answer, hub } = this;
    this.place = place;
    const node = place && answer ? answer.nodes[place.row] : null;
    hub.setFocus(node, ORIGIN);
    this.rows.outline(place?.row ?? null);
    if (node !== null && !this.known.has(node)) this.values.ask(node);
    this.say();
  }

  /** The value comes a moment after the name. */
  private say(): void {
    const { answer, place, hub } = this;
    if (!answer || !place || !hub.network) {
      this.rows.tell("", null);
      return;
    }
    const node = answer.nodes[place.row];
    const curve = this.known.get(node);
    const at = rowAt(answer, place.position);
    const turns = answer.moves[place.row] ? `switches at ${this.at(answer.switch[place.row])}` : "stays the same";
    const value = curve ? number(curve.values[at]) : "…";
    const text = `${nodeName(hub.network, node)}: ${value} at ${this.at(answer.positions[at])}; ${turns}`;
    this.rows.tell(text, place.row);
    this.rows.name(text, place.row, answer.nodes.length, hub.selection.includes(node));
  }

  private table() {
    const { answer, hub } = this;
    if (!answer || !hub.network) return null;
    const { network } = hub;
    return {
      caption: `Nodes of ${answer.layer ?? "all layers"} along the sweep, ${network.name}, ${answer.way}`,
      corner: "node",
      columns: [`switches at ${this.sheet.head?.axis.name ?? "t"}`, "least", "largest", "at the start", "at the end"],
      rows: Array.from(answer.nodes, (node, row) => ({
        head: nodeName(network, node),
        cells: [answer.moves[row] ? answer.switch[row] : "never", answer.low[row], answer.high[row], answer.first[row], answer.last[row]],
      })),
    };
  }
}

/** The first row, of rising nodes, that is not before a node. */
function rowFrom(nodes: Uint32Array, node: number): number {
  const row = nodes.findIndex((each) => each >= node);
  return row < 0 ? nodes.length : row;
}

function ofAll(shown: number, all: number): string {
  return shown < all ? `${shown.toLocaleString("en")} of ${all.toLocaleString("en")} nodes` : `${all.toLocaleString("en")} nodes`;
}

/** Numbers at the ends and the middle of the colours, and what they are of. */
function legendOf({ scaling, layer, scale, signed }: NodeMapMessage): [string[], string] {
  if (scaling === "own") return [["0 %", "50 %", "100 %"], "of its own range"];
  if (layer === null) return [signed ? ["−100 %", "0", "100 %"] : ["0 %", "50 %", "100 %"], "of its layer’s largest"];
  return [signed ? [number(-scale), "0", number(scale)] : ["0", number(scale / 2), number(scale)], "activation"];
}
