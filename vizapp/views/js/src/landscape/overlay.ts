/** What lies on the picture of the map: the classes' names, the area, what is pointed at, the drawing. */

import { h, isDark } from "../dom";
import { svgDocument } from "../pictures";
import type { Area } from "./area";
import { drawLabels, labels, labelsSvg } from "./labels";
import type { LandscapeMessage } from "./messages";
import { type Inks, Trail } from "./trail";
import type { MapView } from "./view";

const INKS: Record<"light" | "dark", Inks> = {
  light: { ink: "#1f2933", paper: "#ffffff", mark: "#d9480f" },
  dark: { ink: "#e6ebf0", paper: "#161b21", mark: "#ff8a4c" },
};

export class Overlay {
  readonly canvas = h("canvas", { class: "overlay", "aria-hidden": "true" });
  readonly trail = new Trail(() => this.draw());
  map: LandscapeMessage | null = null;
  /** What colours mean. */
  colour = "class";
  /** The image that is pointed at. */
  pointed: ArrayLike<number> & Iterable<number> | null = null;
  /** Where the sweep leads: x and y, one after another. */
  way: Float32Array | null = null;
  /** The middle is marked: there the keyboard points. */
  middle = false;

  constructor(
    private readonly view: MapView,
    private readonly area: Area,
  ) {}

  draw(): void {
    const { canvas, view, map } = this;
    const scale = window.devicePixelRatio || 1;
    const [width, height] = [Math.round(view.width * scale), Math.round(view.height * scale)];
    if (canvas.width !== width || canvas.height !== height) [canvas.width, canvas.height] = [width, height];
    const context = canvas.getContext("2d")!;
    context.setTransform(scale, 0, 0, scale, 0, 0);
    context.clearRect(0, 0, view.width, view.height);
    if (!map || !width) return;
    const inks = inksNow();
    drawLabels(context, labels(map, view, this.colour), inks);
    this.area.draw(context, view, inks);
    drawWay(context, this.wayPath, inks);
    if (this.middle) cross(context, view, inks);
    if (this.pointed) ring(context, view, this.pointed, inks);
    this.trail.draw(context, view, inks);
  }

  /** The sweep's way as a path in px. */
  private get wayPath(): string {
    const { way, view } = this;
    if (!way) return "";
    return Array.from({ length: way.length / 2 }, (_, i) => `${i ? "L" : "M"}${view.px([way[2 * i], way[2 * i + 1]]).map((v) => v.toFixed(1)).join(" ")}`).join("");
  }

  /** As a whole document, over a picture. */
  svg(picture: string): ReturnType<typeof svgDocument> {
    const { map, view } = this;
    if (!map || !view.width) throw new Error("Open the map first, to take a picture of it.");
    const inks = inksNow();
    const image = `<image width="${view.width}" height="${view.height}" href="${picture}"/>`;
    const area = `<path d="${this.area.path(view)}" fill="${inks.ink}" fill-opacity="0.1" fill-rule="evenodd" stroke="${inks.ink}"/>`;
    const way = `<path d="${this.wayPath}" fill="none" stroke="${inks.mark}" stroke-width="1.5"/>`;
    const title = `${map.count.toLocaleString("en")} test images, ${map.method.toUpperCase()} of ${map.layer} of ${map.network}, coloured by ${this.colour}`;
    return svgDocument(view.width, view.height, title, image + labelsSvg(labels(map, view, this.colour), inks) + area + way + this.trail.svg(view, inks), inks.paper);
  }
}

function inksNow(): Inks {
  return INKS[isDark() ? "dark" : "light"];
}

function ring(context: CanvasRenderingContext2D, view: MapView, place: ArrayLike<number> & Iterable<number>, { ink, paper }: Inks): void {
  for (const [width, colour] of [[5, paper], [2, ink]] as const) {
    context.lineWidth = width;
    context.strokeStyle = colour;
    context.beginPath();
    context.arc(...view.px(place), 7, 0, 2 * Math.PI);
    context.stroke();
  }
}

function drawWay(context: CanvasRenderingContext2D, path: string, { mark, paper }: Inks): void {
  if (!path) return;
  const line = new Path2D(path);
  context.lineJoin = "round";
  for (const [width, colour] of [[4, paper], [1.5, mark]] as const) {
    context.lineWidth = width;
    context.strokeStyle = colour;
    context.stroke(line);
  }
}

function cross(context: CanvasRenderingContext2D, { width, height }: MapView, { ink }: Inks): void {
  context.strokeStyle = ink;
  context.lineWidth = 1;
  context.beginPath();
  for (const [dx, dy] of [[10, 0], [0, 10]]) {
    context.moveTo(width / 2 - dx, height / 2 - dy);
    context.lineTo(width / 2 + dx, height / 2 + dy);
  }
  context.stroke();
}
