/** Which node is where in the flat plot. */

import type { NetworkMessage } from "./wire";

/** The node whose cell holds the point, or null between cells. */
export function nodeAt(network: NetworkMessage, x: number, y: number): number | null {
  for (const b of network.blocks) {
    const col = Math.floor((x - b.x) / b.spacing);
    const row = Math.floor((b.y + b.rows * b.spacing - y) / b.spacing);
    if (col < 0 || col >= b.cols || row < 0 || row >= b.rows) continue;
    const index = row * b.cols + col;
    const margin = (b.spacing - b.cell) / 2;
    const dx = x - (b.x + col * b.spacing);
    const dy = b.y + (b.rows - row) * b.spacing - y;
    const inside = dx >= margin && dx <= margin + b.cell && dy >= margin && dy <= margin + b.cell;
    return index < b.count && inside ? b.first + index : null;
  }
  return null;
}
