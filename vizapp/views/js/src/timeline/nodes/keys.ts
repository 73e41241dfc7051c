/** Where the keys of a slider along the sweep go. */

/** Steps from one side to the other. */
const STEPS = 64;
const FAR = 8;

/** Null for a key that does not move it. */
export function stepped(key: string, far: boolean, from: number, low: number, high: number): number | null {
  const step = (high - low) / STEPS;
  const arrow = far ? FAR * step : step;
  const to = {
    ArrowRight: from + arrow,
    ArrowUp: from + arrow,
    ArrowLeft: from - arrow,
    ArrowDown: from - arrow,
    PageUp: from + FAR * step,
    PageDown: from - FAR * step,
    Home: low,
    End: high,
  }[key];
  return to === undefined ? null : Math.min(high, Math.max(low, to));
}
