/** The selected nodes along the sweep: a curve for each, with its name and its value at the cursor. */

import { h, number } from "../../dom";
import type { Hub } from "../../hub";
import { nodeName } from "../../network";
import { Question } from "../../question";
import { radios } from "../../radios";
import { modeOf } from "../../selecting";
import type { SideChart } from "../chart";
import type { Sheet } from "../sheet";
import { between, Lines } from "./lines";
import type { NodeCurvesMessage, NodeSplitMessage } from "./messages";
import { NodesChart, ORIGIN, pick } from "./side";

/** As many as the server tells at once (Python: views/nodes_along.py). */
const MOST = 12;
/** How many of the deciding nodes are offered. */
const DECIDING = 5;

type What = NodeCurvesMessage["what"];

export function selectedNodes(sheet: Sheet, hub: Hub): SideChart {
  return new Selected(sheet, hub);
}

class Selected extends NodesChart {
  private what: What = "output";
  private answer: NodeCurvesMessage | null = null;
  private readonly question: Question<number[]>;
  private readonly decide: Question<[number, number]>;
  private readonly lines: Lines;
  private readonly empty: HTMLElement;
  private readonly more = h("span", { class: "muted" });
  private deciding = false;
  private pointed = false;

  constructor(sheet: Sheet, hub: Hub) {
    super(sheet, hub, "selected nodes");
    this.question = new Question(hub, (nodes, seq) => ({ type: "node_curves", seq, nodes, what: this.what }));
    this.decide = new Question(hub, ([start, end], seq) => ({ type: "node_split", seq, start, end, a: null, b: null }));
    this.lines = new Lines(hub, sheet);
    this.lines.onPoint = (key, row) => this.point(key, row);
    this.lines.onPick = (key, event) => pick(hub, [key], modeOf(event));
    const whats = radios(
      "What of the nodes",
      [
        { value: "output", label: "Output", title: "Activations" },
        { value: "pre", label: "Sum", title: "Before the activation function: weighted inputs and bias" },
      ],
      (value) => {
        this.what = value as What;
        whats.set(value);
        this.changed();
      },
    );
    whats.set(this.what);
    this.tools.append(whats.element, this.more, this.numbers.toggle);
    this.empty = h(
      "div",
      { class: "nothing" },
      h("p", {}, "Select nodes to see how they change along the sweep: click them in the flat plot, the 3D scene or the chart “all nodes”, or search above."),
      h("button", { type: "button", onclick: () => this.offer() }, `Select the ${DECIDING} deciding nodes`),
    );
    this.stage.append(this.lines.plot.root, this.empty);
    this.hear("node_curves", (message) => {
      this.question.answered();
      if (this.current(message) && this.wanted.length && message.what === this.what) this.take(message);
    });
    this.hear("node_split", (message) => this.decided(message));
    hub.on("selection", () => this.on && this.changed());
    hub.on("frame", () => this.on && this.draw());
    this.numbers.of(() => this.table());
  }

  private get wanted(): number[] {
    return Array.from(this.hub.selection.subarray(0, MOST));
  }

  protected override ask(): void {
    const { wanted } = this;
    const none = !wanted.length;
    this.empty.hidden = !none;
    this.lines.plot.root.hidden = none;
    const over = this.hub.selection.length - MOST;
    this.more.textContent = over > 0 ? `the first ${MOST} of ${this.hub.selection.length.toLocaleString("en")}` : "";
    if (none) this.forget();
    else this.question.ask(wanted);
  }

  private forget(): void {
    this.answer = null;
    this.said.textContent = "";
    this.question.drop();
    this.numbers.of(() => this.table());
  }

  private take(message: NodeCurvesMessage): void {
    this.answer = message;
    this.draw();
    this.numbers.of(() => this.table());
  }

  protected override moved(): void {
    this.draw();
  }

  protected override draw(): void {
    const { answer, hub, sheet } = this;
    if (!answer || !hub.network || !sheet.head || !this.fits(answer)) return;
    const { network } = hub;
    const curves = Array.from(answer.nodes, (node, i) => {
      const values = row(answer, i);
      return { key: node, name: nodeName(network, node), values, value: this.value(node, values), strong: i === 0 && answer.nodes.length > 1 };
    });
    const about = `${this.what === "pre" ? "Sums" : "Outputs"} of ${curves.length} selected ${curves.length === 1 ? "node" : "nodes"} along the sweep: ${curves.map(({ name, values }) => `${name} from ${number(values[0])} to ${number(values[values.length - 1])}`).join("; ")}`;
    this.lines.show({
      positions: answer.positions,
      curves,
      x: this.axisTitle,
      y: this.what === "pre" ? "sum before activation" : "activation",
      range: rangeOf(answer.values),
      about,
    });
    this.element.dataset.nodes = answer.nodes.join(" ");
    if (!this.pointed) this.rest();
  }

  /** At the cursor: the exact number where the page has it, else between two of the curve. */
  private value(node: number, values: ArrayLike<number>): string {
    const { position } = this.sheet.cursor;
    if (position === null) return "";
    const exact = this.hub.frame?.values.find(([id]) => id === node);
    return number(exact ? exact[this.what === "pre" ? 1 : 2] : between(this.answer!.positions, values, position));
  }

  private point(node: number | null, at: number): void {
    const { answer, hub } = this;
    hub.setFocus(node, ORIGIN);
    this.pointed = node !== null;
    if (node === null || !answer || !hub.network) return this.rest();
    const value = row(answer, answer.nodes.indexOf(node))[at];
    this.said.textContent = `${nodeName(hub.network, node)}: ${number(value)} at ${this.at(answer.positions[at])}`;
  }

  /** What the numbers are, while nothing is pointed at. */
  private rest(): void {
    const { position } = this.sheet.cursor;
    this.said.textContent = this.answer && position !== null ? `Beside the names: at the cursor, ${this.at(position)}` : "";
  }

  /** Those that changed the logits most, over the whole sweep. */
  private offer(): void {
    const { head } = this.sheet;
    if (!head) return;
    this.deciding = true;
    this.decide.ask([head.low, head.high]);
  }

  private decided(message: NodeSplitMessage): void {
    this.decide.answered();
    if (!this.deciding || !this.current(message)) return;
    this.deciding = false;
    pick(this.hub, message.nodes.subarray(0, DECIDING), "replace");
  }

  private table() {
    const { answer, hub } = this;
    if (!answer || !hub.network) return null;
    const { network } = hub;
    const values = Array.from(answer.nodes, (_, i) => row(answer, i));
    return {
      caption: `${answer.what === "pre" ? "Sums" : "Outputs"} of selected nodes, ${network.name}, ${answer.way}`,
      corner: this.sheet.head?.axis.name ?? "t",
      columns: Array.from(answer.nodes, (node) => nodeName(network, node)),
      rows: Array.from(answer.positions, (position, k) => ({ head: position.toFixed(4), cells: values.map((of) => of[k]) })),
    };
  }
}

function row({ values, positions }: NodeCurvesMessage, i: number): Float32Array {
  return values.subarray(i * positions.length, (i + 1) * positions.length);
}

/** Zero belongs to it; a little room above. */
function rangeOf(values: Float32Array): [number, number] {
  const low = values.reduce((least, value) => Math.min(least, value), 0);
  const high = values.reduce((most, value) => Math.max(most, value), 0);
  const room = 0.04 * (high - low || 1);
  return [low < 0 ? low - room : 0, high + room];
}
