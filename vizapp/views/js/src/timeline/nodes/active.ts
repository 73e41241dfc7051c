/** How many nodes of each layer are active along the sweep, as shares of the layer. */

import { percent } from "../../dom";
import type { Hub } from "../../hub";
import { layerGroup, modeOf, pickAll } from "../../selecting";
import { Question } from "../../question";
import type { SideChart } from "../chart";
import { type Sheet, rowAt } from "../sheet";
import { Lines } from "./lines";
import type { NodeCountsMessage } from "./messages";
import { NodesChart, ORIGIN } from "./side";

export function activeNodes(sheet: Sheet, hub: Hub): SideChart {
  return new Active(sheet, hub);
}

class Active extends NodesChart {
  private answer: NodeCountsMessage | null = null;
  private readonly question: Question<null>;
  private readonly lines: Lines;

  constructor(sheet: Sheet, hub: Hub) {
    super(sheet, hub, "active nodes");
    this.question = new Question(hub, (_, seq) => ({ type: "node_counts", seq }));
    this.lines = new Lines(hub, sheet);
    this.lines.onPoint = (key, row) => this.point(key, row);
    this.lines.onPick = (key, event) => {
      if (hub.network) pickAll(hub, layerGroup(hub.network, key).nodes, modeOf(event), ORIGIN);
    };
    this.tools.append("Nodes above zero, of each layer", this.numbers.toggle);
    this.stage.append(this.lines.plot.root);
    this.hear("node_counts", (message) => {
      this.question.answered();
      if (!this.current(message)) return;
      this.answer = message;
      this.draw();
      this.numbers.of(() => this.table());
    });
    this.numbers.of(() => this.table());
  }

  protected override ask(): void {
    this.question.ask(null);
  }

  protected override moved(): void {
    this.draw();
  }

  protected override draw(): void {
    const { answer, hub, sheet } = this;
    if (!answer || !hub.network || !sheet.head || !this.fits(answer)) return;
    const { position } = sheet.cursor;
    const row = position === null ? null : rowAt(answer, position);
    const curves = answer.layers.map(({ name, count, active }) => ({
      key: hub.network!.layers.findIndex((layer) => layer.name === name),
      name,
      values: Array.from(active, (n) => n / count),
      value: row === null ? `of ${count}` : `${active[row]} of ${count}`,
    }));
    const last = answer.positions.length - 1;
    const about = `Share of active nodes along the sweep: ${answer.layers.map(({ name, count, active }) => `${name} from ${active[0]} to ${active[last]} of ${count}`).join("; ")}`;
    const most = Math.max(...curves.map(({ values }) => Math.max(...values)));
    this.lines.show({
      positions: answer.positions,
      curves,
      x: this.axisTitle,
      y: "share of the layer",
      range: [0, Math.min(1, most * 1.08 || 1)],
      formatY: (value) => `${Math.round(100 * value)} %`,
      about,
    });
  }

  private point(key: number | null, row: number): void {
    const { answer, hub } = this;
    const layer = key === null ? null : hub.network?.layers[key];
    hub.setPreview(layer ? layerGroup(hub.network!, key!) : null);
    const of = answer?.layers.find(({ name }) => name === layer?.name);
    this.said.textContent =
      of && answer ? `${of.name}: ${of.active[row]} of ${of.count} nodes (${percent(of.active[row] / of.count).trim()}) at ${this.at(answer.positions[row])}` : "";
  }

  private table() {
    const { answer } = this;
    if (!answer) return null;
    return {
      caption: `Nodes above zero, ${answer.network}, ${answer.way}`,
      corner: this.sheet.head?.axis.name ?? "t",
      columns: answer.layers.map(({ name, count }) => `${name} (of ${count})`),
      rows: Array.from(answer.positions, (position, k) => ({ head: position.toFixed(4), cells: answer.layers.map(({ active }) => active[k]) })),
    };
  }
}
