/** The rows of a robustness table: cases down, the networks and what was measured of them across. */

import { h } from "../dom";
import type { BatchMessage, TableRow } from "./messages";
import { count } from "./words";

interface Column {
  name: string;
  title: string;
  text: (value: number) => string;
}

const share = (value: number): string => `${(100 * value).toFixed(2)} %`;
const plain = (value: number): string => value.toFixed(2).replace("-", "−");

const SHEETS: Record<string, Column[]> = {
  "Accuracy and certainty": [
    { name: "accuracy", title: "right", text: share },
    { name: "confidence", title: "confidence", text: share },
    { name: "entropy", title: "entropy, bits", text: plain },
    { name: "margin", title: "margin", text: plain },
    { name: "sure_but_wrong", title: "sure but wrong", text: share },
  ],
  "Digit by digit": Array.from({ length: 10 }, (_, digit) => ({
    name: `accuracy_${digit}`,
    title: String(digit),
    text: (value: number) => (100 * value).toFixed(1),
  })),
};

const ABOUT: Record<string, string> = {
  "Accuracy and certainty":
    "Means over the images: confidence is the probability of the answer, margin the distance of the two best logits, sure but wrong the share that is wrong with 90 % or more.",
  "Digit by digit": "Per cent of the images of each digit that are answered right.",
};

export class Results {
  readonly root: HTMLElement;
  private readonly sheet = h("select", { onchange: () => this.draw() }, ...Object.keys(SHEETS).map((name) => h("option", {}, name)));
  private readonly scroll = h("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": "Robustness table" });
  private readonly about = h("p", { class: "muted" });
  private message: BatchMessage | null = null;

  constructor() {
    const choose = h("label", { class: "line" }, h("span", { class: "muted" }, "Show"), this.sheet);
    this.root = h("section", { class: "results", hidden: true }, choose, this.scroll, this.about);
  }

  show(message: BatchMessage): void {
    this.message = message;
    this.root.hidden = message.done === 0;
    this.draw();
  }

  private draw(): void {
    if (!this.message) return;
    const { scrollTop, scrollLeft } = this.scroll;
    this.scroll.replaceChildren(tableOf(this.message, SHEETS[this.sheet.value]));
    this.scroll.scrollTo(scrollLeft, scrollTop);
    this.about.textContent = ABOUT[this.sheet.value];
  }
}

function tableOf({ rows, choice }: BatchMessage, columns: Column[]): HTMLTableElement {
  const networks = [...new Set(rows.map(({ network }) => network))];
  const cases = [...new Set(rows.map((row) => row.case))];
  const heads = networks.map((name) => h("th", { scope: "colgroup", colspan: columns.length }, name.toUpperCase()));
  const titles = networks.flatMap(() => columns.map(({ title }, i) => h("th", { scope: "col", class: i ? "" : "first" }, title)));
  const lines = cases.map((name) => {
    const found = networks.map((network) => rows.find((row) => row.network === network && row.case === name)!);
    const cells = found.flatMap((row) => columns.map((column, i) => cell(row, column, i === 0)));
    return h("tr", {}, h("th", { scope: "row" }, name, ...partly(found)), ...cells);
  });
  return h(
    "table",
    {},
    h("caption", {}, `${count(choice.images)} test images, distorted`),
    h("thead", {}, h("tr", {}, h("th", { scope: "col", rowspan: 2 }, "case"), ...heads), h("tr", {}, ...titles)),
    h("tbody", {}, ...lines),
  );
}

function cell(row: TableRow, { name, text }: Column, first: boolean): HTMLElement {
  const value = row[name];
  return h("td", { class: first ? "first" : "" }, typeof value === "number" ? text(value) : "–");
}

/** Where images are missing yet, how many there are. */
function partly(rows: TableRow[]): HTMLElement[] {
  const least = Math.min(...rows.map(({ images }) => images));
  const { of } = rows[0];
  return least < of ? [h("span", { class: "muted" }, least ? `${count(least)} of ${count(of)}` : "not yet")] : [];
}
