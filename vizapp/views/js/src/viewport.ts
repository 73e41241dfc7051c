/** What the flat plot shows: everything at first, equal scales in x and y always. */

import type { PlotView } from "./bokeh";
import { MEDIUM, still, Tween } from "./scene/tween";

/** Kept free at the top, for the pane's buttons. */
const TOOLS_PX = 32;

export class Viewport {
  private bounds = [0, 1, 0, 1];
  private moved = false;
  private size = [0, 0];
  private glide: Tween | null = null;

  constructor(private plot: PlotView) {
    plot.repainted.connect(() => this.resized());
  }

  /** Show all of `bounds` (x0, x1, y0, y1). */
  fit(bounds = this.bounds): void {
    this.glide = null;
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
    this.glide = null;
    this.moved = true;
    this.set((x.start + x.end) / 2, (y.start + y.end) / 2, ((x.end - x.start) / this.plot.frame.bbox.width) * factor);
  }

  /** The person has zoomed or panned: a change of size keeps what they look at. */
  touched(): void {
    this.glide = null;
    this.moved = true;
  }

  /** Bring a box (x0, x1, y0, y1) into view: by as little as possible, not at all if it is there, and gently. */
  reveal([x0, x1, y0, y1]: [number, number, number, number]): void {
    const { width, height } = this.plot.frame.bbox;
    if (!width || !height) return;
    const { x_range: x, y_range: y } = this.plot.model;
    const before = [(x.start + x.end) / 2, (y.start + y.end) / 2, (x.end - x.start) / width];
    const free = height - TOOLS_PX;
    const scale = Math.max(before[2], (x1 - x0) / width, (y1 - y0) / free);
    const top = TOOLS_PX * scale;
    const nearest = (value: number, low: number, high: number): number => Math.min(Math.max(value, low), high);
    const after = [
      nearest(before[0], x1 - (width * scale) / 2, x0 + (width * scale) / 2),
      nearest(before[1], y1 + top - (height * scale) / 2, y0 + (height * scale) / 2),
      scale,
    ];
    if (after.every((value, i) => Math.abs(value - before[i]) < 1e-6 * scale * width)) return;
    const glide = (this.glide = new Tween(still() ? 0 : MEDIUM, (share) => {
      const [cx, cy, zoom] = before.map((value, i) => value + (after[i] - value) * share);
      this.set(cx, cy, zoom);
    }));
    const frame = (time: number): void => {
      if (glide === this.glide && glide.advance(time)) requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
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
