/** A small picture of numbers: a cell for each, tiled where there are several maps. */

import { h } from "../dom";
import { colourOf, type Ramp } from "./colours";
import { label } from "./part";

const SVG = "http://www.w3.org/2000/svg";
/** Cells between two maps. */
const GAP = 1;

export type Mark = "own" | "focus" | "window";

export class Picture {
  readonly root: HTMLElement;
  onPoint: (index: number | null) => void = () => {};
  onPick: (index: number, event: MouseEvent) => void = () => {};
  /** Cells from side to side, and from top to bottom. */
  width = 0;
  height = 0;
  private readonly canvas = h("canvas", { role: "img" });
  private readonly context = this.canvas.getContext("2d")!;
  private image = new ImageData(1, 1);
  private pixels = new Uint32Array(1);
  /** Where each number stands, and what stands where. */
  private places = new Int32Array(0);
  private indices = new Int32Array(0);
  private shape = "";
  private cell = 0;
  private per = 1;
  private overlay: SVGSVGElement | null = null;
  private readonly marks = new Map<string, SVGPathElement>();
  private pointed: number | null = null;

  constructor() {
    this.root = h("div", { class: "picture" }, this.canvas);
    this.canvas.addEventListener("pointermove", (event) => this.point(this.at(event)));
    this.canvas.addEventListener("pointerleave", () => this.point(null));
    this.canvas.addEventListener("click", (event) => {
      const index = this.at(event);
      if (index !== null) this.onPick(index, event);
    });
  }

  /** How many numbers it shows. */
  get count(): number {
    return this.places.length;
  }

  /** `maps` grids of rows × cols, `across` of them side by side. */
  tile(maps: number, rows: number, cols: number, across = maps): void {
    const shape = [maps, rows, cols, across].join();
    if (shape === this.shape) return;
    this.shape = shape;
    this.per = rows * cols;
    const down = Math.ceil(maps / across);
    this.width = across * (cols + GAP) - GAP;
    this.height = down * (rows + GAP) - GAP;
    this.canvas.width = this.width;
    this.canvas.height = this.height;
    this.image = this.context.createImageData(this.width, this.height);
    this.pixels = new Uint32Array(this.image.data.buffer);
    this.places = new Int32Array(maps * rows * cols);
    this.indices = new Int32Array(this.width * this.height).fill(-1);
    for (let i = 0; i < this.places.length; i++) {
      const map = Math.floor(i / this.per);
      const row = Math.floor(map / across) * (rows + GAP) + Math.floor((i % this.per) / cols);
      const place = row * this.width + (map % across) * (cols + GAP) + (i % cols);
      this.places[i] = place;
      this.indices[place] = i;
    }
    this.overlay?.setAttribute("viewBox", `0 0 ${this.width} ${this.height}`);
    this.cell = 0;
  }

  /** `cell` px for each number. */
  fit(cell: number): void {
    if (cell === this.cell) return;
    this.cell = cell;
    this.root.style.width = `${cell * this.width}px`;
    this.root.style.height = `${cell * this.height}px`;
  }

  /** Only the first `count` of the numbers are shown. */
  paint(values: ArrayLike<number>, ramp: Ramp, count = values.length): void {
    const { scale } = ramp;
    for (let i = 0; i < this.places.length; i++) {
      const own = typeof scale === "number" ? scale : scale[Math.floor(i / this.per)];
      this.pixels[this.places[i]] = i < count ? colourOf(ramp, values[i], own) : 0;
    }
    this.context.putImageData(this.image, 0, 0);
  }

  /** The same for bytes that are colours already. */
  paintLevels(levels: Uint8Array, table: Uint32Array): void {
    for (let i = 0; i < this.places.length; i++) this.pixels[this.places[i]] = table[levels[i]];
    this.context.putImageData(this.image, 0, 0);
  }

  describe(text: string): void {
    label(this.canvas, text);
  }

  /** Outline the cells of these numbers, or the squares of `side` cells that begin with them. */
  mark(kind: Mark, indices: number[], side = 1): void {
    // What has not been painted yet has no places.
    const squares = indices.filter((index) => index < this.places.length).map((index) => {
      const place = this.places[index];
      return `M${place % this.width} ${Math.floor(place / this.width)}h${side}v${side}h${-side}z`;
    });
    this.draw(kind, squares.join(""));
  }

  /** A line over the picture, in cells. */
  draw(kind: string, path: string, transform = ""): void {
    let line = this.marks.get(kind);
    if (!line) {
      if (!path) return;
      line = document.createElementNS(SVG, "path");
      line.setAttribute("class", kind);
      this.marks.set(kind, line);
      this.lines().append(line);
    }
    if (line.getAttribute("d") !== path) line.setAttribute("d", path);
    if (transform && line.getAttribute("transform") !== transform) line.setAttribute("transform", transform);
  }

  private lines(): SVGSVGElement {
    if (this.overlay) return this.overlay;
    this.overlay = document.createElementNS(SVG, "svg");
    this.overlay.setAttribute("viewBox", `0 0 ${this.width} ${this.height}`);
    this.overlay.setAttribute("aria-hidden", "true");
    this.root.append(this.overlay);
    return this.overlay;
  }

  private at(event: MouseEvent): number | null {
    const box = this.canvas.getBoundingClientRect();
    const col = Math.floor(((event.clientX - box.left) / box.width) * this.width);
    const row = Math.floor(((event.clientY - box.top) / box.height) * this.height);
    if (col < 0 || col >= this.width || row < 0 || row >= this.height) return null;
    const index = this.indices[row * this.width + col];
    return index < 0 ? null : index;
  }

  private point(index: number | null): void {
    if (index === this.pointed) return;
    this.pointed = index;
    this.onPoint(index);
  }
}

/** How many of `count` things stand side by side: as near to a square as leaves no row half empty. */
export function acrossOf(count: number): number {
  for (let across = Math.ceil(Math.sqrt(count)); across < count && across < 2.5 * Math.sqrt(count); across++) {
    if (count % across === 0) return across;
  }
  return Math.ceil(Math.sqrt(count));
}
