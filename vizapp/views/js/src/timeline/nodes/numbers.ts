/** The table behind a chart: shown in its place, and taken along as CSV. */

import { copyField } from "../../clipboard";
import { icon, TABLE } from "../../actions";
import { h } from "../../dom";
import type { Hub } from "../../hub";
import { csvOf, type Sheet, tableOf } from "../../numbers";
import { save } from "../../pictures";

/** More rows would hold up the page; they are all in the CSV. */
const MAX_ROWS = 300;

export class Numbers {
  readonly root: HTMLElement;
  readonly toggle: HTMLButtonElement;
  private readonly region: HTMLElement;
  private readonly field = h("textarea", { readonly: true, hidden: true, rows: 3, "aria-label": "The table as CSV" });
  private readonly status = h("span", { class: "muted", role: "status" });
  private readonly take: HTMLElement;
  private make: () => Sheet | null = () => null;

  constructor(
    private readonly hub: Hub,
    private readonly name: string,
    private readonly stage: HTMLElement,
  ) {
    this.toggle = h("button", { type: "button", "aria-pressed": "false", class: "table-toggle", title: `Table: the numbers behind “${name}”`, "aria-label": `Table: ${name}`, onclick: () => this.show(this.root.hidden !== false) }, icon(TABLE));
    this.region = h("div", { class: "region num", role: "region", tabindex: 0, "aria-label": `Numbers: ${name}` });
    this.take = h(
      "div",
      { class: "take" },
      h("button", { type: "button", onclick: () => void this.copy() }, "Copy as CSV"),
      h("button", { type: "button", onclick: () => this.save() }, "Save as CSV"),
      this.status,
    );
    this.root = h("div", { class: "numbers", hidden: true }, this.region, this.field, this.take);
  }

  /** How the table is made of what is known; it is only made while somebody looks. */
  of(make: () => Sheet | null): void {
    this.make = make;
    if (!this.root.hidden) this.fill();
  }

  private show(on: boolean): void {
    this.toggle.setAttribute("aria-pressed", String(on));
    this.root.hidden = !on;
    this.stage.hidden = on;
    this.status.textContent = "";
    this.field.hidden = true;
    if (on) this.fill();
  }

  private fill(): void {
    const sheet = this.make();
    if (!sheet) return this.region.replaceChildren(h("p", { class: "muted" }, "There are no numbers yet."));
    const { scrollTop, scrollLeft } = this.region;
    const left = sheet.rows.length - MAX_ROWS;
    const table = tableOf({ ...sheet, rows: sheet.rows.slice(0, MAX_ROWS) });
    this.region.replaceChildren(table, ...(left > 0 ? [h("p", { class: "muted" }, `and ${left.toLocaleString("en")} more, all of them in the CSV`)] : []));
    this.region.scrollTo(scrollLeft, scrollTop);
  }

  private async copy(): Promise<void> {
    const sheet = this.make();
    if (!sheet) return;
    this.field.value = csvOf([sheet]);
    this.field.hidden = false;
    const copied = await copyField(this.field);
    this.field.hidden = copied;
    this.status.textContent = copied ? "Copied." : "Press Ctrl+C to copy what is selected.";
  }

  private save(): void {
    const sheet = this.make();
    if (!sheet) return;
    const name = `vizapp-${this.hub.network?.name ?? "network"}-${this.name.replaceAll(" ", "-")}.csv`;
    save(new Blob([csvOf([sheet])], { type: "text/csv;charset=utf-8" }), name);
  }
}
