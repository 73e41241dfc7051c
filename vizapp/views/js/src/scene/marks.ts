// What is marked at a node: whether it is selected, and whether it would be; at the border of those or inside.
import type { SceneBlock, SceneNetwork } from "./types";

/** Of a set: outside, surrounded by others of the set, at its border; and, of the selection, the primary node. */
export const [OUTSIDE, INSIDE, BORDER, PRIMARY] = [0, 1, 2, 3];
/** A mark holds what is selected in its lower, what would be in its upper two bits. */
export const MARK_BITS = 4;

export function selectedPart(mark: number): number {
  return mark & 3;
}

/** The marks of all nodes, uint8. */
export function marks(network: SceneNetwork, selected: Uint32Array, primary: number | null, preview: Uint32Array): Uint8Array {
  const found = parts(network, selected);
  parts(network, preview).forEach((part, node) => (found[node] |= part << 2));
  if (primary !== null && primary < found.length) found[primary] |= PRIMARY;
  return found;
}

function parts(network: SceneNetwork, nodes: Uint32Array): Uint8Array {
  const found = new Uint8Array(network.size.length);
  for (const node of nodes) if (node < found.length) found[node] = BORDER;
  if (nodes.length > 4) for (const block of blocksOf(network)) surround(network, block, found);
  return found;
}

/** Nodes whose four neighbours on their plate belong to the set are inside. */
function surround({ positions }: SceneNetwork, { first, count }: SceneBlock, found: Uint8Array): void {
  const end = first + count;
  let cols = 1;
  while (cols < count && positions[3 * (first + cols) + 2] === positions[3 * first + 2]) cols++;
  for (let node = first; node < end; node++) {
    const col = (node - first) % cols;
    if (found[node] === OUTSIDE || col === 0 || col === cols - 1 || node - cols < first || node + cols >= end) continue;
    const around = found[node - 1] && found[node + 1] && found[node - cols] && found[node + cols];
    if (around) found[node] = INSIDE;
  }
}

export function blocksOf({ blocks, layers }: SceneNetwork): SceneBlock[] {
  return blocks ?? layers.map(({ offset, count }) => ({ first: offset, count }));
}
