/** The map as it is drawn: Datashader's pixels under axes, lines where the answer changes, names, and a cross. */

import { h, isDark } from "../dom";
import { draw, Plot, set } from "../timeline/axes";
import { boundary, edgesOf, nearest } from "./edges";
import type { CrossingMessage } from "./messages";
import { titled } from "./words";

/** Pixels of the server's picture at most. */
const MAX_PIXELS = 1_400_000;
const CHIP = 15;

export interface Cell {
  row: number;
  column: number;
}

export class MapPlot {
  readonly plot: Plot;
  readonly area = h("div", { class: "map-area", role: "application", tabindex: 0 });
  map: CrossingMessage | null = null;
  /** Told after the size has changed. */
  onsize: () => void = () => {};
  private readonly canvas = h("canvas", { class: "map-pixels", "aria-hidden": "true" });
  private readonly cross = draw("g", { class: "map-cross" });
  private at: { position: number; across: number } | null = null;

  constructor(private readonly ways: boolean) {
    this.plot = new Plot({ left: ways ? 96 : 50, right: 10, top: 6 });
    this.plot.root.prepend(this.canvas);
    this.plot.root.append(this.area);
    this.plot.front.append(this.cross);
    this.plot.onlayout = () => {
      this.draw();
      this.onsize();
    };
  }

  /** Pixels that the picture is to have. */
  get size(): [number, number] {
    const [left, top, right, bottom] = this.plot.frame;
    if (!this.plot.width) return [0, 0];
    const scale = Math.min(devicePixelRatio, Math.sqrt(MAX_PIXELS / ((right - left) * (bottom - top))));
    return [Math.round((right - left) * scale), Math.round((bottom - top) * scale)];
  }

  show(map: CrossingMessage): void {
    this.map = map;
    const { first, second } = map;
    const y: [number, number] = this.ways ? [-second.high, -second.low] : [second.low, second.high];
    const formatY = this.ways ? { formatY: () => "" } : {};
    this.plot.domain([first.low, first.high], y, { x: titled(first), y: this.ways ? "" : titled(second), ...formatY });
    this.paint();
  }

  /** The server's picture, in the colours of the theme. */
  paint(): void {
    const { map, canvas } = this;
    if (!map) return;
    const { width, height, pixels, palette } = map;
    [canvas.width, canvas.height] = [width, height];
    const image = new ImageData(width, height);
    const colours = new Uint32Array(palette[isDark() ? "dark" : "light"].slice().buffer);
    const out = new Uint32Array(image.data.buffer);
    for (let i = 0; i < pixels.length; i++) out[i] = colours[pixels[i]];
    canvas.getContext("2d")!.putImageData(image, 0, 0);
  }

  /** Where the cross is, on both axes; a way has the number of its row. */
  put(at: { position: number; across: number } | null): void {
    this.at = at;
    this.drawCross();
  }

  /** The cell under a pointer, or the nearest one. */
  cellAt(event: MouseEvent): Cell | null {
    const { map, plot } = this;
    if (!map) return null;
    const box = plot.svg.getBoundingClientRect();
    const across = plot.y.from(event.clientY - box.top);
    return { column: nearest(map.columns, plot.x.from(event.clientX - box.left)), row: nearest(map.rows, this.ways ? -across : across) };
  }

  private y(across: number): number {
    return this.plot.y.to(this.ways ? -across : across);
  }

  private draw(): void {
    const [left, top, right, bottom] = this.plot.frame;
    const place = { left: `${left}px`, top: `${top}px`, width: `${right - left}px`, height: `${bottom - top}px` };
    Object.assign(this.canvas.style, place);
    Object.assign(this.area.style, place);
    const { map, plot } = this;
    if (!map) return;
    const x = edgesOf(map.columns, map.first.low, map.first.high).map((at) => plot.x.to(at));
    const y = edgesOf(map.rows, map.second.low, map.second.high).map((at) => this.y(at));
    const d = boundary(map, x, y);
    const between = this.ways ? y.slice(1, -1).map((at) => `M${left} ${at}H${right}`).join("") : "";
    plot.lines.replaceChildren(
      draw("path", { class: "map-between", d: between }),
      draw("path", { class: "map-halo", d }),
      draw("path", { class: "map-boundary", d }),
      ...this.neutral(),
      ...map.regions.map(({ answer, row, column }) => chip(answer, inside(plot.x.to(map.columns[column]), left, right), inside(this.y(map.rows[row]), top, bottom))),
    );
    const names = map.names.map(({ label }, row) => draw("text", { x: left - 6, y: this.y(row) + 4, "text-anchor": "end" }, label));
    plot.front.replaceChildren(draw("g", { class: "map-names" }, ...names), this.cross);
    this.drawCross();
  }

  /** Where nothing is done to the drawing. */
  private neutral(): SVGElement[] {
    const { map, plot } = this;
    const [left, , right] = plot.frame;
    if (!map || map.second.neutral === null) return [];
    const y = this.y(map.second.neutral);
    if (map.first.neutral === null) {
      const d = `M${left} ${y}H${right}`;
      return [draw("path", { class: "map-halo", d }), draw("path", { class: "map-neutral", d, "stroke-dasharray": "5 4" })];
    }
    const d = `M${plot.x.to(map.first.neutral)} ${y}m0 -6l6 6l-6 6l-6 -6z`;
    return [draw("path", { class: "map-halo", d }), draw("path", { class: "map-neutral", d })];
  }

  private drawCross(): void {
    const { at, plot, map } = this;
    if (!at || !map || !plot.width) return this.cross.replaceChildren();
    const [left, top, right, bottom] = plot.frame;
    const [x, y] = [plot.x.to(at.position), this.y(at.across)];
    const d = this.ways ? `M${x} ${top}V${bottom}` : `M${x} ${top}V${bottom}M${left} ${y}H${right}`;
    this.cross.replaceChildren(
      draw("path", { class: "halo", d }),
      draw("path", { class: "line", d }),
      draw("circle", { class: "halo", cx: x, cy: y, r: 6 }),
      draw("circle", { class: "ring", cx: x, cy: y, r: 6 }),
    );
    set(this.cross, { "data-position": at.position, "data-across": at.across });
  }
}

function inside(at: number, low: number, high: number): number {
  return Math.min(high - CHIP / 2 - 2, Math.max(low + CHIP / 2 + 2, at));
}

/** An answer's name in the middle of its region. */
function chip(answer: number, x: number, y: number): SVGElement {
  const box = draw("rect", { x: -CHIP / 2, y: -CHIP / 2, width: CHIP, height: CHIP, rx: 3 });
  const text = draw("text", { y: 4.5, "text-anchor": "middle" }, String(answer));
  return draw("g", { class: "map-chip", transform: `translate(${x.toFixed(1)} ${y.toFixed(1)})` }, box, text);
}
