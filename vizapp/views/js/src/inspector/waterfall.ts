/** A sum as a waterfall: its largest terms one by one, all the others together, the bias, and what they come to. */

import { h, number } from "../dom";
import type { Hub } from "../hub";
import type { Rest } from "./messages";
import { label, say, shown, standsFor } from "./part";

export interface Step {
  source: number;
  name: string;
  /** What the value is made of, in short. */
  detail: string;
  value: number;
}

export interface Sum {
  /** How many steps there may be at most: room is kept for them. */
  most: number;
  steps: Step[];
  rest: Rest;
  bias: number;
  bias_name: string;
  total: number;
  total_name: string;
}

/** One line: words, numbers, and a bar from where the sum was to where it is. */
class Line {
  readonly name = h("span", { class: "name" });
  readonly detail = h("span", { class: "detail num" });
  readonly value = h("span", { class: "value num" });
  private readonly bar = h("span", { class: "bar" });
  private readonly zero = h("span", { class: "zero" });
  readonly parts = [this.name, this.detail, this.value, h("span", { class: "track" }, this.zero, this.bar)];

  set(from: number, to: number, low: number, high: number): void {
    const at = (value: number): number => (value - low) / (high - low);
    const [start, end] = [at(Math.min(from, to)), at(Math.max(from, to))];
    this.bar.style.left = `${(100 * start).toFixed(2)}%`;
    this.bar.style.width = `${(100 * (end - start)).toFixed(2)}%`;
    this.bar.classList.toggle("minus", to < from);
    this.zero.style.left = `${(100 * at(0)).toFixed(2)}%`;
  }
}

export class Waterfall {
  readonly root: HTMLElement;
  private readonly list = h("ol", { class: "waterfall" });
  private readonly lines: { line: Line; item: HTMLElement }[] = [];
  private readonly rest = new Line();
  private readonly bias = new Line();
  private readonly total = new Line();
  private readonly restItem = h("li", { class: "rest" }, ...this.rest.parts);
  private readonly items = [
    this.restItem,
    h("li", { class: "bias" }, ...this.bias.parts),
    h("li", { class: "total" }, ...this.total.parts),
  ];
  private sources: number[] = [];
  private hovered = false;

  constructor(
    private readonly hub: Hub,
    name: string,
  ) {
    this.list.append(...this.items);
    label(this.list, name);
    this.list.addEventListener("pointerenter", () => (this.hovered = true));
    this.list.addEventListener("pointerleave", () => (this.hovered = false));
    this.root = this.list;
  }

  /** Sources in the order in which they stay while somebody points at one of them. */
  get held(): number[] | null {
    return this.hovered || this.list.matches(":focus-within") ? this.sources : null;
  }

  show({ most, steps, rest, bias, bias_name, total, total_name }: Sum): void {
    this.sources = steps.map(({ source }) => source);
    this.list.style.setProperty("--lines", String(most));
    const sums = [0];
    for (const { value } of steps) sums.push(sums[sums.length - 1] + value);
    const beforeBias = sums[steps.length] + rest.sum;
    const low = Math.min(0, beforeBias, total, ...sums);
    const high = Math.max(low + 1e-6, 0, beforeBias, total, ...sums);
    while (this.lines.length < steps.length) this.add();
    this.lines.forEach(({ line, item }, i) => {
      if (!shown(item, i < steps.length)) return;
      const { name, detail, value } = steps[i];
      say(line.name, name);
      say(line.detail, detail);
      say(line.value, number(value));
      line.set(sums[i], sums[i + 1], low, high);
    });
    if (shown(this.restItem, rest.count > 0)) {
      say(this.rest.name, rest.count === 1 ? "and a smaller one" : `and ${rest.count} smaller ones`);
      say(this.rest.value, number(rest.sum));
      this.rest.set(sums[steps.length], beforeBias, low, high);
    }
    say(this.bias.name, bias_name);
    say(this.bias.value, number(bias));
    this.bias.set(beforeBias, beforeBias + bias, low, high);
    say(this.total.name, total_name);
    say(this.total.value, number(total));
    this.total.set(0, total, low, high);
  }

  /** What the pointer is on, in whichever pane. */
  point(node: number | null): void {
    this.lines.forEach(({ item }, i) => item.classList.toggle("pointed", node !== null && this.sources[i] === node));
  }

  private add(): void {
    const line = new Line();
    const at = this.lines.length;
    const button = h("button", { type: "button" }, ...line.parts);
    standsFor(this.hub, button, () => this.sources[at] ?? null);
    const item = h("li", {}, button);
    this.lines.push({ line, item });
    this.list.insertBefore(item, this.restItem);
  }
}
