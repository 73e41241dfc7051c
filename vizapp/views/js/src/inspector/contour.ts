/** The outline of a drawing: where its ink is half. */

const SIDE = 28;
const LEVEL = 0.5;

/** A path in pixels of the picture, whose upper left corner is 0, 0 (marching squares, with linear interpolation). */
export function contour(ink: Float32Array): string {
  const at = (row: number, col: number): number =>
    row < 0 || col < 0 || row >= SIDE || col >= SIDE ? 0 : ink[row * SIDE + col];
  const parts: string[] = [];
  // A square has its corners at the centres of four pixels; those beside the picture are without ink.
  for (let row = -1; row < SIDE; row++) {
    for (let col = -1; col < SIDE; col++) {
      const corners = [at(row, col), at(row, col + 1), at(row + 1, col + 1), at(row + 1, col)];
      const ends: string[] = [];
      for (let side = 0; side < 4; side++) {
        const [from, to] = [corners[side], corners[(side + 1) % 4]];
        if (from >= LEVEL === to >= LEVEL) continue;
        const share = (LEVEL - from) / (to - from);
        const [x, y] = SIDES[side](share);
        ends.push(`${(col + 0.5 + x).toFixed(2)} ${(row + 0.5 + y).toFixed(2)}`);
      }
      for (let i = 0; i + 1 < ends.length; i += 2) parts.push(`M${ends[i]}L${ends[i + 1]}`);
    }
  }
  return parts.join("");
}

const SIDES: ((share: number) => [number, number])[] = [
  (share) => [share, 0],
  (share) => [1, share],
  (share) => [1 - share, 1],
  (share) => [0, 1 - share],
];
