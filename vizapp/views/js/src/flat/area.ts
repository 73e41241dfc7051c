/** The nodes of the flat plot whose centres lie inside a box or a lasso, in the layout's units. */

import type { Block } from "../wire";

export interface Polygon {
  x: ArrayLike<number>;
  y: ArrayLike<number>;
}

export function rectangle(x0: number, x1: number, y0: number, y1: number): Polygon {
  return { x: [x0, x1, x1, x0], y: [y0, y0, y1, y1] };
}

/** Row by row: a row's centres lie on one line, which is inside between its 1st and 2nd, 3rd and 4th … crossing. */
export function nodesInside(blocks: Block[], polygon: Polygon): Uint32Array {
  const found: number[] = [];
  for (const { first, count, rows, cols, x, y, spacing } of blocks) {
    for (let row = 0; row < rows; row++) {
      const crossings = crossingsAt(polygon, y + (rows - row - 0.5) * spacing);
      const last = Math.min(cols, count - row * cols) - 1;
      for (let i = 0; i + 1 < crossings.length; i += 2) {
        const from = Math.max(0, Math.ceil((crossings[i] - x) / spacing - 0.5));
        const to = Math.min(last, Math.floor((crossings[i + 1] - x) / spacing - 0.5));
        for (let col = from; col <= to; col++) found.push(first + row * cols + col);
      }
    }
  }
  return Uint32Array.from(found);
}

/** Where a polygon's sides cross a horizontal line, from left to right. */
function crossingsAt({ x, y }: Polygon, height: number): number[] {
  const found: number[] = [];
  for (let i = 0, j = x.length - 1; i < x.length; j = i++) {
    // Half open, so that a corner on the line counts once.
    if (y[i] > height !== y[j] > height) found.push(x[i] + ((height - y[i]) / (y[j] - y[i])) * (x[j] - x[i]));
  }
  return found.sort((a, b) => a - b);
}
