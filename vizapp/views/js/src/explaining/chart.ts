/** The curves of a deletion test: by a picture's order, and by chance. */

import { h, number } from "../dom";
import { label } from "../inspector/part";
import type { DeletionMessage } from "./messages";

const SVG = "http://www.w3.org/2000/svg";
const [WIDTH, HEIGHT] = [280, 150];
const [LEFT, RIGHT, TOP, BOTTOM] = [40, 272, 8, 124];

export class Chart {
  readonly root: HTMLElement;
  private readonly svg = draw("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img" });

  constructor() {
    const key = (name: string, text: string): HTMLElement => h("span", {}, h("i", { class: name }), text);
    this.root = h(
      "figure",
      { class: "chart" },
      this.svg,
      h("figcaption", { class: "muted" }, key("curve", "by this picture"), key("mean", "in random order, mean"), key("band", "± standard deviation")),
    );
  }

  show({ removed, curve, mean, spread, classes, verdict }: DeletionMessage): void {
    const last = removed[removed.length - 1] || 1;
    const low = Array.from(mean, (value, i) => value - spread[i]);
    const high = Array.from(mean, (value, i) => value + spread[i]);
    const [bottom, top] = [Math.min(0, ...low, ...curve), Math.max(0, ...high, ...curve)];
    const x = (i: number): string => (LEFT + (removed[i] / last) * (RIGHT - LEFT)).toFixed(1);
    const y = (value: number): string => (BOTTOM - ((value - bottom) / (top - bottom || 1)) * (BOTTOM - TOP)).toFixed(1);
    const line = (values: ArrayLike<number>): string => Array.from(values, (value, i) => `${x(i)} ${y(value)}`).join("L");
    const band = `${line(high)}L${low.map((value, i) => `${x(i)} ${y(value)}`).reverse().join("L")}z`;
    const tick = (value: number): SVGElement => draw("text", { x: LEFT - 4, y: Number(y(value)) + 4, "text-anchor": "end" }, shortened(value));
    const below = (at: number, anchor: string, text: string): SVGElement => draw("text", { x: at, y: BOTTOM + 14, "text-anchor": anchor }, text);
    this.svg.replaceChildren(
      draw("path", { class: "axes", d: `M${LEFT} ${TOP}V${BOTTOM}M${LEFT} ${y(0)}H${RIGHT}` }),
      draw("path", { class: "band", d: `M${band}` }),
      draw("path", { class: "mean", d: `M${line(mean)}` }),
      draw("path", { class: "curve", d: `M${line(curve)}` }),
      ...[...new Set([bottom, 0, top])].filter((v) => v === 0 || Math.abs(Number(y(v)) - Number(y(0))) > 12).map(tick),
      below(LEFT, "start", "0 %"),
      below((LEFT + RIGHT) / 2, "middle", "of the ink removed"),
      below(RIGHT, "end", "100 %"),
    );
    label(this.svg, `Logit of ${classes[0]} less that of ${classes[1]} as ink is removed: from ${number(curve[0])} to ${number(curve[curve.length - 1])}. ${verdict}`);
  }
}

function shortened(value: number): string {
  return value.toFixed(Math.abs(value) < 10 && value !== 0 ? 1 : 0).replace("-", "−");
}

function draw(tag: string, attributes: Record<string, string | number>, text = ""): SVGElement {
  const element = document.createElementNS(SVG, tag) as SVGElement;
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  element.textContent = text;
  return element;
}
