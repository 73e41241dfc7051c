/** The curve of the cursor's way as a table: what the plot shows, for those who do not see it. */

import { h } from "../dom";
import { tableOf } from "../numbers";
import { classesAt } from "./cursor";
import { rowAt, type Sheet } from "./sheet";
import { placeShort, whole } from "./words";

export class Probabilities {
  readonly element: HTMLDetailsElement;
  private readonly place = h("div", { class: "numbers-of", tabindex: 0, role: "region", "aria-label": "Probabilities along the curve" });
  private made = "";

  constructor(private readonly sheet: Sheet) {
    this.element = h("details", { class: "probabilities" }, h("summary", {}, "Table of the curve"), this.place);
    this.element.addEventListener("toggle", () => this.show());
  }

  /** Nothing is made while it is closed. */
  show(): void {
    const { focus, head } = this.sheet;
    if (!this.element.open || !focus || !head) return;
    const classes = focus.probabilities.length / focus.positions.length;
    const rows = [...focus.strip.positions].map((position) => {
      const row = rowAt(focus, position);
      return { head: placeShort(head, position), cells: [String(focus.answers[row]), ...classesAt(focus, row).map(whole)] };
    });
    const columns = ["answer", ...Array.from({ length: classes }, (_, label) => `p(${label})`)];
    const table = { caption: `Probabilities, ${focus.label || head.axis.label}, ${focus.network}`, corner: head.axis.name, columns, rows };
    const now = JSON.stringify(table);
    if (now === this.made) return;
    this.made = now;
    this.place.replaceChildren(tableOf(table));
  }
}
