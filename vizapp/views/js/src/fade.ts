/** What takes no part in the step of a walk fades where it is: a veil over the flat plot's cells and edges. */

import type { PlotView } from "./bokeh";
import { h, isDark } from "./dom";
import { hoverEdges } from "./hover";
import type { Hub } from "./hub";
import { type Box, holes, litBox, pathOf } from "./lit-cells";
import { MEDIUM, still, Tween } from "./scene/tween";
import type { Viewport } from "./viewport";
import type { NetworkMessage, WalkMessage } from "./wire";

/** What is left of the faded is 12 %. */
const DEPTH = 0.88;
/** Px by which an outline reaches over its cell. */
const RIM = 1.5;

export class Veil {
  private readonly canvas = h("canvas", { class: "veil", "aria-hidden": "true" });
  private readonly masks = [new Mask(), new Mask()];
  /** Where one sees through: before the present step, and now; null where there is no veil at all. */
  private before: Box[] | null = null;
  private now: Box[] | null = null;
  private share = 1;
  private tween: Tween | null = null;
  private place = "";
  private key = "";
  private step = "";

  constructor(
    private readonly hub: Hub,
    private readonly plot: PlotView,
    private readonly viewport: Viewport,
  ) {
    this.canvas.style.cssText = "position: absolute; inset: 0; width: 100%; height: 100%; pointer-events: none;";
    hub.on("walk", () => this.follow());
    hub.on("network", () => this.clear());
    hub.on("theme", () => this.paint());
    hub.on("focus", () => this.now && this.paint());
    plot.repainted.connect(() => {
      if (this.place !== this.placed()) this.paint();
    });
    if (hub.walk) this.follow();
  }

  private follow(): void {
    const { walk, network } = this.hub;
    const step = walk ? `${walk.name} ${walk.step}` : "";
    if (walk && network && step !== this.step) {
      const layer = network.layers.findIndex(({ name }) => name === walk.layer);
      const box = layer < 0 ? null : litBox(network, walk.lit, layer);
      if (box) this.viewport.reveal(box);
    }
    this.step = step;
    const key = walk ? `${walk.name} ${walk.step} ${walk.lit.join()}` : "";
    if (key !== this.key) {
      this.key = key;
      this.before = this.now;
      this.now = walk && network ? holes(network, walk.lit) : null;
      this.fade();
    } else if (walk) this.paint(); // its numbers, and so its lines, may be others
  }

  private clear(): void {
    this.key = this.step = "";
    this.before = this.now = null;
    this.paint();
  }

  private fade(): void {
    this.share = 0;
    const tween = (this.tween = new Tween(still() ? 0 : MEDIUM, (share) => (this.share = share)));
    const frame = (time: number): void => {
      if (tween !== this.tween) return;
      const more = tween.advance(time);
      this.paint();
      if (more) requestAnimationFrame(frame);
      else this.tween = null;
    };
    requestAnimationFrame(frame);
  }

  /** What the plot shows, in one string. */
  private placed(): string {
    const { x_range: x, y_range: y } = this.plot.model;
    const { width, height } = this.plot.frame.bbox;
    return [x.start, x.end, y.start, y.end, width, height, devicePixelRatio].join();
  }

  private paint(): void {
    const over = this.plot.canvas_view.overlays.el;
    // Above the cells and the edges, below outlines and the lines of the pointer.
    if (this.canvas.nextElementSibling !== over) over.before(this.canvas);
    this.place = this.placed();
    this.canvas.hidden = !this.now && this.share === 1;
    if (this.canvas.hidden) return;
    const { clientWidth: width, clientHeight: height } = this.plot.canvas_view.events_el;
    const context = sized(this.canvas, width, height);
    const paper = getComputedStyle(this.canvas).getPropertyValue("--surface").trim() || (isDark() ? "#161b21" : "#fff");
    context.clearRect(0, 0, width, height);
    // Two masks of one colour add up to what lies between them.
    context.globalCompositeOperation = "lighter";
    [this.before, this.now].forEach((boxes, i) => {
      const share = i ? this.share : 1 - this.share;
      if (!boxes || share === 0) return;
      context.globalAlpha = DEPTH * share;
      context.drawImage(this.masks[i].cut(boxes.map((box) => this.onScreen(box)), this.left(), paper, width, height), 0, 0, width, height);
    });
    context.globalCompositeOperation = "source-over";
    context.globalAlpha = this.share;
    const { walk, network, focus } = this.hub;
    if (walk && network && focus === null) this.lines(context, network, walk);
    context.globalAlpha = 1;
  }

  /** The edges into the primary node, and over them the way that has been gone. */
  private lines(context: CanvasRenderingContext2D, network: NetworkMessage, walk: WalkMessage): void {
    if (!walk.nodes.length) return;
    const base = context.globalAlpha;
    const at = (node: number): [number, number] => [
      this.plot.frame.x_scale.compute(network.flat[2 * node]),
      this.plot.frame.y_scale.compute(network.flat[2 * node + 1]),
    ];
    const line = (from: number, to: number): void => {
      context.beginPath();
      context.moveTo(...at(from));
      context.lineTo(...at(to));
      context.stroke();
    };
    const { nodes, values } = hoverEdges(network, this.hub.frame, walk.nodes[0]);
    const [minus, plus] = isDark() ? ["#5fcfc4", "#ffb45c"] : ["#0e6e6a", "#a8500f"];
    context.lineWidth = 1;
    nodes.forEach((node, i) => {
      if (values[i] === 0) return;
      context.globalAlpha = base * (0.06 + 0.84 * Math.abs(values[i]));
      context.strokeStyle = values[i] < 0 ? minus : plus;
      line(node, walk.nodes[0]);
    });
    context.globalAlpha = base;
    context.strokeStyle = isDark() ? "#e6ebf0" : "#1f2933";
    context.lineWidth = 1.5;
    const path = pathOf(network, walk.nodes);
    path.slice(1).forEach((node, i) => line(node, path[i]));
  }

  /** Px from the left where the nodes begin: the names of the layers do not fade. */
  private left(): number {
    const blocks = this.hub.network?.blocks ?? [];
    return this.plot.frame.x_scale.compute(Math.min(...blocks.map((block) => block.x))) - RIM;
  }

  private onScreen([x0, x1, y0, y1]: Box): [number, number, number, number] {
    const { x_scale, y_scale } = this.plot.frame;
    const [left, top] = [x_scale.compute(x0) - RIM, y_scale.compute(y1) - RIM];
    return [left, top, x_scale.compute(x1) + RIM - left, y_scale.compute(y0) + RIM - top];
  }
}

/** Paper with holes. */
class Mask {
  private readonly canvas = document.createElement("canvas");

  cut(holes: [number, number, number, number][], left: number, paper: string, width: number, height: number): HTMLCanvasElement {
    const context = sized(this.canvas, width, height);
    context.clearRect(0, 0, width, height);
    context.fillStyle = paper;
    context.fillRect(left, 0, width - left, height);
    for (const hole of holes) context.clearRect(...hole);
    return this.canvas;
  }
}

/** The context of a canvas of so many CSS px. */
function sized(canvas: HTMLCanvasElement, width: number, height: number): CanvasRenderingContext2D {
  const [w, h] = [width, height].map((side) => Math.max(1, Math.round(side * devicePixelRatio)));
  if (canvas.width !== w) canvas.width = w;
  if (canvas.height !== h) canvas.height = h;
  const context = canvas.getContext("2d")!;
  context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
  return context;
}
