/** A plot with axes, as SVG of the size that its place has: what all charts of the timeline are drawn in. */

import { h } from "../dom";

const SVG = "http://www.w3.org/2000/svg";

type Attributes = Record<string, string | number>;

export function draw<K extends keyof SVGElementTagNameMap>(tag: K, attributes: Attributes = {}, ...children: (Node | string)[]): SVGElementTagNameMap[K] {
  const element = document.createElementNS(SVG, tag);
  set(element, attributes);
  element.append(...children);
  return element;
}

/** Attributes where they changed. */
export function set(element: Element, attributes: Attributes): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (element.getAttribute(name) !== String(value)) element.setAttribute(name, String(value));
  }
}

/** From a domain to pixels, and back. */
export class Scale {
  constructor(
    readonly domain: readonly [number, number] = [0, 1],
    readonly pixels: readonly [number, number] = [0, 1],
  ) {}

  to(value: number): number {
    const [low, high] = this.domain;
    const [start, end] = this.pixels;
    return start + ((value - low) / (high - low || 1)) * (end - start);
  }

  from(pixel: number): number {
    const [low, high] = this.domain;
    const [start, end] = this.pixels;
    return low + ((pixel - start) / (end - start || 1)) * (high - low);
  }
}

/** Round numbers in a range, at most about `count`. */
export function ticks([low, high]: readonly [number, number], count: number): number[] {
  const rough = (high - low) / Math.max(1, count);
  if (!(rough > 0)) return [low];
  const decade = 10 ** Math.floor(Math.log10(rough));
  // Turns are divided by 15, 30 and so on where that is as good.
  const step = [1, 2, 2.5, 5, 10].map((part) => part * decade).find((part) => part >= rough - 1e-9)!;
  const found: number[] = [];
  for (let i = Math.ceil(low / step - 1e-9); i * step <= high + 1e-9 * step; i++) found.push(i * step);
  return found;
}

/** A number of an axis, short, with a real minus. */
export function short(value: number, digits = 2): string {
  return String(Number(value.toFixed(digits))).replace("-", "−");
}

export function line(xs: ArrayLike<number>, ys: ArrayLike<number>, x: Scale, y: Scale): string {
  let path = "";
  for (let i = 0; i < xs.length; i++) path += `${i ? "L" : "M"}${x.to(xs[i]).toFixed(1)} ${y.to(ys[i]).toFixed(1)}`;
  return path;
}

export interface AxisTitles {
  x: string;
  y: string;
  /** Of numbers on the axis. */
  formatX?(value: number): string;
  formatY?(value: number): string;
}

export interface Margins {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

const MARGINS: Margins = { left: 46, right: 56, top: 8, bottom: 34 };

/** Axes, and layers for what is drawn: `back` under the lines, `lines` cut off at the frame, `front` over all. */
export class Plot {
  readonly root: HTMLElement;
  readonly svg = draw("svg", { class: "plot-svg" });
  readonly back = draw("g");
  readonly lines = draw("g");
  readonly front = draw("g");
  x = new Scale();
  y = new Scale();
  width = 0;
  height = 0;
  /** Told after the size or the domain has changed. */
  onlayout: () => void = () => {};
  private readonly grid = draw("g", { class: "axis" });
  private readonly clip = draw("rect");
  private domains: [[number, number], [number, number]] = [[0, 1], [0, 1]];
  private titles: AxisTitles = { x: "", y: "" };
  private readonly margins: Margins;

  constructor(margins: Partial<Margins> = {}) {
    this.margins = { ...MARGINS, ...margins };
    const id = `clip-${Math.random().toString(36).slice(2)}`;
    this.lines.setAttribute("clip-path", `url(#${id})`);
    this.svg.append(draw("defs", {}, draw("clipPath", { id }, this.clip)), this.back, this.grid, this.lines, this.front);
    this.root = h("div", { class: "plot" });
    this.root.append(this.svg);
    new ResizeObserver(() => this.fit()).observe(this.root);
  }

  /** What the axes go through, and what they are called. */
  domain(x: [number, number], y: [number, number], titles: AxisTitles): void {
    const same = [...x, ...y].join() === this.domains.flat().join() && titles.x === this.titles.x && titles.y === this.titles.y;
    if (same) return;
    this.domains = [x, y];
    this.titles = titles;
    this.layout();
  }

  /** Pixels of the frame: left, top, right, bottom. */
  get frame(): [number, number, number, number] {
    const { left, right, top, bottom } = this.margins;
    return [left, top, Math.max(left + 1, this.width - right), Math.max(top + 1, this.height - bottom)];
  }

  /** The position on the x axis that a pointer is at. */
  at(event: MouseEvent): number {
    return this.x.from(event.clientX - this.svg.getBoundingClientRect().left);
  }

  private fit(): void {
    const { clientWidth, clientHeight } = this.root;
    if (!clientWidth || !clientHeight || (clientWidth === this.width && clientHeight === this.height)) return;
    [this.width, this.height] = [clientWidth, clientHeight];
    set(this.svg, { width: clientWidth, height: clientHeight });
    this.layout();
  }

  private layout(): void {
    if (!this.width) return;
    const [left, top, right, bottom] = this.frame;
    const [dx, dy] = this.domains;
    this.x = new Scale(dx, [left, right]);
    this.y = new Scale(dy, [bottom, top]);
    set(this.clip, { x: left - 4, y: top - 4, width: right - left + 8, height: bottom - top + 8 });
    this.drawAxes();
    this.onlayout();
  }

  private drawAxes(): void {
    const [left, top, right, bottom] = this.frame;
    const { formatX = short, formatY = short } = this.titles;
    const parts: Node[] = [];
    for (const value of ticks(this.y.domain, (bottom - top) / 34)) {
      const y = this.y.to(value).toFixed(1);
      parts.push(draw("path", { d: `M${left} ${y}H${right}`, class: "gridline" }));
      parts.push(draw("text", { x: left - 6, y: Number(y) + 4, "text-anchor": "end" }, formatY(value)));
    }
    for (const value of ticks(this.x.domain, (right - left) / 64)) {
      const x = this.x.to(value).toFixed(1);
      parts.push(draw("path", { d: `M${x} ${bottom}v4`, class: "tick" }));
      parts.push(draw("text", { x, y: bottom + 15, "text-anchor": "middle" }, formatX(value)));
    }
    parts.push(draw("path", { d: `M${left} ${top}V${bottom}H${right}`, class: "frame" }));
    parts.push(draw("text", { x: (left + right) / 2, y: this.height - 4, "text-anchor": "middle", class: "title" }, this.titles.x));
    const middle = (top + bottom) / 2;
    parts.push(draw("text", { x: 11, y: middle, transform: `rotate(-90 11 ${middle})`, "text-anchor": "middle", class: "title" }, this.titles.y));
    this.grid.replaceChildren(...parts);
  }
}
