/** The table behind pictures: real cells, bounded in height, filled again when the pen rests. */

import { h } from "../dom";
import type { Hub } from "../hub";
import { label, say, standsFor } from "./part";

/** Hundreds of rows at every movement would hold up the pen. */
const REST_MS = 150;

export interface Content {
  columns: string[];
  /** The first cell names the row, and stands for a node if there is one. */
  rows: { node: number | null; cells: string[] }[];
}

export class Table {
  readonly root: HTMLElement;
  private readonly head = h("tr");
  private readonly body = h("tbody");
  private nodes: (number | null)[] = [];
  private timer = 0;
  private about = -1;
  private offered = 0;

  constructor(
    private readonly hub: Hub,
    name: string,
  ) {
    const table = h("table", {}, h("thead", {}, this.head), this.body);
    this.root = h("div", { class: "table num", role: "region", tabindex: 0, "aria-label": name }, table);
  }

  rename(name: string): void {
    label(this.root, name);
  }

  /** Fill it with what `content` makes: at once about another node, and when this was not asked for a while. */
  offer(node: number, content: () => Content): void {
    clearTimeout(this.timer);
    const now = performance.now();
    const rested = now - this.offered > REST_MS;
    this.offered = now;
    if (node !== this.about || rested) {
      this.about = node;
      return this.fill(content());
    }
    this.timer = window.setTimeout(() => this.fill(content()), REST_MS);
  }

  private fill({ columns, rows }: Content): void {
    this.nodes = rows.map(({ node }) => node);
    adjust(this.head, columns.length, () => h("th", { scope: "col" }));
    columns.forEach((text, i) => say(this.head.children[i], text));
    adjust(this.body, rows.length, (at) => {
      const name = h("button", { type: "button" });
      standsFor(this.hub, name, () => this.nodes[at] ?? null);
      return h("tr", {}, h("th", { scope: "row" }, name));
    });
    rows.forEach(({ cells, node }, at) => {
      const row = this.body.children[at];
      adjust(row, cells.length, () => h("td"));
      const name = row.firstElementChild!.firstElementChild as HTMLButtonElement;
      name.disabled = node === null;
      cells.forEach((text, i) => say(i ? row.children[i] : name, text));
    });
  }
}

/** As many children as wanted; what is there already stays. */
function adjust(parent: Element, count: number, make: (at: number) => Element): void {
  while (parent.childElementCount > count) parent.lastElementChild!.remove();
  while (parent.childElementCount < count) parent.append(make(parent.childElementCount));
}
