/** What the flat plot shows: everything at first, equal scales in x and y always. */

import type { PlotView } from "./bokeh";

/** Kept free at the top, for the pane's buttons. */
const TOOLS_PX = 32;

export class Viewport {
  private bounds = [0, 1, 0, 1];
  private moved = false;
  private size = [0, 0];

  constructor(private plot: PlotView) {
    plot.repainted.connect(() => this.resized());
  }

  /** Show all of `bounds` (x0, x1, y0, y1). */
  fit(bounds = this.bounds): void {
    this.bounds = bounds;
    this.moved = false;
    const [x0, x1, y0, y1] = bounds;
    const { width, height } = this.plot.frame.bbox;
    if (!width || !height) return;
    const scale = Math.max((x1 - x0) / width, (y1 - y0) / (height - TOOLS_PX));
    this.set((x0 + x1) / 2, (y0 + y1) / 2 + (TOOLS_PX / 2) * scale, scale);
  }

  zoom(factor: number): void {
    const { x_range: x, y_range: y } = this.plot.model;
    this.moved = true;
    this.set((x.start + x.end) / 2, (y.start + y.end) / 2, ((x.end - x.start) / this.plot.frame.bbox.width) * factor);
  }

  /** The person has zoomed or panned: a change of size keeps what they look at. */
  touched(): void {
    this.moved = true;
  }

  private set(x: number, y: number, scale: number): void {
    const { width, height } = this.plot.frame.bbox;
    this.size = [width, height];
    const { x_range, y_range } = this.plot.model;
    x_range.setv({ start: x - (width * scale) / 2, end: x + (width * scale) / 2 });
    y_range.setv({ start: y - (height * scale) / 2, end: y + (height * scale) / 2 });
  }

  private resized(): void {
    const { width, height } = this.plot.frame.bbox;
    if (width === this.size[0] && height === this.size[1]) return;
    if (!this.moved) return this.fit();
    this.zoom(1);
  }
}
