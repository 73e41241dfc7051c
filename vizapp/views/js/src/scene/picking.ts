// Which node is under the pointer: a ray against the boxes, on the processor, so that no frame is drawn for it.
import { type PerspectiveCamera, Vector3 } from "three";
import type { Bounds, Box } from "./bounds";
import type { NodeTextures } from "./nodes";

/** The nearest visible node at normalised device coordinates (x, y), or null. */
export function pick(nodes: NodeTextures, bounds: Bounds, camera: PerspectiveCamera, x: number, y: number) {
  const origin = camera.getWorldPosition(new Vector3());
  const ray = new Vector3(x, y, 0.5).unproject(camera).sub(origin).normalize();
  const from = [origin.x, origin.y, origin.z];
  const inverse = [1 / ray.x, 1 / ray.y, 1 / ray.z];
  const { layers, positions, flat, flatSize } = nodes.network;
  const t = nodes.uniforms.flatness.value as number;
  let [nearest, found]: [number, number | null] = [Infinity, null];
  const box: Box = [0, 0, 0, 0, 0, 0];
  layers.forEach((layer, index) => {
    if (nodes.visibility(index) < 0.5 || entry(bounds.layer(index), from, inverse) === Infinity) return;
    for (let node = layer.offset; node < layer.offset + layer.count; node++) {
      const px = positions[3 * node] + (flat[2 * node] - positions[3 * node]) * t;
      const py = positions[3 * node + 1] + (flat[2 * node + 1] - positions[3 * node + 1]) * t;
      const pz = positions[3 * node + 2] * (1 - t);
      const edge = nodes.pitch[node]; // the gap around a node belongs to it, or hover would flicker
      const wide = (edge + (flatSize[node] - edge) * t) / 2;
      const deep = wide * (1 - t);
      box[0] = px - wide;
      box[1] = py - wide;
      box[2] = pz - deep;
      box[3] = px + wide;
      box[4] = py + wide;
      box[5] = pz + deep;
      const distance = entry(box, from, inverse);
      if (distance < nearest) [nearest, found] = [distance, node];
    }
  });
  return found;
}

/** Where a ray enters a box (slab method), or Infinity. */
function entry(box: Box, from: number[], inverse: number[]): number {
  let [near, far] = [0, Infinity];
  for (let axis = 0; axis < 3; axis++) {
    const a = (box[axis] - from[axis]) * inverse[axis];
    const b = (box[axis + 3] - from[axis]) * inverse[axis];
    near = Math.max(near, Math.min(a, b));
    far = Math.min(far, Math.max(a, b));
  }
  return near <= far ? near : Infinity;
}
