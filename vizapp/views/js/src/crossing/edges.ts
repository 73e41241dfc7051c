/** Where the cells of a map are: positions, the edges between them, and the lines between different answers. */

import type { CrossingMessage } from "./messages";

/** Half-way between neighbours; at the ends where the axis ends. One more than there are positions. */
export function edgesOf(positions: Float32Array, low: number, high: number): number[] {
  const between = Array.from(positions.subarray(1), (at, i) => (at + positions[i]) / 2);
  return [low, ...between, high];
}

export function nearest(positions: ArrayLike<number>, at: number): number {
  let best = 0;
  for (let i = 1; i < positions.length; i++) if (Math.abs(positions[i] - at) < Math.abs(positions[best] - at)) best = i;
  return best;
}

/** A path between cells of different answers; `x` and `y` say in pixels where the edges are. Ways are apart in any case. */
export function boundary({ answers, columns, rows, names }: CrossingMessage, x: number[], y: number[]): string {
  const [across, down] = [columns.length, rows.length];
  let path = "";
  for (let i = 0; i < down; i++) {
    for (let j = 0; j < across; j++) {
      const here = answers[i * across + j];
      if (j + 1 < across && answers[i * across + j + 1] !== here) path += `M${x[j + 1]} ${y[i]}V${y[i + 1]}`;
      if (i + 1 < down && !names.length && answers[(i + 1) * across + j] !== here) path += `M${x[j]} ${y[i + 1]}H${x[j + 1]}`;
    }
  }
  return path;
}
