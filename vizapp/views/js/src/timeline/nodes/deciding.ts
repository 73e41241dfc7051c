/** The nodes that decided: the change of z_a − z_b between two points of the sweep, shared out exactly. */

import { h, number } from "../../dom";
import type { Hub } from "../../hub";
import { nodeName } from "../../network";
import { Question } from "../../question";
import type { SideChart } from "../chart";
import type { CurveMessage } from "../messages";
import type { Sheet } from "../sheet";
import { isRange } from "../words";
import { Bars } from "./bars";
import { Between } from "./between";
import type { NodeSplitMessage } from "./messages";
import { choice, NodesChart } from "./side";

const CLASSES = 10;
/** To both sides of a crossing, as a share of the sweep. */
const AROUND = 0.05;
const MOST_CROSSINGS = 3;

interface Asked {
  start: number;
  end: number;
  a: number | null;
  b: number | null;
}

export function decidingNodes(sheet: Sheet, hub: Hub): SideChart {
  return new Deciding(sheet, hub);
}

class Deciding extends NodesChart {
  private answer: NodeSplitMessage | null = null;
  private readonly question: Question<Asked>;
  private readonly between: Between;
  private readonly bars: Bars;
  private readonly buttons = h("span", { class: "spans" });
  private readonly total = h("span");
  private readonly detail = h("span", { hidden: true });
  private readonly sum = h("p", { class: "sum num" }, this.total, this.detail);
  private readonly a = choice("For this digit", digits(), () => this.choose("a"));
  private readonly b = choice("Against this digit", digits(), () => this.choose("b"));
  /** Chosen by the person; the two of the curve else. */
  private pair: [number, number] | null = null;
  private kind: string | null = null;

  constructor(sheet: Sheet, hub: Hub) {
    super(sheet, hub, "deciding nodes");
    this.question = new Question(hub, (asked, seq) => ({ type: "node_split", seq, ...asked }));
    this.between = new Between(hub, sheet, (position) => this.at(position));
    this.between.onmove = () => this.ask();
    this.bars = new Bars(hub, (text) => {
      this.detail.textContent = text;
      this.detail.hidden = !text;
      this.total.hidden = !!text;
    });
    this.foot.hidden = true;
    this.tools.append(h("span", { class: "pair" }, "z of", this.a, "− z of", this.b), this.numbers.toggle);
    this.stage.append(h("div", { class: "split-way" }, this.between.plot.root, this.buttons), this.bars.root, this.sum);
    this.hear("node_split", (message) => {
      this.question.answered();
      if (this.current(message)) this.take(message);
    });
    sheet.on("curves", () => this.on && this.follow());
    this.numbers.of(() => this.table());
  }

  private get chosen(): [number, number] | null {
    if (this.pair) return this.pair;
    const readouts = this.sheet.focus?.readouts;
    return readouts ? [readouts.a, readouts.b] : null;
  }

  private choose(which: "a" | "b"): void {
    const [a, b] = [Number(this.a.value), Number(this.b.value)];
    const [before] = which === "a" ? (this.chosen ?? [0, 1]) : [(this.chosen ?? [0, 1])[1]];
    // Two equal ones change places.
    this.pair = a !== b ? [a, b] : which === "a" ? [a, before] : [before, b];
    this.follow();
  }

  /** The curve has come, or other digits are chosen. */
  private follow(): void {
    this.draw();
    this.changed();
  }

  protected override ask(): void {
    const { head } = this.sheet;
    if (!head) return;
    if (this.kind !== head.kind) {
      this.kind = head.kind;
      this.pair = null;
      this.between.set(head.low, head.high);
    }
    const [a, b] = this.chosen ?? [null, null];
    const { start, end } = this.between;
    const pending = this.question.pending;
    this.question.ask({ start, end, a, b });
    if (!pending) this.draw();
  }

  private take(message: NodeSplitMessage): void {
    this.answer = message;
    this.draw();
    this.numbers.of(() => this.table());
  }

