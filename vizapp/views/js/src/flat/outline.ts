/** The borders between nodes that belong to a set and nodes that do not: lines, however many nodes there are. */

import type { Block, NetworkMessage } from "../wire";

/** A path in the layout's units, with NaN where the pen is lifted. */
export interface Path {
  x: Float64Array;
  y: Float64Array;
}

/** The outline of a set of nodes; blocks outside of `shown` have none. */
export function outline(network: NetworkMessage, nodes: Uint32Array, shown: (block: Block) => boolean): Path {
  const inside = new Uint8Array(network.size.length);
  for (const node of nodes) inside[node] = 1;
  const path = new Pen();
  for (const block of network.blocks) {
    if (!shown(block) || inside.indexOf(1, block.first) < 0) continue;
    const own = inside.subarray(block.first, block.first + block.count);
    if (!own.includes(1)) continue;
    if (block.spacing > block.cell) apart(block, own, path);
    else joined(block, own, path);
  }
  return path.path;
}

/** Cells that touch: a line wherever one side of it is inside and the other is not, as long as it goes. */
function joined({ x, y, rows, cols, cell, count }: Block, own: Uint8Array, path: Pen): void {
  const at = (row: number, col: number): number => {
    const index = row * cols + col;
    return row < 0 || col < 0 || col >= cols || index >= count ? 0 : own[index];
  };
  const top = y + rows * cell;
  for (let row = 0; row <= rows; row++) {
    for (let col = 0, start = -1; col <= cols; col++) {
      const border = col < cols && at(row - 1, col) !== at(row, col);
      if (border && start < 0) start = col;
      if (border || start < 0) continue;
      path.line(x + start * cell, top - row * cell, x + col * cell, top - row * cell);
      start = -1;
    }
  }
  for (let col = 0; col <= cols; col++) {
    for (let row = 0, start = -1; row <= rows; row++) {
      const border = row < rows && at(row, col - 1) !== at(row, col);
      if (border && start < 0) start = row;
      if (border || start < 0) continue;
      path.line(x + col * cell, top - start * cell, x + col * cell, top - row * cell);
      start = -1;
    }
  }
}

/** Cells with room around them: each has an outline of its own. */
function apart({ x, y, rows, cols, cell, spacing }: Block, own: Uint8Array, path: Pen): void {
  const margin = (spacing - cell) / 2;
  own.forEach((is, index) => {
    if (!is) return;
    const left = x + (index % cols) * spacing + margin;
    const bottom = y + (rows - 1 - Math.floor(index / cols)) * spacing + margin;
    const [right, top] = [left + cell, bottom + cell];
    path.line(left, bottom, right, bottom);
    path.line(left, top, right, top);
    path.line(left, bottom, left, top);
    path.line(right, bottom, right, top);
  });
}

class Pen {
  private x: number[] = [];
  private y: number[] = [];

  line(x0: number, y0: number, x1: number, y1: number): void {
    this.x.push(x0, x1, NaN);
    this.y.push(y0, y1, NaN);
  }

  get path(): Path {
    return { x: Float64Array.from(this.x), y: Float64Array.from(this.y) };
  }
}
