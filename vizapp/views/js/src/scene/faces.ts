// Which faces of which boxes are drawn: one index buffer, rewritten only when the answer changes.
//
// Half of a frame in software GL goes into faces that nobody can see: in a layer whose boxes are so small that
// they are drawn joined, the sides between neighbours, and in the flattened plot everything but the front.
import { BufferAttribute, DynamicDrawUsage } from "three";
import type { NodeTextures } from "./nodes";

/** The faces that a layer's nodes need: their fronts, a joined slab's surface, or all three that can be seen. */
export type Detail = "front" | "joined" | "full";

/** Vertices are numbered node × 8 + corner. */
export const CORNER_BITS = 3;

// A corner's bits say across which axes it lies from the corner nearest to the camera.
const [X, Y, Z] = [1, 2, 4];
// The last vertex of each triangle colours it: a corner that no other face ends on.
const SIDE = [0, Z, Y | Z, Y, 0, Y | Z];
const TOP = [0, X, X | Z, Z, 0, X | Z];
const FRONT = [0, X, X | Y, Y, 0, X | Y];
const ALL = [...SIDE, ...TOP, ...FRONT];

export class Faces {
  readonly attribute: BufferAttribute;
  /** How many of its indices to draw. */
  count = 0;
  private readonly index: Uint32Array;
  private readonly border: Uint8Array;
  private details = "";
  private primary: number | null = null;
  private end = 0;

  constructor(private readonly nodes: NodeTextures) {
    this.index = new Uint32Array((nodes.count + 1) * ALL.length);
    this.attribute = new BufferAttribute(this.index, 1).setUsage(DynamicDrawUsage);
    this.border = borders(nodes);
  }

  /** Bring the index up to date: the detail of each layer; the primary node stands out and shows all its faces. */
  update(details: Detail[], primary: number | null): void {
    const key = details.join();
    if (key === this.details && primary === this.primary) return;
    const from = key === this.details ? this.end : 0;
    if (from === 0) {
      this.end = 0;
      this.nodes.network.layers.forEach(({ offset, count }, layer) => {
        for (let node = offset; node < offset + count; node++) this.add(node, this.faces(node, details[layer]));
      });
    }
    const end = this.end;
    if (primary !== null) this.add(primary, ALL);
    this.attribute.clearUpdateRanges();
    this.attribute.addUpdateRange(from, this.end - from);
    this.attribute.needsUpdate = this.end > from;
    this.count = this.end;
    this.end = end;
    this.details = key;
    this.primary = primary;
  }

  private faces(node: number, detail: Detail): number[] {
    if (detail === "front") return FRONT;
    return detail === "joined" && !this.border[node] ? TOP : ALL;
  }

  private add(node: number, corners: number[]): void {
    for (const corner of corners) this.index[this.end++] = (node << CORNER_BITS) | corner;
  }
}

/** 1 for nodes without four neighbours on their plate: their sides show when the plate is drawn joined. */
function borders({ network, pitch, count }: NodeTextures): Uint8Array {
  const { positions, layers } = network;
  const border = new Uint8Array(count);
  const key = (node: number, dx = 0, dz = 0) =>
    [positions[3 * node] + dx, positions[3 * node + 1], positions[3 * node + 2] + dz]
      .map((length) => Math.round(8 * length))
      .join();
  for (const { offset, count } of layers) {
    const all = Array.from({ length: count }, (_, i) => offset + i);
    const places = new Set(all.map((node) => key(node)));
    for (const node of all) {
      const step = pitch[node];
      const around = [key(node, step), key(node, -step), key(node, 0, step), key(node, 0, -step)];
      border[node] = around.every((place) => places.has(place)) ? 0 : 1;
    }
  }
  return border;
}
