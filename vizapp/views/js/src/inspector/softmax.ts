/** From logits to probabilities: all classes in a table, and what an output has or lacks against its rival. */

import { h, number, percent } from "../dom";
import type { Hub } from "../hub";
import { layerIndexOf, nodeName } from "../network";
import type { InspectionMessage } from "./messages";
import { type Pane, type Part, say, section, shown, standsFor } from "./part";
import { Waterfall } from "./waterfall";

const MOST = 12;

export class Softmax implements Part {
  readonly root: HTMLElement;
  private readonly body = h("tbody");
  private readonly foot = [h("td"), h("td"), h("td")];
  private readonly rows: { row: HTMLElement; cells: HTMLElement[]; bar: HTMLElement }[] = [];
  private readonly hub: Hub;
  private first = 0;

  constructor({ hub }: Pane) {
    this.hub = hub;
    const heads = ["class", "logit z", "exp z"].map((text) => h("th", { scope: "col" }, text));
    heads.push(h("th", { scope: "colgroup", colspan: 2 }, "share"));
    const sum = h("tr", {}, h("th", { scope: "row" }, "sum"), ...this.foot, h("td"));
    const table = h("table", { class: "softmax num" }, h("thead", {}, h("tr", {}, ...heads)), this.body, h("tfoot", {}, sum));
    this.root = section("From logits to probabilities", table);
  }

  show({ kind, logits, probabilities, node }: InspectionMessage): void {
    const { network } = this.hub;
    if (!shown(this.root, kind === "output" && logits !== null) || !logits || !probabilities || !network) return;
    this.first = network.layers[layerIndexOf(network, node)].offset;
    while (this.rows.length < logits.length) this.add();
    const order = Array.from(probabilities.keys()).sort((a, b) => probabilities[b] - probabilities[a]);
    let sum = 0;
    this.rows.forEach(({ row, cells, bar }, i) => {
      if (!shown(row, i < logits.length)) return;
      sum += Math.exp(logits[i]);
      [number(logits[i]), number(Math.exp(logits[i])), percent(probabilities[i])].forEach((text, k) => say(cells[k], text));
      bar.style.transform = `scaleX(${probabilities[i]})`;
      row.classList.toggle("is-first", i === order[0]);
      row.classList.toggle("is-second", i === order[1]);
      row.classList.toggle("own", this.first + i === node);
    });
    ["", number(sum), percent(1)].forEach((text, k) => say(this.foot[k], text));
  }

  point(node: number | null): void {
    this.rows.forEach(({ row }, i) => row.classList.toggle("pointed", node === this.first + i));
  }

  private add(): void {
    const at = this.rows.length;
    const name = h("button", { type: "button" }, String(at));
    standsFor(this.hub, name, () => this.first + at);
    const cells = [h("td", { "data-number": `logit-${at}` }), h("td"), h("td", { "data-number": `share-${at}` })];
    const bar = h("span", { class: "bar" });
    const track = h("td", { class: "wide" }, h("span", { class: "track" }, bar));
    const row = h("tr", {}, h("th", { scope: "row" }, name), ...cells, track);
    this.rows.push({ row, cells, bar });
    this.body.append(row);
  }
}

/** An output against the best other one: what it has over it, or what it lacks. */
export class Rival implements Part {
  readonly root: HTMLElement;
  private readonly title = h("h3");
  private readonly words = h("p", { class: "muted" });
  private readonly waterfall: Waterfall;
  private readonly hub: Hub;
  private between = "";

  constructor({ hub }: Pane) {
    this.hub = hub;
    this.waterfall = new Waterfall(hub, "The largest differences between the two sums");
    this.root = section(this.title, this.words, this.waterfall.root);
  }

  show({ node, rival, name, sources }: InspectionMessage): void {
    const { network } = this.hub;
    if (!shown(this.root, rival !== null) || !rival || !network) return;
    const [own, other] = [name, rival.name].map((text) => text.replace(/^\D*/, ""));
    say(this.title, rival.gap < 0 ? `What ${own} lacks against ${other}` : `What ${own} has over ${other}`);
    say(
      this.words,
      `Its logit is ${number(Math.abs(rival.gap))} ${rival.gap < 0 ? "below" : "above"} that of ${other}. Each line: what a node gives to ${own}, minus what it gives to ${other}.`,
    );
    this.waterfall.show({
      most: Math.min(MOST, sources.length),
      steps: this.ordered(rival.terms, `${node} ${rival.node}`).map(({ source, mine, theirs, difference }) => ({
        source,
        name: nodeName(network, source),
        detail: `${number(mine)} − ${theirs < 0 ? `(${number(theirs)})` : number(theirs)}`,
        value: difference,
      })),
      rest: rival.rest,
      bias: rival.bias,
      bias_name: "biases",
      total: rival.gap,
      total_name: "difference of the logits",
    });
  }

  point(node: number | null): void {
    this.waterfall.point(node);
  }

  /** Under a resting pointer terms stay in their places while they are among the largest. */
  private ordered<T extends { source: number }>(terms: T[], between: string): T[] {
    const stay = between === this.between ? this.waterfall.held : null;
    this.between = between;
    const held = stay?.map((source) => terms.find((term) => term.source === source)) ?? [];
    return held.length === terms.length && held.every((term) => term !== undefined) ? (held as T[]) : terms;
  }
}
