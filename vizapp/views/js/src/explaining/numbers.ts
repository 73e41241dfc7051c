/** A table behind a picture, made only while it is open, and as a file. */

import { h } from "../dom";
import type { Hub } from "../hub";
import { csvOf, type Sheet, tableOf } from "../numbers";
import { save } from "../pictures";
import { SIDE } from "./marks";
import type { Part, Shown } from "./part";

/** Hundreds of cells at every movement would hold up the pen. */
const REST_MS = 150;

export class Numbers {
  readonly root: HTMLDetailsElement;
  private readonly content: HTMLElement;
  private make: (() => Sheet) | null = null;
  private timer = 0;

  constructor(
    private readonly hub: Hub,
    name: string,
  ) {
    this.content = h("div", { class: "scroll-table num", tabindex: 0, role: "region", "aria-label": name });
    const keep = h("button", { type: "button", onclick: () => this.save() }, "Save as CSV");
    this.root = h("details", { class: "numbers-of" }, h("summary", {}, name), this.content, keep);
    this.root.addEventListener("toggle", () => this.fill());
  }

  offer(make: () => Sheet): void {
    this.make = make;
    clearTimeout(this.timer);
    if (this.root.open) this.timer = window.setTimeout(() => this.fill(), REST_MS);
  }

  private fill(): void {
    if (!this.root.open || !this.make) return;
    const { scrollTop, scrollLeft } = this.content;
    this.content.replaceChildren(tableOf(this.make()));
    this.content.scrollTo(scrollLeft, scrollTop);
  }

  private save(): void {
    if (!this.make) return;
    const sheet = this.make();
    const name = `vizapp ${this.hub.network?.name ?? ""} ${sheet.caption}`.toLowerCase().replace(/[^a-z0-9]+/g, "-");
    save(new Blob([csvOf([sheet])], { type: "text/csv;charset=utf-8" }), `${name}.csv`);
  }
}

/** The numbers of the pixels. */
export class PixelNumbers implements Part {
  readonly root: HTMLElement;
  private readonly numbers: Numbers;

  constructor(hub: Hub) {
    this.numbers = new Numbers(hub, "Table of the pixels");
    this.root = h("section", {}, this.numbers.root);
  }

  show(given: Shown | null): void {
    const values = given?.message.values;
    this.root.hidden = !values;
    if (!given || !values) return;
    const { about, classes, flip, node } = given.message;
    const what = flip ? `change of ink towards ${flip.rival}` : node ? `of ${node.name}` : `${classes[0]} against ${classes[1]}`;
    this.numbers.offer(() => ({
      caption: `${about.label}, ${what}`,
      corner: "row",
      columns: Array.from({ length: SIDE }, (_, column) => String(column)),
      rows: Array.from({ length: SIDE }, (_, row) => ({
        head: String(row),
        cells: Array.from(values.subarray(row * SIDE, (row + 1) * SIDE)),
      })),
    }));
  }
}
