/** A box or a line that is drawn around images, in the map's own units: it stays where it is when the map moves. */

import type { Inks } from "./trail";
import type { MapView, Place } from "./view";

/** The server takes no more. */
const MOST_CORNERS = 500;

export class Area {
  private corners: Place[] = [];

  get empty(): boolean {
    return this.corners.length < 3;
  }

  clear(): void {
    this.corners = [];
  }

  box([x0, y0]: Place, [x1, y1]: Place): void {
    this.corners = [[x0, y0], [x1, y0], [x1, y1], [x0, y1]];
  }

  begin(): void {
    this.corners = [];
  }

  /** The line goes on to here. */
  add(place: Place): void {
    this.corners.push(place);
  }

  /** x and y of its corners, one after another; of a long line as many as are taken, evenly. */
  get polygon(): Float32Array {
    const { length } = this.corners;
    const count = Math.min(length, MOST_CORNERS);
    return Float32Array.from({ length: 2 * count }, (_, i) => this.corners[Math.floor(((i >> 1) * length) / count)][i & 1]);
  }

  /** As a path in px, for SVG and for the canvas. */
  path(view: MapView): string {
    if (!this.corners.length) return "";
    return `M${this.corners.map((corner) => view.px(corner).map((v) => v.toFixed(1)).join(" ")).join("L")}Z`;
  }

  draw(context: CanvasRenderingContext2D, view: MapView, inks: Inks): void {
    if (!this.corners.length) return;
    const path = new Path2D(this.path(view));
    context.globalAlpha = 0.1;
    context.fillStyle = inks.ink;
    context.fill(path, "evenodd");
    context.globalAlpha = 1;
    context.strokeStyle = inks.ink;
    context.lineWidth = 1.25;
    context.stroke(path);
  }
}
