/** What is selected: how many nodes, the first of them, their mean; or what to do while nothing is. */

import { h, number } from "../dom";
import type { Hub } from "../hub";
import { nodeName } from "../network";
import { ORIGIN, type Pane, pick, say, shown, standsFor } from "./part";

const LISTED = 8;

export class Several {
  readonly root: HTMLElement;
  private readonly words = h("span");
  private readonly clear = h("button", { type: "button" }, "Clear");
  private readonly list = h("ul", { class: "chosen", "aria-label": "The first of the selected nodes" });
  private readonly items: { item: HTMLElement; name: HTMLElement; value: HTMLElement }[] = [];
  private readonly more = h("li", { class: "muted" });
  private readonly hub: Hub;
  private values = new Map<number, number>();

  constructor({ hub }: Pane) {
    this.hub = hub;
    this.clear.addEventListener("click", () => pick(hub, []));
    this.list.append(this.more);
    this.root = h("div", { class: "several" }, h("p", {}, this.words, this.clear), this.list);
    hub.on("selection", ({ values }) => this.told(values));
    hub.on("frame", ({ values }) => this.told(values));
    hub.on("network", () => this.told([]));
  }

  /** `previewed`: a node is shown that is not selected. */
  show(previewed: boolean): void {
    const { selection, network } = this.hub;
    const count = selection.length;
    shown(this.clear, count > 0);
    shown(this.root, count > 0 || previewed);
    shown(this.list, count > 1);
    if (count < 2 || !network) {
      say(this.words, count ? "Selected" : "Under the pointer; click the node to keep it here.");
      return;
    }
    const known = Array.from(selection, (node) => this.values.get(node)).filter((value) => value !== undefined);
    const mean = known.reduce((sum, value) => sum + value, 0) / known.length;
    const of = known.length < count ? ` of the first ${known.length}` : "";
    say(this.words, `${count.toLocaleString("en")} nodes selected${known.length ? `; mean output${of}: ${number(mean)}` : ""}`);
    while (this.items.length < Math.min(count, LISTED)) this.add();
    this.items.forEach(({ item, name, value }, i) => {
      if (!shown(item, i < count)) return;
      say(name, nodeName(network, selection[i]));
      const known = this.values.get(selection[i]);
      say(value, known === undefined ? "" : number(known));
    });
    say(this.more, count > LISTED ? `and ${(count - LISTED).toLocaleString("en")} more` : "");
  }

  private told(values: number[][]): void {
    this.values = new Map(values.map(([node, , output]) => [node, output]));
  }

  /** A click makes a node the primary one. */
  private add(): void {
    const at = this.items.length;
    const [name, value] = [h("span"), h("span", { class: "num muted" })];
    const button = h("button", { type: "button", title: "Inspect this one" }, name, value);
    button.addEventListener("click", (event) => {
      event.stopImmediatePropagation();
      this.hub.send({ type: "pick", nodes: [this.hub.selection[at]], mode: "add", origin: ORIGIN });
    });
    standsFor(this.hub, button, () => this.hub.selection[at] ?? null);
    const item = h("li", {}, button);
    this.items.push({ item, name, value });
    this.list.insertBefore(item, this.more);
  }
}
