// The boxes around layers, and where they are on the screen.
import { type PerspectiveCamera, Vector3 } from "three";
import type { NodeTextures } from "./nodes";

/** Smallest and largest x, y, z; nodes' edges included. */
export type Box = [number, number, number, number, number, number];

/** A rectangle on the screen, in CSS px. */
export interface Rect {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** What a layer takes of the screen, and how high its left and its right end are. */
export interface Place extends Rect {
  leftEnd: number;
  rightEnd: number;
}

const END = 24; // px; corners further from an end hardly count

export class Bounds {
  private readonly deep: Box[];
  private readonly flat: Box[];

  constructor(private readonly nodes: NodeTextures) {
    const { layers, positions, size, flat, flatSize } = nodes.network;
    const box = (offset: number, count: number, at: (node: number, axis: number) => number, edge: Float32Array) => {
      const result: Box = [Infinity, Infinity, Infinity, -Infinity, -Infinity, -Infinity];
      for (let node = offset; node < offset + count; node++)
        for (let axis = 0; axis < 3; axis++) {
          result[axis] = Math.min(result[axis], at(node, axis) - edge[node] / 2);
          result[axis + 3] = Math.max(result[axis + 3], at(node, axis) + edge[node] / 2);
        }
      return result;
    };
    this.deep = layers.map((layer) =>
      box(layer.offset, layer.count, (node, axis) => positions[3 * node + axis], size),
    );
    this.flat = layers.map((layer) => {
      const result = box(layer.offset, layer.count, (node, axis) => (axis < 2 ? flat[2 * node + axis] : 0), flatSize);
      result[2] = result[5] = 0;
      return result;
    });
  }

  /** A layer's box, now or at a given flatness. */
  layer(index: number, flatness = this.nodes.uniforms.flatness.value as number): Box {
    const [deep, flat] = [this.deep[index], this.flat[index]];
    return deep.map((value, axis) => value + (flat[axis] - value) * flatness) as Box;
  }

  /** The corners of every layer's box. */
  corners(flatness: number): Vector3[] {
    return this.deep.flatMap((_, index) => corners(this.layer(index, flatness)));
  }

  /** How far a layer's nearest point is in front of the camera; 0 or less where the camera is inside. */
  nearest(index: number, camera: PerspectiveCamera): number {
    return Math.min(...corners(this.layer(index)).map((corner) => -corner.applyMatrix4(camera.matrixWorldInverse).z));
  }

  /** The point of the screen just above a node's box. */
  above(node: number, camera: PerspectiveCamera, width: number, height: number): [number, number] {
    const { size, flatSize } = this.nodes.network;
    const t = this.nodes.uniforms.flatness.value as number;
    const [x, y, z] = this.nodes.centre(node);
    const half = (size[node] * (1 - t) + flatSize[node] * t) / 2;
    const deep = half * (1 - t);
    const seen = corners([x - half, y - half, z - deep, x + half, y + half, z + deep]).map((p) => p.project(camera));
    const xs = seen.map((p) => p.x);
    const middle = (Math.min(...xs) + Math.max(...xs)) / 2;
    return [((middle + 1) / 2) * width, ((1 - Math.max(...seen.map((p) => p.y))) / 2) * height];
  }

  /** What a layer takes of a screen of the given size. */
  onScreen(index: number, camera: PerspectiveCamera, width: number, height: number): Place {
    const seen = corners(this.layer(index)).map((corner) => corner.project(camera));
    const xs = seen.map(({ x }) => ((x + 1) / 2) * width);
    const ys = seen.map(({ y }) => ((1 - y) / 2) * height);
    const [left, right] = [Math.min(...xs), Math.max(...xs)];
    const heightAt = (end: number) => {
      const weights = xs.map((x) => Math.exp(-Math.abs(x - end) / END));
      const total = weights.reduce((sum, weight) => sum + weight);
      return weights.reduce((sum, weight, corner) => sum + weight * ys[corner], 0) / total;
    };
    return {
      left,
      right,
      top: Math.min(...ys),
      bottom: Math.max(...ys),
      leftEnd: heightAt(left),
      rightEnd: heightAt(right),
    };
  }
}

/** The smallest rectangle around some others. */
export function union(rects: Rect[]): Rect {
  return {
    left: Math.min(...rects.map((r) => r.left)),
    right: Math.max(...rects.map((r) => r.right)),
    top: Math.min(...rects.map((r) => r.top)),
    bottom: Math.max(...rects.map((r) => r.bottom)),
  };
}

function corners([x0, y0, z0, x1, y1, z1]: Box): Vector3[] {
  const points = [];
  for (const x of [x0, x1]) for (const y of [y0, y1]) for (const z of [z0, z1]) points.push(new Vector3(x, y, z));
  return points;
}
