/** A dialog with the numbers behind the pictures: a real table, to be read by anybody and copied as CSV. */

import type { Props } from "./bokeh";
import { copyField } from "./clipboard";
import { h } from "./dom";
import { type Hub, hubOf } from "./hub";
import { layerIndexOf, nodeName } from "./network";
import { csvOf, type Sheet, tableOf } from "./numbers";
import { save } from "./pictures";
import { Question } from "./question";
import { edgeSheets, sheetOf, type Value, VALUES, valuesOf } from "./sheets";
import type { EdgeTableMessage, TableMessage } from "./tabled";

const IMAGE = "";
const EDGES = " edges";

export function render({ view }: Props): HTMLElement {
  const tables = new Tables(hubOf(view.model.document));
  return h("div", {}, tables.dialog);
}

class Tables {
  readonly dialog: HTMLDialogElement;
  private readonly layer = h("select", { onchange: () => this.chosen() });
  private readonly map = h("select", { onchange: () => this.ask() });
  private readonly value = h("select", { onchange: () => this.show() });
  private readonly mapField = field("Map", this.map);
  private readonly valueField = field("Value", this.value);
  private readonly content = h("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": "Numbers" });
  private readonly csv = h("textarea", { readonly: true, hidden: true, rows: 4, "aria-label": "The table as CSV" });
  private readonly said = h("span", { class: "muted", role: "status" });
  private readonly table: Question<{ layer: string | null; map: number }>;
  private readonly edges: Question<number>;
  private answer: TableMessage | EdgeTableMessage | null = null;
  private sheets: Sheet[] = [];

  constructor(private readonly hub: Hub) {
    this.table = new Question(hub, ({ layer, map }, seq) => ({ type: "table", seq, layer, map }));
    this.edges = new Question(hub, (node, seq) => ({ type: "edge_table", seq, node }));
    this.dialog = this.build();
    hub.on("tables", ({ pane }) => this.open(pane));
    hub.on("table", (message) => {
      this.table.answered();
      this.take(message);
    });
    hub.on("edge_table", (message) => {
      this.edges.answered();
      this.take(message);
    });
    hub.on("network", () => this.dialog.open && this.fill(null));
    hub.on("selection", () => this.dialog.open && this.fill(this.layer.value));
    // Numbers of the moment, while something moves them.
    hub.on("frame", () => this.dialog.open && this.ask());
  }

  private build(): HTMLDialogElement {
    const close = h("button", { type: "button", class: "close", "aria-label": "Close", onclick: () => dialog.close() }, "×");
    const copy = h("button", { type: "button", onclick: () => void this.copy() }, "Copy as CSV");
    const keep = h("button", { type: "button", onclick: () => this.save() }, "Save as CSV");
    const dialog = h(
      "dialog",
      { class: "numbers", "aria-label": "Table" },
      h("div", { class: "head" }, h("h2", {}, "Table"), close),
      h("div", { class: "line" }, field("Of", this.layer), this.mapField, this.valueField),
      this.content,
      h("div", { class: "line" }, copy, keep, this.said),
      this.csv,
    );
    dialog.addEventListener("click", (event) => {
      if (event.composedPath()[0] === dialog) dialog.close();
    });
    return dialog;
  }

  private get primary(): number | null {
    return this.hub.selection.length ? this.hub.selection[0] : null;
  }

  /** Begins where the person is looking: at the input, or at the layer of the selected node. */
  private open(pane: string): void {
    const { network } = this.hub;
    if (!network) return;
    const at = this.primary === null ? network.layers.length - 1 : layerIndexOf(network, this.primary);
    this.answer = null;
    this.dialog.showModal();
    this.fill(pane === "seen" ? IMAGE : network.layers[at].name);
    if (pane !== "seen" && this.primary !== null && network.layers[at].shape.length === 3) {
      const [, rows, cols] = network.layers[at].shape;
      this.map.value = String(Math.floor((this.primary - network.layers[at].offset) / (rows * cols)));
      this.ask();
    }
  }

  private fill(chosen: string | null): void {
    const { network } = this.hub;
    if (!network) return;
    const layers = network.layers.map(({ name, label, detail }): [string, string] => [name, `${label} (${detail})`]);
    const edges: [string, string][] = this.primary === null ? [] : [[EDGES, `Edges of ${nodeName(network, this.primary)}`]];
    const all: [string, string][] = [[IMAGE, "What the network sees (28×28)"], ...layers, ...edges];
    this.layer.replaceChildren(...options(all));
    const known = all.some(([value]) => value === chosen);
    this.layer.value = known && chosen !== null ? chosen : network.layers[network.layers.length - 1].name;
    this.chosen();
  }

  private chosen(): void {
    const layer = this.hub.network?.layers.find(({ name }) => name === this.layer.value);
    const maps = layer && layer.shape.length === 3 ? layer.shape[0] : 1;
    const before = Number(this.map.value);
    this.map.replaceChildren(...options(Array.from({ length: maps }, (_, i) => [String(i), String(i + 1)])));
    this.map.value = String(before < maps ? before : 0);
    this.mapField.hidden = maps < 2;
    this.ask();
  }

  private ask(): void {
    if (this.layer.value === EDGES) {
      if (this.primary !== null) this.edges.ask(this.primary);
    } else {
      this.table.ask({ layer: this.layer.value === IMAGE ? null : this.layer.value, map: Number(this.map.value) });
    }
  }

  private take(message: TableMessage | EdgeTableMessage): void {
    if (!this.dialog.open || message.network !== this.hub.network?.name) return;
    const wanted = message.type === "table" ? (message.layer ?? IMAGE) : EDGES;
    if (wanted !== this.layer.value || (message.type === "table" && message.map !== Number(this.map.value))) return;
    this.answer = message;
    const values = message.type === "table" && (message.layer === null || message.cols > 1) ? valuesOf(message) : [];
    const before = this.value.value;
    this.value.replaceChildren(...options(values.map((name) => [name, VALUES[name]])));
    if (values.includes(before as Value)) this.value.value = before;
    this.valueField.hidden = values.length < 2;
    this.show();
  }

  private show(): void {
    const { network } = this.hub;
    if (!network || !this.answer) return;
    this.sheets =
      this.answer.type === "table"
        ? [sheetOf(network, this.answer, (this.value.value || "output") as Value, this.primary)]
        : edgeSheets(network, this.answer);
    const { scrollTop, scrollLeft } = this.content;
    this.content.replaceChildren(...this.sheets.map(tableOf));
    this.content.scrollTo(scrollLeft, scrollTop);
    this.said.textContent = "";
    this.csv.hidden = true;
  }

  private async copy(): Promise<void> {
    this.csv.value = csvOf(this.sheets);
    // Where the browser keeps the clipboard from the page, the person copies what is selected.
    this.csv.hidden = false;
    const copied = await copyField(this.csv);
    this.csv.hidden = copied;
    this.said.textContent = copied ? "Copied." : "Press Ctrl+C to copy what is selected.";
  }

  private save(): void {
    const about = this.sheets[0]?.caption ?? "table";
    const name = `vizapp ${this.hub.network?.name ?? ""} ${about}`.toLowerCase().replace(/[^a-z0-9]+/g, "-");
    save(new Blob([csvOf(this.sheets)], { type: "text/csv;charset=utf-8" }), `${name}.csv`);
  }
}

function field(label: string, control: HTMLElement): HTMLElement {
  return h("label", {}, h("span", { class: "muted" }, label), control);
}

function options(choices: [string, string][]): HTMLOptionElement[] {
  return choices.map(([value, text]) => h("option", { value }, text));
}
