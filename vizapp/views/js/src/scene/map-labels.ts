// The numbers of feature maps, at the edge of their plates that is lowest on the screen: where they do not crowd, and
// in the layer that a person looks at.
import type { PerspectiveCamera } from "three";
import { Vector3 } from "three";
import { blocksOf } from "./marks";
import type { NodeTextures } from "./nodes";
import type { Group, SceneNetwork } from "./types";

const APART: Point = [15, 12]; // px from one number to the next, across or up
const CALM = 2; // times as much where nobody has asked for them

type Point = [number, number];

export interface GroupHandlers {
  over: (group: Group | null) => void;
  pick: (group: Group, event: { shift: boolean }) => void;
}

interface Layer {
  index: number;
  maps: { element: HTMLElement; first: number; count: number }[];
}

export class MapLabels {
  /** The layer whose numbers are wanted. */
  wanted: number | null = null;
  readonly element = document.createElement("div");
  private readonly layers: Layer[];

  constructor(network: SceneNetwork, handlers: GroupHandlers) {
    this.element.className = "vz-maps";
    this.element.setAttribute("aria-hidden", "true"); // the page has a button for each of them
    this.layers = network.layers.flatMap(({ offset, count }, index) => {
      const own = blocksOf(network).filter(({ first }) => first >= offset && first < offset + count);
      if (own.length < 2) return [];
      const maps = own.map((block, map) => ({ ...block, element: this.add({ layer: index, map }, handlers) }));
      return [{ index, maps }];
    });
  }

  private add(group: Group, handlers: GroupHandlers): HTMLElement {
    const element = document.createElement("span");
    element.className = "vz-map";
    element.textContent = String(group.map! + 1);
    listen(element, group, handlers);
    this.element.append(element);
    return element;
  }

  place(nodes: NodeTextures, camera: PerspectiveCamera, shown: boolean[], [width, height]: Point): void {
    for (const { index, maps } of this.layers) {
      const points = shown[index] ? lowest(maps.map(({ first, count }) => edges(nodes, first, count, camera, width, height))) : [];
      const roomy = points.length > 0 && points.slice(1).every((p, i) => apart(p, points[i], index === this.wanted ? 1 : CALM));
      maps.forEach(({ element }, i) => {
        element.hidden = !roomy;
        if (roomy) element.style.transform = `translate(${Math.round(points[i][0])}px, ${Math.round(points[i][1])}px) translate(-50%, 1px)`;
      });
    }
  }
}

/** An element that stands for a part of the network: pointing at it and clicking it is pointing at and picking that. */
export function listen(element: HTMLElement, group: Group, { over, pick }: GroupHandlers): void {
  element.addEventListener("pointerenter", () => over(group));
  element.addEventListener("pointerleave", () => over(null));
  element.addEventListener("focus", () => over(group));
  element.addEventListener("blur", () => over(null));
  element.addEventListener("click", (event) => pick(group, { shift: event.shiftKey }));
}

/** Of the same edge of every map, the one that is lowest on the screen. */
function lowest(maps: Point[][]): Point[] {
  const sides = maps[0].map((_, side) => maps.map((points) => points[side]));
  const height = (points: Point[]): number => points.reduce((sum, [, y]) => sum + y, 0);
  return sides.reduce((best, side) => (height(side) > height(best) ? side : best));
}

function apart([ax, ay]: Point, [bx, by]: Point, times: number): boolean {
  return Math.abs(ax - bx) >= times * APART[0] || Math.abs(ay - by) >= times * APART[1];
}

/** The middles of a plate's four edges on the screen. */
function edges(nodes: NodeTextures, first: number, count: number, camera: PerspectiveCamera, width: number, height: number): Point[] {
  const [a, b] = [nodes.centre(first), nodes.centre(first + count - 1)];
  const t = nodes.uniforms.flatness.value as number;
  const { flatSize } = nodes.network;
  const half = (nodes.pitch[first] * (1 - t) + flatSize[first] * t) / 2;
  const middle = a.map((value, axis) => (value + b[axis]) / 2);
  // Rows go along z on a plate, and along y in the flattened plot.
  const ends = (axis: number): number[][] =>
    [Math.min(a[axis], b[axis]) - half, Math.max(a[axis], b[axis]) + half].map((value) => middle.map((m, i) => (i === axis ? value : m)));
  return [...ends(t > 0.5 ? 1 : 2), ...(t > 0.5 ? [] : ends(0))].map((point) => {
    const seen = new Vector3(...(point as [number, number, number])).project(camera);
    return [((seen.x + 1) / 2) * width, ((1 - seen.y) / 2) * height];
  });
}
