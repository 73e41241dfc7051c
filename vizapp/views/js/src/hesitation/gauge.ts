/** A small scale: a bar up to a value, ticks with their numbers, a line to hold the value against. */

import { h } from "../dom";

export interface Tick {
  /** From 0, left, to 1. */
  at: number;
  text: string;
}

/** Its numbers stand beside it as text, so it is for the eye only. */
export class Gauge {
  readonly root: HTMLElement;
  private readonly bar = h("span", { class: "bar" });
  private readonly mark = h("span", { class: "mark" });

  constructor(ticks: Tick[]) {
    const labels = ticks.map(({ at, text }) => place(h("span", { class: edge(at) }, text), at));
    const lines = ticks.map(({ at }) => place(h("i"), at));
    const track = h("span", { class: "track" }, this.bar, ...lines, this.mark);
    this.root = h("div", { class: "gauge num", "aria-hidden": "true" }, track, h("span", { class: "ticks" }, ...labels));
  }

  /** Both from 0 to 1; what is beyond the scale stands at its end. */
  set(value: number, mark: number): void {
    this.bar.style.transform = `scaleX(${within(value)})`;
    place(this.mark, within(mark));
  }

  colour(rank: number): void {
    this.bar.className = `bar ${["is-first", "is-second"][rank] ?? ""}`;
  }
}

function place(element: HTMLElement, at: number): HTMLElement {
  element.style.left = `${(100 * at).toFixed(2)}%`;
  return element;
}

/** Numbers at the ends stay above the scale. */
function edge(at: number): string {
  return at === 0 ? "left" : at === 1 ? "right" : "";
}

function within(value: number): number {
  return Math.min(1, Math.max(0, value));
}
