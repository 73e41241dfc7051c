// What the pointer is on: a canvas above the scene, so that pointing does not draw thousands of boxes again.
import type { Matrix4, PerspectiveCamera } from "three";
import type { NodeTextures } from "./nodes";
import { ACCENT, type HoverEdges, type SceneTheme } from "./types";

const FEW = 150; // edges of one node that are drawn at full strength
const SHADES = 16; // of one colour
const LEAST_PX = 11;

type Point = [number, number];

export class HoverOverlay {
  readonly element = document.createElement("canvas");
  private node: number | null = null;
  private edges: HoverEdges | null = null;
  private empty = true;
  private scheduled = 0;

  constructor(private readonly nodes: NodeTextures) {
    this.element.className = "vz-over-canvas";
    this.element.setAttribute("aria-hidden", "true");
  }

  /** `draw` is called in the next frame, unless `paint` was before. */
  set(node: number | null, edges: HoverEdges | null, draw: () => void): void {
    this.node = node;
    this.edges = edges;
    this.scheduled ||= requestAnimationFrame(() => {
      if (this.scheduled) draw();
    });
  }

  /** Draw for the camera that the nodes were last looked at with. */
  paint(camera: PerspectiveCamera, [width, height]: [number, number], theme: SceneTheme, palette: Uint8Array | null): void {
    this.scheduled = 0;
    if (this.node === null && this.empty) return;
    const perUnit = (height / 2) * camera.projectionMatrix.elements[5];
    const density = Math.min(window.devicePixelRatio, 2);
    const [w, h] = [Math.round(width * density), Math.round(height * density)];
    if (this.element.width !== w) this.element.width = w;
    if (this.element.height !== h) this.element.height = h;
    const context = this.element.getContext("2d");
    if (!context) return;
    context.setTransform(density, 0, 0, density, 0, 0);
    context.clearRect(0, 0, width, height);
    this.empty = this.node === null;
    if (this.node === null) return;
    const project = this.projection(width, height);
    if (this.edges) this.lines(context, this.node, this.edges, project, theme);
    this.box(context, this.node, perUnit, project, theme, palette);
  }

  /** Px of a point, and its distance; null for what is beside or behind the camera. */
  private projection(width: number, height: number): (x: number, y: number, z: number) => [number, number, number] | null {
    const m = (this.nodes.uniforms.viewProjection.value as Matrix4).elements;
    return (x, y, z) => {
      const w = m[3] * x + m[7] * y + m[11] * z + m[15];
      if (w <= 1) return null;
      const right = (m[0] * x + m[4] * y + m[8] * z + m[12]) / w;
      const up = (m[1] * x + m[5] * y + m[9] * z + m[13]) / w;
      return [((right + 1) / 2) * width, ((1 - up) / 2) * height, w];
    };
  }

  /** All edges of the node, coloured by sign, fainter the smaller their value. */
  private lines(
    context: CanvasRenderingContext2D,
    node: number,
    { nodes, values }: HoverEdges,
    project: ReturnType<HoverOverlay["projection"]>,
    theme: SceneTheme,
  ): void {
    const from = project(...this.nodes.centre(node));
    if (!from) return;
    const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0) || 1;
    const crowd = Math.min(1, Math.sqrt(FEW / values.length)); // many strong lines would hide what they meet
    // One stroke for all lines of a shade: hundreds of strokes take longer than their lines.
    const paths = new Map<number, Path2D>();
    values.forEach((value, i) => {
      const to = this.shown(nodes[i]) ? project(...this.nodes.centre(nodes[i])) : null;
      if (!to) return;
      const shade = Math.round((SHADES - 1) * (Math.abs(value) / largest));
      const key = value < 0 ? -1 - shade : shade;
      const path = paths.get(key) ?? new Path2D();
      paths.set(key, path);
      path.moveTo(from[0], from[1]);
      path.lineTo(to[0], to[1]);
    });
    context.lineWidth = 1;
    for (const [key, path] of [...paths].sort(([a], [b]) => strength(a) - strength(b))) {
      context.strokeStyle = key < 0 ? theme.negative : theme.positive;
      context.globalAlpha = 0.08 + 0.92 * crowd * (strength(key) / (SHADES - 1));
      context.stroke(path);
    }
    context.globalAlpha = 1;
  }

  /** The node's box in its colour, large enough to be seen, with an outline. */
  private box(
    context: CanvasRenderingContext2D,
    node: number,
    perUnit: number,
    project: ReturnType<HoverOverlay["projection"]>,
    theme: SceneTheme,
    palette: Uint8Array | null,
  ): void {
    const centre = this.nodes.centre(node);
    const middle = project(...centre);
    if (!middle) return;
    const flatness = this.nodes.uniforms.flatness.value as number;
    const { size, flatSize } = this.nodes.network;
    const edge = Math.max(1.2 * (size[node] * (1 - flatness) + flatSize[node] * flatness), (LEAST_PX * middle[2]) / perUnit);
    const corners: Point[] = [];
    for (let corner = 0; corner < 8; corner++) {
      const point = centre.map((at, axis) => at + ((corner >> axis) & 1 ? 0.5 : -0.5) * edge * (axis === 2 ? 1 - flatness : 1));
      const place = project(point[0], point[1], point[2]);
      if (place) corners.push([place[0], place[1]]);
    }
    const around = hull(corners);
    context.beginPath();
    around.forEach(([x, y]) => context.lineTo(x, y));
    context.closePath();
    const colour = this.nodes.colour(node, palette);
    if (colour) {
      context.fillStyle = `rgb(${colour.join()})`;
      context.fill();
    }
    context.lineJoin = "round";
    context.lineWidth = 2.5;
    context.strokeStyle = theme.accent ?? ACCENT;
    context.stroke();
  }

  private shown(node: number): boolean {
    return this.nodes.visibility(this.nodes.layerOf[node]) > 0.5;
  }
}

function strength(key: number): number {
  return key < 0 ? -1 - key : key;
}

/** The corners of the convex hull, in their order around (Andrew's monotone chain). */
function hull(points: Point[]): Point[] {
  const sorted = [...points].sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const half = (from: Point[]): Point[] => {
    const chain: Point[] = [];
    for (const p of from) {
      for (let n = chain.length; n > 1 && turn(chain[n - 2], chain[n - 1], p) <= 0; n--) chain.pop();
      chain.push(p);
    }
    return chain.slice(0, -1);
  };
  return [...half(sorted), ...half(sorted.reverse())];
}

function turn(a: Point, b: Point, c: Point): number {
  return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
}
