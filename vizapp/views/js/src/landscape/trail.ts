/** Where the drawing is on the map, and where it came from a moment ago. */

import { still } from "../scene/tween";
import type { MapView, Place } from "./view";

const FADES_MS = 2000;
/** Where nothing moves by itself, so many places are shown and stay. */
const STILL = 12;
const MOST = 200;
const RADIUS = 6;
/** A mark that is out of sight is shown so far from the border. */
const EDGE = 12;

export interface Inks {
  ink: string;
  paper: string;
  mark: string;
}

export class Trail {
  place: number[] | null = null;
  private past: { place: number[]; at: number }[] = [];

  /** `again` is called for each frame in which the trail fades. */
  constructor(private readonly again: () => void) {}

  clear(): void {
    this.place = null;
    this.past = [];
  }

  move(place: number[] | null): void {
    if (place === null) this.past = [];
    else if (!this.place || place[0] !== this.place[0] || place[1] !== this.place[1]) {
      this.past.push({ place, at: performance.now() });
      if (this.past.length > MOST) this.past.shift();
    }
    this.place = place;
  }

  draw(context: CanvasRenderingContext2D, view: MapView, inks: Inks): void {
    if (!this.place) return;
    const now = performance.now();
    if (still()) this.past = this.past.slice(-STILL);
    else while (this.past.length > 1 && now - this.past[1].at > FADES_MS) this.past.shift();
    context.lineCap = "round";
    for (let i = 1; i < this.past.length; i++) {
      const age = still() ? 1 - i / this.past.length : (now - this.past[i].at) / FADES_MS;
      if (age >= 1) continue;
      stroke(context, [view.px(this.past[i - 1].place), view.px(this.past[i].place)], inks, 1 - age);
    }
    if (this.past.length > 1 && !still()) requestAnimationFrame(this.again);
    mark(context, view, view.px(this.place), inks);
  }

  svg(view: MapView, inks: Inks): string {
    return this.place ? circle(view.px(this.place), inks) : "";
  }
}

/** The mark alone. */
function circle([x, y]: Place, { paper, mark }: Inks): string {
  const ring = (width: number, colour: string): string => `<circle cx="${x}" cy="${y}" r="${RADIUS}" fill="none" stroke="${colour}" stroke-width="${width}"/>`;
  return `${ring(6, paper)}${ring(2.5, mark)}<circle cx="${x}" cy="${y}" r="2" fill="${mark}"/>`;
}

function stroke(context: CanvasRenderingContext2D, places: Place[], inks: Inks, opacity: number): void {
  context.globalAlpha = opacity;
  for (const [width, colour] of [[4.5, inks.paper], [2, inks.mark]] as const) {
    context.lineWidth = width;
    context.strokeStyle = colour;
    context.beginPath();
    for (const place of places) context.lineTo(...place);
    context.stroke();
  }
  context.globalAlpha = 1;
}

/** A ring with a dot; out of sight, an arrow at the border that points to it. */
function mark(context: CanvasRenderingContext2D, { width, height }: MapView, [px, py]: Place, inks: Inks): void {
  const inside = (value: number, size: number): number => Math.min(Math.max(value, EDGE), size - EDGE);
  const [x, y] = [inside(px, width), inside(py, height)];
  const away = Math.hypot(px - x, py - y) > EDGE;
  context.save();
  context.translate(x, y);
  const shape = new Path2D();
  if (away) {
    context.rotate(Math.atan2(py - y, px - x));
    shape.moveTo(8, 0);
    shape.lineTo(-5, -6);
    shape.lineTo(-5, 6);
    shape.closePath();
  } else shape.arc(0, 0, RADIUS, 0, 2 * Math.PI);
  context.strokeStyle = inks.paper;
  context.lineWidth = 6;
  context.stroke(shape);
  context.strokeStyle = inks.mark;
  context.lineWidth = 2.5;
  context.stroke(shape);
  if (!away) {
    context.fillStyle = inks.mark;
    context.beginPath();
    context.arc(0, 0, 2, 0, 2 * Math.PI);
    context.fill();
  }
  context.restore();
}