  protected override draw(): void {
    const { answer, sheet, hub } = this;
    const pair = this.chosen ?? (answer ? [answer.a, answer.b] : null);
    if (!sheet.head || !pair) return;
    [this.a.value, this.b.value] = pair.map(String);
    const curve = sheet.focus;
    const margin = curve && marginOf(curve, pair[0], pair[1]);
    if (curve && margin) this.between.show(curve.positions, margin, isRange(sheet.head) ? sheet.head.axis.unit : "t", pair as [number, number]);
    this.spans(curve && margin ? crossings(curve.positions, margin) : []);
    if (!answer || !hub.network || !this.fits(answer)) return;
    this.bars.show(answer, hub.network);
    const { a, b, total, change, residue, margins, layer } = answer;
    this.total.replaceChildren(
      h("b", {}, `Sum ${signed(total)}`),
      ` = change of z${sub(a)} − z${sub(b)} from ${number(margins[0])} to ${number(margins[1])}: ${signed(change)}, up to rounding (${residue === 0 ? "0" : number(residue)})`,
    );
    this.sum.title = `z${sub(a)} − z${sub(b)} is linear in ${layer}, so nothing is left out, and biases cancel: each node's share is its weight to ${a} minus its weight to ${b}, times its change.`;
  }

  private spans(found: number[]): void {
    const { low, high } = this.sheet.head!;
    const reach = AROUND * (high - low);
    const spans: [string, number, number][] = [["whole way", low, high]];
    const shown = found.slice(0, MOST_CROSSINGS);
    for (const at of shown) {
      const name = shown.length > 1 ? `around ${this.at(at)}` : "around the crossing";
      spans.push([name, Math.max(low, at - reach), Math.min(high, at + reach)]);
    }
    const key = spans.flat().join();
    if (this.buttons.dataset.spans === key) return;
    this.buttons.dataset.spans = key;
    this.buttons.replaceChildren(
      ...spans.map(([name, from, to]) =>
        h("button", { type: "button", title: `From ${this.at(from)} to ${this.at(to)}`, onclick: () => {
          this.between.set(from, to);
          this.ask();
        } }, name),
      ),
    );
  }

  private table() {
    const { answer, hub } = this;
    if (!answer || !hub.network) return null;
    const { network } = hub;
    const { a, b } = answer;
    return {
      caption: `Shares in the change of z${sub(a)} − z${sub(b)}, ${this.at(answer.start)} to ${this.at(answer.end)}, ${network.name}, ${answer.way}`,
      corner: "node",
      columns: [`weight to ${a} − weight to ${b}`, "before", "after", "share"],
      rows: [
        ...Array.from(answer.nodes, (node, i) => ({
          head: nodeName(network, node),
          cells: [answer.weights[i], answer.before[i], answer.after[i], answer.shares[i]],
        })),
        { head: "sum", cells: ["", "", "", answer.total] },
        { head: "change of the logits", cells: ["", answer.margins[0], answer.margins[1], answer.change] },
      ],
    };
  }
}

function digits(): [string, string][] {
  return Array.from({ length: CLASSES }, (_, digit) => [String(digit), String(digit)]);
}

/** z_a − z_b: the logarithm of how many times more probable a is. */
function marginOf({ probabilities, positions }: CurveMessage, a: number, b: number): Float32Array {
  const least = 1e-38;
  return positions.map((_, row) => Math.log(Math.max(least, probabilities[row * CLASSES + a]) / Math.max(least, probabilities[row * CLASSES + b])));
}

/** Where a curve is zero, between its points along straight lines. */
function crossings(positions: Float32Array, values: Float32Array): number[] {
  const found: number[] = [];
  for (let i = 1; i < values.length; i++) {
    const [before, after] = [values[i - 1], values[i]];
    if (before > 0 !== after > 0) found.push(positions[i - 1] + (before / (before - after)) * (positions[i] - positions[i - 1]));
  }
  return found;
}

export function signed(value: number): string {
  return value > 0 ? `+${number(value)}` : number(value);
}

function sub(digit: number): string {
  return "₀₁₂₃₄₅₆₇₈₉"[digit];
}
