/** The activation function as a curve, with the node's point on it. */

import { h, number } from "../dom";
import type { InspectionMessage } from "./messages";
import { label, say, shown } from "./part";

const SVG = "http://www.w3.org/2000/svg";
const [WIDTH, HEIGHT] = [112, 98];
/** Of the plot within the picture. */
const [LEFT, RIGHT, TOP, BOTTOM] = [10, 102, 15, 76];
const SAMPLES = 60;

type Curved = (z: number) => number;

export class Curve {
  readonly root = h("figure", { class: "curve" });
  private readonly svg = draw("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img" });
  private readonly axes = draw("path", { class: "axes" });
  private readonly line = draw("path", { class: "line" });
  private readonly drop = draw("path", { class: "drop" });
  private readonly before = draw("circle", { class: "before", r: 3.5 });
  private readonly point = draw("circle", { class: "point", r: 4 });
  private readonly texts = {
    low: draw("text", { x: LEFT, y: HEIGHT - 6, "text-anchor": "start" }),
    high: draw("text", { x: RIGHT, y: HEIGHT - 6, "text-anchor": "end" }),
    z: draw("text", { x: (LEFT + RIGHT) / 2, y: HEIGHT - 6, "text-anchor": "middle" }, "z"),
    top: draw("text", { x: RIGHT, y: 10, "text-anchor": "end" }),
    name: draw("text", { x: LEFT, y: 10, "text-anchor": "start" }),
  };

  constructor() {
    const { axes, line, drop, before, point, texts } = this;
    this.svg.append(axes, line, drop, before, point, ...Object.values(texts));
    this.root.append(this.svg);
  }

  show(message: InspectionMessage): void {
    const { kind, activation, pre, output, reference } = message;
    if (!shown(this.root, kind !== "input" && kind !== "pool")) return;
    const curve = functionOf(message);
    const reach = roundUp(Math.max(1, 1.05 * Math.abs(pre), Math.abs(reference?.pre ?? 0), 1.2 * middleOf(message)));
    const bounded = activation === "softmax" || activation === "sigmoid" || activation === "tanh";
    const [bottom, top] = [activation === "identity" ? -reach : activation === "tanh" ? -1 : 0, bounded ? 1 : reach];
    const x = (z: number): number => LEFT + ((z + reach) / (2 * reach)) * (RIGHT - LEFT);
    const y = (a: number): number => BOTTOM - ((a - bottom) / (top - bottom)) * (BOTTOM - TOP);
    const points = Array.from({ length: SAMPLES + 1 }, (_, i) => {
      const z = reach * ((2 * i) / SAMPLES - 1);
      return `${x(z).toFixed(1)} ${y(curve(z)).toFixed(1)}`;
    });
    set(this.line, "d", `M${points.join("L")}`);
    set(this.axes, "d", `M${LEFT} ${y(0)}H${RIGHT}M${x(0)} ${TOP}V${BOTTOM}`);
    const [px, py] = [x(pre).toFixed(1), y(output).toFixed(1)];
    set(this.drop, "d", `M${px} ${y(0)}V${py}H${x(0)}`);
    set(this.point, "cx", px);
    set(this.point, "cy", py);
    this.before.style.display = reference ? "" : "none";
    if (reference) {
      set(this.before, "cx", x(reference.pre).toFixed(1));
      // The other drawing's softmax is another curve: its point stands where its own share is.
      set(this.before, "cy", y(reference.output).toFixed(1));
    }
    const { low, high, top: upper, name } = this.texts;
    say(low, number(-reach).replace(".000", ""));
    say(high, number(reach).replace(".000", ""));
    say(upper, number(top).replace(".000", ""));
    say(name, NAMES[activation] ?? activation);
    label(this.svg, `${NAMES[activation] ?? activation}: at z = ${number(pre)} it gives ${number(output)}`);
  }
}

const NAMES: Record<string, string> = { relu: "ReLU", softmax: "softmax", tanh: "tanh", sigmoid: "σ", identity: "a = z" };

function functionOf(message: InspectionMessage): Curved {
  const middle = middleOf(message, true);
  switch (message.activation) {
    case "relu":
      return (z) => Math.max(0, z);
    case "tanh":
      return Math.tanh;
    case "sigmoid":
    case "softmax":
      return (z) => 1 / (1 + Math.exp(middle - z));
    default:
      return (z) => z;
  }
}

/** Where a softmax gives one half while the other logits stay: the logarithm of their exponentials' sum. */
function middleOf({ activation, logits, pre }: InspectionMessage, signed = false): number {
  if (activation !== "softmax" || !logits) return 0;
  const most = Math.max(...logits);
  const others = logits.reduce((sum, logit) => sum + Math.exp(logit - most), 0) - Math.exp(pre - most);
  const middle = most + Math.log(Math.max(others, 1e-30));
  return signed ? middle : Math.abs(middle);
}

/** 1, 2, 5, 10, 20 and so on: an axis that does not move with every number. */
function roundUp(value: number): number {
  const decade = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 5, 10].map((step) => step * decade).find((step) => step >= value - 1e-9) ?? 10 * decade;
}

function draw(tag: string, attributes: Record<string, string | number>, text = ""): SVGElement {
  const element = document.createElementNS(SVG, tag) as SVGElement;
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  element.textContent = text;
  return element;
}

function set(element: Element, name: string, value: string): void {
  if (element.getAttribute(name) !== value) element.setAttribute(name, value);
}
